"""The documents beside an answer: each quote, shown or held back, marked where it stands."""

from __future__ import annotations

from qa.message_language import language_of
from qa.staff.desk import Desk
from qa.standing import Standing
from qa.tracing import Trace
from qa.types import Answer, Quote
from qa.web.reading import lay_out
from qa.web.staff.why import place_url
from qa.web.surrounding import surroundings

__all__ = ["beside_values"]

_WORDS = 250
"""Words shown at most on each side of a quote."""
_PLACES = ("First", "Second", "Third", "Fourth", "Further")


def beside_values(desk: Desk, answer: Answer, trace: Trace) -> dict[str, object]:
    """The values of `templates/staff/beside.html`."""
    standings = desk.assistant.standings()
    what = "quote" if answer.quotes else "passage found"
    named = [
        *(
            (f"{_PLACES[min(at, len(_PLACES) - 1)]} {what}", one)
            for at, one in enumerate(trace.quotes)
        ),
        *(("Warning that goes with it", one) for one in trace.warnings),
    ]
    places = [_place(desk, role, one, standings.get(one.document_id)) for role, one in named]
    return {"places": [one for one in places if one], "held_back": not answer.quotes}


def _place(
    desk: Desk, role: str, quote: Quote, standing: Standing | None
) -> dict[str, object] | None:
    """A quote with what stands around it; None where a newer document took its place meanwhile."""
    document = desk.assistant.stored(quote.document_id)
    if document is None or document.sha256 != quote.sha256:
        return None
    span = (quote.start, quote.end)
    around = surroundings(document, span, _WORDS)
    told = str(standing) if standing and not standing.quotable else ""
    return {
        "role": role,
        "name": " · ".join(dict.fromkeys(filter(None, (quote.title, quote.section)))),
        "score": f"{quote.score:.2f}" if quote.role == "evidence" else "",
        "standing": f"{told[0].upper()}{told[1:]}." if told else "",
        "url": place_url(*((quote.document_id, *span))),
        "language": language_of(document),
        "parts": around.parts if around else tuple(lay_out(document, span, span)),
        "cut_before": bool(around and around.cut_before),
        "cut_after": bool(around and around.cut_after),
    }
