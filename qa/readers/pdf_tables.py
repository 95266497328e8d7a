"""Tables on a page: out of the cells between ruled lines, or out of words that stand in columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from qa.readers.pdf_grids import Grid
from qa.readers.pdf_lines import lines_of
from qa.readers.pdf_markers import begins_item
from qa.readers.pdf_page import Area, Line, Rule

__all__ = ["Cell", "Table", "aligned_table", "cells_of", "goes_on_in", "ruled_table"]

Cell = tuple[Line, ...]
"""The lines of a table's cell, from the top down; empty where nothing stands in it."""
_OPEN = re.compile(r"[\w,\-\u2010(/&+]$")
_NUMERIC = re.compile(r"[\s(<>~\u2264\u2265\u00b1+\-\u2013]*[$\u20ac\u00a3]?\s*\d")
_FEW_WORDS = 3.0


@dataclass(frozen=True)
class Table:
    """Rows of cells. All rows have as many cells as there are columns."""

    rows: tuple[tuple[Cell, ...], ...]
    has_head: bool
    columns: tuple[float, ...]
    """Where each column begins."""
    area: Area

    @property
    def left(self) -> float:
        """Left edge."""
        return self.area[0]

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.area[1]

    @property
    def right(self) -> float:
        """Right edge."""
        return self.area[2]

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.area[3]

    def says(self, row: int) -> str:
        """What a row says, in one line."""
        return " | ".join(" ".join(line.text for line in cell) for cell in self.rows[row])


def goes_on_in(first: Table, second: Table) -> bool:
    """Whether two tables have the same columns, so that one may be the other's second part."""
    return len(first.columns) == len(second.columns) and all(
        abs((a - first.left) - (b - second.left)) <= 12
        for a, b in zip(first.columns, second.columns, strict=True)
    )


def cells_of(grid: Grid, lines: Sequence[Line]) -> dict[int, Cell]:
    """What stands in each cell of a grid, by the cell's number."""
    found: dict[int, list[Line]] = {}
    for line in lines:
        for word in line.words:
            cell = grid.cell_at((word.left + word.right) / 2, (word.top + word.bottom) / 2)
            if cell is not None:
                found.setdefault(cell, []).append(Line((word,)))
    return {cell: tuple(lines_of(words)) for cell, words in found.items()}


def ruled_table(grid: Grid, cells: dict[int, Cell]) -> Table | None:
    """The table in a grid; None where it is not one, such as a box or boxes beside each other.

    What stands in merged cells is repeated in each row that they reach into, but not sideways.
    """
    rows = []
    for numbers in grid.cells:
        row = [
            cells.get(number, ()) if number not in numbers[:column] else ()
            for column, number in enumerate(numbers)
        ]
        if any(row):
            rows += _rows_within(row) if len(grid.cells) <= 2 else [tuple(row)]
    full = [row for row in rows if sum(map(bool, row)) > 1]
    if len(grid.cells) < 2 or not full or len(grid.across) < 3:
        return None
    return Table(tuple(rows), _has_head(rows), grid.across[:-1], grid.area)


def _rows_within(row: Sequence[Cell]) -> list[tuple[Cell, ...]]:
    """The rows of a table whose columns are ruled but whose rows are not."""
    filled = [cell for cell in row if cell]
    if len(filled) < 2 or min(len(cell) for cell in filled) < 3:
        return [tuple(row)]
    lines = [line for cell in filled for line in cell]
    bounds = _starts(row)
    if not bounds or _share_of_broken(filled, lines) > 0.2:
        return [tuple(row)]
    return _cut(row, bounds)


def aligned_table(columns: Sequence[Sequence[Line]], rules: Sequence[Rule]) -> Table | None:
    """The table that the lines of columns make which stand side by side, or None.

    They make one if the lines of the columns stand level with each other, if at least one column
    is of short entries rather than of running text, and if no line that begins a row goes on with
    what the line above it began. Two columns also need a sign of a table: entries that are
    numbers, a bold head, bold or colon-ended names, or ruled lines between.
    """
    cells = [tuple(lines_of(column)) for column in columns]
    flat = [line for cell in cells for line in cell]
    if any(sum(begins_item(line.text) for line in cell) > 1 for cell in cells):
        return None
    sparse = min(cells, key=len)
    if len(sparse) < 2 or not _level(sparse, cells):
        return None
    words = [sum(len(line.words) for line in cell) / len(cell) for cell in cells]
    if min(words) > _FEW_WORDS or _share_of_broken(cells, flat) > 0.2:
        return None
    if not _has_sign(cells, flat, rules):
        return None
    rows = _cut(cells, _starts(cells))
    if len(rows) < 2:
        return None
    area = (
        min(line.left for line in flat),
        min(line.top for line in flat),
        max(line.right for line in flat),
        max(line.bottom for line in flat),
    )
    return Table(tuple(rows), _has_head(rows), tuple(min(x.left for x in c) for c in cells), area)


def _level(sparse: Cell, cells: Sequence[Cell]) -> bool:
    others = [line.baseline for cell in cells if cell is not sparse for line in cell]
    beside = sum(
        any(abs(at - line.baseline) <= 0.25 * line.size for at in others) for line in sparse
    )
    return beside >= 0.8 * len(sparse)


def _share_of_broken(cells: Sequence[Cell], lines: Sequence[Line]) -> float:
    """The share of rows that would begin in the middle of a sentence, from 0 to 1.

    A single one may be an entry in small letters below the longest one of its column.
    """
    starts = _starts(cells)
    broken = counted = 0
    for cell in cells:
        right = max(line.right for line in cell) if cell else 0
        for above, line in pairwise(cell):
            if any(abs(start - line.top) < 0.3 * line.size for start in starts):
                counted += 1
                broken += _runs_on(above, line, right)
    return broken / counted if broken > 1 else 0.0


def _runs_on(above: Line, line: Line, right: float) -> bool:
    """Whether a line goes on with the one above it, which had no room for its first word."""
    first = line.words[0]
    room = right - above.right
    fits = room >= first.right - first.left + 0.25 * line.size
    return not fits and bool(_OPEN.search(above.text)) and line.text[0].islower()


def _starts(cells: Sequence[Cell]) -> list[float]:
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


def _cut(cells: Sequence[Cell], starts: Sequence[float]) -> list[tuple[Cell, ...]]:
    """The rows of columns, from where each begins."""
    ends = [*starts[1:], float("inf")]
    rows = []
    for start, end in zip(starts, ends, strict=True):
        rows.append(
            tuple(tuple(line for line in cell if start - 2 <= line.top < end - 2) for cell in cells)
        )
    return [row for row in rows if any(row)]


def _has_sign(cells: Sequence[Cell], lines: Sequence[Line], rules: Sequence[Rule]) -> bool:
    """What tells a table from a text in narrow columns."""
    top, bottom = min(line.top for line in lines), max(line.bottom for line in lines)
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    between = sum(
        rule.level
        and top < rule.top < bottom
        and min(rule.right, right) - max(rule.left, left) > 0.7 * (right - left)
        for rule in rules
    )
    numeric = any(
        sum(bool(_NUMERIC.match(line.text)) and len(line.words) <= 5 for line in cell)
        >= 0.5 * len(cell)
        for cell in cells
    )
    first = [cell[0] for cell in cells]
    head = all(line.bold for line in first) and not all(line.bold for line in lines)
    names = all(line.bold or line.text.endswith(":") for line in cells[0]) and not all(
        line.bold for line in lines
    )
    many = len(cells) > 2 and min(len(cell) for cell in cells) > 2 and _is_short(cells)
    return bool(between) or numeric or head or names or many


def _is_short(cells: Sequence[Cell]) -> bool:
    return median(len(line.words) for cell in cells for line in cell) <= _FEW_WORDS


def _has_head(rows: Sequence[tuple[Cell, ...]]) -> bool:
    """Whether the first row names the columns: bold as no other, or words over numbers."""
    if len(rows) < 2:
        return False
    first = [line for cell in rows[0] for line in cell]
    rest = [line for row in rows[1:] for cell in row[1:] for line in cell]
    if sum(map(bool, rows[0])) < 2 or not rest:
        return False
    if all(line.bold for line in first):
        return not all(line.bold for line in rest)
    numeric = [bool(_NUMERIC.match(line.text)) for line in rest]
    worded = not any(any(map(str.isdigit, line.text)) for line in first)
    return worded and sum(numeric) >= 0.4 * len(numeric)
