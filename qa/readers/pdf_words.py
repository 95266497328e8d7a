"""One page of a PDF, from PDFium to what is seen on it: words and ruled lines."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from qa.readers.pdf_bullets import with_drawn_bullets
from qa.readers.pdf_characters import Piece, pieces_of
from qa.readers.pdf_fonts import Lies
from qa.readers.pdf_glyphs import pieces_as_drawn
from qa.readers.pdf_initials import with_initials
from qa.readers.pdf_line_numbers import without_line_numbers
from qa.readers.pdf_lines import lines_of, runs_of
from qa.readers.pdf_objects import text_objects_as_drawn
from qa.readers.pdf_page import Area, Page, Rule, Word, upright
from qa.readers.pdf_rules import drawn_on
from qa.readers.pdf_struck import strike_marks, with_struck
from qa.readers.pdf_visibility import seen_pieces
from qa.readers.symbols import UNKNOWN

__all__ = ["MOST_CHARACTERS", "TooLongError", "read_page"]

MOST_CHARACTERS = 200_000
"""On one page: a densely printed page of a newspaper has 20,000."""
_MOST_UNREADABLE = 0.1
"""Share of letters without a meaning from which on the text of a page is not to be trusted."""
_ASLANT = 4
_LEADERS = re.compile(r"[.\u2026\u00b7]{5,}")
"""Dots that lead the eye, as in a list of contents, are no words."""


class TooLongError(Exception):
    """A page has more characters than any page that is read."""


def read_page(page: pdfium.PdfPage, lies_of: Callable[[Sequence[Any]], Lies]) -> Page:
    """What is seen on a page. The page must be closed afterwards: its text was switched off.

    `lies_of` tells of the page's text objects which fonts say what they do not show.

    Text that runs aslant, a stamp or a watermark over the page, is left out. So is all text of a
    page of which one letter in ten has no meaning that the file tells: the rest is not to be
    trusted either. Raises TooLongError, and what `lies_of` raises.
    """
    area = _area(page)
    lies = lies_of(text_objects_as_drawn(page.raw))
    textpage = raw.FPDFText_LoadPage(page.raw)
    if not textpage:
        return Page(area[2] - area[0], area[3] - area[1])
    try:
        count = raw.FPDFText_CountChars(textpage)
        if count > MOST_CHARACTERS:
            raise TooLongError
        said = pieces_of(textpage, max(0, count), lies)
        pieces = seen_pieces(page, area, list(pieces_as_drawn(said)))
    finally:
        raw.FPDFText_ClosePage(textpage)
    pieces = [piece for piece in pieces if piece.style.quarter != _ASLANT]
    if not pieces or _is_unreadable(pieces):
        return Page(area[2] - area[0], area[3] - area[1])
    return _page(page, area, pieces)


def _page(page: pdfium.PdfPage, area: Area, pieces: Sequence[Piece]) -> Page:
    letters = Counter[int]()
    for piece in pieces:
        letters[piece.style.quarter] += len(piece.letters)
    main = letters.most_common(1)[0][0]
    turned = page.get_rotation() // 90
    words = {
        quarter: _words((p for p in pieces if p.style.quarter == quarter), area, turned)
        for quarter in letters
    }
    whole = upright(area, area, main)
    drawn = drawn_on(page.raw)
    rules = tuple(Rule(*upright(line, area, main)) for line in drawn.lines)
    strikes = [Rule(*upright(line, area, main)) for line in strike_marks(page.raw)]
    dots = [(upright(dot, area, main), _box(dot, area, turned)) for dot in drawn.dots]
    read = without_line_numbers(with_struck(words[main], [*rules, *strikes]))
    runs = with_drawn_bullets(runs_of(with_initials(read)), dots)
    aside = [
        line
        for quarter in sorted(letters)
        if quarter != main
        for line in lines_of(runs_of(words[quarter]))
    ]
    return Page(whole[2], whole[3], tuple(runs), rules, tuple(aside))


def _area(page: pdfium.PdfPage) -> Area:
    """The page as it is cropped: left, bottom, right and top in the PDF's own coordinates."""
    box = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page.raw, ctypes.byref(box))
    return box.left, box.bottom, box.right, box.top


def _is_unreadable(pieces: Sequence[Piece]) -> bool:
    """Whether the file does not tell what many of its letters mean, only how they look."""
    letters = "".join(letter for piece in pieces for letter in piece.letters)
    return letters.count(UNKNOWN) > _MOST_UNREADABLE * len(letters)


def _words(pieces: Iterable[Piece], area: Area, turned: int) -> tuple[Word, ...]:
    found = []
    for piece in pieces:
        text = piece.text
        if _LEADERS.fullmatch(text):
            continue
        quarter = piece.style.quarter
        ink = upright(piece.area, area, quarter)
        x, y = piece.origin
        baseline = upright((x, y, x, y), area, quarter)[1]
        low, high = piece.span
        start = (-area[0], -area[1], area[2], area[3])[quarter]
        found.append(
            Word(
                text,
                low + start,
                ink[1],
                high + start,
                ink[3],
                baseline,
                piece.style.size,
                piece.style.bold,
                _box(piece.area, area, turned),
                piece.soft,
                spaced=piece.spaced,
            )
        )
    return tuple(found)


def _box(ink: Area, area: Area, turned: int) -> tuple[int, int, int, int]:
    """Where a word stands on the page as shown, in hundredths of a point, within the page."""
    left, top, right, bottom = upright(ink, area, turned)
    _, _, width, height = upright(area, area, turned)
    return (
        round(100 * min(max(0.0, left), width)),
        round(100 * min(max(0.0, top), height)),
        round(100 * min(max(0.0, right), width)),
        round(100 * min(max(0.0, bottom), height)),
    )
