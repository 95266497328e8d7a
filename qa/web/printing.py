"""An answer as a page of its own that prints well, its quotes cut anew from the live documents."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from qa.errors import QuoteError
from qa.types import AnswerKind, Quote
from qa.web.pages import Pages
from qa.web.print_form import Printed, Span, read_form
from qa.web.render import Library, quote_view
from qa.web.security import PAGE_POLICY
from qa.web.surrounding import whole_sentences
from qa.web.types import Assistant

__all__ = ["printing_router"]

_FOREIGN = ("cross-site", "same-site")
"""Values of Sec-Fetch-Site for a form that another site sent: it could put its own question above
a clinic's passage."""


def printing_router(assistant: Assistant, pages: Pages) -> APIRouter:
    """GET and POST /answer. Nothing of what is sent is kept, logged or put into an address."""
    router = APIRouter(include_in_schema=False)

    @router.get("/answer")
    def explain() -> HTMLResponse:
        return pages.html("unprinted.html", sent=False)

    @router.post("/answer")
    async def show(request: Request) -> HTMLResponse:
        try:
            if request.headers.get("sec-fetch-site") in _FOREIGN:
                raise ValueError("sent by another site")
            printed = read_form(await request.body())
            quotes = [_cut_anew(span, assistant, pages.page.root) for span in printed.spans]
        except (ValueError, QuoteError):
            # What is wrong is not told apart, nor logged: it may hold the question.
            return pages.html("unprinted.html", 400, sent=True)
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


def _cut_anew(span: Span, library: Library, root: str) -> dict[str, object]:
    """The quote as templates show it, or why there is none: its document is "gone" or "changed".

    Raises ValueError or QuoteError for a span that is no stretch of whole sentences of the text
    whose hash it has: no answer was ever made of it.
    """
    document = library.document(span.document_id)
    if document is None:
        return {"missing": "gone"}
    if not document.sha256.startswith(span.sha256):
        return {"missing": "changed", "title": document.title}
    quote = Quote.cut(document, span.start, span.end, role=span.role)
    if not whole_sentences(document, span.start, span.end):
        raise ValueError("a part of a sentence")
    place = {"start": span.start, "end": span.end, "sha256": span.sha256}
    return quote_view(quote, library, root) | {"missing": "", "place": place}
