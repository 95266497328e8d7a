"""A document's page drawn as a picture, with the words of a passage marked on it.

This runs in a process of its own, which `qa.page_image` asks: a page can be made to be drawn for
ever. Nothing else there uses PDFium.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pypdfium2 as pdfium

from qa.apart.child import serve
from qa.apart.messages import Facts
from qa.errors import QuotewellError
from qa.page_marks import Box, line_boxes, mark
from qa.readers.pdf_file import forget_fonts

__all__ = ["MOST_PIXELS", "main"]

_SCALE = 130 / 72
"""Pixels a point: 130 dots per inch, at which a page of A4 is 1,074 pixels wide."""
MOST_PIXELS = 4_000_000
"""Of a picture: what is larger is drawn smaller."""


def main() -> None:
    """Draws what `qa.page_image` asks for, in the process of its own."""
    serve({"draw": _draw, "look": _look})


def _draw(facts: Facts, _: bytes) -> tuple[Facts, bytes]:
    """The picture as PNG."""
    with _opened(facts) as (sheet, scale):
        bitmap = sheet.render(scale=scale, rev_byteorder=True)
        picture = bitmap.to_pil().convert("RGB")  # a copy, since the bitmap's memory goes
        bitmap.close()
    mark(picture, _marks(facts["words"], scale))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=3)  # soon done rather than small
    return {}, buffer.getvalue()


def _look(facts: Facts, _: bytes) -> tuple[Facts, bytes]:
    """The picture's width, height and marks, without drawing it."""
    with _opened(facts) as (sheet, scale):
        # Rounded up, as drawing does.
        width, height = (math.ceil(side * scale) for side in sheet.get_size())
    marks = [box.edges for box in _marks(facts["words"], scale)]
    return {"width": width, "height": height, "marks": marks}, b""


def _marks(words: Sequence[Sequence[int]], scale: float) -> list[Box]:
    """The lines of words that are given in hundredths of a point, in pixels."""
    lines = line_boxes(Box(*word) for word in words)
    to_pixels = scale / 100
    return [
        Box(
            math.floor(line.left * to_pixels),
            math.floor(line.top * to_pixels),
            math.ceil(line.right * to_pixels),
            math.ceil(line.bottom * to_pixels),
        )
        for line in lines
    ]


@contextmanager
def _opened(facts: Facts) -> Iterator[tuple[pdfium.PdfPage, float]]:
    """PDFium's page, and the scale it is drawn in (pixels a point)."""
    page = facts["page"]
    try:
        forget_fonts()  # drawn as it was read, whatever was drawn before
        document = pdfium.PdfDocument(facts["path"])
        try:
            if not 1 <= page <= len(document):
                raise QuotewellError(f"the file has {len(document)} pages")
            sheet = document[page - 1]
            width, height = sheet.get_size()
            if not (width > 0 and height > 0 and math.isfinite(width * height)):
                raise QuotewellError("the page has no size")
            yield sheet, min(_SCALE, math.sqrt(MOST_PIXELS / (width * height)) * 0.999)
        finally:
            document.close()  # its pages as well
    except (OSError, pdfium.PdfiumError) as error:
        raise QuotewellError(str(error)) from error
