"""A copy of a PDF whose fonts do not tell what their codes mean, only how they are drawn."""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections.abc import Iterator

import pypdfium2 as pdfium
from pypdfium2 import raw

__all__ = ["untold"]

_TELLS = b"/ToUnicode"
_OWN = b"/Subtype/Type3"
"""Before `_TELLS`: PDFium writes a dictionary's entries in the order of their names, so that these
two stand side by side. A font of this type draws what it likes."""
_ENTRY = re.compile(rb"(\d{10}) \d{5} n")


def untold(document: pdfium.PdfDocument) -> pdfium.PdfDocument | None:
    """The copy, open, or None where no font tells anything.

    Raises PdfiumError where PDFium cannot write or read the copy.
    """
    written = io.BytesIO()
    document.save(written, flags=raw.FPDF_REMOVE_SECURITY)
    copy = written.getvalue()
    told = list(_in_dictionaries(copy, _told(copy)))
    if not told:
        return None
    changed = bytearray(copy)
    for at in told:
        changed[at : at + len(_TELLS)] = _TELLS.lower()
    return pdfium.PdfDocument(bytes(changed))


def _told(copy: bytes) -> Iterator[int]:
    """Where it is told, or may be, what the codes of a font mean."""
    at = copy.find(_TELLS)
    while at >= 0:
        if not copy.endswith(_OWN, 0, at):
            yield at
        at = copy.find(_TELLS, at + 1)


def _in_dictionaries(copy: bytes, places: Iterator[int]) -> Iterator[int]:
    """Those of some places, in their order, that are not within a stream, which may be drawn from.

    Before an object's stream the bytes that begin one cannot stand: PDFium writes line ends within
    texts and names by their numbers.
    """
    starts: list[int] = []
    begin, stream = -1, 0
    for at in places:
        starts = starts or _starts(copy)
        last = starts[max(0, bisect_right(starts, at) - 1)]
        if last != begin:
            begin, stream = last, copy.find(b"stream\r\n", last)
        if at < stream or stream < 0:
            yield at


def _starts(copy: bytes) -> list[int]:
    """Where the objects of a PDF that PDFium has written begin, by the table at its end."""
    at = re.match(rb"startxref\s+(\d+)", copy[max(0, copy.rfind(b"startxref")) :])
    table = int(at[1]) if at else len(copy)
    entries = copy[table : copy.find(b"trailer", table)]
    found = sorted(int(entry[1]) for entry in _ENTRY.finditer(entries))
    if not entries.startswith(b"xref") or not found:
        raise pdfium.PdfiumError("Its copy has no table of its objects.")
    return found
