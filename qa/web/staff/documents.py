"""GET /staff/documents and /staff/documents/{id}: all documents, those patients never read too."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from qa.document import Document
from qa.message_language import language_of
from qa.staff.desk import Desk
from qa.standing import Standing
from qa.web.paging import is_marked, span_pages
from qa.web.reading import lay_out, read_span
from qa.web.render import document_url
from qa.web.staff.pages import StaffPages, StaffProblem

__all__ = ["staff_documents_router"]


def staff_documents_router(desk: Desk, pages: StaffPages) -> APIRouter:
    """The list, and one document with a passage marked."""
    router = APIRouter(include_in_schema=False)
    assistant = desk.assistant

    @router.get("/staff/documents")
    def show_all(request: Request) -> Response:
        found = [
            (document, f"/staff{document_url(name)}", language_of(document), _standing(standing))
            for name, standing in assistant.standings().items()
            if (document := assistant.stored(name))
        ]
        return pages.show(request, "documents.html", documents=found)

    @router.get("/staff/documents/{document_id:path}")
    def show(
        request: Request, document_id: str, start: str | None = None, end: str | None = None
    ) -> Response:
        document = assistant.stored(document_id)
        standing = assistant.standings().get(document_id)
        if document is None or standing is None:
            raise StaffProblem(
                404, "There is no such document now. It may have been renamed or taken away."
            )
        span = read_span(document, start, end)
        parts = lay_out(document, span)
        return pages.show(
            request,
            "document.html",
            document=document,
            language=language_of(document),
            standing=_standing(standing),
            quoted=standing.quotable,
            parts=parts,
            marked=is_marked(parts),
            misfit=(start is not None or end is not None) and not is_marked(parts),
            page=span_pages(document, span)[0] if span and document.pages else None,
            patients=_for_patients(desk, document, span),
        )

    return router


def _standing(standing: Standing) -> str:
    """How it stands today, as a sentence."""
    told = str(standing)
    return f"{told[0].upper()}{told[1:]}."


def _for_patients(desk: Desk, document: Document, span: tuple[int, int] | None) -> str:
    """The address at which patients read the same document; empty where they may not."""
    if desk.assistant.document(document.id) is None:
        return ""
    address = document_url(document.id)
    return f"{address}?start={span[0]}&end={span[1]}#quote" if span else address
