"""The page that asks and answers without any script: one form, one message."""

from __future__ import annotations

from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from qa.query import MAX_QUESTION
from qa.web.asking import MessageFor
from qa.web.conversation import EARLIER, has_alarm
from qa.web.origin import is_foreign
from qa.web.pages import Pages
from qa.web.rate_limit import seconds_to_wait

__all__ = ["plain_router"]


def plain_router(message_for: MessageFor, pages: Pages) -> APIRouter:
    """GET and POST /plain, which asks by `message_for`.

    The page shows the last question only, but its form names those before it, for follow-ups.
    Another site's form gets 403, unread. Where too many ask, the page says so with 503,
    and with 429 to whoever asks too fast.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/plain")
    def form() -> HTMLResponse:
        return pages.html("plain.html", question="", message="", previous=())

    @router.post("/plain")
    async def answer(request: Request) -> HTMLResponse:
        if is_foreign(request.headers):
            # It could put words into a visitor's mouth, and into the clinic's log of questions.
            return pages.html("outside.html", 403)
        # A form of one field needs no multipart parser; undecodable bytes are only a bad question.
        fields = parse_qs((await request.body()).decode("utf-8", "replace"))
        question = fields.get("question", [""])[0].replace("\r\n", "\n")
        previous = tuple(one[:MAX_QUESTION] for one in fields.get("previous", [])[-EARLIER:])
        posted = [("previous", one) for one in previous] + [("question", question)]
        wait_s = seconds_to_wait(request.scope, question)
        reply = await message_for(question, previous, request.is_disconnected, wait_s)
        message = reply.message
        if question.strip() and len(question) <= MAX_QUESTION and not has_alarm(message):
            previous = (*previous, question)[-EARLIER:]
        # What `message_for` gives is escaped already.
        page = pages.html(
            "plain.html",
            reply.status,
            question=question,
            message=Markup(message),  # noqa: S704
            previous=previous,
            posted=posted,
        )
        if reply.retry_after:
            page.headers["Retry-After"] = str(reply.retry_after)
        return page

    return router
