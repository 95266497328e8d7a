"""A document's page as a picture, with the words of a passage marked on it.

It is drawn in a process of its own (`qa.page_drawing`) with an end in memory and time, so that no
page keeps the server's threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.apart import Apart, Broken, Busy, Ended, Limits, Refused
from qa.apart.messages import Facts
from qa.document import Document
from qa.errors import PageUnreadable
from qa.page_files import Boxes, read_boxes
from qa.page_marks import Box

__all__ = ["DRAWING", "LIMITS", "PagePicture", "PagedFile", "draw_page", "picture_of"]

DRAWING = Apart("qa.page_drawing")
LIMITS = Limits(memory=512 << 20, seconds=8.0, clock=80.0)
"""For one page; a full one takes a tenth of a second. What a build has read was drawn twice within
the limits for reading, most of which are for files with many pages."""
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
    return _asked("draw", path, page, words, name)[1]


def picture_of(
    path: Path, page: int, words: Sequence[Sequence[int]] | Boxes = (), name: str = ""
) -> PagePicture:
    """How the picture that `draw_page` gives will be, without drawing it. Raises PageUnreadable."""
    look = _asked("look", path, page, words, name)[0]
    marks = tuple(Box(*edges) for edges in look["marks"])
    return PagePicture(look["width"], look["height"], marks)


def _asked(
    work: str, path: Path, page: int, words: Sequence[Sequence[int]] | Boxes, name: str
) -> tuple[Facts, bytes]:
    """What the process of its own makes of a page. Raises PageUnreadable."""
    facts = {
        "path": str(path.absolute()),
        "page": page,
        "words": [list(map(int, word)) for word in words],
    }
    why: object
    try:
        return DRAWING.ask(work, facts, b"", LIMITS, _PATIENCE)
    except Busy:
        why = "other pages take too long to be drawn"
    except Ended as ended:
        why = f"drawing it {ended}"
    except (Refused, Broken, OSError, MemoryError) as error:
        why = error
    raise PageUnreadable(name or str(path), page, why)
