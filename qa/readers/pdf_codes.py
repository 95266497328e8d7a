"""What each code of a PDF's font draws, and what it is said to mean."""

from __future__ import annotations

import ctypes
import re
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import raw

__all__ = ["Codes", "codes_of"]

_CODES = range(1, 256)
"""All of a simple font, which has one byte a code; 0 ends a text."""
_ACROSS = 16
_STEP, _SIZE = 60.0, 40.0
"""Points from one glyph to the next, and their height: none touches another."""
_SCALE = 0.5
"""Pixels a point: a letter is 20 pixels high, at which no two look the same."""
_ORNAMENTS = re.compile(r"(?:.*\+)?(?:wing ?dings|webdings)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Codes:
    """A font's codes from 1 to 255."""

    said: Mapping[int, str]
    """What each means by PDFium's reading of the file; without those of which it knows nothing."""
    picture: NDArray[np.uint8]
    """All of them side by side."""
    ornaments: bool
    """Whether the font has pictures in the place of letters."""


def codes_of(scratch: pdfium.PdfDocument, font: Any) -> Codes:
    """Draws and reads a font's codes on a page of `scratch`, which is taken away again."""
    with closing(scratch.new_page(_ACROSS * _STEP, _ACROSS * _STEP)) as page:
        placed: dict[int, int] = {}
        for code in _CODES:
            thing = raw.FPDFPageObj_CreateTextObj(scratch.raw, font, _SIZE)
            raw.FPDFText_SetCharcodes(thing, (ctypes.c_uint32 * 1)(code), 1)
            x, y = code % _ACROSS * _STEP, code // _ACROSS * _STEP
            raw.FPDFPageObj_Transform(thing, 1, 0, 0, 1, x + 10, y + 15)
            raw.FPDFPage_InsertObject(page.raw, thing)
            placed[ctypes.addressof(thing.contents)] = code
        said = _said(page.raw, placed)
        bitmap = page.render(scale=_SCALE, grayscale=True)
        picture = bitmap.to_numpy().copy()
        bitmap.close()
    scratch.del_page(len(scratch) - 1)
    return Codes(said, picture, bool(_ORNAMENTS.match(_name(font))))


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
