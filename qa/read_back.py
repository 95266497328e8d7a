"""Reading back: no quote is shown that is not the slice of its document that it says it is."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable

from qa.answer import Decision
from qa.document import Document
from qa.errors import QuoteError
from qa.types import Quote

__all__ = ["read_back"]

log = logging.getLogger(__name__)

FindDocument = Callable[[str], Document | None]


def read_back(decision: Decision, document: FindDocument) -> Decision:
    """The decision; where one of its quotes is no slice, a refusal, and an error in the log.

    `document` gives a document of the generation by its id; see the design, rule 2.
    """
    try:
        for quote in (*decision.quotes, *decision.warnings):
            _check_slice(quote, document(quote.document_id))
    except QuoteError as error:
        log.error("an answer was withheld: %s", error)
        return Decision((), 0.0, "withheld")
    return decision


def _check_slice(quote: Quote, document: Document | None) -> None:
    text = document.text if document else ""
    sound = (
        text[quote.start : quote.end] == quote.text
        and document is not None
        and quote.sha256 == document.sha256 == hashlib.sha256(text.encode()).hexdigest()
    )
    if not sound:
        raise QuoteError(quote.document_id, quote.start, quote.end, len(text))
