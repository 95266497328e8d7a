"""A document's page as a picture, with the words of a passage marked on it.

PDFium must not run in two threads at once: it is used under `qa.readers.pdfium.PDFIUM` alone.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa.document import Document
from qa.errors import PageUnreadable
from qa.page_files import Boxes, read_boxes
from qa.page_marks import Box, line_boxes, mark

__all__ = ["MOST_PIXELS", "PagePicture", "PagedFile", "draw_page", "picture_of"]

_SCALE = 130 / 72
"""Pixels a point: 130 dots per inch, at which a page of A4 is 1,074 pixels wide."""
MOST_PIXELS = 4_000_000
"""Of a picture: what is larger is drawn smaller."""
_PATIENCE = 10.0
"""Seconds to wait for a page that another visitor is having drawn."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """What a picture will be like: its size in pixels, and the lines that are marked on it."""

    width: int
    height: int
    marks: tuple[Box, ...] = ()
    """In pixels, in the order in which they are read."""


@dataclass(frozen=True, slots=True)
class PagedFile:
    """A document with pages, and the folder of the generation that it and its file belong to."""

    document: Document
    path: Path
    """The file itself."""
    folder: Path

    def look(self, page: int, span: tuple[int, int] | None = None) -> PagePicture:
        """How the picture of a page (from 1) will be, with `span` of the text marked on it.

        Raises PageUnreadable where there is no such page or the file is damaged.
        """
        return picture_of(self.path, page, self._words(page, span), self.document.id)

    def picture(self, page: int, span: tuple[int, int] | None = None) -> bytes:
        """The picture as PNG; see `look`."""
        return draw_page(self.path, page, self._words(page, span), self.document.id)

    def _words(self, page: int, span: tuple[int, int] | None) -> Boxes:
        """The boxes of the page's words that stand in `span`, in hundredths of a point."""
        none: Boxes = np.empty((0, 4), dtype=np.int32)
        if span is None:
            return none
        try:
            boxes = read_boxes(self.folder, self.document)
        except (OSError, ValueError, EOFError) as error:
            raise PageUnreadable(self.document.id, page, error) from error
        quoted = boxes[(boxes[:, 0] < span[1]) & (boxes[:, 1] > span[0])]
        pages = np.searchsorted(np.array(self.document.pages), quoted[:, 0], side="right")
        found: Boxes = quoted[pages == page][:, 2:]
        return found


def draw_page(
    path: Path, page: int, words: Sequence[Sequence[int]] | Boxes = (), name: str = ""
) -> bytes:
    """The picture of a page (from 1) as PNG: cropped and turned as the file says.

    `words` are the boxes to mark: left, top, right and bottom in hundredths of a point from the
    top left corner of the page as it is shown. Raises PageUnreadable, calling the file `name`.
    """
    with _opened(path, page, name or str(path)) as (sheet, scale):
        bitmap = sheet.render(scale=scale, rev_byteorder=True)
        picture = bitmap.to_pil().convert("RGB")  # a copy, since the bitmap's memory goes
        bitmap.close()
    mark(picture, _marks(words, scale))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=3)  # soon done rather than small
    return buffer.getvalue()


def picture_of(
    path: Path, page: int, words: Sequence[Sequence[int]] | Boxes = (), name: str = ""
) -> PagePicture:
    """How the picture that `draw_page` gives will be, without drawing it. Raises PageUnreadable."""
    with _opened(path, page, name or str(path)) as (sheet, scale):
        # Rounded up, as drawing does.
        width, height = (math.ceil(side * scale) for side in sheet.get_size())
    return PagePicture(width, height, tuple(_marks(words, scale)))


def _marks(words: Sequence[Sequence[int]] | Boxes, scale: float) -> list[Box]:
    """The lines of words that are given in hundredths of a point, in pixels."""
    lines = line_boxes(Box(*map(int, word)) for word in words)
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
def _opened(path: Path, page: int, name: str) -> Iterator[tuple[Any, float]]:
    """PDFium's page and the scale it is drawn in (pixels a point), in this thread alone."""
    # Here, since most questions are asked of no page: with the readers it is a tenth of a start.
    import pypdfium2 as pdfium  # noqa: PLC0415

    from qa.readers.pdf_file import forget_fonts  # noqa: PLC0415
    from qa.readers.pdfium import PDFIUM  # noqa: PLC0415

    if not PDFIUM.acquire(timeout=_PATIENCE):
        raise PageUnreadable(name, page, "other pages take too long to be drawn")
    try:
        forget_fonts()  # drawn as it was read, whatever was drawn before
        document = pdfium.PdfDocument(path)
        try:
            if not 1 <= page <= len(document):
                raise PageUnreadable(name, page, f"the file has {len(document)} pages")
            sheet = document[page - 1]
            width, height = sheet.get_size()
            if not (width > 0 and height > 0 and math.isfinite(width * height)):
                raise PageUnreadable(name, page, "the page has no size")
            yield sheet, min(_SCALE, math.sqrt(MOST_PIXELS / (width * height)) * 0.999)
        finally:
            document.close()  # its pages as well
    except (OSError, pdfium.PdfiumError) as error:
        raise PageUnreadable(name, page, error) from error
    finally:
        PDFIUM.release()
