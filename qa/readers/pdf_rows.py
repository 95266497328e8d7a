"""The rows of tables whose rows nothing but room, ruled lines or words part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from qa.readers.pdf_page import Line, Rule

__all__ = ["Cell", "cut", "rules_between", "starts_by_lines", "starts_of_rows"]

Cell = tuple[Line, ...]
"""The lines of a table's cell, from the top down; empty where nothing stands in it."""
_APART = 0.3
"""Heights of type by which there is more room between rows than between lines of a cell."""


def starts_of_rows(cells: Sequence[Cell], rules: Sequence[Rule]) -> list[float]:
    """The tops of the rows of aligned columns.

    Rows are what ruled lines or wider room part, if so the first column has one entry in each:
    its entries may stand in the middle of their rows. Else lines tell (`starts_by_lines`).
    """
    lines = sorted((line for cell in cells for line in cell), key=lambda line: line.top)
    first = {id(line) for line in cells[0]}
    groups = _overlapping(lines)
    for parts in (_parted_by_rules(lines, rules), _with_close_ones(groups), _staggered(groups)):
        entries = [sum(id(line) in first for line in part) for part in parts]
        if len(parts) > 2 and all(count == 1 for count in entries):
            return [part[0].top for part in parts]
    return starts_by_lines(cells)


def _parted_by_rules(lines: Sequence[Line], rules: Sequence[Rule]) -> list[list[Line]]:
    tops = [rule.top for rule in rules_between(lines, rules)]
    parts: dict[int, list[Line]] = {}
    for line in lines:
        middle = (line.top + line.bottom) / 2
        parts.setdefault(sum(top < middle for top in tops), []).append(line)
    return [parts[number] for number in sorted(parts)]


def _overlapping(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines, from the top down, in groups that nothing parts from left to right."""
    groups: list[list[Line]] = []
    bottom = float("-inf")
    for line in lines:
        if line.top >= bottom - 0.1 * line.size:
            groups.append([])
        groups[-1].append(line)
        bottom = max(bottom, line.bottom)
    return groups


def _with_close_ones(groups: Sequence[list[Line]]) -> list[list[Line]]:
    """Groups put together between which there is not more room than between others."""
    rooms = [
        min(line.top for line in below) - max(line.bottom for line in above)
        for above, below in pairwise(groups)
    ]
    most = min(rooms, default=0.0) + _APART * median(x.size for group in groups for x in group)
    parts = list(groups[:1])
    for group, room in zip(groups[1:], rooms, strict=True):
        if room > most:
            parts.append(group)
        else:
            parts[-1] = parts[-1] + group
    return parts


def _staggered(groups: Sequence[list[Line]]) -> Sequence[list[Line]]:
    """The groups, if in one of them lines are not level, as entries in the middle of rows are."""
    return groups if any(_is_staggered(group) for group in groups) else ()


def _is_staggered(group: Sequence[Line]) -> bool:
    baselines = [line.baseline for line in group]
    return max(baselines) - min(baselines) > 0.25 * group[0].size


def rules_between(lines: Sequence[Line], rules: Sequence[Rule]) -> list[Rule]:
    """The ruled lines between them, over most of their width."""
    top, bottom = min(line.top for line in lines), max(line.bottom for line in lines)
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    return [
        rule
        for rule in rules
        if rule.level
        and top < rule.top < bottom
        and min(rule.right, right) - max(rule.left, left) > 0.7 * (right - left)
    ]


def starts_by_lines(cells: Sequence[Cell]) -> list[float]:
    """The tops of the lines that begin rows.

    A line begins a row if it stands in the first column and does not run on from the line above,
    or if it stands apart from what is above it.
    """
    by_top: list[list[tuple[int, Line]]] = []
    for column, line in sorted(
        ((c, line) for c, cell in enumerate(cells) for line in cell),
        key=lambda pair: pair[1].baseline,
    ):
        if by_top and line.baseline - by_top[-1][0][1].baseline <= 0.3 * line.size:
            by_top[-1].append((column, line))
        else:
            by_top.append([(column, line)])
    if not by_top:
        return []
    used = [column for column, cell in enumerate(cells) if cell]
    pitches = [b[0][1].baseline - a[0][1].baseline for a, b in pairwise(by_top)]
    tight = min(pitches, default=0.0)
    starts = [min(line.top for _, line in by_top[0])]
    for (above, here), pitch in zip(pairwise(by_top), pitches, strict=True):
        present = {column for column, _ in here}
        apart = pitch > 1.25 * tight
        whole = len(present) == len(used)
        last = dict(above)
        goes_on = all(column in last and _continues(last[column], line) for column, line in here)
        if apart or whole or (used[0] in present and not goes_on):
            starts.append(min(line.top for _, line in here))
    return starts


def _continues(above: Line, line: Line) -> bool:
    return line.text[0].islower() or bool(re.search(r"[,\-(/&]$", above.text))


def cut(cells: Sequence[Cell], starts: Sequence[float]) -> list[tuple[Cell, ...]]:
    """The rows of columns, from where each begins."""
    ends = [*starts[1:], float("inf")]
    rows = []
    for start, end in zip(starts, ends, strict=True):
        rows.append(
            tuple(tuple(line for line in cell if start - 2 <= line.top < end - 2) for cell in cells)
        )
    return [row for row in rows if any(row)]
