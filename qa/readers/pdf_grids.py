"""Tables and boxes as their ruled lines make them: cells, some of them merged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.readers.pdf_page import Area, Rule

__all__ = ["Grid", "grids_of"]

_NEAR = 3.0
"""Points within which the ends of ruled lines meet."""
_LEAST_SIDE = 6.0
"""Points; what is smaller is a tick box or an ornament."""
_COVERED = 0.6
"""Share of a cell's side that must be ruled to part it from its neighbour."""
_MOST_RULES = 1_000
"""A page with more is a drawing."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells between ruled lines."""

    across: tuple[float, ...]
    """Where its columns begin and end."""
    down: tuple[float, ...]
    """Where its rows begin and end."""
    cells: tuple[tuple[int, ...], ...]
    """For each row the cell of each column: cells with the same number are merged."""

    @property
    def area(self) -> Area:
        """The whole of it."""
        return self.across[0], self.down[0], self.across[-1], self.down[-1]

    def cell_at(self, x: float, y: float) -> int | None:
        """The cell in which a point lies, or None outside."""
        column = _between(self.across, x)
        row = _between(self.down, y)
        return None if column is None or row is None else self.cells[row][column]


def grids_of(rules: Sequence[Rule]) -> list[Grid]:
    """The grids that ruled lines make, the smallest first, so that inner ones come first."""
    lines = _merged(rules)
    if len(lines) > _MOST_RULES:
        return []
    grids = [grid for group in _meeting(lines) if (grid := _grid(group))]
    return sorted(grids, key=lambda grid: _size(grid.area))


def _size(area: Area) -> float:
    return (area[2] - area[0]) * (area[3] - area[1])


def _between(bounds: Sequence[float], at: float) -> int | None:
    if not bounds[0] <= at <= bounds[-1]:
        return None
    return next(i for i, bound in enumerate(bounds[1:]) if at <= bound)


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """Lines that run on in one another, as one: tables are often ruled cell by cell."""
    found: list[Rule] = []
    level = sorted((r for r in rules if r.level), key=lambda r: (round(r.top), r.left))
    steep = sorted((r for r in rules if not r.level), key=lambda r: (round(r.left), r.top))
    for rule in level:
        last = found[-1] if found else None
        if last and abs(last.top - rule.top) < 1.5 and rule.left <= last.right + _NEAR:
            found[-1] = Rule(last.left, last.top, max(last.right, rule.right), last.bottom)
        else:
            found.append(rule)
    first = len(found)
    for rule in steep:
        last = found[-1] if len(found) > first else None
        if last and abs(last.left - rule.left) < 1.5 and rule.top <= last.bottom + _NEAR:
            found[-1] = Rule(last.left, last.top, last.right, max(last.bottom, rule.bottom))
        else:
            found.append(rule)
    return [r for r in found if max(r.right - r.left, r.bottom - r.top) >= _LEAST_SIDE]


def _meeting(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Groups of lines that meet, directly or by way of others."""
    group_of = _Union(len(rules))
    level = [i for i, rule in enumerate(rules) if rule.level]
    steep = [i for i, rule in enumerate(rules) if not rule.level]
    for i in level:
        for k in steep:
            if _meet(rules[i], rules[k]):
                group_of.join(i, k)
    groups: dict[int, list[Rule]] = defaultdict(list)
    for i, rule in enumerate(rules):
        groups[group_of.find(i)].append(rule)
    return [group for group in groups.values() if len(group) > 2]


def _meet(level: Rule, steep: Rule) -> bool:
    return (
        level.left - _NEAR <= steep.left <= level.right + _NEAR
        and steep.top - _NEAR <= level.top <= steep.bottom + _NEAR
    )


class _Union:
    """Which of n things belong together."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def find(self, one: int) -> int:
        while self._parent[one] != one:
            self._parent[one] = self._parent[self._parent[one]]
            one = self._parent[one]
        return one

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.find(one), self.find(other)))
        self._parent[second] = first


def _grid(rules: Sequence[Rule]) -> Grid | None:
    level = [rule for rule in rules if rule.level]
    steep = [rule for rule in rules if not rule.level]
    across = _bounds([r.left for r in steep] + [r.left for r in level] + [r.right for r in level])
    down = _bounds([r.top for r in level] + [r.top for r in steep] + [r.bottom for r in steep])
    if len(across) < 2 or len(down) < 2:
        return None
    return Grid(across, down, _cells(across, down, level, steep))


def _bounds(places: Sequence[float]) -> tuple[float, ...]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] >= _LEAST_SIDE:
            found.append(place)
    return tuple(found)


def _cells(
    across: Sequence[float], down: Sequence[float], level: Sequence[Rule], steep: Sequence[Rule]
) -> tuple[tuple[int, ...], ...]:
    wide = len(across) - 1
    union = _Union(wide * (len(down) - 1))
    for row in range(len(down) - 1):
        for column in range(wide):
            here = row * wide + column
            x = across[column + 1], down[row], down[row + 1]
            if column + 1 < wide and not _ruled(*x, steep, _of_steep):
                union.join(here, here + 1)
            y = down[row + 1], across[column], across[column + 1]
            if row + 2 < len(down) and not _ruled(*y, level, _of_level):
                union.join(here, here + wide)
    return tuple(
        tuple(union.find(row * wide + column) for column in range(wide))
        for row in range(len(down) - 1)
    )


def _of_steep(rule: Rule) -> tuple[float, float, float]:
    return rule.left, rule.top, rule.bottom


def _of_level(rule: Rule) -> tuple[float, float, float]:
    return rule.top, rule.left, rule.right


def _ruled(
    at: float,
    begin: float,
    end: float,
    rules: Sequence[Rule],
    place: Callable[[Rule], tuple[float, float, float]],
) -> bool:
    """Whether lines cover most of the way from `begin` to `end` at that place."""
    covered = 0.0
    for rule in rules:
        where, first, last = place(rule)
        if abs(where - at) <= _LEAST_SIDE / 2:
            covered += max(0.0, min(end, last) - max(begin, first))
    return covered >= _COVERED * (end - begin)
