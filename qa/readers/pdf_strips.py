"""Where columns stand side by side: bands of a page with a gutter through all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Generic, Protocol, TypeVar

from qa.readers.pdf_lines import RUN_GAP

__all__ = ["Band", "bands_of", "columns_of", "rows_of"]

_LEAST_ROWS = 3
"""Lines beside each other that make columns: two may be a name and an address."""
_TIGHT = 0.8
"""Of the height of type: what is farther below a column no longer belongs to it."""

Gutter = tuple[float, float]


class Placed(Protocol):
    """Something that takes room on a page."""

    @property
    def left(self) -> float:
        """Left edge."""

    @property
    def top(self) -> float:
        """Upper edge."""

    @property
    def right(self) -> float:
        """Right edge."""

    @property
    def bottom(self) -> float:
        """Lower edge."""


T = TypeVar("T", bound=Placed)


@dataclass(slots=True)
class Band(Generic[T]):
    """Part of a page from its left to its right; its columns, or none where it has no gutter."""

    items: list[T]
    columns: list[list[T]] = field(default_factory=list)


@dataclass(slots=True)
class _Strip(Generic[T]):
    """What overlaps from top to bottom: nothing else of the page stands beside it."""

    items: list[T]
    top: float
    bottom: float

    def occupied(self) -> list[Gutter]:
        """From where to where something stands in it."""
        found: list[Gutter] = []
        for item in sorted(self.items, key=lambda item: item.left):
            if found and item.left <= found[-1][1]:
                found[-1] = found[-1][0], max(found[-1][1], item.right)
            else:
                found.append((item.left, item.right))
        return found


def bands_of(items: Sequence[T]) -> list[Band[T]]:
    """Parts a page into bands from the top down, and each band with gutters into its columns."""
    strips = _strips(items)
    least = RUN_GAP * _usual_height(items)
    bands: list[Band[T]] = []
    at = 0
    while at < len(strips):
        end, gutters = _reach(strips, at, least)
        members = _trimmed(strips[at:end], gutters) if gutters else []
        if members and _beside(members, gutters) >= _LEAST_ROWS:
            inside = [item for strip in members for item in strip.items]
            inside = _taken_back(bands, inside, gutters) + inside
            bands.append(Band(inside, _columns(inside, gutters)))
            at += len(members)
            continue
        _, gutters = _reach(strips[at : at + 1], 0, 2.5 * least)
        if gutters and len(strips[at].items) > len(gutters) + 1:
            # A letterhead, say: a few lines beside one another that are not level.
            bands.append(Band(strips[at].items, _columns(strips[at].items, gutters)))
        else:
            _add_plain(bands, strips[at])
        at += 1
    return bands


def _taken_back(bands: list[Band[T]], inside: Sequence[T], gutters: Sequence[Gutter]) -> list[T]:
    """What stands right above columns and on the right only: a column that begins higher."""
    found: list[T] = []
    top = min(item.top for item in inside)
    while bands and not bands[-1].columns and bands[-1].items:
        last = bands[-1].items[-1]
        apart = top - last.bottom > _TIGHT * (last.bottom - last.top)
        if last.left < gutters[-1][1] or apart:
            break
        found.append(bands[-1].items.pop())
        top = last.top
    if bands and not bands[-1].items:
        bands.pop()
    return found


def rows_of(items: Sequence[T]) -> list[list[T]]:
    """What stands side by side, from the top down."""
    return [strip.items for strip in _strips(items)]


def columns_of(items: Sequence[T]) -> list[list[T]]:
    """The columns between the gutters that go through all of them, one column if none does."""
    occupied = _Strip(list(items), 0.0, 0.0).occupied()
    least = RUN_GAP * _usual_height(items)
    gutters = [(a[1], b[0]) for a, b in pairwise(occupied) if b[0] - a[1] >= least]
    return _columns(items, gutters)


def _usual_height(items: Sequence[T]) -> float:
    heights = [item.bottom - item.top for item in items]
    return min(median(heights), 40.0) if heights else 10.0


def _strips(items: Sequence[T]) -> list[_Strip[T]]:
    strips: list[_Strip[T]] = []
    for item in sorted(items, key=lambda item: item.top):
        # Closely set lines may overlap a little.
        if strips and item.top < strips[-1].bottom - 0.15 * (item.bottom - item.top):
            strips[-1].items.append(item)
            strips[-1].bottom = max(strips[-1].bottom, item.bottom)
        else:
            strips.append(_Strip([item], item.top, item.bottom))
    return strips


def _reach(strips: Sequence[_Strip[T]], at: int, least: float) -> tuple[int, list[Gutter]]:
    """How far down gutters go that begin in a strip, and which those are."""
    gutters = [(a[1], b[0]) for a, b in pairwise(strips[at].occupied()) if b[0] - a[1] >= least]
    end = at + 1
    used = [1] * len(gutters)
    while gutters and end < len(strips):
        occupied = strips[end].occupied()
        kept = [_kept(gutter, occupied, least) for gutter in gutters]
        if any(gutter is None and count > 1 for gutter, count in zip(kept, used, strict=True)):
            break
        pairs = [(g, n) for g, n in zip(kept, used, strict=True) if g is not None]
        if not pairs:
            break
        used = [n + _is_between(gutter, occupied) for gutter, n in pairs]
        gutters = [gutter for gutter, _ in pairs]
        end += 1
    return end, gutters


def _is_between(gutter: Gutter, occupied: Sequence[Gutter]) -> bool:
    return occupied[0][1] <= gutter[0] and occupied[-1][0] >= gutter[1]


def _kept(gutter: Gutter, occupied: Sequence[Gutter], least: float) -> Gutter | None:
    """What is left of a gutter beside what a strip occupies, or None."""
    begin, right = gutter
    pieces = []
    for low, high in occupied:
        if high > begin and low < right:
            pieces.append((begin, low))
            begin = max(begin, high)
    pieces.append((begin, right))
    widest = max(pieces, key=lambda piece: piece[1] - piece[0])
    return widest if widest[1] - widest[0] >= least else None


def _trimmed(strips: Sequence[_Strip[T]], gutters: Sequence[Gutter]) -> list[_Strip[T]]:
    """Without what stands below the columns and only on the left, apart from them."""
    members = list(strips)
    usual = _usual_height([item for strip in strips for item in strip.items])
    while len(members) > 1:
        last, above = members[-1], members[-2]
        height = _usual_height(last.items)
        apart = last.top - above.bottom > _TIGHT * height
        if apart and height <= 0.9 * usual:
            members.pop()  # a foot below the columns
            continue
        if not all(item.right <= gutters[0][0] for item in last.items):
            break
        if not apart and not _unlike(last, above):
            # A column may be longer than the one beside it: look on whether it ends apart.
            below = _first_apart(members, gutters)
            if below is None:
                break
            members = members[:below]
            continue
        members.pop()
    return members


def _first_apart(members: Sequence[_Strip[T]], gutters: Sequence[Gutter]) -> int | None:
    """Where, from below, a block begins that stands apart and on the left only."""
    for at in range(len(members) - 1, 0, -1):
        if not all(item.right <= gutters[0][0] for item in members[at].items):
            return None
        if members[at].top - members[at - 1].bottom > _TIGHT * _usual_height(members[at].items):
            return at
    return None


def _unlike(one: _Strip[T], other: _Strip[T]) -> bool:
    """Whether type differs in size."""
    return abs(_usual_height(one.items) - _usual_height(other.items)) > 1.0


def _beside(strips: Sequence[_Strip[T]], gutters: Sequence[Gutter]) -> int:
    """How many lines there are on that side of the first gutter that has fewer."""
    middle = (gutters[0][0] + gutters[0][1]) / 2
    both = [
        s
        for s in strips
        if any(i.right <= middle for i in s.items) and any(i.left >= middle for i in s.items)
    ]
    left = sum(item.right <= middle for strip in both for item in strip.items)
    right = sum(item.left >= middle for strip in both for item in strip.items)
    tall = any(item.bottom - item.top > 40 for strip in both for item in strip.items)
    return _LEAST_ROWS if both and tall else min(left, right)


def _columns(items: Sequence[T], gutters: Sequence[Gutter]) -> list[list[T]]:
    bounds = [(left + right) / 2 for left, right in gutters]
    columns: list[list[T]] = [[] for _ in range(len(bounds) + 1)]
    for item in items:
        columns[sum(bound < item.left for bound in bounds)].append(item)
    return [column for column in columns if column]


def _add_plain(bands: list[Band[T]], strip: _Strip[T]) -> None:
    if bands and not bands[-1].columns:
        bands[-1].items += strip.items
    else:
        bands.append(Band(list(strip.items)))
