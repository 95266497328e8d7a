"""Which pages of a document are shown for a link: their pictures, and the text on and near them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote as percent_encode
from urllib.parse import urlencode

from qa.document import Document
from qa.errors import PageUnreadable
from qa.page_image import PagedFile
from qa.web.reading import Part, lay_out

__all__ = [
    "PageText",
    "Picture",
    "is_marked",
    "page_key",
    "page_texts",
    "pictures_of",
    "read_page",
    "runs",
    "shown_pages",
    "span_pages",
]

SHORT = 30_000
"""Characters, some ten pages, up to which a document's text is shown as a whole."""
NEAR = 1
"""Pages of text that are shown before and behind those of the pictures in a longer one."""
_MOST_PICTURES = 3

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Picture:
    """A page's picture as a template shows it."""

    number: int
    address: str
    width: int
    height: int
    marked: bool
    tenth: int
    """How far down the page its first mark stands, in whole tenths of its height."""


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of one page; what began on the page before goes on in its first part."""

    number: int
    parts: tuple[Part, ...]


def page_key(document: Document) -> str:
    """What stands in the addresses of a document's pictures: another file or text has another."""
    return document.source_sha256[:16] + document.sha256[:16]


def read_page(document: Document, written: str | None) -> int | None:
    """The page that a link names, or None where it names none that there is."""
    if not (written and written.isascii() and written.isdigit() and len(written) < 8):
        return None
    page = int(written)
    return page if 1 <= page <= len(document.pages) else None


def span_pages(document: Document, span: tuple[int, int]) -> range:
    """The pages on which a span stands."""
    first, last = document.page_at(span[0]), document.page_at(span[1] - 1)
    return range(first or 1, (last or 1) + 1)


def shown_pages(document: Document, span: tuple[int, int] | None, page: int | None) -> range:
    """The pages whose pictures are shown: the one that is asked for, or those of the passage."""
    if page is not None:
        return range(page, page + 1)
    return span_pages(document, span)[:_MOST_PICTURES] if span else range(1, 2)


def pictures_of(
    file: PagedFile | None, shown: range, span: tuple[int, int] | None
) -> list[Picture]:
    """The pictures of those pages that can be drawn; what is wrong with the others is logged."""
    found = []
    for number in shown if file else ():
        try:
            found.append(_picture(file, number, span))  # type: ignore[arg-type]
        except PageUnreadable as error:
            log.error("a page is shown without its picture: %s", error)
    return found


def page_texts(document: Document, span: tuple[int, int] | None, shown: range) -> list[PageText]:
    """The text page by page, with `span` marked: all of a short document, else what is near."""
    count = len(document.pages)
    first, last = 1, count
    if len(document.text) > SHORT:
        first, last = max(1, shown[0] - NEAR), min(count, shown[-1] + NEAR)
    bounds = [*document.pages, len(document.text)]
    bounds[0] = 0
    found: list[PageText] = []
    for number in range(first, last + 1):
        window = (bounds[number - 1], bounds[number])
        begun = any(is_marked(one.parts) for one in found)
        parts = lay_out(document, span, window, begun=begun) if window[0] < window[1] else []
        found.append(PageText(number, tuple(parts)))
    return found


def is_marked(parts: Sequence[Part]) -> bool:
    """Whether something of the passage is marked in them."""
    return any(p.marked for part in parts for i in part.items for c in i.cells for p in c)


def runs(numbers: Sequence[int]) -> list[str]:
    """Numbers in order, with those that follow one another as "7–9"."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return [f"{one[0]}–{one[-1]}" if len(one) > 1 else str(one[0]) for one in found]


def _picture(file: PagedFile, number: int, span: tuple[int, int] | None) -> Picture:
    look = file.look(number, span)
    document = file.document
    address = f"/pages/{page_key(document)}/{number}/{percent_encode(document.id)}"
    if span and look.marks:
        address += "?" + urlencode({"start": span[0], "end": span[1]})
    top = min((box.top for box in look.marks), default=0)
    tenth = min(9, max(0, 10 * top // look.height))
    return Picture(number, address, look.width, look.height, bool(look.marks), tenth)
