"""Which elements a selector of a style sheet names, in time that does not grow with nesting.

Lexbor, and cssselect2 too, go through all chains of elements for `div div div q`, which for a deep
page are more than can be counted. Here each part gives a set of elements, and sets are joined from
left to right. https://www.w3.org/TR/selectors-4/
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from qa.readers.page_answers import PageAnswers
from qa.readers.page_elements import PageElements
from qa.readers.selector_joins import holders, joined
from qa.readers.selector_parts import (
    PASSING,
    Attribute,
    Compound,
    Group,
    Kind,
    Named,
    Part,
    Pseudo,
    Selector,
    SelectorList,
    Simple,
    is_pointed,
)
from qa.readers.selector_work import Found, TooMuchWork, Work

__all__ = ["Selectors"]

_MAX_DEPTH = 12
"""Selectors within selectors; style sheets that people write have three."""
_LINKS: Compound = (Named(Kind.TAG, "a"), Attribute("href"))


class _Passing(Exception):
    """The selector names a passing state or no element."""


class Selectors:
    """Applies selectors to one page."""

    def __init__(self, tree: LexborHTMLParser, page: PageElements, work: Work) -> None:
        """`page` holds the elements of `tree`."""
        self._page = page
        self._work = work
        self._answers = PageAnswers(tree, page, work)

    def find(self, selector: Selector) -> Found | None:
        """What one selector names; None where it is about a passing state.

        Raises TooMuchWork.
        """
        try:
            return self._complex(selector, 0)
        except _Passing:
            return None

    def _complex(self, selector: Selector, depth: int) -> Found:
        """Compounds with combinators between them, joined from the left."""
        if depth > _MAX_DEPTH:
            raise TooMuchWork
        (_, first), *steps = selector.steps
        found = self._compound(first, depth)
        for combinator, compound in steps:
            if not (found.surely or found.perhaps):
                break
            found = self._joined(found, combinator, self._compound(compound, depth))
        return found

    def _joined(self, left: Found, combinator: str, right: Found) -> Found:
        self._work.spend(len(left.surely) + len(left.perhaps) + len(right.surely))
        surely = joined(self._page, left.surely, combinator, right.surely)
        maybe: frozenset[int] = frozenset()
        if left.perhaps or right.perhaps:
            maybe = joined(self._page, left.either, combinator, right.either) - surely
        return Found(surely, maybe)

    def _compound(self, compound: Compound, depth: int) -> Found:
        """The elements for which all of `tag.class[attribute]:is(...)` holds."""
        found: Found | None = None
        for simple in compound:
            one = self._simple(simple, depth)
            if found is None:
                found = one
                self._work.spend(len(one.surely))
                continue
            self._work.spend(min(len(one.surely), len(found.surely)))
            surely = found.surely & one.surely
            maybe: frozenset[int] = frozenset()
            if found.perhaps or one.perhaps:
                maybe = (found.either & one.either) - surely
            found = Found(surely, maybe)
        return found or Found(self._page.everything)

    def _simple(self, simple: Simple, depth: int) -> Found:
        match simple:
            case Named():
                return self._named(simple)
            case Attribute():
                return self._answers.of(simple)
            case Pseudo():
                return self._pseudo(simple)
            case Group():
                return self._group(simple, depth)
            case Part():
                raise _Passing
            case _:
                return Found(frozenset(), self._page.everything)

    def _named(self, simple: Named) -> Found:
        page, name = self._page, simple.name
        none: frozenset[int] = frozenset()
        if simple.kind is Kind.TAG:
            if name == "*":
                return Found(page.everything)
            return Found(page.tags.get(name, none))
        name = name.lower() if page.quirks else name
        if simple.kind is Kind.CLASS:
            return Found(page.classes.get(name, none))
        return Found(page.ids.get(name, none))

    def _pseudo(self, simple: Pseudo) -> Found:
        name = simple.name
        if name in PASSING or name.startswith("-"):
            raise _Passing
        if name == "root":
            return Found(frozenset({0}))
        if name in ("link", "any-link"):
            return self._compound(_LINKS, 0)
        return self._answers.of(simple)

    def _group(self, group: Group, depth: int) -> Found:
        """`:is()`, `:where()`, `:not()` and `:has()`."""
        name, inside = group.name, group.selectors
        if name == "not" and is_pointed(inside):
            return Found(self._page.everything)
        within = name == "has"
        listed = self._work.once(
            (within, inside), lambda: self._any(inside, depth + 1, within=within)
        )
        if listed is None:
            raise _Passing
        if name == "not":
            everything = self._page.everything
            self._work.spend(len(everything))
            return Found(everything - listed.surely - listed.perhaps, listed.perhaps)
        return listed

    def _any(self, selectors: SelectorList, depth: int, *, within: bool) -> Found | None:
        """What any selector of a list names, or holds; None where all are about passing states."""
        surely: set[int] = set()
        perhaps: set[int] = set()
        passing = True
        for selector in selectors.selectors:
            try:
                one = self._holding(selector, depth) if within else self._complex(selector, depth)
            except _Passing:
                continue
            passing = False
            self._work.spend(len(one.surely) + len(one.perhaps))
            surely |= one.surely
            perhaps |= one.perhaps
        return None if passing else Found(frozenset(surely), frozenset(perhaps - surely))

    def _holding(self, selector: Selector, depth: int) -> Found:
        """The elements that `:has(selector)` names: exact for one compound, else perhaps."""
        page = self._page
        combinator = selector.steps[0][0]
        last = self._complex(selector, depth)
        self._work.spend(len(page.everything))
        if len(selector.steps) == 1 and not last.perhaps:
            return Found(holders(page, combinator, last.surely))
        # Where the other compounds may stand depends on the holder, which is not worked out.
        wide = page.everything if combinator in "+~" else holders(page, " ", last.either)
        return Found(frozenset(), wide)
