"""Lines of a column put together to paragraphs and list items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from qa.readers.pdf_characters import is_right_to_left
from qa.readers.pdf_layout import Column
from qa.readers.pdf_markers import begins_item, is_sign
from qa.readers.pdf_page import Line

__all__ = ["LARGER", "Paragraph", "goes_on", "paragraphs_of"]

LARGER = 1.12
"""How many times larger than the text type must be to stand out as a heading."""
_SAME_SIZE = 1.07
_APART = 1.25
"""Of the usual distance of lines: what is farther apart begins a paragraph."""
_WIDEST = 2.6
"""Heights of type from line to line in a text that is set with double room."""
_LEAST_WITHIN = 3
"""Lines that go on with a sentence, of which the distance of a text's lines can be told."""
_CLOSED = re.compile(
    r"[.!?:;\u2026\u3002\uff01\uff1f\u061f\u06d4][\"'\u201d\u2019\u00bb)\]\u00b9\u00b2\u00b3\u2070-\u2079]*$"
)
_BROKEN = re.compile(r"[^\W\d_][\-\u2010]$")
_OPEN = re.compile(r"[\d(\s][\-\u2010\u2013]$|[/(<>\u2264\u2265\u00b1=@]$|\d[.,]?$")
"""Ends of lines that say nothing without the figure on the next one."""
_NARROW = 12.0
"""Heights of type: running text is wider, addresses are not."""
_NOTE = re.compile(r"[\u00b9\u00b2\u00b3\u2070-\u2079\u2020\u2021*]")
_INDENT = 1.0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together, with the page (from 0) of each."""

    lines: tuple[Line, ...]
    pages: tuple[int, ...]
    left: float
    right: float
    """The edges of its column."""

    @property
    def size(self) -> float:
        """Height of its type."""
        return median(line.size for line in self.lines)

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(line.bold for line in self.lines)

    @property
    def text(self) -> str:
        """Its lines with blanks between: only to judge it by, for hyphens are not joined."""
        return " ".join(line.text for line in self.lines)

    @property
    def is_item(self) -> bool:
        """Whether it begins as a list item does."""
        return begins_item(self.lines[0].text)

    def with_more(self, other: Paragraph) -> Paragraph:
        """Itself and what it goes on with."""
        return replace(
            self,
            lines=self.lines + other.lines,
            pages=self.pages + other.pages,
            left=other.left,
            right=other.right,
        )


def paragraphs_of(column: Column, page: int, body: float) -> list[Paragraph]:
    """The paragraphs and items of a column; `body` is the height of the document's usual type."""
    usual = _usual_pitch(column.lines)
    found = []
    for block in _blocks(column.lines, usual):
        right, left = max(line.right for line in block), min(line.left for line in block)
        group = [block[0]]
        for above, line in pairwise(block):
            if _begins(group, above, line, column, (left, right), body):
                found.append(group)
                group = []
            group.append(line)
        found.append(group)
    return [
        Paragraph(tuple(lines), (page,) * len(lines), column.left, column.right) for lines in found
    ]


def _usual_pitch(lines: Sequence[Line]) -> float:
    """The distance of two lines of a paragraph, in heights of their type."""
    pairs = [
        (pitch, b)
        for a, b in pairwise(lines)
        if _alike(a, b) and 0.8 <= (pitch := (b.baseline - a.baseline) / b.size) <= _WIDEST
    ]
    within = sorted(pitch for pitch, line in pairs if line.text[0].islower())
    if len(within) >= _LEAST_WITHIN and within[0] > 1.7:
        return within[len(within) // 2]  # a text set with double room between its lines
    pitches = [pitch for pitch, _ in pairs if pitch <= 2.2]
    # Lists set wide apart have more wide distances than narrow ones: the narrow ones are meant.
    return min(max(sorted(pitches)[len(pitches) // 4], 1.0), 1.7) if pitches else 1.4


def _blocks(lines: Sequence[Line], usual: float) -> Iterator[list[Line]]:
    """Lines that stand close below each other, not aside, in type of one size."""
    block: list[Line] = []
    for line in lines:
        if block:
            pitch = line.baseline - block[-1].baseline
            close = 0.5 * line.size < pitch <= _APART * usual * line.size
            below = line.left < block[-1].right and block[-1].left < line.right
            if not (close and below) or not _alike(block[-1], line):
                yield block
                block = []
        block.append(line)
    if block:
        yield block


def _alike(one: Line, other: Line) -> bool:
    return max(one.size, other.size) <= _SAME_SIZE * min(one.size, other.size)


def _begins(
    group: Sequence[Line],
    above: Line,
    line: Line,
    column: Column,
    edges: tuple[float, float],
    body: float,
) -> bool:
    """Whether a line begins a paragraph rather than going on with the one above it."""
    is_item = begins_item(group[0].text)
    closed = bool(_CLOSED.search(above.text))
    fits = _fits(above, line, *edges)
    if begins_item(line.text):
        # A number or dash at the start of a line may be the sentence's own.
        return is_sign(line.words[0].text[:1]) or closed or is_item or fits
    if above.size >= LARGER * body:
        return False
    if _is_marked_off(above, line, may_end=closed or fits):
        return True
    if closed and not is_item and _is_indented(above, line):
        return True
    if is_item and _hangs_out(group[0], line, closed or fits):
        return not _goes_on_below(above, line, closed)
    room = _fits(above, line, column.left, column.right)
    short = above.right - column.left < 0.6 * (column.right - column.left)
    narrow = edges[1] - edges[0] < _NARROW * line.size
    ends = fits or room if closed else fits or narrow or (room and short)
    return ends and not _goes_on_below(above, line, closed)


def _is_marked_off(above: Line, line: Line, *, may_end: bool) -> bool:
    """Whether a line has other type than the one above it, or the mark of a footnote."""
    if above.bold != line.bold:
        return may_end or line.text[0].isupper()
    return may_end and bool(_NOTE.match(line.text))


def _is_indented(above: Line, line: Line) -> bool:
    return line.left > above.left + _INDENT * line.size and not is_right_to_left(line.text)


def _hangs_out(first: Line, line: Line, may_end: bool) -> bool:
    """Whether a line stands farther left than the text of the item above it."""
    if len(first.words) < 2 or line.left >= first.words[1].left - 0.5 * line.size:
        return False
    return may_end or line.left < first.left - 2


def _goes_on_below(above: Line, line: Line, closed: bool) -> bool:
    broken = above.words[-1].soft or bool(_BROKEN.search(above.text))
    if line.text[0].isdigit() and _OPEN.search(above.text):
        return True
    return broken or (not closed and (line.text[0].islower() or is_right_to_left(line.text[0])))


def _fits(above: Line, line: Line, left: float, right: float) -> bool:
    """Whether a line's first word would have had room at the end of the line above it."""
    first = line.words[0]
    needed = first.right - first.left + 0.25 * line.size
    room = above.left - left if is_right_to_left(above.text) else right - above.right
    return room - 0.5 >= needed


def goes_on(first: Paragraph, second: Paragraph) -> bool:
    """Whether a paragraph goes on in another column or on another page."""
    above, line = first.lines[-1], second.lines[0]
    if not _alike(above, line) or above.bold != line.bold:
        return False
    if _CLOSED.search(above.text) or begins_item(line.text):
        return False
    if line.text[0].islower() or _BROKEN.search(above.text) or above.words[-1].soft:
        return True
    wide = first.right - first.left >= _NARROW * line.size
    return wide and not _fits(above, line, first.left, first.right) and len(first.lines) > 1
