"""Which declarations count for each element of a page, and which perhaps do.

What cannot be told is kept apart: rules for some screens only, and selectors that are not
understood. https://www.w3.org/TR/css-cascade-6/#cascading
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from qa.readers.hiding_values import may_hide
from qa.readers.media import Holds
from qa.readers.page_elements import PageElements
from qa.readers.selector_parts import Specificity
from qa.readers.selector_work import Work
from qa.readers.selectors import Selectors
from qa.readers.style_sheets import Layer, Rule
from qa.readers.style_values import Declared
from qa.readers.style_variables import with_variables

__all__ = ["Cascade"]

_WHOLE_PAGE = ("html", "body", "main")
"""A page whose body is hidden until a script has run is shown: no style sheet hides these."""
_ENTRY = 8
"""What noting one declaration of one element costs, in elements looked at in sets."""

_Rank = tuple[bool, bool, Layer, Specificity, bool, int]
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


class Cascade:
    """Gathers what is declared for each element of a page."""

    def __init__(
        self,
        page: PageElements,
        work: Work,
        known: Mapping[str, set[str]],
        needed: frozenset[str],
    ) -> None:
        """`known` holds the values of custom properties; only `needed` names are gathered."""
        self._entries: dict[int, list[_Entry]] = {}
        self._places = page.places
        self._work = work
        self._known = known
        self._needed = needed
        self._whole: frozenset[int] = frozenset().union(
            *(page.tags.get(tag, frozenset()) for tag in _WHOLE_PAGE)
        )

    def add(self, rule: Rule, selectors: Selectors) -> None:
        """Adds a rule for all elements that it names. Raises TooMuchWork."""
        listed = rule.selectors.selectors
        doubtful = len(listed) > 1 and not rule.selectors.understood
        for selector in listed:
            found = selectors.find(selector)
            if found is None:
                continue
            entries = list(self._of_rule(rule, selector.rank, doubtful=doubtful))
            hardly = [_hardly(one) for one in entries] if found.perhaps else []
            touched = len(found.surely) + len(found.perhaps)
            self._work.spend(touched * len(entries) * _ENTRY)
            for places, noted in ((found.surely, entries), (found.perhaps, hardly)):
                for place in places - self._whole if noted else ():
                    self._entries.setdefault(place, []).extend(noted)

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

    def _of_rule(self, rule: Rule, specificity: Specificity, *, doubtful: bool) -> Iterator[_Entry]:
        counts = _Counts.LIKELY if doubtful else _Counts.SURELY
        if rule.holds is Holds.SOMETIMES:
            counts = _Counts.HARDLY
        for name, one in self._decided(rule.declared):
            layer = tuple(-part for part in rule.layer) if one.important else rule.layer
            rank = (one.important, False, layer, specificity, rule.scoped, rule.order)
            for entry in self._values(name, one.value, rank, counts):
                # Style sheets say `opacity: 0` of what a script fades in as the page is scrolled.
                fades = name == "opacity" and may_hide(name, entry.value)
                yield _hardly(entry) if fades else entry

    def add_own(self, mem_id: int, style: Mapping[str, Declared]) -> None:
        """Adds an element's own `style`, if it is an element of the page."""
        place = self._places.get(mem_id)
        if place is None:
            return
        found = self._entries.setdefault(place, [])
        for name, one in self._decided(style):
            rank = (one.important, True, (), (0, 0, 0), False, 0)
            found.extend(self._values(name, one.value, rank, _Counts.SURELY))

    def _decided(self, style: Mapping[str, Declared]) -> Iterator[tuple[str, Declared]]:
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
    return replace(entry, counts=_Counts.HARDLY)


def _winners(entries: list[_Entry], upto: _Counts) -> dict[str, str]:
    best: dict[str, _Entry] = {}
    for one in entries:
        if one.counts <= upto:
            before = best.get(one.name)
            if before is None or one.rank >= before.rank:
                best[one.name] = one
    return {name: one.value for name, one in best.items()}
