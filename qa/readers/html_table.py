"""Tables of HTML: which ones hold data rather than lay out a page, and their rows of cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborNode

from qa.document import BlockKind

__all__ = ["Table", "heads", "is_bold", "lays_out", "rows_of", "span_of"]

_GROUPS = ("tbody", "thead", "tfoot")
_HEADINGS = "h1, h2, h3, h4, h5, h6"
_ENDS = (".", "!", "?", ":", ";", ",")
_MAX_COLUMNS = 200
_MAX_REPEATED = 80
_MAX_CELL = 600
"""A cell of more characters, in a table that names no head, holds a part of a page."""


@dataclass(slots=True)
class Table:
    """A table of data while it is read. A cell over several rows or columns is told but once.

    Only a short label over several rows of the first column is told in each of them, since a row
    is quoted alone.
    """

    cells: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    """Of the cell that is open."""
    in_cell: bool = False
    held: dict[int, int] = field(default_factory=dict)
    """For a column, in how many more rows a cell from above stands."""
    label: str = ""
    """What stands in the first column of the rows that its cell spans."""
    nested: list[LexborNode] = field(default_factory=list)
    """Tables in cells of the row that is open: they follow behind it."""
    last_span: int = 1
    """Columns that the row's last cell spans."""
    all_heads: bool = True
    """Whether all cells of the row head a column."""
    rows: int = 0
    in_head: bool = True
    """Whether no row of data was met yet."""

    def open_row(self) -> None:
        """Begins a row."""
        self.cells, self.in_cell, self.all_heads = [], False, True

    def open_cell(self, *, head: bool, rows: int) -> None:
        """Begins a cell, behind those places that cells from above take up."""
        while self.held.get(len(self.cells), 0) and len(self.cells) < _MAX_COLUMNS:
            self.held[len(self.cells)] -= 1
            self.cells.append("" if self.cells else self.label)
        if rows > 1:
            self.held[len(self.cells)] = rows - 1
        self.all_heads &= head
        self.lines, self.in_cell = [], True

    def add_line(self, text: str) -> None:
        """Adds to the open cell."""
        self.lines.append(text)

    def close_cell(self, *, columns: int, rows: int) -> None:
        """Ends a cell; the further columns it spans stay empty."""
        text = _joined(self.lines)
        if not self.cells:
            self.label = text if rows > 1 and len(text) <= _MAX_REPEATED else ""
        self.cells.append(text)
        self.in_cell = False
        self.last_span = min(columns, _MAX_COLUMNS)
        for _ in range(min(columns, _MAX_COLUMNS) - 1):
            if rows > 1:
                self.held[len(self.cells)] = rows - 1
            self.cells.append("")

    def close_row(self) -> tuple[BlockKind, str]:
        """The row's kind and text, the cells parted by " | "."""
        cells = self.cells[: len(self.cells) - (self.last_span - 1)]
        kind = BlockKind.TABLE_HEAD if self.in_head and self.all_heads else BlockKind.TABLE_ROW
        text = " | ".join(cells).strip() if any(cells) else ""
        if text:
            self.rows += 1
            self.in_head = self.in_head and kind is BlockKind.TABLE_HEAD
        for column in [column for column in self.held if column >= len(self.cells)]:
            self.held[column] -= self.held[column] > 0
        self.cells, self.last_span = [], 1
        return kind, text


def _joined(lines: list[str]) -> str:
    """A cell's lines as one text: a line end stays where without it two things would be one."""
    text = ""
    for line in "\n".join(lines).split("\n"):
        text += (" " if text.endswith(_ENDS) else "\n" if text else "") + line
    return text


def span_of(cell: LexborNode, name: str) -> int:
    """How many columns (`colspan`) or rows (`rowspan`) a cell takes up, at least 1."""
    written = (cell.attributes.get(name) or "").strip()
    # 0 means "to the end of the table", which few pages say and fewer mean.
    return max(1, int(written)) if re.fullmatch(r"[0-9]{1,5}", written) else 1


def heads(cell: LexborNode, table: Table) -> bool:
    """Whether a `td` heads a column: in a `thead`, or bold in the first row, as Word writes it."""
    row = cell.parent
    if row is not None and row.parent is not None and row.parent.tag == "thead":
        return True
    return table.rows == 0 and is_bold(cell)


def rows_of(table: LexborNode) -> list[list[LexborNode]]:
    """The cells of a table's own rows, those of tables in it left out."""
    children = list(table.iter())
    grouped = [row for group in children if group.tag in _GROUPS for row in group.iter()]
    return [
        [cell for cell in row.iter() if cell.tag in ("td", "th")]
        for row in children + grouped
        if row.tag == "tr"
    ]


def lays_out(table: LexborNode) -> bool:
    """Whether a table has no data, but arranges parts of a page beside each other."""
    if (table.attributes.get("role") or "").lower() in ("presentation", "none"):
        return True
    rows = rows_of(table)
    cells = [cell for row in rows for cell in row]
    if any(cell.css_first(_HEADINGS) is not None for cell in cells):
        return True
    if any(cell.tag == "th" for cell in cells) or table.css_first("caption") is not None:
        return False
    if len(rows) < 2 or max(len(row) for row in rows) < 2:
        return True
    if any(cell.css_first("table") is not None for cell in cells):
        return True
    return any(len(cell.text()) > _MAX_CELL for cell in cells)


def is_bold(node: LexborNode) -> bool:
    """Whether all text of an element is bold."""
    text = "".join(node.text().split())
    bold = node.css("b, strong")
    inner = [one for one in bold if one.parent is None or one.parent.tag not in ("b", "strong")]
    return bool(text) and "".join("".join(n.text().split()) for n in inner) == text
