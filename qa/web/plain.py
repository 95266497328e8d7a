"""The page that asks and answers without any script: one form, one message."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool

from qa.web.pages import Pages

__all__ = ["plain_router"]


def plain_router(message_for: Callable[[str], str], pages: Pages) -> APIRouter:
    """GET and POST /plain. `message_for` turns a question into safe HTML and never raises."""
    router = APIRouter(include_in_schema=False)

    @router.get("/plain")
    def form() -> HTMLResponse:
        return pages.html("plain.html", question="", message="")

    @router.post("/plain")
    async def answer(request: Request) -> HTMLResponse:
        # A form of one field needs no multipart parser; undecodable bytes are only a bad question.
        fields = parse_qs((await request.body()).decode("utf-8", "replace"))
        question = fields.get("question", [""])[0].replace("\r\n", "\n")
        message = await run_in_threadpool(message_for, question)
        posted = {"question": question}
        # What `message_for` gives is escaped already.
        return pages.html("plain.html", question=question, message=Markup(message), posted=posted)  # noqa: S704

    return router
