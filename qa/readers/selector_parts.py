"""What selectors of style sheets are made of, and which of their words are known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from qa.readers.sibling_places import SIBLING_CLASSES

__all__ = [
    "GROUPS",
    "OLD_PARTS",
    "PASSING",
    "Attribute",
    "Compound",
    "Group",
    "Kind",
    "Named",
    "Part",
    "Pseudo",
    "Selector",
    "SelectorList",
    "Simple",
    "Specificity",
    "Unknown",
    "is_pointed",
    "list_of",
    "selector_of",
]

_PASSING_CLASSES = (
    "hover focus focus-within focus-visible active visited target target-within checked"
    " indeterminate valid invalid user-valid user-invalid in-range out-of-range placeholder-shown"
    " autofill default fullscreen modal open popover-open playing paused current past future"
    " selection host host-context"
)
PASSING = frozenset(_PASSING_CLASSES.split())
"""States that come and go, and what is no element. A rule for them says nothing of the page as it
opens; unless it has the pointer or the focus, though, is always."""
GROUPS = frozenset({"is", "where", "matches", "-webkit-any", "-moz-any", "not", "has"})
_KNOWN = (
    PASSING
    | SIBLING_CLASSES
    | {
        *("root", "empty", "link", "any-link", "lang", "dir", "scope", "defined"),
        *("enabled", "disabled", "required", "optional", "read-only", "read-write"),
    }
)
OLD_PARTS = frozenset({"before", "after", "first-line", "first-letter"})
"""Pseudo-elements that may be written with one colon."""
_PARTS_OF_ELEMENTS = (
    "selection marker placeholder backdrop cue part slotted"
    " file-selector-button target-text spelling-error grammar-error highlight details-content"
    " view-transition view-transition-group view-transition-image-pair view-transition-old"
    " view-transition-new"
)
_PARTS = OLD_PARTS | frozenset(_PARTS_OF_ELEMENTS.split())
_POINTED = frozenset(
    {"hover", "focus", "focus-within", "focus-visible", "active", "visited", "target-within"}
)


Specificity = tuple[int, int, int]
"""Numbers of ids, of classes and attributes, and of element names, as CSS ranks them."""


class Kind(Enum):
    """What a name is one of."""

    TAG = "tag"
    CLASS = "class"
    ID = "id"


@dataclass(frozen=True, slots=True)
class Named:
    """A tag in small letters, or "*" for any; a class; an id."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """`[name]`, or `[name~="value" i]`, of which `~=` is the sign; `fold` is for the "i"."""

    name: str
    sign: str = ""
    value: str = ""
    fold: bool = False


@dataclass(frozen=True, slots=True)
class Pseudo:
    """A pseudo-class in small letters, and what stands in its brackets."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A pseudo-element, such as `::before`: none of the page's elements."""

    name: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """What is not understood."""


@dataclass(frozen=True, slots=True)
class Group:
    """One of `GROUPS`, with the list in its brackets."""

    name: str
    selectors: SelectorList


Simple = Named | Attribute | Pseudo | Part | Unknown | Group
Compound = tuple[Simple, ...]


@dataclass(frozen=True, slots=True)
class Selector:
    """Compounds, each with the combinator before it: ">", "+", "~" or a blank."""

    steps: tuple[tuple[str, Compound], ...]
    rank: Specificity


@dataclass(frozen=True, slots=True, eq=False)
class SelectorList:
    """Several selectors. Each list is itself: what it names is remembered for it."""

    selectors: tuple[Selector, ...]
    rank: Specificity
    """That of the selector that ranks highest."""
    understood: bool
    """Whether browsers know all that is in it. Else they may pass over it."""


def selector_of(*steps: tuple[str, Compound]) -> Selector:
    """The selector with these compounds."""
    ranks = [_rank(simple) for _, compound in steps for simple in compound]
    ids, classes, tags = map(sum, zip((0, 0, 0), *ranks, strict=True))
    return Selector(steps, (ids, classes, tags))


def list_of(*selectors: Selector) -> SelectorList:
    """A list of these selectors."""
    simple = (one for each in selectors for _, compound in each.steps for one in compound)
    rank = max((one.rank for one in selectors), default=(0, 0, 0))
    return SelectorList(selectors, rank, all(map(_is_understood, simple)))


def _rank(simple: Simple) -> Specificity:
    match simple:
        case Group(name, selectors):
            return (0, 0, 0) if name == "where" else selectors.rank
        case Named(kind, name):
            return (
                int(kind is Kind.ID),
                int(kind is Kind.CLASS),
                int(kind is Kind.TAG and name != "*"),
            )
        case Attribute() | Pseudo():
            return (0, 1, 0)
        case _:
            return (0, 0, 0)


def _is_understood(simple: Simple) -> bool:
    if isinstance(simple, Group):
        return simple.selectors.understood
    if isinstance(simple, Part):
        return simple.name in _PARTS or simple.name.startswith("-")
    return simple.name in _KNOWN if isinstance(simple, Pseudo) else simple != Unknown()


def is_pointed(selectors: SelectorList) -> bool:
    """Whether only elements under the pointer or with the focus are meant."""
    meant = [compound for one in selectors.selectors for _, compound in one.steps]
    return bool(meant) and all(
        len(compound) == 1 and isinstance(one := compound[0], Pseudo) and one.name in _POINTED
        for compound in meant
    )
