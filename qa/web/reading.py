"""A Document laid out for reading, with a quoted span marked to the code point.

What stands between blocks in the canonical text (bullets, numbers, blank lines) belongs to no block
and is never marked; a bullet or number is shown in front of its list item.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from qa.document import Block, BlockKind, Document

__all__ = ["Item", "Part", "Piece", "lay_out", "read_span"]

CELL_SEPARATOR = " | "


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a block's text, marked as quoted or not; `first` is the quote's beginning."""

    text: str
    marked: bool = False
    first: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A block: its pieces, or for a table row the pieces of each cell."""

    cells: tuple[tuple[Piece, ...], ...]
    marker: str = ""
    heads: bool = False
    goes_on: bool = False
    """Whether it began before what is shown."""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces of a block that has no cells."""
        return self.cells[0]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, paragraph, list or table; the last two have more than one item."""

    kind: str
    """The HTML element: h1 to h6, p, ul or table."""
    items: tuple[Item, ...]
    anchor: str = ""


def read_span(document: Document, start: str | None, end: str | None) -> tuple[int, int] | None:
    """The span that a link's `start` and `end` name, or None where they name none in the text."""
    if not (start and end and _is_offset(start) and _is_offset(end)):
        return None
    begin, stop = int(start), int(end)
    fits = begin < stop <= len(document.text) and document.text[begin:stop].strip()
    return (begin, stop) if fits else None


def lay_out(
    document: Document,
    span: tuple[int, int] | None = None,
    window: tuple[int, int] | None = None,
    *,
    begun: bool = False,
) -> list[Part]:
    """The document's blocks as parts of a page, in order, with `span` marked.

    Of the text only what stands within `window` is shown; all of it where none is given. `begun`
    tells that the quote's beginning was shown already.
    """
    first, last = window or (0, len(document.text))
    layout = _Layout(document, span, (first, last), begun)
    within = [
        (i, block)
        for i, block in enumerate(document.blocks)
        if block.start < last and first < block.end
    ]
    parts: list[Part] = []
    for kind, run in groupby(within, key=lambda pair: _element(pair[1])):
        members = list(run)
        if kind in ("ul", "table"):
            parts.append(Part(kind, tuple(layout.item(i, block) for i, block in members)))
        elif kind == "p":
            parts += [Part(kind, (layout.item(i, block),)) for i, block in members]
        else:
            parts += [layout.heading(i, block) for i, block in members]
    return parts


def _is_offset(written: str) -> bool:
    return written.isascii() and written.isdigit() and len(written) < 10


def _element(block: Block) -> str:
    match block.kind:
        case BlockKind.HEADING:
            return "heading"
        case BlockKind.ITEM:
            return "ul"
        case BlockKind.TABLE_HEAD | BlockKind.TABLE_ROW:
            return "table"
        case _:
            return "p"


class _Layout:
    """Cuts blocks into pieces, and knows whether the quote's first piece was made yet."""

    def __init__(
        self,
        document: Document,
        span: tuple[int, int] | None,
        window: tuple[int, int],
        begun: bool,
    ) -> None:
        self._document = document
        self._span = span or (0, 0)
        self._window = window
        self._begun = begun

    def heading(self, index: int, block: Block) -> Part:
        document = self._document
        section = document.sections[block.section]
        is_title = index == 0 and document.text[block.start : block.end] == document.title
        level = 1 if is_title else min(6, max(2, section.level))
        anchor = section.anchor if block.start >= self._window[0] else ""
        return Part(f"h{level}", (self.item(index, block),), anchor)

    def item(self, index: int, block: Block) -> Item:
        heads = block.kind is BlockKind.TABLE_HEAD
        bounds = [(block.start, block.end)]
        if block.kind in (BlockKind.TABLE_HEAD, BlockKind.TABLE_ROW):
            bounds = _cells(self._document.text, block)
        cells = tuple(tuple(self._pieces(start, end)) for start, end in bounds)
        return Item(cells, self._marker(index, block), heads, block.start < self._window[0])

    def _marker(self, index: int, block: Block) -> str:
        """The bullet or number in front of a list item, which no block holds."""
        if block.kind is not BlockKind.ITEM:
            return ""
        before = self._document.blocks[index - 1].end if index else 0
        return self._document.text[before : block.start].rpartition("\n")[2].strip()

    def _pieces(self, start: int, end: int) -> Sequence[Piece]:
        """The text from `start` to `end`, cut where the quote begins and ends."""
        text = self._document.text
        start, end = max(start, self._window[0]), min(end, self._window[1])
        first, last = (min(max(bound, start), end) for bound in self._span)
        if first >= last:
            return [Piece(text[start:end])]
        quoted = Piece(text[first:last], marked=True, first=not self._begun)
        self._begun = True
        around = (Piece(text[start:first]), quoted, Piece(text[last:end]))
        return [piece for piece in around if piece.text]


def _cells(text: str, block: Block) -> list[tuple[int, int]]:
    """Spans of a table row's cells."""
    bounds, start = [], block.start
    for cell in text[block.start : block.end].split(CELL_SEPARATOR):
        bounds.append((start, start + len(cell)))
        start += len(cell) + len(CELL_SEPARATOR)
    return bounds
