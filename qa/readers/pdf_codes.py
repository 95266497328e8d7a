"""What each code of a PDF's font draws, and what it is said to mean."""

from __future__ import annotations

import ctypes
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import raw

__all__ = ["Codes", "codes_of", "differing", "is_simple"]

_ACROSS = 16
_CODES = range(_ACROSS * _ACROSS)
"""All of a simple font, which has one byte a code."""
_BEYOND = len(_CODES)
_SAMPLE = 8
_STEP, _SIZE = 60.0, 40.0
"""Points from one glyph to the next, and their height: none touches another."""
_SCALE = 0.5
"""Pixels a point: a letter is 20 pixels high, at which no two look the same."""
_CELL = round(_STEP * _SCALE)
_ORNAMENTS = re.compile(r"(?:.*\+)?(?:wing ?dings|webdings)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Codes:
    """A font's codes from 0 to 255."""

    said: Mapping[int, str]
    """What each means by PDFium's reading of the file; without those of which it knows nothing."""
    picture: NDArray[np.uint8]
    """All of them side by side."""
    ornaments: bool
    """Whether the font has pictures in the place of letters."""


def codes_of(scratch: pdfium.PdfDocument, font: Any) -> Codes:
    """Draws and reads a font's codes on a page of `scratch`, which is taken away again."""
    with _sheet(scratch, font, _CODES) as (page, placed):
        said = _said(page.raw, placed)
        bitmap = page.render(scale=_SCALE, grayscale=True)
        picture = bitmap.to_numpy().reshape(_ACROSS * _CELL, _ACROSS * _CELL).copy()
        bitmap.close()
    return Codes(said, picture, bool(_ORNAMENTS.match(_name(font))))


def differing(one: Codes, other: Codes) -> set[int]:
    """The codes that two fonts draw differently."""
    cells = (one.picture != other.picture).reshape(_ACROSS, _CELL, _ACROSS, _CELL).any(axis=(1, 3))
    return {code for code in _CODES if cells[_ACROSS - 1 - code // _ACROSS, code % _ACROSS]}


def is_simple(scratch: pdfium.PdfDocument, font: Any, codes: Codes) -> bool:
    """Whether a font has one byte a code, so that of a greater code only the last byte counts.

    A font with several bytes a code would have to repeat itself to be taken for one.
    """
    sample = dict(list(codes.said.items())[:_SAMPLE])
    with _sheet(scratch, font, [_BEYOND + code for code in sample]) as (page, placed):
        beyond = _said(page.raw, placed)
    return {code - _BEYOND: text for code, text in beyond.items()} == sample


@contextmanager
def _sheet(
    scratch: pdfium.PdfDocument, font: Any, codes: Iterable[int]
) -> Iterator[tuple[pdfium.PdfPage, dict[int, int]]]:
    """A page with each code as a text object of its own, and the codes by their objects."""
    placed: dict[int, int] = {}
    with closing(scratch.new_page(_ACROSS * _STEP, _ACROSS * _STEP)) as page:
        for code in codes:
            thing = raw.FPDFPageObj_CreateTextObj(scratch.raw, font, _SIZE)
            raw.FPDFText_SetCharcodes(thing, (ctypes.c_uint32 * 1)(code), 1)
            x, y = code % _ACROSS * _STEP, code % _BEYOND // _ACROSS * _STEP
            raw.FPDFPageObj_Transform(thing, 1, 0, 0, 1, x + 10, y + 15)
            raw.FPDFPage_InsertObject(page.raw, thing)
            placed[ctypes.addressof(thing.contents)] = code
        yield page, placed
    scratch.del_page(len(scratch) - 1)


def _said(page: Any, placed: Mapping[int, int]) -> dict[int, str]:
    """What each text object of a raw page says, by its code."""
    units: dict[int, list[int]] = defaultdict(list)
    text = raw.FPDFText_LoadPage(page)
    try:
        for index in range(raw.FPDFText_CountChars(text)):
            thing = raw.FPDFText_GetTextObject(text, index)
            if thing:
                # PDFium gives a hyphen at a line's end as U+0002.
                unit = raw.FPDFText_GetUnicode(text, index)
                units[placed[ctypes.addressof(thing.contents)]].append(0x2D if unit == 2 else unit)
    finally:
        raw.FPDFText_ClosePage(text)
    return {code: _joined(found) for code, found in units.items() if any(found)}


def _joined(units: list[int]) -> str:
    """Text of code points or, where PDFium has them so, of halves of them (UTF-16)."""
    text = "".join(map(chr, units))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _name(font: Any) -> str:
    buffer = ctypes.create_string_buffer(256)
    raw.FPDFFont_GetBaseFontName(font, buffer, 256)
    return buffer.value.decode("utf-8", "replace")
