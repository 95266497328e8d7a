"""Which declarations count for each element of a page, and which perhaps do.

Only what can hide something is worked out, and only where the page has a value that hides. What
cannot be told is kept apart: rules for some screens only, and selectors that are not understood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from selectolax.lexbor import LexborHTMLParser

from qa.errors import CorpusError
from qa.readers.looks import HIDING_NAMES, may_hide
from qa.readers.media import Holds
from qa.readers.page_elements import PageElements, elements_of
from qa.readers.selector_text import is_understood, split_list
from qa.readers.selectors import Found, Selectors, TooMuchWork
from qa.readers.style_sheets import Rule, TooNested, rules_of
from qa.readers.style_values import Declared, declared
from qa.readers.style_variables import with_variables

__all__ = ["PageStyles", "page_styles"]

_WHOLE_PAGE = ("html", "body", "main")
"""A page whose body is hidden until a script has run is shown: no style sheet hides these."""
_BOX = frozenset({"display", "float", "position"})
"""Names that decide whether an element has a box of its own, which most ways to hide need."""
_PAGE_OF_HIDING = "[hidden], [popover], dialog"
_SHOWN_OF_RULE = 100
"""Letters of a selector that an error tells."""
_ENTRY = 8
"""What noting one declaration of one element costs, in elements looked at in sets."""

_Rank = tuple[bool, bool, tuple[int, ...], tuple[int, int, int], bool, int]
"""Important, in its own style, layer, specificity, in a scope, order: the greatest wins."""


class _Counts(IntEnum):
    """Whether a declaration counts for an element."""

    SURELY = 0
    LIKELY = 1
    """It is taken to, though a browser might pass over the rule."""
    HARDLY = 2
    """It is taken not to, though on some screens, or in some browsers, it does."""


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    value: str
    rank: _Rank
    counts: _Counts


class PageStyles:
    """The styles of the elements of one page."""

    def __init__(self, places: Mapping[int, int], entries: Mapping[int, list[_Entry]]) -> None:
        """`places` names elements by their `mem_id`, `entries` what is declared for each place."""
        self._places = places
        self._entries = entries

    def of(self, mem_id: int) -> tuple[dict[str, str], ...]:
        """The names and values that count for an element, as far as they can hide.

        First what is taken to count; then, where something else could, what would count then.
        """
        entries = self._entries.get(self._places.get(mem_id, -1))
        if not entries:
            return ({},)
        taken = _winners(entries, _Counts.LIKELY)
        if all(one.counts is _Counts.SURELY for one in entries):
            return (taken,)
        return (taken, _winners(entries, _Counts.SURELY), _winners(entries, _Counts.HARDLY))


def _winners(entries: list[_Entry], upto: _Counts) -> dict[str, str]:
    best: dict[str, _Entry] = {}
    for one in entries:
        if one.counts <= upto:
            before = best.get(one.name)
            if before is None or one.rank >= before.rank:
                best[one.name] = one
    return {name: one.value for name, one in best.items()}


def page_styles(tree: LexborHTMLParser, name: str) -> PageStyles:
    """What the page's own style sheets and the elements' own styles say, as far as it can hide.

    Raises CorpusError where there is too much of it to be worked out.
    """
    try:
        rules = rules_of(tree)
    except TooNested as error:
        raise CorpusError(_too_much(name, str(error))) from None
    styled = tree.css("[style]")
    if not rules and not styled:
        return PageStyles({}, {})
    texts = {node.mem_id: node.attributes.get("style") or "" for node in styled}
    # Programs that write pages repeat the same few styles in all their elements.
    read = {text: declared(text) for text in set(texts.values())}
    own = {mem_id: read[text] for mem_id, text in texts.items()}
    known = _variables([*(rule.declared for rule in rules), *read.values()])
    needed = _needed([*(rule.declared for rule in rules), *read.values()], known)
    if tree.css_first(_PAGE_OF_HIDING) is not None:
        needed |= {"display"}
    if not needed:
        return PageStyles({}, {})
    needed |= _BOX
    page = elements_of(tree)
    cascade = _Cascade(page, known, needed)
    selectors = Selectors(tree, page)
    try:
        for rule in rules:
            if "all" in rule.declared or not needed.isdisjoint(rule.declared):
                cascade.add(rule, selectors)
    except TooMuchWork as error:
        raise CorpusError(_too_much(name, str(error))) from None
    for mem_id, found in own.items():
        if mem_id in page.places:
            cascade.add_own(page.places[mem_id], found)
    return PageStyles(page.places, cascade.entries)


def _too_much(name: str, rule: str) -> str:
    shown = " ".join(rule.split())[:_SHOWN_OF_RULE]
    return (
        f"{name}: what the page's style sheets hide would take too long to work out; it was given "
        f"up at the rule for “{shown}”. Take rules that the page does not need out of its styles, "
        "or print the page to a PDF from a browser and add that."
    )


def _variables(styles: list[dict[str, Declared]]) -> dict[str, set[str]]:
    """All values that the page gives its custom properties, wherever it does."""
    known: dict[str, set[str]] = {}
    for style in styles:
        for name, one in style.items():
            if name.startswith("--"):
                known.setdefault(name, set()).add(one.value)
    return known


def _needed(styles: list[dict[str, Declared]], known: Mapping[str, set[str]]) -> frozenset[str]:
    """The names that decide whether something is hidden, for what these styles could hide."""
    found: set[str] = set()
    for style in styles:
        for name, one in style.items():
            with_it = HIDING_NAMES.get(name)
            if not with_it or found.issuperset(with_it):
                continue
            if any(may_hide(name, value) for value in with_variables(one.value, known)):
                found.update(with_it)
    return frozenset(found)


class _Cascade:
    """Gathers what is declared for each element."""

    def __init__(
        self, page: PageElements, known: Mapping[str, set[str]], needed: frozenset[str]
    ) -> None:
        self.entries: dict[int, list[_Entry]] = {}
        self._known = known
        self._needed = needed
        self._whole: frozenset[int] = frozenset().union(
            *(page.tags.get(tag, frozenset()) for tag in _WHOLE_PAGE)
        )

    def add(self, rule: Rule, selectors: Selectors) -> None:
        """Adds a rule for all elements that it names. Raises TooMuchWork."""
        listed = [(one, selectors.find(one)) for one in split_list(rule.selectors)]
        doubtful = len(listed) > 1 and not is_understood(rule.selectors)
        for selector, found in listed:
            if found is None:
                continue
            entries = list(self._of_rule(rule, found, doubtful=doubtful))
            hardly = [_hardly(one) for one in entries] if found.perhaps else []
            touched = len(found.surely) + len(found.perhaps)
            selectors.spend(touched * len(entries) * _ENTRY, selector)
            for places, noted in ((found.surely, entries), (found.perhaps, hardly)):
                for place in places - self._whole if noted else ():
                    self.entries.setdefault(place, []).extend(noted)

    def _of_rule(self, rule: Rule, found: Found, *, doubtful: bool) -> Iterator[_Entry]:
        counts = _Counts.LIKELY if doubtful else _Counts.SURELY
        if rule.holds is Holds.SOMETIMES:
            counts = _Counts.HARDLY
        for name, one in self._decided(rule.declared):
            layer = tuple(-part for part in rule.layer) if one.important else rule.layer
            rank = (one.important, False, layer, found.rank, rule.scoped, rule.order)
            for entry in self._values(name, one.value, rank, counts):
                # Style sheets say `opacity: 0` of what a script fades in as the page is scrolled.
                fades = name == "opacity" and may_hide(name, entry.value)
                yield _hardly(entry) if fades else entry

    def add_own(self, place: int, style: dict[str, Declared]) -> None:
        """Adds an element's own `style`."""
        found = self.entries.setdefault(place, [])
        for name, one in self._decided(style):
            rank = (one.important, True, (), (0, 0, 0), False, 0)
            found.extend(self._values(name, one.value, rank, _Counts.SURELY))

    def _decided(self, style: dict[str, Declared]) -> Iterator[tuple[str, Declared]]:
        """The needed names that a style decides, those by `all` before the others."""
        if "all" in style:
            yield from ((name, style["all"]) for name in self._needed)
        yield from ((name, one) for name, one in style.items() if name in self._needed)

    def _values(self, name: str, value: str, rank: _Rank, counts: _Counts) -> Iterator[_Entry]:
        """The declaration; where custom properties let it hide or not, it hardly hides."""
        if "var(" not in value:
            yield _Entry(name, value, rank, counts)
            return
        values = sorted(with_variables(value, self._known), key=lambda one: may_hide(name, one))
        yield _Entry(name, values[0], rank, counts)
        if may_hide(name, values[-1]) and not may_hide(name, values[0]):
            yield _Entry(name, values[-1], rank, _Counts.HARDLY)


def _hardly(entry: _Entry) -> _Entry:
    return _Entry(entry.name, entry.value, entry.rank, _Counts.HARDLY)
