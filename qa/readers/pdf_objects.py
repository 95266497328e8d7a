"""The objects that a PDF's page is drawn from, and the words that a file puts in their place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pypdfium2 import raw

__all__ = ["text_objects_as_drawn"]

_REPLACEMENT = b"ActualText"


def text_objects_as_drawn(page: Any) -> list[Any]:
    """The text objects of a raw page, also those within forms, in the file's order.

    Each is left to say what its own letters say: a file can mark any stretch of a page with words
    to be read instead (`ActualText`: ISO 32000-1, 14.9.4), and nothing holds those to what is
    drawn. To be called before the page's text is loaded.
    """
    found: list[Any] = []
    for thing in _objects(page):
        _without_replacement(thing)
        if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_TEXT:
            found.append(thing)
    return found


def _objects(page: Any) -> Iterator[Any]:
    # Not bounded: what is not looked at could say something else. PDFium bounds the nesting.
    for index in range(raw.FPDFPage_CountObjects(page)):
        yield from _object(raw.FPDFPage_GetObject(page, index))


def _object(thing: Any) -> Iterator[Any]:
    yield thing
    if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_FORM:
        for index in range(raw.FPDFFormObj_CountObjects(thing)):
            yield from _object(raw.FPDFFormObj_GetObject(thing, index))


def _without_replacement(thing: Any) -> None:
    """Takes the words away and leaves the mark, which may also say that a layer is off."""
    for index in range(raw.FPDFPageObj_CountMarks(thing)):
        mark = raw.FPDFPageObj_GetMark(thing, index)
        if raw.FPDFPageObjMark_CountParams(mark) > 0:
            raw.FPDFPageObjMark_RemoveParam(thing, mark, _REPLACEMENT)
