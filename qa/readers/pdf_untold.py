"""A copy of a PDF whose simple fonts do not tell what their codes mean, only how they are drawn."""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections.abc import Iterator

import pypdfium2 as pdfium
from pypdfium2 import raw

__all__ = ["untold"]

_TELLS = b"/ToUnicode"
_LEFT = b"/Subtype/Type0", b"/Subtype/Type3"
"""Before `_TELLS`: PDFium writes a dictionary's entries in the order of their names, so that these
two stand side by side. Type 3 draws what it likes, and type 0 can be drawn by what is told."""
_ENTRY = re.compile(rb"(\d{10}) \d{5} n")


def untold(document: pdfium.PdfDocument) -> pdfium.PdfDocument | None:
    """The copy, open, or None where no simple font tells anything.

    Raises PdfiumError where PDFium cannot write or read the copy.
    """
    written = io.BytesIO()
    document.save(written, flags=raw.FPDF_REMOVE_SECURITY)
    copy = bytearray(written.getbuffer())
    found = list(_told(copy))
    if not found:
        return None
    starts = _starts(copy)
    for at in found:
        after = bisect_right(starts, at)
        begin = starts[after - 1] if after else 0
        # Only within the object's dictionary, not in what a page draws. Before its stream these
        # bytes cannot stand: PDFium writes line ends in texts and names by their numbers.
        if copy.find(b"stream\r\n", begin, at) < 0:
            copy[at + 1 : at + len(_TELLS)] = b"X" * (len(_TELLS) - 1)
    return pdfium.PdfDocument(bytes(copy))


def _told(copy: bytearray) -> Iterator[int]:
    """Where it is told, or may be, what the codes of a simple font mean."""
    at = copy.find(_TELLS)
    while at >= 0:
        if not copy.endswith(_LEFT, 0, at):
            yield at
        at = copy.find(_TELLS, at + 1)


def _starts(copy: bytearray) -> list[int]:
    """Where the objects of a PDF that PDFium has written begin, by the table at its end."""
    at = re.match(rb"startxref\s+(\d+)", copy[max(0, copy.rfind(b"startxref")) :])
    table = int(at[1]) if at else len(copy)
    entries = copy[table : copy.find(b"trailer", table)]
    if not entries.startswith(b"xref"):
        raise pdfium.PdfiumError("Its copy has no table of its objects.")
    return sorted(int(entry[1]) for entry in _ENTRY.finditer(entries))
