"""Which elements a selector of a style sheet names, in time that does not grow with nesting.

Lexbor goes through all chains of elements for `div div div q`, which for a deep page are more than
can be counted. Here each part gives a set of elements, and sets are joined from left to right; only
which elements have an attribute, and which are empty, is asked of Lexbor. https://www.w3.org/TR/selectors-4/
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from qa.readers.attribute_selectors import attribute_of, with_attribute
from qa.readers.page_elements import PageElements
from qa.readers.selector_text import (
    GROUPS,
    PASSING,
    closing_bracket,
    compounds_of,
    is_pointed,
    plain_name,
    split_list,
)
from qa.readers.sibling_places import SIBLING_CLASSES, at_sibling_places
from qa.readers.style_values import unescaped

__all__ = ["Found", "Selectors", "TooMuchWork"]

_NAME = r"(?:[-\w]|[^\x00-\x7f]|\\[0-9a-fA-F]{1,6}[ \t\n]?|\\[^\n])+"
_SIMPLE = re.compile(
    rf"(?P<id>#{_NAME})|(?P<class>\.{_NAME})|(?P<attribute>\[[^\[\]]*\])|(?P<part>::[-\w]+)"
    rf"|:(?P<pseudo>[-\w]+)|(?P<tag>{_NAME}|\*)"
)
_MAX_DEPTH = 12
"""Selectors within selectors; style sheets that people write have three."""
_MAX_WORK = 60_000_000
"""Elements looked at in sets, together: some three seconds (measured with 9,000 rules of the kind
`div div` on a page of 10,000 tags)."""
_MAX_REMEMBERED = 2_000_000
"""Elements in sets that are kept to be used again: some 100 MB."""

Specificity = tuple[int, int, int]
"""Numbers of ids, of classes and attributes, and of element names, as CSS ranks them."""


class TooMuchWork(Exception):
    """A selector that would take too long, or that is nested too deeply; says which."""


class _Passing(Exception):
    """The selector names a passing state or no element."""


@dataclass(frozen=True, slots=True)
class Found:
    """Elements by their places. Those in `perhaps` may be named or not: part of the selector is
    not understood here, and a browser that does not either passes over the whole rule."""

    surely: frozenset[int]
    perhaps: frozenset[int] = frozenset()
    rank: Specificity = (0, 0, 0)


class Selectors:
    """Applies selectors to one page."""

    def __init__(self, tree: LexborHTMLParser, page: PageElements) -> None:
        """`page` holds the elements of `tree`."""
        self._tree = tree
        self._page = page
        self._asked: dict[str, frozenset[int] | None] = {}
        self._attributes: dict[str, dict[int, str]] = {}
        self._lists: dict[str, Found | None] = {}
        self._work = 0
        self._remembered = 0

    def find(self, selector: str) -> Found | None:
        """What one selector (no list) names; None where it is about a passing state.

        Raises TooMuchWork.
        """
        try:
            return self._complex(selector.strip(), 0)
        except _Passing:
            return None

    def spend(self, amount: int, selector: str) -> None:
        """Counts work. Raises TooMuchWork where all that was counted is too much."""
        self._work += amount
        if self._work > _MAX_WORK:
            raise TooMuchWork(selector)

    def _complex(self, selector: str, depth: int, scope: Found | None = None) -> Found:
        """Compounds with combinators between them, joined from the left."""
        if depth > _MAX_DEPTH:
            raise TooMuchWork(selector)
        parts = compounds_of(selector)
        found = scope
        rank = (0, 0, 0)
        for combinator, compound in parts:
            if found is not None and not (found.surely or found.perhaps):
                return found
            here = self._compound(compound, depth)
            rank = _sum(rank, here.rank)
            if found is None:
                found = here
                continue
            self.spend(len(found.surely) + len(found.perhaps) + len(here.surely), selector)
            surely = self._joined(found.surely, combinator, here.surely)
            either = found.surely | found.perhaps if found.perhaps else found.surely
            if found.perhaps or here.perhaps:
                maybe = self._joined(either, combinator, here.surely | here.perhaps) - surely
            else:
                maybe = frozenset()
            found = Found(surely, maybe)
        if found is None:
            return Found(frozenset())
        return Found(found.surely, found.perhaps, rank)

    def _joined(
        self, left: frozenset[int], combinator: str, right: frozenset[int]
    ) -> frozenset[int]:
        """Those on the right that stand to one on the left as the combinator says."""
        page = self._page
        if not left or not right:
            return frozenset()
        if combinator == ">":
            return frozenset(one for one in right if page.parents[one] in left)
        if combinator == "+":
            return frozenset(one for one in right if page.before[one] in left)
        if combinator == "~":
            return self._after_siblings(left, right)
        reached, found = -1, []
        in_order = iter(sorted(left))
        nearest = next(in_order, None)
        for one in sorted(right):
            while nearest is not None and nearest < one:
                reached = max(reached, page.ends[nearest])
                nearest = next(in_order, None)
            if one < reached:
                found.append(one)
        return frozenset(found)

    def _after_siblings(self, left: frozenset[int], right: frozenset[int]) -> frozenset[int]:
        page = self._page
        first: dict[int, int] = {}
        for one in left:
            parent = page.parents[one]
            first[parent] = min(one, first.get(parent, one))
        return frozenset(one for one in right if first.get(page.parents[one], one) < one)

    def _compound(self, compound: str, depth: int) -> Found:
        """The elements for which all of `tag.class[attribute]:is(...)` holds."""
        page = self._page
        surely: frozenset[int] | None = None
        perhaps: frozenset[int] | None = None
        rank = (0, 0, 0)
        at = 0
        while at < len(compound):
            simple = _SIMPLE.match(compound, at)
            if simple is None:
                # Nothing that CSS knows: a browser passes over the rule.
                return Found(frozenset(), page.everything if surely is None else surely, rank)
            at = simple.end()
            inside = ""
            if simple["pseudo"] and compound[at : at + 1] == "(":
                end = closing_bracket(compound, at)
                inside, at = compound[at + 1 : end], end + 1
            one = self._simple(simple, inside, depth)
            rank = _sum(rank, one.rank)
            self.spend(min(len(one.surely), len(surely or one.surely)), compound)
            either = one.surely | one.perhaps if one.perhaps else one.surely
            perhaps = either if perhaps is None else perhaps & either
            surely = one.surely if surely is None else surely & one.surely
        if surely is None or perhaps is None:
            return Found(page.everything)
        return Found(surely, perhaps - surely if perhaps != surely else frozenset(), rank)

    def _simple(self, simple: re.Match[str], inside: str, depth: int) -> Found:
        page = self._page
        kind, text = simple.lastgroup, simple.group()
        none: frozenset[int] = frozenset()
        if kind == "tag":
            if text == "*":
                return Found(page.everything)
            return Found(page.tags.get(unescaped(text).lower(), none), rank=(0, 0, 1))
        if kind == "class":
            return Found(page.classes.get(self._named(text[1:]), none), rank=(0, 1, 0))
        if kind == "id":
            return Found(page.ids.get(self._named(text[1:]), none), rank=(1, 0, 0))
        if kind == "attribute":
            return self._asked_of_page("[]", text)
        if kind == "part":
            raise _Passing
        return self._pseudo(simple["pseudo"].lower(), inside, depth)

    def _named(self, text: str) -> str:
        name = plain_name(text)
        return name.lower() if self._page.quirks else name

    def _pseudo(self, name: str, inside: str, depth: int) -> Found:
        page = self._page
        if name in GROUPS:
            return self._group(name, inside, depth)
        if name in PASSING or name.startswith("-"):
            raise _Passing
        if name == "root":
            return Found(frozenset({0}), rank=(0, 1, 0))
        if name in ("link", "any-link"):
            return self._asked_of_page("[]", "a[href]")
        if name in SIBLING_CLASSES or name == "empty":
            return self._asked_of_page(name, inside)
        return Found(frozenset(), page.everything, rank=(0, 1, 0))

    def _group(self, name: str, inside: str, depth: int) -> Found:
        """`:is()`, `:where()`, `:not()` and `:has()`."""
        if name == "not" and is_pointed(inside):
            return Found(self._page.everything)
        key = f"{name == 'has'} {inside}"
        if key in self._lists:
            listed = self._lists[key]
        else:
            listed = self._lists[key] = self._any(inside, depth + 1, within=name == "has")
            self._remember(len(listed.surely) + len(listed.perhaps) if listed else 0)
        if listed is None:
            raise _Passing
        if name == "not":
            everything = self._page.everything
            self.spend(len(everything), inside)
            surely = everything - listed.surely - listed.perhaps
            return Found(surely, listed.perhaps, listed.rank)
        return Found(listed.surely, listed.perhaps, (0, 0, 0) if name == "where" else listed.rank)

    def _any(self, selectors: str, depth: int, *, within: bool) -> Found | None:
        """What any selector of a list names, or holds; None where all are about passing states."""
        surely: set[int] = set()
        perhaps: set[int] = set()
        rank = (0, 0, 0)
        passing = True
        for selector in split_list(selectors):
            try:
                one = self._holding(selector, depth) if within else self._complex(selector, depth)
            except _Passing:
                continue
            passing = False
            self.spend(len(one.surely) + len(one.perhaps), selector)
            surely |= one.surely
            perhaps |= one.perhaps
            rank = max(rank, one.rank)
        return None if passing else Found(frozenset(surely), frozenset(perhaps - surely), rank)

    def _holding(self, selector: str, depth: int) -> Found:
        """The elements that `:has(selector)` names: exact for one compound, else perhaps."""
        page = self._page
        combinator = (re.match(r"\s*([>+~])", selector) or [" ", " "])[1]
        rest = selector.strip().removeprefix(combinator).strip()
        last = self._complex(rest, depth)
        self.spend(len(page.everything), selector)
        holders = self._holders(combinator, last.surely)
        if len(compounds_of(rest)) > 1 or last.perhaps:
            # Where the other compounds may stand depends on the holder, which is not worked out.
            wide = self._holders(" ", last.surely | last.perhaps)
            return Found(frozenset(), page.everything if combinator in "+~" else wide, last.rank)
        return Found(holders, rank=last.rank)

    def _holders(self, combinator: str, found: frozenset[int]) -> frozenset[int]:
        page = self._page
        if combinator == ">":
            return frozenset(page.parents[one] for one in found) - {-1}
        if combinator == " ":
            return page.around(found)
        if combinator == "+":
            return frozenset(page.before[one] for one in found) - {-1}
        last: dict[int, int] = {}
        for one in found:
            parent = page.parents[one]
            last[parent] = max(one, last.get(parent, one))
        return frozenset(one for one in page.everything if last.get(page.parents[one], -1) > one)

    def _asked_of_page(self, name: str, inside: str) -> Found:
        """What one attribute, or one pseudo-class about siblings, names."""
        key = f"{name}({inside})"
        if key not in self._asked:
            self._asked[key] = self._ask(name, inside)
            self._remember(len(self._asked[key] or ()))
        found = self._asked[key]
        if found is None:
            return Found(frozenset(), self._page.everything, (0, 1, 0))
        return Found(found, rank=(0, 1, 0))

    def _ask(self, name: str, inside: str) -> frozenset[int] | None:
        if name in SIBLING_CLASSES:
            self.spend(len(self._page.everything), name)
            return at_sibling_places(self._page, name, inside)
        if name == "empty":
            found = (self._page.places.get(one.mem_id) for one in self._tree.css(":empty"))
            return frozenset(place for place in found if place is not None)
        attribute = attribute_of(inside)
        if attribute is None:
            return None
        if attribute not in self._attributes:
            self.spend(len(self._page.everything), inside)
            self._attributes[attribute] = self._values(attribute)
        values = self._attributes[attribute]
        self.spend(len(values), inside)
        return with_attribute(inside, values)

    def _values(self, attribute: str) -> dict[int, str]:
        places = self._page.places
        try:
            nodes = self._tree.css(f"[{attribute}]")
        except (SelectolaxError, ValueError, RuntimeError):
            return {}
        return {
            places[node.mem_id]: node.attributes.get(attribute) or ""
            for node in nodes
            if node.mem_id in places
        }

    def _remember(self, amount: int) -> None:
        """Forgets what was found before where that would take too much memory."""
        self._remembered += amount
        if self._remembered > _MAX_REMEMBERED:
            self._remembered = 0
            for kept in (self._asked, self._lists):
                for key in list(kept)[:-1]:
                    del kept[key]


def _sum(one: Specificity, other: Specificity) -> Specificity:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]
