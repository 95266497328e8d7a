"""Which columns of an OpenDocument table are shown: its rows hold cells of hidden ones too."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from qa.readers.counting import whole
from qa.readers.odt_styles import TABLE
from qa.readers.xml import Element

__all__ = ["Columns", "is_unseen", "repeats"]

_UNSEEN = ("collapse", "filter")


class Columns:
    """The columns of one table, counted from 0. One that it does not declare is shown."""

    def __init__(self, table: Element) -> None:
        self._begins = [0]
        self._shown = [True]
        """Whether each stretch of columns is, from its begin up to that of the next."""
        self._before = [0]
        """How many columns are hidden before each stretch."""
        place = hidden = 0
        for column, unseen in _declared(table, False):
            if unseen == self._shown[-1]:
                self._begins.append(place)
                self._shown.append(not unseen)
                self._before.append(hidden)
            count = repeats(column)
            place += count
            hidden += count if unseen else 0
        if not self._shown[-1]:
            self._begins.append(place)
            self._shown.append(True)
            self._before.append(hidden)

    def shown(self, first: int, count: int) -> int:
        """How many of `count` columns from `first` on are shown."""
        return count - self._hidden_before(first + count) + self._hidden_before(first)

    def _hidden_before(self, column: int) -> int:
        at = bisect_right(self._begins, column) - 1
        within = 0 if self._shown[at] else column - self._begins[at]
        return self._before[at] + within


def is_unseen(part: Element) -> bool:
    """Whether a row, a column or a group of them says of itself that it is not shown."""
    display = part.get(f"{TABLE}display", "true")
    return part.get(f"{TABLE}visibility") in _UNSEEN or display == "false"


def repeats(part: Element) -> int:
    """How many columns an element stands for: a column or a cell that is there several times."""
    return max(1, whole(part.get(f"{TABLE}number-columns-repeated")) or 1)


def _declared(parent: Element, unseen: bool) -> Iterator[tuple[Element, bool]]:
    """The columns that a table declares, and whether each is hidden, by itself or its group."""
    for child in parent:
        hidden = unseen or is_unseen(child)
        if child.tag == f"{TABLE}table-column":
            yield child, hidden
        elif child.tag.startswith(f"{TABLE}table-") and "column" in child.tag:
            yield from _declared(child, hidden)
