"""Fonts of a PDF that say of a glyph what it does not show.

A file tells for each code of a font what it means (`ToUnicode`: ISO 32000-1, 9.10.3), and nothing
holds that to what the code draws. Where the font is not in the file, PDFium draws by the font's
encoding, and where it is and is said to hold the usual Latin letters, the encoding names them too.
So the same font is asked in a copy of the file that does not tell (`pdf_untold`), code for code.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from qa.readers.pdf_codes import codes_of, differing, is_simple
from qa.readers.pdf_meanings import SOFT_HYPHEN, contradicts, seen_letters
from qa.readers.pdf_objects import text_objects_as_drawn
from qa.readers.pdf_untold import untold

__all__ = ["MOST_CHECKED", "Fonts", "Lies", "TooManyFontsError", "font_of"]

_NOT_SYMBOLIC = 1 << 5
"""In a font's flags: its letters are those of the usual Latin encodings (ISO 32000-1, 9.8.2)."""
_MOST_KEPT = 1_000
"""Fonts that are known again on a later page; one that is in the file takes 20 to 100 kB."""
MOST_CHECKED = 5_000
"""In one document, of those that an encoding names; each takes about 15 ms."""

Lies = Mapping[int, frozenset[str]]
"""By `font_of`: what a font says of a glyph that shows something else, as `seen_letters` has it, or
each of its signs where nothing of it is seen."""


class TooManyFontsError(Exception):
    """A document has more fonts than are checked."""


class Fonts:
    """The fonts of an open document. Used under `PDFIUM`, and closed before the document is."""

    def __init__(self, document: pdfium.PdfDocument) -> None:
        self._document = document
        self._scratch = pdfium.PdfDocument.new()
        self._keeper = self._scratch.new_page(1, 1)
        self._known: dict[int, frozenset[str]] = {}
        self._untold: pdfium.PdfDocument | None = None
        self._copied = False
        self._checked = 0

    def lies(self, index: int, texts: Sequence[Any]) -> Lies:
        """Which fonts of the page `index` (from 0) say of a glyph what it does not show.

        `texts` are all text objects of the page, in their order. Fonts without a lie are left
        out. Raises PdfiumError where the file cannot be copied, and TooManyFontsError.
        """
        if not self._copied:
            self._untold = untold(self._document)
            self._copied = True
        if self._untold is None:
            return {}
        if len(self._known) > _MOST_KEPT:
            self._forget()
        first: dict[int, int] = {}
        for order, text in enumerate(texts):
            first.setdefault(font_of(text), order)
        judged = {font: order for font, order in first.items() if _is_judged(texts[order])}
        new = {font: order for font, order in judged.items() if font not in self._known}
        self._checked += len(new)
        if self._checked > MOST_CHECKED:
            raise TooManyFontsError
        if new:
            with closing(self._untold[index]) as page:
                others = text_objects_as_drawn(page.raw)
                for font, order in new.items():
                    self._keep(texts[order])
                    other = others[order] if len(others) == len(texts) else None
                    self._known[font] = self._lies_of(texts[order], other)
        return {font: self._known[font] for font in judged if self._known[font]}

    def close(self) -> None:
        """Lets go of all fonts."""
        self._keeper.close()
        self._scratch.close()
        if self._untold is not None:
            self._untold.close()

    def _lies_of(self, text: Any, other: Any | None) -> frozenset[str]:
        """What the font of one text object says against that of its fellow in the copy.

        All that it says, where the fellow draws other things: it is then none. But a font of
        several bytes a code that is not in the file may be drawn by what is told.
        """
        font = raw.FPDFTextObj_GetFont(text)
        says = codes_of(self._scratch, font)
        if _is_embedded(font) and not is_simple(self._scratch, font, says):
            return frozenset()
        if other is None:
            return _as_lies(says.said.values())
        draws = codes_of(self._scratch, raw.FPDFTextObj_GetFont(other))
        unlike = differing(says, draws)
        if unlike and is_simple(self._scratch, font, says):
            return _as_lies(says.said.values())
        return _as_lies(
            said
            for code, said in says.said.items()
            if code not in unlike
            and contradicts(said, draws.said.get(code, ""), ornaments=says.ornaments)
        )

    def _keep(self, text: Any) -> None:
        """Keeps a text object's font, so that no other font gets its address later."""
        font = raw.FPDFTextObj_GetFont(text)
        kept = raw.FPDFPageObj_CreateTextObj(self._scratch.raw, font, 1.0)
        raw.FPDFPage_InsertObject(self._keeper.raw, kept)

    def _forget(self) -> None:
        self._keeper.close()
        self._keeper = self._scratch.new_page(1, 1)
        self._known.clear()


def font_of(text: Any) -> int:
    """A text object's font: the same number for the same font, as long as it is in use."""
    font = raw.FPDFTextObj_GetFont(text)
    return ctypes.addressof(font.contents) if font else 0


def _is_judged(text: Any) -> bool:
    """Whether the encoding of a text object's font names what it draws."""
    font = raw.FPDFTextObj_GetFont(text)
    if not font:
        return False
    return not _is_embedded(font) or bool(raw.FPDFFont_GetFlags(font) & _NOT_SYMBOLIC)


def _is_embedded(font: Any) -> bool:
    return bool(raw.FPDFFont_GetIsEmbedded(font) == 1)


def _as_lies(said: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for text in said:
        seen = seen_letters(text)
        found.update([seen] if seen else text)
    # At a line's end PDFium gives it as a hyphen.
    return frozenset(found | {"-"} if SOFT_HYPHEN in found else found)
