"""The order in which a page is read: boxes, tables, columns and what stands between them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from qa.readers.pdf_grids import grids_of
from qa.readers.pdf_lines import lines_of
from qa.readers.pdf_markers import is_marker
from qa.readers.pdf_page import Area, Line, Rule
from qa.readers.pdf_strips import bands_of, columns_of, rows_of
from qa.readers.pdf_tables import Table, aligned_table, cells_of, ruled_table

__all__ = ["Column", "Frame", "reading_order"]

_DEEPEST = 8
"""How often columns are looked for within columns."""
_MARKER_ROOM = 4.0
"""Between a bullet and its text, in heights of type."""
_APART = 1.5
"""Room within a line, in heights of its type, that parts it to two texts side by side."""


@dataclass(frozen=True, slots=True)
class Column:
    """Lines below each other."""

    lines: tuple[Line, ...]
    left: float
    right: float
    """The right edge that its lines may reach."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A box on the page, read on its own."""

    flow: tuple[Column | Table, ...]
    left: float
    top: float
    right: float
    bottom: float


Item = Line | Table | Frame


def reading_order(runs: Sequence[Line], rules: Sequence[Rule]) -> list[Column | Table]:
    """Columns and tables of a page in the order in which they are read."""
    items: list[Item] = list(_with_markers(runs))
    for grid in grids_of(rules):
        inside = [item for item in items if _holds(grid.area, item)]
        if not inside:
            continue
        lines = [item for item in inside if isinstance(item, Line)]
        table = None
        if len(lines) == len(inside):
            table = ruled_table(grid, cells_of(grid, lines))
        members: dict[int, list[Item]] = {}
        for item in inside:
            members.setdefault(grid.cell_at(*_middle(item)) or 0, []).append(item)
        gone = set(map(id, inside))
        items = [item for item in items if id(item) not in gone]
        items.append(table or _frame(members, rules))
    return _flow(items, rules, 0)


def _middle(item: Item) -> tuple[float, float]:
    return (item.left + item.right) / 2, (item.top + item.bottom) / 2


def _holds(area: Area, item: Item) -> bool:
    x, y = _middle(item)
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def _frame(cells: dict[int, list[Item]], rules: Sequence[Rule]) -> Frame:
    """Cells that are no table, such as boxes and tables with tables inside, one after the other."""
    items = [item for cell in cells.values() for item in cell]
    return Frame(
        tuple(part for cell in sorted(cells) for part in _flow(cells[cell], rules, 0)),
        min(item.left for item in items),
        min(item.top for item in items),
        max(item.right for item in items),
        max(item.bottom for item in items),
    )


def _flow(items: Sequence[Item], rules: Sequence[Rule], depth: int) -> list[Column | Table]:
    found: list[Column | Table] = []
    for band in bands_of(items):
        if not band.columns or depth >= _DEEPEST:
            found += _plain(band.items)
            continue
        tables = _tables(band.items, rules)
        if tables:
            found += tables
        else:
            for column in band.columns:
                found += _flow(column, rules, depth + 1)
    return found


def _tables(items: Sequence[Item], rules: Sequence[Rule]) -> list[Column | Table]:
    """The tables that a band with gutters holds and the lines between them; none if any is text."""
    found: list[Column | Table] = []
    for group in _groups(rows_of(items)):
        lines = [item for item in group if isinstance(item, Line)]
        if len(lines) < len(group):
            return []
        columns = columns_of(lines)
        if len(columns) == 1:
            found += _column(lines)
            continue
        table = aligned_table(columns, rules)
        if table is None:
            return []
        found.append(table)
    return found if any(isinstance(part, Table) for part in found) else []


def _groups(rows: Sequence[list[Item]]) -> list[list[Item]]:
    """Rows of a band, parted at what stands alone in its row and apart from the rows above.

    They are parted too where more stands side by side than above: another table begins.
    """
    groups: list[list[Item]] = []
    counts: list[int] = []
    alone = False
    for index, row in enumerate(rows):
        above = rows[index - 1] if index else row
        room = min(item.top for item in row) - max(item.bottom for item in above)
        apart = room > 0.8 * min(item.bottom - item.top for item in row)
        was_alone, alone = alone, len(row) == 1 and (apart or not index)
        after = rows[index + 1] if index + 1 < len(rows) else []
        more = sum(count > 1 for count in counts) > 1 and max(counts) < min(len(row), len(after))
        if not groups or alone or was_alone or more:
            groups.append([])
            counts = []
        groups[-1] += row
        counts.append(len(row))
    return groups


def _plain(items: Iterable[Item]) -> list[Column | Table]:
    """Lines below each other, with the tables and boxes between them."""
    found: list[Column | Table] = []
    runs: list[Line] = []
    for item in sorted(items, key=lambda item: (item.top + item.bottom) / 2):
        if isinstance(item, Line):
            runs.append(item)
            continue
        found += _column(runs)
        runs = []
        found += item.flow if isinstance(item, Frame) else [item]
    return found + _column(runs)


def _column(runs: Sequence[Line]) -> list[Column | Table]:
    if not runs:
        return []
    lines = list(chain.from_iterable(_parted(line) for line in lines_of(runs)))
    return [
        Column(tuple(lines), min(line.left for line in lines), max(line.right for line in lines))
    ]


def _parted(line: Line) -> list[Line]:
    """A line cut where it has room as wide as between two texts that stand side by side."""
    words = sorted(line.words, key=lambda word: word.left)
    parts = [[words[0]]]
    for word in words[1:]:
        last = parts[-1][-1]
        names = is_marker(last.text) or last.text.endswith(":")
        if word.left - last.right > _APART * line.size and not names:
            parts.append([])
        parts[-1].append(word)
    if len(parts) == 1:
        return [line]
    return [Line(tuple(word for word in line.words if word in part)) for part in parts]


def _with_markers(runs: Sequence[Line]) -> list[Line]:
    """Puts bullets and numbers that stand out from their text back to it."""
    ordered = sorted(runs, key=lambda run: (round(run.baseline), run.left))
    signs = {id(run) for run in ordered if len(run.words) == 1 and _may_mark(run)}
    texts = [run for run in ordered if id(run) not in signs]
    baselines = [run.baseline for run in texts]
    marked: dict[int, Line] = {}
    alone: list[Line] = []
    for sign in (run for run in ordered if id(run) in signs):
        begin = bisect_left(baselines, sign.baseline - 2 * sign.size)
        end = bisect_right(baselines, sign.baseline + 2 * sign.size)
        near = [run for run in texts[begin:end] if id(run) not in marked and _marks(sign, run)]
        if near:
            run = min(near, key=lambda run: (abs(run.baseline - sign.baseline), run.left))
            marked[id(run)] = Line((*_sign(sign).words, *run.words))
        else:
            alone.append(sign)
    found = [marked.get(id(run), run) for run in texts] + alone
    return sorted(found, key=lambda run: (round(run.baseline), run.left))


def _may_mark(run: Line) -> bool:
    return is_marker(run.text) or run.text == "o"


def _marks(sign: Line, run: Line) -> bool:
    near = abs(run.baseline - sign.baseline) <= 0.4 * run.size
    return near and 0 <= run.left - sign.right <= _MARKER_ROOM * run.size


def _sign(run: Line) -> Line:
    """Word processors use the letter o, standing out from its text, as a hollow bullet."""
    return Line((replace(run.words[0], text="\u25e6"),)) if run.text == "o" else run
