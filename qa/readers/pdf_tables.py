"""Tables on a page: out of the cells between ruled lines, or out of words that stand in columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from qa.readers.pdf_grids import Grid
from qa.readers.pdf_lines import lines_of
from qa.readers.pdf_markers import begins_item
from qa.readers.pdf_page import Area, Line, Rule
from qa.readers.pdf_rows import Cell, cut, rules_between, starts_by_lines, starts_of_rows

__all__ = ["Cell", "Table", "aligned_table", "cells_of", "goes_on_in", "ruled_table"]

_OPEN = re.compile(r"[\w,\-\u2010(/&+]$")
_HANGING = re.compile(
    r"\b(?:a|an|the|and|or|of|to|in|on|at|by|for|from|with|without|your|you|is|are|be|do|not|any|if"
    r"|before|after|until|that|which|el|la|los|las|un|una|y|o|de|del|en|con|sin|por|para|su|que|no|si"
    r"|der|die|das|und|oder|von|zu|mit|ohne|f\u00fcr|nicht|wenn)$",
    re.IGNORECASE,
)
"""Words with which no entry of a table ends."""
_NUMERIC = re.compile(r"[\s(<>~\u2264\u2265\u00b1+\-\u2013]*+(?:[$\u20ac\u00a3]\s*+)?\d")
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
    bounds = starts_by_lines(row)
    if not bounds or _share_of_broken(filled, starts_by_lines(filled), _runs_on) > 0.2:
        return [tuple(row)]
    return cut(row, bounds)


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
    if min(words) > _FEW_WORDS:
        return None
    has_sign = _has_sign(cells, flat, rules)
    if not has_sign and not _are_many_short(cells):
        return None
    # With a sign of a table, short entries may begin with small letters.
    running = [cell for cell, count in zip(cells, words, strict=True) if count > _FEW_WORDS]
    starts = starts_of_rows(cells, rules)
    broken = _share_of_broken(running if has_sign else cells, starts, _runs_on)
    if max(broken, _share_of_broken(cells, starts, _hangs)) > 0.2:
        return None
    rows = cut(cells, starts)
    area = (
        min(line.left for line in flat),
        min(line.top for line in flat),
        max(line.right for line in flat),
        max(line.bottom for line in flat),
    )
    begins = tuple(min(line.left for line in cell) for cell in cells)
    return Table(tuple(rows), _has_head(rows), begins, area) if len(rows) > 1 else None


def _level(sparse: Cell, cells: Sequence[Cell]) -> bool:
    others = [line.baseline for cell in cells if cell is not sparse for line in cell]
    beside = sum(
        any(abs(at - line.baseline) <= 0.25 * line.size for at in others) for line in sparse
    )
    return beside >= 0.8 * len(sparse)


def _share_of_broken(
    cells: Sequence[Cell], starts: Sequence[float], is_broken: Callable[[Line, Line, float], bool]
) -> float:
    """The share of rows that would begin in the middle of a sentence of these cells, 0 to 1.

    A single one may be an entry in small letters below the longest one of its column.
    """
    broken = counted = 0
    for cell in cells:
        right = max(line.right for line in cell) if cell else 0
        for above, line in pairwise(cell):
            if any(abs(start - line.top) < 0.3 * line.size for start in starts):
                counted += 1
                broken += is_broken(above, line, right)
    return broken / counted if broken > 1 else 0.0


def _hangs(above: Line, line: Line, right: float) -> bool:
    """Whether a line goes on with the one above it, which ends in the middle of a phrase."""
    return bool(_HANGING.search(above.text)) and not line.text[0].isdigit()


def _runs_on(above: Line, line: Line, right: float) -> bool:
    """Whether a line goes on with the one above it, which had no room for its first word."""
    first = line.words[0]
    room = right - above.right
    fits = room >= first.right - first.left + 0.25 * line.size
    return not fits and bool(_OPEN.search(above.text)) and line.text[0].islower()


def _has_sign(cells: Sequence[Cell], lines: Sequence[Line], rules: Sequence[Rule]) -> bool:
    """What tells a table from a text in narrow columns."""
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
    return bool(rules_between(lines, rules)) or numeric or head or names


def _are_many_short(cells: Sequence[Cell]) -> bool:
    """Whether there are more columns, with more and shorter entries, than texts are set in."""
    short = median(len(line.words) for cell in cells for line in cell) <= _FEW_WORDS
    return len(cells) > 2 and min(len(cell) for cell in cells) > 2 and short


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
