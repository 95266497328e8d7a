"""The pages that show the clinic's documents: the list, and one document with a passage marked."""

from __future__ import annotations

from urllib.parse import quote as percent_encode
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from qa.document import Document
from qa.message_language import language_of
from qa.standing import Reason
from qa.web.pages import Pages
from qa.web.paging import (
    is_marked,
    page_texts,
    pictures_of,
    read_page,
    runs,
    shown_pages,
    span_pages,
)
from qa.web.reading import lay_out, read_span
from qa.web.render import COVERED_LIMIT, covered, document_url
from qa.web.types import Assistant

__all__ = ["documents_router"]

_MOST_NAMED = 12
"""Stretches of pages without text that are named; of more only their number is given."""


def documents_router(assistant: Assistant, pages: Pages) -> APIRouter:
    """GET /documents and GET /documents/{id}, both HTML without any script."""
    router = APIRouter(include_in_schema=False)

    @router.get("/documents")
    def list_documents() -> HTMLResponse:
        documents = assistant.documents()
        shown = [(one, document_url(one.id), language_of(one)) for one in documents]
        return pages.html("documents.html", documents=shown)

    @router.get("/documents/{document_id:path}")
    def show_document(
        document_id: str,
        start: str | None = None,
        end: str | None = None,
        sha256: str = "",
        page: str | None = None,
    ) -> HTMLResponse:
        # Offsets arrive as text: a broken link still shows the document, only without a mark.
        document = assistant.document(document_id)
        if document is None:
            topics = covered(assistant.documents(), COVERED_LIMIT)
            return pages.html("missing.html", 404, topics=topics)
        asked = start is not None or end is not None
        changed = bool(sha256) and not document.sha256.startswith(sha256)
        span = None if changed else read_span(document, start, end)
        if document.pages:
            missed = "changed" if asked and changed else "misfit" if asked and not span else ""
            number = read_page(document, page)
            return _paged(assistant, pages, document, span, number, missed)
        parts = lay_out(document, span)
        has_mark = is_marked(parts)
        note = ""
        if asked and changed:
            note = "changed"
        elif asked and not has_mark:
            note = "misfit"
        return pages.html(
            "document.html",
            retired=_retired(assistant, document_id),
            document=document,
            language=language_of(document),
            parts=parts,
            note=note,
            has_mark=has_mark,
        )

    return router


def _paged(
    assistant: Assistant,
    pages: Pages,
    document: Document,
    span: tuple[int, int] | None,
    number: int | None,
    missed: str,
) -> HTMLResponse:
    """A document with pages: the pictures of those that are asked for, above the text."""
    file = assistant.paged(document.id)
    if file and (file.document.source_sha256, file.document.sha256) != (
        document.source_sha256,
        document.sha256,
    ):
        file = None  # a newer generation took over in between
    shown = shown_pages(document, span, number)
    pictures = pictures_of(file, shown, span)
    texts = page_texts(document, span, shown)
    begins = span_pages(document, span) if span else shown
    without = runs(document.unsearchable)
    return pages.html(
        "paged.html",
        retired=_retired(assistant, document.id),
        document=document,
        language=language_of(document),
        address=document_url(document.id),
        place=urlencode({"start": span[0], "end": span[1], "sha256": document.sha256[:16]})
        if span
        else "",
        note=missed,
        count=len(document.pages),
        shown=shown,
        pictures=pictures,
        original=f"/originals/{percent_encode(document.id)}" if file else "",
        texts=texts,
        in_text=any(is_marked(one.parts) for one in texts),
        in_picture=any(one.marked for one in pictures),
        elsewhere=begins[0] if not set(begins) & set(shown) else 0,
        unsearchable=document.unsearchable,
        without=pages.page.wording.list_of(without) if len(without) <= _MOST_NAMED else "",
    )


def _retired(assistant: Assistant, document_id: str) -> dict[str, str] | None:
    """Why a document is no longer quoted, and what to read in its place; None where it is."""
    standing = assistant.standing(document_id)
    if standing is None or standing.quotable:
        return None
    expired = standing.reason is Reason.EXPIRED
    newer = assistant.document(standing.by) if standing.by else None
    return {
        "expired": standing.day if expired else "",
        "title": newer.title if newer else "",
        "url": document_url(newer.id) if newer else "",
        "language": language_of(newer) if newer else "",
    }
