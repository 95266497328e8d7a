"""The pages that show the clinic's documents: the list, and one document with a passage marked."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from qa.message_language import language_of
from qa.standing import Reason
from qa.web.pages import Pages
from qa.web.reading import lay_out, read_span
from qa.web.render import COVERED_LIMIT, covered, document_url
from qa.web.types import Assistant

__all__ = ["documents_router"]


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
    ) -> HTMLResponse:
        # Offsets arrive as text: a broken link still shows the document, only without a mark.
        document = assistant.document(document_id)
        if document is None:
            topics = covered(assistant.documents(), COVERED_LIMIT)
            return pages.html("missing.html", 404, topics=topics)
        asked = start is not None or end is not None
        changed = bool(sha256) and not document.sha256.startswith(sha256)
        span = None if changed else read_span(document, start, end)
        parts = lay_out(document, span)
        has_mark = any(p.marked for part in parts for i in part.items for c in i.cells for p in c)
        note = ""
        if asked and changed:
            note = "changed"
        elif asked and not has_mark:
            note = "misfit"
        retired = _retired(assistant, document_id)
        return pages.html(
            "document.html",
            retired=retired,
            document=document,
            language=language_of(document),
            parts=parts,
            note=note,
            has_mark=has_mark,
        )

    return router


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
