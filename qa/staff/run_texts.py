"""The passages of a run as they stood in its documents, while those are kept."""

from __future__ import annotations

from qa.document import Document
from qa.document_table import DocumentTable
from qa.errors import QuoteError, QuotewellError
from qa.feedback import Place
from qa.generation import check_files
from qa.publishing import pointer_to
from qa.staff.desk import Desk
from qa.staff.run_book import Run
from qa.types import Quote

__all__ = ["quote_at"]


def quote_at(desk: Desk, run: Run, place: Place) -> Quote | None:
    """The passage that a run quoted; None where its document is kept nowhere as it was then.

    It is cut from a text with the SHA-256 that the run noted, never from a later one.
    """
    sha256 = run.texts.get(place.document_id, "")
    document = desk.assistant.stored(place.document_id)
    if document is None or document.sha256 != sha256:
        document = _kept(desk, run, place.document_id)
    if document is None or document.sha256 != sha256:
        return None
    try:
        return Quote.cut(document, place.start, place.end)
    except QuoteError:
        return None


def _kept(desk: Desk, run: Run, document_id: str) -> Document | None:
    """A document of the run's own generation; None where that is not kept, or damaged."""
    try:
        pointer = pointer_to(desk.index, run.generation)
        _, problems = check_files(pointer.folder, pointer)
        if problems:
            return None
        documents = DocumentTable(pointer.folder)
        return next((one for one in documents if one.id == document_id), None)
    except (QuotewellError, OSError, ValueError, KeyError, TypeError):
        return None
