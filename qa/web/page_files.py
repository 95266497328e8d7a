"""Pictures of pages, and the files themselves, of documents that patients may see."""

from __future__ import annotations

import logging

from fastapi import APIRouter
from fastapi.responses import FileResponse, PlainTextResponse, Response

from qa.errors import PageUnreadable
from qa.web.paging import page_key
from qa.web.reading import read_span
from qa.web.types import Assistant

__all__ = ["page_files_router"]

_DAY = "public, max-age=86400, immutable"
"""For pictures without marks: their address names the file and the text they are of."""
_UNKEPT = "no-store"
"""For those with marks, as for pages: what somebody was shown is left on no device."""
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""For the file itself: what browsers put around a PDF file to show it, and no script. `sandbox` is
left out: Safari then shows an empty page, and the others pass over it, since they show PDF files in
a process of their own anyway."""
_MEDIA_TYPES = {".pdf": "application/pdf"}
"""The files that browsers show without running anything of them in this site's name."""

log = logging.getLogger(__name__)


def page_files_router(assistant: Assistant) -> APIRouter:
    """GET /pages/{key}/{number}/{id}, a PNG, and GET /originals/{id}, the file as it was read."""
    router = APIRouter(include_in_schema=False)

    @router.get("/pages/{key}/{number}/{document_id:path}")
    def picture(
        key: str, number: int, document_id: str, start: str | None = None, end: str | None = None
    ) -> Response:
        file = assistant.paged(document_id)
        if file is None or key != page_key(file.document):
            return _nothing()
        if not 1 <= number <= len(file.document.pages):
            return _nothing()
        span = read_span(file.document, start, end)
        try:
            drawn = file.picture(number, span)
        except PageUnreadable as error:
            log.error("%s", error)
            text = "This page cannot be shown as a picture. Its text can be read all the same.\n"
            return PlainTextResponse(text, 503, {"Cache-Control": "no-store"})
        return Response(drawn, media_type="image/png", headers={"Cache-Control": _kept(span)})

    @router.get("/originals/{document_id:path}")
    def original(document_id: str) -> Response:
        file = assistant.paged(document_id)
        kind = _MEDIA_TYPES.get(file.path.suffix) if file else None
        if file is None or kind is None or not file.path.is_file():
            return _nothing()
        name = document_id.rpartition("/")[2]
        return FileResponse(
            file.path,
            headers={"Content-Security-Policy": _POLICY},
            media_type=kind,
            filename=name,
            content_disposition_type="inline",
        )

    return router


def _kept(span: tuple[int, int] | None) -> str:
    return _UNKEPT if span else _DAY


def _nothing() -> Response:
    return PlainTextResponse("There is nothing here.\n", 404, {"Cache-Control": "no-store"})
