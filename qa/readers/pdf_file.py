"""A PDF opened, with errors that a person can act on where that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
from pypdfium2 import raw

from qa.errors import CorpusError
from qa.readers.pdfium import PDFIUM

__all__ = ["forget_fonts", "opened_pdf"]

_OPEN: list[pdfium.PdfDocument] = []
"""Those that are not closed yet; looked at and altered under `PDFIUM`."""
_ENCRYPTED = {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}


@contextmanager
def opened_pdf(data: bytes, name: str) -> Iterator[pdfium.PdfDocument]:
    """A PDF's bytes as an open document; whoever uses it holds `PDFIUM` meanwhile.

    No script in the file is run, since its forms are never started, and nothing outside the file
    is fetched. Raises CorpusError, calling the file `name`, where it needs a password or is not a
    PDF that can be read.
    """
    with PDFIUM:
        forget_fonts()
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            raise CorpusError(f"{name}: {_why(data, error)}") from None
        _OPEN.append(document)
    try:
        yield document
    finally:
        with PDFIUM:
            _OPEN.remove(document)
            document.close()


def forget_fonts() -> None:
    """Lets PDFium begin anew, unless a document is open; called under `PDFIUM`.

    For a font that is not in the file it takes one of its own, and keeps how wide and bold it last
    was for all documents to come: words would stand elsewhere by what was read before them.
    """
    if not _OPEN:
        raw.FPDF_DestroyLibrary()
        raw.FPDF_InitLibrary()


def _why(data: bytes, error: pdfium.PdfiumError) -> str:
    if getattr(error, "err_code", None) in _ENCRYPTED:
        return (
            "the PDF is encrypted and opens only with a password. Open it, save a copy without "
            "a password, and put that into the folder."
        )
    if not data:
        return "the file is empty (0 bytes). Copy it into the folder anew, or take it out."
    if b"%PDF-" not in data[:1024]:
        begins = data.lstrip()[:20].lower()
        if begins.startswith((b"<!doctype", b"<html")):
            return (
                "byte 0: this is a web page that was saved under the name of a PDF. Download the "
                "PDF itself, or give the file the ending .html."
            )
        return (
            'byte 0: the file does not begin with "%PDF-", so it is not a PDF. '
            "Export it as PDF again, or take it out of the folder."
        )
    return (
        f"the PDF is damaged or was not copied to its end (it has {len(data):,} bytes). "
        "Copy or export it again and see whether it opens in a PDF viewer."
    )
