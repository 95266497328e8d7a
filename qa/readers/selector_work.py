"""What selectors name on a page, and what may be worked out and kept for it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

__all__ = ["Found", "TooMuchWork", "Work"]

_MAX_WORK = 60_000_000
"""Elements looked at in sets, together: some three seconds (measured with 9,000 rules of the kind
`div div` on a page of 10,000 tags)."""
_MAX_KEPT = 2_000_000
"""Elements in sets that are kept to be used again: some 100 MB."""


class TooMuchWork(Exception):
    """Selectors that would take too long, or one that is nested too deeply."""


@dataclass(frozen=True, slots=True)
class Found:
    """Elements by their places. Those in `perhaps` may be named or not: part of the selector is
    not understood here, and a browser that does not either passes over the whole rule."""

    surely: frozenset[int]
    perhaps: frozenset[int] = frozenset()

    @property
    def either(self) -> frozenset[int]:
        """Those that are named, and those that may be."""
        return self.surely | self.perhaps if self.perhaps else self.surely


class Work:
    """Counts what is done for one page, and keeps what was found within bounds of memory."""

    def __init__(self) -> None:
        self._spent = 0
        self._kept: dict[Hashable, Found | None] = {}
        self._size = 0

    def spend(self, amount: int) -> None:
        """Counts elements looked at. Raises TooMuchWork where all of them are too many."""
        self._spent += amount
        if self._spent > _MAX_WORK:
            raise TooMuchWork

    def once(self, key: Hashable, find: Callable[[], Found | None]) -> Found | None:
        """What `find` finds, which is not looked for again as long as it is kept for `key`."""
        if key in self._kept:
            return self._kept[key]
        found = find()
        self._size += len(found.surely) + len(found.perhaps) if found else 0
        if self._size > _MAX_KEPT:
            self._kept, self._size = {}, 0
        self._kept[key] = found
        return found
