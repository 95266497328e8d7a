"""What every reader gives: the canonical text and the spans of its blocks."""

from __future__ import annotations

from dataclasses import dataclass

from qa.document import BlockKind

__all__ = ["Draft", "DraftBlock", "TextBuilder", "WordBox"]

WordBox = tuple[int, int, int, int, int, int]
"""A word on its page: its span (start, end) in the canonical text, and the left, top, right and
bottom edges of its box in hundredths of a point from the top left corner of the page as it is
shown, that is cropped and turned. The page is that on which `start` stands."""


@dataclass(frozen=True, slots=True)
class DraftBlock:
    """A block's span in the canonical text; `level` is 1 for the outermost heading, else 0."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as a reader understood it, before sections are made of its headings."""

    title: str
    """Empty where the file names none."""
    text: str
    blocks: tuple[DraftBlock, ...]
    meta: tuple[tuple[str, str], ...] = ()
    pages: tuple[int, ...] = ()
    """Offset at which each page begins, for formats that have pages."""
    unsearchable: tuple[int, ...] = ()
    """Pages (from 1) without text."""
    boxes: tuple[WordBox, ...] = ()
    """Where each word stands on its page, in order of `start`."""


class TextBuilder:
    """Writes canonical text block by block and notes where each block came to stand."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self.blocks: list[DraftBlock] = []

    def add(self, kind: BlockKind, text: str, *, level: int = 0, before: str = "") -> None:
        """Adds a block; `before` (a bullet, a number) is shown but is not part of its span."""
        if not text.strip():
            return
        close = bool(self.blocks) and self.blocks[-1].kind is not BlockKind.HEADING
        tight = {BlockKind.ITEM, BlockKind.TABLE_ROW}
        gap = "" if not self.blocks else "\n" if close and kind in tight else "\n\n"
        start = self._length + len(gap) + len(before)
        self._parts += [gap, before, text]
        self._length = start + len(text)
        self.blocks.append(DraftBlock(kind, start, self._length, level))

    @property
    def text(self) -> str:
        """All that was added so far."""
        return "".join(self._parts)
