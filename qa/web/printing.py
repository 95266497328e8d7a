"""An answer as a page of its own that prints well, its quotes cut anew from the live documents.

What stands around them (the question, the time, which of them is a warning) is as the form says.
Whoever writes a form of their own can print any whole sentences of the documents below any
question, but nothing as a quote that is not in the documents.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from qa.chunking import is_quotable
from qa.document import Document
from qa.errors import QuoteError
from qa.types import AnswerKind, Quote
from qa.web.origin import is_foreign
from qa.web.pages import Pages
from qa.web.print_form import Printed, Span, read_form
from qa.web.rate_limit import seconds_to_wait
from qa.web.render import quote_view
from qa.web.security import PAGE_POLICY
from qa.web.surrounding import whole_sentences
from qa.web.types import Assistant

__all__ = ["printing_router"]


def printing_router(assistant: Assistant, pages: Pages) -> APIRouter:
    """GET and POST /answer; another site's form gets 403, unread, and one that comes too fast 429.

    Nothing of what is sent is kept, logged or put into an address.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/answer")
    def explain() -> HTMLResponse:
        return pages.html("unprinted.html", why="print.nothing")

    @router.post("/answer")
    async def show(request: Request) -> HTMLResponse:
        if is_foreign(request.headers):
            # It could put a question of its own above a clinic's passage.
            return pages.html("outside.html", 403)
        if wait_s := seconds_to_wait(request.scope):
            page = pages.html("unprinted.html", 429, why="hurried.print")
            page.headers["Retry-After"] = str(wait_s)
            return page
        try:
            printed = read_form(await request.body())
            quotes = [_cut_anew(span, assistant, pages.page.root) for span in printed.spans]
        except (ValueError, QuoteError):
            # What is wrong is not told apart, nor logged: it may hold the question.
            return pages.html("unprinted.html", 400, why="print.misfit")
        return _page(printed, quotes, assistant, pages)

    return router


def _page(
    printed: Printed, quotes: list[dict[str, object]], assistant: Assistant, pages: Pages
) -> HTMLResponse:
    wording = pages.page.wording
    phone = assistant.clinic_phone
    advice = wording("safety.advice_phone", phone=phone) if phone else wording("safety.advice")
    notices = assistant.notices(wording.language)
    page = pages.html(
        "printed.html",
        question=printed.question,
        searched_for=printed.searched_for,
        date=wording.date(printed.answered_at.date().isoformat()),
        time=f"{printed.answered_at:%H:%M}",
        generation=printed.generation,
        advice=advice if printed.advice else "",
        crisis=printed.kind is AnswerKind.CRISIS,
        crisis_line=next((one.text for one in notices if one.kind == "crisis_line"), ""),
        quotes=quotes,
    )
    page.headers["Content-Security-Policy"] = f"{PAGE_POLICY}; script-src 'self'"
    return page


def _cut_anew(span: Span, assistant: Assistant, root: str) -> dict[str, object]:
    """The quote as templates show it, or why there is none: its document is "gone", "retired" or
    "changed".

    Any run of whole sentences of the document passes, and the role is taken as it was sent: that
    an answer was made of them is not known here, since answers are not kept. Raises ValueError or
    QuoteError for a span that is no such run.
    """
    document, standing = assistant.document(span.document_id), assistant.standing(span.document_id)
    if document is None or standing is None:
        return {"missing": "gone"}
    if not standing.quotable:
        return {"missing": "retired", "title": document.title}
    if not document.sha256.startswith(span.sha256):
        return {"missing": "changed", "title": document.title}
    quote = Quote.cut(document, span.start, span.end, role=span.role)
    if not whole_sentences(document, span.start, span.end):
        raise ValueError("a part of a sentence")
    if not _may_be_quoted(document, span):
        return {"missing": "retired", "title": document.title}
    place = {"start": span.start, "end": span.end, "sha256": span.sha256}
    return quote_view(quote, assistant, root) | {"missing": "", "place": place}


def _may_be_quoted(document: Document, span: Span) -> bool:
    """Whether none of it stands in a section that is never quoted, as one may be by now."""
    inside = [one for one in document.blocks if one.start < span.end and span.start < one.end]
    return all(is_quotable(document, block.section) for block in inside)
