"""What word processors' files hold, in one shape for all of them, and how it becomes blocks.

A file is a list of lines (headings, paragraphs, list items) and tables, whose cells hold such lists
again. The writer decides what a table is, where notes go and which bold lines are headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qa.document import BlockKind
from qa.readers.draft import TextBuilder
from qa.readers.symbols import MEANINGFUL

__all__ = ["Cell", "Line", "Row", "Table", "folded", "write_flow"]

_BLANKS = re.compile(r"[ \t]+")
_SOFT_HYPHEN = "\u00ad"
_LONE_BAR = re.compile(r"(?<!\S)\|(?!\S)")
_TYPED_MARKER = re.compile(
    r"\s*(?P<marker>[\u2022\u00b7\u25cf\u25aa\u25cb\u25e6\u2023](?=\s)"
    r"|(?:[-\u2013o]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])(?=[ ]*\t))\s+(?=\S)"
)
"""A bullet, or a number with a tab behind it, that somebody typed instead of making a list."""
_LOOSE_MARKER = re.compile(r"\s*(?P<marker>[-\u2013*]|\(?\d{1,3}[.)])\s+(?=\S)")
"""A dash or number without a tab, which begins an item only among its like."""
_BOXES = MEANINGFUL | {"☐"}
_TYPED_BOX = re.compile(rf"\s*([{''.join(sorted(_BOXES))}])\s*(\S.*)", re.DOTALL)
"""A box before a statement; a line with several boxes offers a choice, and is no list item."""
_TYPED_NUMBER = re.compile(r"\s*(\d{1,3}(?:\.\d{1,3})*[.)]?)\t\s*|\s*(\d{1,3}[.)]) +(?=[^\W\d_])")
"""A number that was typed before a heading; "2.5 mg" and "24 hours" are none."""
_STOP = re.compile(r"[.!:;,\u2026\u3002]$")
_MAX_HEADING = 90
_MAX_HEADING_WORDS = 14
_MAX_REPEATED = 80
_EMPTY_FIRST = "\u2013"
"""Shown for an empty first cell, as a block cannot begin with a blank."""
_MAX_IN_CELL = 3
"""Paragraphs in a cell from which a table is taken to lay out a page rather than to hold data."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: with a `level` (from 1) a heading, as an `item` one of a list."""

    text: str
    level: int = 0
    item: bool = False
    marker: str = ""
    """The bullet or number in front, without the blank behind it."""
    bold: bool = False
    notes: tuple[tuple[Line, ...], ...] = ()
    """Foot- and endnotes that the line refers to, each as its paragraphs."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: how many columns it covers, and whether it goes on with the cell above it."""

    items: tuple[Line | Table, ...] = ()
    columns: int = 1
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; `head` says that it names the columns."""

    cells: tuple[Cell, ...]
    head: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is stored, whether it holds data or lays out a page."""

    rows: tuple[Row, ...]


def folded(text: str) -> str:
    """Text with blanks and tabs on end as one blank, and without soft hyphens and empty lines."""
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line).replace(_SOFT_HYPHEN, "")


def write_flow(items: Sequence[Line | Table]) -> TextBuilder:
    """The canonical text of a whole file, and its blocks.

    Notes follow at the end of the section that refers to them. Where no line has a level but a
    title at the top, short bold lines that stand alone before text are headings.
    """
    first = next((item for item in items if isinstance(item, Line)), None)
    levels = [line for line in _all_lines(items) if line.level]
    writer = _Writer(bold_heads=not levels or (len(levels) == 1 and levels[0] is first))
    writer.items(items)
    writer.notes()
    return writer.builder


def _all_lines(items: Sequence[Line | Table]) -> Iterator[Line]:
    """The lines of a list, and those within its tables."""
    for item in items:
        if isinstance(item, Line):
            yield item
        else:
            for row in item.rows:
                for cell in row.cells:
                    yield from _all_lines(cell.items)


def _typed(line: Line, before: Line | Table | None, after: Line | Table | None) -> Line:
    """A line whose bullet, box or number was typed as text becomes a list item."""
    if line.item:
        return line
    found = _TYPED_MARKER.match(line.text)
    if not found and (_LOOSE_MARKER.match(line.text) and _in_typed_list(before, after)):
        found = _LOOSE_MARKER.match(line.text)
    if found:
        marker = found.group("marker")
        # A round bullet is an "o" in many hand-made lists, and Word's own second bullet.
        marker = "\u2022" if marker in ("o", "\u00b7") else marker
        return replace(line, text=line.text[found.end() :], item=True, marker=marker)
    boxes = sum(letter in _BOXES for letter in line.text)
    box = _TYPED_BOX.match(line.text) if boxes == 1 else None
    return replace(line, item=True, marker=box.group(1), text=box.group(2)) if box else line


def _in_typed_list(before: Line | Table | None, after: Line | Table | None) -> bool:
    """Whether a dash or number before a line may begin an item: not the only one, or led in."""
    led_in = isinstance(before, Line) and before.text.rstrip().endswith(":")
    beside = (one for one in (before, after) if isinstance(one, Line) and not one.level)
    return led_in or any(_LOOSE_MARKER.match(one.text) for one in beside)


def _numbered(line: Line) -> Line:
    """A heading whose number was typed, with the number before it as Word's own would stand."""
    found = None if line.marker else _TYPED_NUMBER.match(line.text)
    if not found:
        return line
    return replace(line, text=line.text[found.end() :], marker=found.group(1) or found.group(2))


def _bold_headings(items: Sequence[Line | Table], at_top: bool) -> list[Line | Table]:
    """Makes headings of bold lines that are short, alone, not a sentence, and before plain text.

    One that stands `at_top` of a file is its title, whatever follows.
    """
    made = list(items)
    if at_top and made and isinstance(made[0], Line) and _may_head(made[0]):
        made[0] = replace(made[0], level=1)
    for i, (item, after) in enumerate(pairwise(items)):
        before = made[i - 1] if i else None
        alone = not (isinstance(before, Line) and _may_head(before))
        if isinstance(item, Line) and _may_head(item) and alone and _is_headed(after, item.item):
            made[i] = replace(item, level=1 if at_top and not i else 2)
    return made


def _may_head(line: Line) -> bool:
    text = " ".join(line.text.split())
    short = len(text) <= _MAX_HEADING and len(text.split()) <= _MAX_HEADING_WORDS
    words = any(letter.isalpha() for letter in text)
    # Word makes list items of headings that somebody numbers.
    bare = not line.level and (not line.item or any(letter.isdigit() for letter in line.marker))
    return line.bold and bare and short and words and not _STOP.search(text)


def _is_headed(after: Line | Table, by_item: bool) -> bool:
    """Whether what follows a bold line is text that it can be the heading of."""
    if isinstance(after, Table) or after.level:
        return isinstance(after, Table)
    return not by_item if after.item and not after.bold else not after.bold


class _Writer:
    """Writes items into a builder, and holds back notes until their section ends."""

    def __init__(self, bold_heads: bool) -> None:
        self.builder = TextBuilder()
        self.bold_heads = bold_heads
        self._notes: list[tuple[Line, ...]] = []

    def items(self, items: Sequence[Line | Table]) -> None:
        if self.bold_heads:
            items = _bold_headings(items, at_top=not self.builder.blocks)
        for before, item, after in zip([None, *items], items, [*items[1:], None], strict=False):
            if isinstance(item, Table):
                self._table(item)
            elif item.level:
                self._line(_numbered(item))
            else:
                self._line(_typed(item, before, after))

    def notes(self) -> None:
        """Writes the notes that were held back."""
        waiting, self._notes = self._notes, []
        for note in waiting:
            for line in note:
                self._line(replace(line, level=0))

    def _line(self, line: Line) -> None:
        text = folded(line.text)
        if line.marker in MEANINGFUL:
            text, line = f"{line.marker} {text}", replace(line, marker="")
        before = f"{line.marker} " if line.marker else ""
        if line.level:
            self.notes()
            self.builder.add(
                BlockKind.HEADING, " ".join(text.split()), level=line.level, before=before
            )
        else:
            kind = BlockKind.ITEM if line.item else BlockKind.PARAGRAPH
            self.builder.add(kind, text, before=before)
        self._notes += line.notes

    def _table(self, table: Table) -> None:
        if _lays_out(table):
            for row in table.rows:
                for cell in row.cells:
                    if not cell.continues:
                        self.items(cell.items)
            return
        above: dict[int, str] = {}
        heads = _head_rows(table)
        for i, row in enumerate(table.rows):
            kind = BlockKind.TABLE_HEAD if i < heads else BlockKind.TABLE_ROW
            if any(_cell_text(cell) for cell in row.cells):
                self.builder.add(kind, _row_text(row, above))
            for cell in row.cells:
                for item in cell.items:
                    if isinstance(item, Table):
                        self._table(item)
                    else:
                        self._notes += item.notes


def _lays_out(table: Table) -> bool:
    """Whether a table only places text: one cell a row, or cells that hold headings or much text.

    A table that names its columns holds data, whatever its cells hold.
    """
    if all(len(row.cells) <= 1 for row in table.rows):
        return True
    if any(row.head for row in table.rows):
        return False
    cells = [[x for x in cell.items if isinstance(x, Line)] for r in table.rows for cell in r.cells]
    written = [[line for line in lines if line.text.strip()] for lines in cells]
    return any(
        any(line.level for line in lines) or sum(not line.item for line in lines) > _MAX_IN_CELL
        for lines in written
    )


def _head_rows(table: Table) -> int:
    """How many rows at the top name the columns: marked ones, or a bold one above plain ones."""
    marked = 0
    while marked < len(table.rows) and table.rows[marked].head:
        marked += 1
    if marked or len(table.rows) < 2:
        return marked
    return int(_is_bold(table.rows[0]) and not _is_bold(table.rows[1]))


def _is_bold(row: Row) -> bool:
    lines = [x for cell in row.cells for x in cell.items if isinstance(x, Line) and x.text.strip()]
    return bool(lines) and all(line.bold for line in lines)


def _row_text(row: Row, above: dict[int, str]) -> str:
    """The cells joined, each under its column; `above` holds the last text of merged columns.

    A short label that is merged over several rows in the first column is written in each of them,
    since a row is quoted alone: "Evening | 5 mg" would not say of what.
    """
    texts: list[str] = []
    for cell in row.cells:
        column = len(texts)
        if cell.continues:
            text = above.get(column, "") if column == 0 else ""
        else:
            text = _cell_text(cell)
            above[column] = text if len(text) <= _MAX_REPEATED else ""
        texts += [text] + [""] * (cell.columns - 1)
    while not texts[-1]:
        texts.pop()
    return " | ".join([texts[0] or _EMPTY_FIRST, *texts[1:]])


def _cell_text(cell: Cell) -> str:
    """A cell's paragraphs in one line; a bar that stands alone would look like the next cell."""
    lines = (item for item in cell.items if isinstance(item, Line) and folded(item.text))
    parts = (f"{line.marker} {folded(line.text)}".strip() for line in lines)
    return _LONE_BAR.sub("/", " ".join(parts).replace("\n", " "))
