"""The canonical text of a PDF, written word by word, with each word's place on its page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qa.document import BlockKind
from qa.readers.draft import TextBuilder, WordBox
from qa.readers.pdf_flow import PagedTable
from qa.readers.pdf_hyphens import Break, Vocabulary
from qa.readers.pdf_markers import marker_of
from qa.readers.pdf_page import Line, Word
from qa.readers.pdf_paragraphs import Paragraph
from qa.readers.pdf_tables import Cell
from qa.readers.symbols import MEANINGFUL

__all__ = ["WrittenText", "vocabulary_of", "write_text"]


@dataclass(slots=True)
class WrittenText:
    """Text and blocks, the words' boxes, and where the first word of each page stands."""

    builder: TextBuilder = field(default_factory=TextBuilder)
    boxes: list[WordBox] = field(default_factory=list)
    first: dict[int, int] = field(default_factory=dict)
    """Page (from 0) → offset, for pages that have words."""

    def pages(self, count: int) -> tuple[int, ...]:
        """Where each of `count` pages begins; one without words begins where the next one does."""
        begins: list[int] = []
        at = len(self.builder.text)
        for page in reversed(range(count)):
            at = self.first.get(page, at)
            begins.append(at)
        return tuple(reversed(begins))


@dataclass(slots=True)
class _Stretch:
    """Text that is being put together, with its words: span, place and page of each."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    words: list[tuple[int, int, Word, int]] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def add_word(self, text: str, word: Word, page: int) -> None:
        if text:
            self.words.append((self.length, self.length + len(text), word, page))
            self.add(text)


def vocabulary_of(flow: Sequence[Paragraph | PagedTable]) -> Vocabulary:
    """The words of a document that stand within lines, whole for sure."""
    return Vocabulary(
        word.text for line in _lines(flow) for word in line.words[1:-1] + line.words[:1]
    )


def _lines(flow: Sequence[Paragraph | PagedTable]) -> Iterator[Line]:
    for part in flow:
        if isinstance(part, Paragraph):
            yield from part.lines
        else:
            yield from (line for row in part.table.rows for cell in row for line in cell)


def write_text(
    flow: Sequence[Paragraph | PagedTable], levels: Mapping[int, int], vocabulary: Vocabulary
) -> WrittenText:
    """Writes paragraphs and tables; `levels` are those of the headings among them by index."""
    written = WrittenText()
    for index, part in enumerate(flow):
        if isinstance(part, PagedTable):
            _write_table(written, part, vocabulary)
        elif index in levels:
            stretch = _Stretch()
            _set(stretch, part.lines, part.pages, vocabulary)
            _write(written, BlockKind.HEADING, stretch, level=levels[index])
        else:
            _write_paragraph(written, part, vocabulary)
    return written


def _write_paragraph(written: WrittenText, part: Paragraph, vocabulary: Vocabulary) -> None:
    first, *rest = part.lines[0].words
    sign, inner = marker_of(first.text) if part.is_item else ("", "")
    stretch = _Stretch()
    if sign in MEANINGFUL:
        # "✗ Drink alcohol" says the opposite without its cross, so that is quoted with it.
        whole = Line((_renamed(first, f"{sign}{inner}"), *rest))
        _set(stretch, (whole, *part.lines[1:]), part.pages, vocabulary)
        _write(written, BlockKind.ITEM, stretch)
        return
    if not sign or not (inner or rest or len(part.lines) > 1):
        _set(stretch, part.lines, part.pages, vocabulary)
        _write(written, BlockKind.PARAGRAPH, stretch)
        return
    lines = list(part.lines)
    if inner:
        lines[0] = Line((_renamed(first, inner), *rest))
    elif rest:
        lines[0] = Line(tuple(rest))
    pages = part.pages
    if not inner and not rest:
        lines, pages = lines[1:], pages[1:]
    _set(stretch, lines, pages, vocabulary)
    _write(written, BlockKind.ITEM, stretch, marker=(sign, first, part.pages[0]))


def _renamed(word: Word, text: str) -> Word:
    return Word(
        text,
        word.left,
        word.top,
        word.right,
        word.bottom,
        word.baseline,
        word.size,
        word.bold,
        word.box,
        word.soft,
        word.struck,
    )


def _write_table(written: WrittenText, part: PagedTable, vocabulary: Vocabulary) -> None:
    for index, row in enumerate(part.table.rows):
        stretch = _Stretch()
        for column, cell in enumerate(_without_last(row)):
            if column:
                stretch.add(" | " if stretch.length else "| ")
            _set(stretch, cell, [part.page] * len(cell), vocabulary)
        is_head = index == 0 and part.table.has_head
        _write(written, BlockKind.TABLE_HEAD if is_head else BlockKind.TABLE_ROW, stretch)


def _without_last(row: Sequence[Cell]) -> Sequence[Cell]:
    """A row up to its last cell in which something stands."""
    filled = [column for column, cell in enumerate(row) if cell]
    return row[: filled[-1] + 1] if filled else []


def _set(
    stretch: _Stretch, lines: Sequence[Line], pages: Sequence[int], vocabulary: Vocabulary
) -> None:
    """Sets lines as running text: with blanks, or with the halves of a broken word joined."""
    last: Word | None = None
    for line, page in zip(lines, pages, strict=True):
        for index, word in enumerate(word for word in line.words if not word.struck):
            if last is not None and index:
                stretch.add(" ")
            elif last is not None:
                found = vocabulary.at_line_end(last.text, word.text, soft=last.soft)
                if found is Break.BLANK:
                    stretch.add(" ")
                elif found is Break.JOIN and not last.soft:
                    _take_hyphen(stretch)
            stretch.add_word(word.text, word, page)
            last = word


def _take_hyphen(stretch: _Stretch) -> None:
    """Takes the hyphen off the last word."""
    start, end, word, page = stretch.words[-1]
    stretch.parts[-1] = stretch.parts[-1][:-1]
    stretch.length -= 1
    stretch.words[-1] = start, end - 1, word, page


def _write(
    written: WrittenText,
    kind: BlockKind,
    stretch: _Stretch,
    *,
    level: int = 0,
    marker: tuple[str, Word, int] | None = None,
) -> None:
    before = f"{marker[0]} " if marker else ""
    count = len(written.builder.blocks)
    written.builder.add(kind, "".join(stretch.parts), level=level, before=before)
    if len(written.builder.blocks) == count:
        return
    begin = written.builder.blocks[-1].start
    if marker:
        sign, word, page = marker
        _note(written, begin - len(before), begin - len(before) + len(sign), word, page)
    for start, end, word, page in stretch.words:
        _note(written, begin + start, begin + end, word, page)


def _note(written: WrittenText, start: int, end: int, word: Word, page: int) -> None:
    written.boxes.append((start, end, *word.box))
    written.first.setdefault(page, start)
