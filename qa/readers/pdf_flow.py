"""A document's paragraphs and tables in reading order, put together again across pages.

Every word of a page must stand behind those of the pages before it, for its page is told by its
offset. So where a paragraph or table runs over the end of a page, the footnotes of that page stand
before it, and everywhere else behind the page's text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.readers.pdf_layout import reading_order
from qa.readers.pdf_notes import notes_begin
from qa.readers.pdf_page import Line, Page
from qa.readers.pdf_paragraphs import LARGER, Paragraph, goes_on, paragraphs_of
from qa.readers.pdf_tables import Table, goes_on_in

__all__ = ["PagedTable", "document_flow"]


@dataclass(frozen=True, slots=True)
class PagedTable:
    """A table, or the part of it that stands on one page (from 0)."""

    table: Table
    page: int
    first_row: str
    """What the first row says, of the first part."""


Part = Paragraph | PagedTable


def document_flow(pages: Sequence[Page], runs: Sequence[Sequence[Line]], body: float) -> list[Part]:
    """The paragraphs and tables of a document, each word behind those of earlier pages.

    `runs` are each page's words without running heads; `body` the height of the usual type.
    """
    of_pages = [
        _page_parts(page, inside, number, body)
        for number, (page, inside) in enumerate(zip(pages, runs, strict=True))
    ]
    found: list[Part] = []
    is_open = False
    for number, (parts, notes) in enumerate(of_pages):
        begin = len(found)
        found += parts
        if is_open:
            _join(found, begin)
        after = of_pages[number + 1][0] if number + 1 < len(of_pages) else []
        over = bool(found) and bool(after) and _runs_over(found[-1], after[0])
        is_open = over
        if not notes:
            continue
        at = len(found)
        last = found[-1] if found else None
        if over and last is not None and _first_page(last) == number:
            at -= 1
            while at > begin and _is_heading_like(found[at - 1], body):
                at -= 1
        else:
            # A paragraph that goes on has filled the whole page: notes have no place but here.
            is_open = False
        found[at:at] = notes
    return found


def _page_parts(
    page: Page, runs: Sequence[Line], number: int, body: float
) -> tuple[list[Part], list[Paragraph]]:
    """What stands on a page, and its footnotes and what runs in other directions."""
    parts: list[Part] = []
    notes: list[Paragraph] = []
    for piece in reading_order(runs, page.rules):
        if isinstance(piece, Table):
            parts.append(PagedTable(piece, number, piece.says(0)))
            continue
        paragraphs = paragraphs_of(piece, number, body)
        begin = notes_begin(paragraphs, page.rules, body)
        notes += paragraphs[begin:]
        if begin:
            parts += paragraphs[:begin]
            _join(parts, len(parts) - begin)
    aside = [Paragraph((line,), (number,), line.left, line.right) for line in page.aside]
    return parts, notes + aside


def _first_page(part: Part) -> int:
    return part.pages[0] if isinstance(part, Paragraph) else part.page


def _runs_over(last: Part, first: Part) -> bool:
    """Whether what a page ends with goes on in what the next one begins with."""
    if isinstance(last, Paragraph):
        return isinstance(first, Paragraph) and goes_on(last, first)
    return isinstance(first, PagedTable) and goes_on_in(last.table, first.table)


def _join(parts: list[Part], at: int) -> None:
    """Joins what stands at `at` to what precedes it, where it goes on with that."""
    if not 0 < at < len(parts) or not _runs_over(parts[at - 1], parts[at]):
        return
    first, second = parts[at - 1], parts[at]
    if isinstance(first, Paragraph) and isinstance(second, Paragraph):
        parts[at - 1 : at + 1] = [first.with_more(second)]
    elif isinstance(first, PagedTable) and isinstance(second, PagedTable):
        rows = second.table.rows
        if first.first_row == second.first_row:
            rows = rows[1:]  # the head, repeated for the new page
        table = replace(second.table, rows=rows, has_head=False)
        parts[at] = PagedTable(table, second.page, first.first_row)


def _is_heading_like(part: Part, body: float) -> bool:
    return isinstance(part, Paragraph) and (part.size >= LARGER * body or part.bold)
