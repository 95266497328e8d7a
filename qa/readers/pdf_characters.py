"""The letters of a PDF's page, as PDFium finds them, put together to words."""

from __future__ import annotations

import ctypes
import math
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, pairwise
from statistics import median
from typing import Any

from pypdfium2 import raw

from qa.readers.pdf_fonts import Lies, font_of
from qa.readers.pdf_meanings import SOFT_HYPHEN, UNSEEN, is_unseen
from qa.readers.pdf_page import Area
from qa.readers.symbols import UNKNOWN, replace_private
from qa.unicode_forms import normal_form

__all__ = ["Piece", "Style", "is_right_to_left", "pieces_of", "word_gap"]

_WORD_GAP = 0.17
"""Room between two letters, in heights of their type, from which on they belong to two words: a
blank is 0.25 to 0.33 wide, 0.2 in a tightly set line; letters are moved apart by up to 0.1."""
_GAP_FROM_RIGHT = 0.28
"""The same for letters written from right to left, of which some stand apart from the next."""
_MIN_SIZE = 1.5
"""Type smaller than this, in points, is not meant to be read."""
_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_SYMBOLS = re.compile(r"(?:.*\+)?(symbol|wingdings|webdings)[ -]?([23]?)", re.IGNORECASE)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_PRESENTATION = re.compile("[\ufb00-\ufdff\ufe70-\ufefc]")
_ADDED = " "
_LEFT_TO_RIGHT = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.,:/%-]*[0-9A-Za-z%])?")


@dataclass(frozen=True, slots=True)
class Style:
    """How a text object's letters look."""

    size: float
    bold: bool
    quarter: int
    """The direction in which it runs; see `upright`. 4 where it runs aslant."""
    drawn: bool
    """Whether it is drawn at all: not so for type that is invisible or too small to be read."""
    symbols: str
    """The symbol font that it is set in, by its usual name, or ""."""
    lies: frozenset[str]
    """What its font says of a glyph that shows something else."""
    handle: Any
    """PDFium's text object."""
    order: int


@dataclass
class Piece:
    """Letters of one text object that stand together, on the PDF's own page."""

    style: Style
    letters: list[str] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    """Of each letter: left, bottom, right and top of its ink."""
    spans: list[tuple[float, float]] = field(default_factory=list)
    """Of each letter: from where to where it takes room along its line."""
    origin: tuple[float, float] = (0.0, 0.0)
    soft: bool = False
    after_blank: bool = True
    """Whether a blank, another text object or nothing stands before it, not only some room."""
    spaced: bool = False
    """Whether the file has a blank before it in the same text object."""

    @cached_property
    def area(self) -> Area:
        """Left, bottom, right and top of all its ink, once it is whole."""
        left, bottom, right, top = zip(*self.areas, strict=True)
        return min(left), min(bottom), max(right), max(top)

    @property
    def span(self) -> tuple[float, float]:
        """From where to where it takes room along its line."""
        return min(span[0] for span in self.spans), max(span[1] for span in self.spans)

    @cached_property
    def text(self) -> str:
        """Its letters in the order in which they are read, once it is whole."""
        joined = "".join(self.letters)
        if self.style.symbols:
            joined = replace_private(joined, self.style.symbols)
        if _RIGHT_TO_LEFT.search(joined):
            joined = self._from_right()
        if _PRESENTATION.search(joined):
            joined = _PRESENTATION.sub(lambda m: normal_form("NFKC", m.group()), joined)
        return joined if joined.isascii() else normal_form("NFC", joined)

    def _from_right(self) -> str:
        """Letters from right to left; numbers and Latin letters among them from left to right."""
        units: list[list[Any]] = []
        for letter, span in zip(self.letters, self.spans, strict=True):
            # Two letters in the same place are one glyph (a ligature); marks go with their letter.
            if units and (units[-1][0] == span[0] or unicodedata.combining(letter[0])):
                units[-1][1] += letter
            else:
                units.append([span[0], letter])
        units.sort(key=lambda unit: -unit[0])
        text = "".join(unit[1] for unit in units)
        return _LEFT_TO_RIGHT.sub(lambda match: match.group()[::-1], text)


def word_gap(text: str) -> float:
    """Room between letters of a text, in heights of its type, that begins another word."""
    return _GAP_FROM_RIGHT if is_right_to_left(text) else _WORD_GAP


def is_right_to_left(text: str) -> bool:
    """Whether a text holds Hebrew, Arabic or a related script."""
    return not text.isascii() and bool(_RIGHT_TO_LEFT.search(text))


def pieces_of(textpage: Any, count: int, lies: Lies) -> list[Piece]:
    """The pieces of all words among a text page's `count` characters, in the file's order.

    Letters are as the file says; `lies` goes into each piece's style.
    """
    pieces: list[Piece] = []
    piece: Piece | None = None
    blank = True
    for letter, style, area, span, origin in _characters(textpage, count, lies):
        if (
            piece is None
            and pieces
            and letter
            and _is_same_glyph(pieces[-1], letter, style, area, span)
        ):
            piece = pieces[-1]
        if style is None or not letter:
            piece = None
            blank = blank or letter != _ADDED
        elif letter == SOFT_HYPHEN:
            if piece is not None:
                piece.soft = True
                piece.spans[-1] = piece.spans[-1][0], max(piece.spans[-1][1], span[1])
        elif letter not in UNSEEN:
            if piece is None or piece.style is not style or not _touch(piece, letter, span):
                same = bool(pieces) and pieces[-1].style is style
                piece = Piece(
                    style, origin=origin(), after_blank=blank or not same, spaced=blank and same
                )
                pieces.append(piece)
            blank = False
            piece.letters.append(letter)
            piece.areas.append(area)
            piece.spans.append(span)
            piece.soft = False
    return _closed_up(pieces)


def _closed_up(pieces: list[Piece]) -> list[Piece]:
    """Puts words together again whose letters were set wide apart, without blanks."""
    found: list[Piece] = []
    for _, members in groupby(pieces, key=lambda piece: piece.style.order):
        group = list(members)
        gaps = [b.span[0] - a.span[1] for a, b in pairwise(group) if not b.after_blank]
        single = sum(len(piece.letters) == 1 for piece in group)
        if len(gaps) < 3 or single < 0.75 * len(group):
            found += group
            continue
        most = 1.6 * median(gaps)
        last = None
        for piece in group:
            room = piece.span[0] - last.span[1] if last else 0
            if last is not None and not piece.after_blank and 0 < room <= most:
                last.letters += piece.letters
                last.areas += piece.areas
                last.spans += piece.spans
                last.soft = piece.soft
            else:
                found.append(piece)
                last = piece
    return found


def _is_same_glyph(piece: Piece, letter: str, style: Style | None, area: Area, span: Any) -> bool:
    """Whether a letter behind a blank is of the glyph before it, which says the blank too.

    Arabic has glyphs for several words.
    """
    same = piece.style is style and piece.spans[-1] == span and piece.areas[-1] == area
    return same and not is_right_to_left(letter)


def _touch(piece: Piece, letter: str, span: tuple[float, float]) -> bool:
    """Whether a letter stands close enough to those before it to be of the same word."""
    if unicodedata.combining(letter):
        return True
    size = piece.style.size
    last = piece.spans[-1]
    if span == last:
        return True  # two letters of one glyph: a ligature
    if -0.5 * size < span[0] - last[1] < _WORD_GAP * size and span[0] >= last[0] - 0.01:
        return True
    if not _RIGHT_TO_LEFT.search(letter) and not _RIGHT_TO_LEFT.search("".join(piece.letters)):
        return False
    low, high = piece.span
    gap = max(low - span[1], span[0] - high)
    return -0.5 * size < gap < _GAP_FROM_RIGHT * size


def _characters(textpage: Any, count: int, lies: Lies) -> Iterator[Any]:
    """For each character: itself, its style, ink, room along its line, and how to ask its origin.

    Blanks and line ends come as an empty string, or `_ADDED` where PDFium supposes them.
    """
    ink = [ctypes.c_double() for _ in range(4)]
    left, right, bottom, top = ink
    at_ink = [ctypes.byref(value) for value in ink]
    room = raw.FS_RECTF()
    at_room = ctypes.byref(room)
    styles: dict[int, Style | None] = {}
    unicode_of, box_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetCharBox
    room_of, object_of = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetTextObject
    address = ctypes.addressof
    high = 0
    for index in range(count):
        code = unicode_of(textpage, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00 if high else ord(UNKNOWN)
        high = 0
        handle = object_of(textpage, index)
        if not handle:
            yield _ADDED, None, None, None, None
            continue
        letter = _letter(code)
        if letter.isspace() and not lies:
            yield "", None, None, None, None
            continue
        key = address(handle.contents)
        if key not in styles:
            styles[key] = _style(textpage, index, handle, len(styles), lies)
        style = styles[key]
        if style is not None and letter in style.lies and is_unseen(letter):
            letter = UNKNOWN
        if letter.isspace():
            yield "", None, None, None, None
            continue
        box_of(textpage, index, *at_ink)
        room_of(textpage, index, at_room)
        area = left.value, bottom.value, right.value, top.value
        match style.quarter if style else 0:
            case 1:
                span = room.bottom, room.top
            case 2:
                span = -room.right, -room.left
            case 3:
                span = -room.top, -room.bottom
            case _:
                span = room.left, room.right
        yield letter, style, area, span, lambda index=index: _origin(textpage, index)


def _letter(code: int) -> str:
    # PDFium gives a hyphen at a line's end as U+0002, and an unknown glyph as 0.
    letter = "-" if code == 2 else chr(code) if 9 <= code <= sys.maxunicode else UNKNOWN
    return UNKNOWN if letter < " " and not letter.isspace() else letter


def _origin(textpage: Any, index: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(textpage, index, ctypes.byref(x), ctypes.byref(y))
    return x.value, y.value


def _style(textpage: Any, index: int, handle: Any, order: int, lies: Lies) -> Style:
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix))
    font_size = raw.FPDFText_GetFontSize(textpage, index)
    size = abs(font_size) * math.hypot(matrix.c, matrix.d)
    angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
    quarter = round(angle / 90)
    straight = abs(angle - 90 * quarter) < 8
    mode = raw.FPDFTextObj_GetTextRenderMode(handle)
    name = ctypes.create_string_buffer(256)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(textpage, index, name, 256, ctypes.byref(flags))
    font = name.value.decode("utf-8", "replace")
    bold = (
        bool(_BOLD.search(font))
        or raw.FPDFText_GetFontWeight(textpage, index) >= 600
        or mode == raw.FPDF_TEXTRENDERMODE_FILL_STROKE
    )
    drawn = size >= _MIN_SIZE and mode not in (
        raw.FPDF_TEXTRENDERMODE_INVISIBLE,
        raw.FPDF_TEXTRENDERMODE_CLIP,
    )
    return Style(
        size,
        bold,
        quarter % 4 if straight else 4,
        drawn,
        _symbols(font),
        lies.get(font_of(handle), frozenset()) if lies else frozenset(),
        handle,
        order,
    )


def _symbols(font: str) -> str:
    """ "wingdings 2" of "ABCDEF+Wingdings2-Regular", and "" of any other font's name."""
    found = _SYMBOLS.match(font)
    return " ".join(filter(None, found.groups())).lower() if found else ""
