"""An Answer → the message a patient reads, as one line of safe HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import quote as percent_encode

from qa.document import Document, Section
from qa.feedback import MAX_NOTE, REASONS
from qa.message_language import language_of
from qa.related import lists_references
from qa.types import Answer, Notice, Quote
from qa.web.failures import log_failure
from qa.web.help_first import ALARMS
from qa.web.pages import Pages
from qa.web.print_form import form_fields
from qa.web.surrounding import Surroundings, surroundings
from qa.web.types import Page

__all__ = [
    "Covered",
    "Library",
    "covered",
    "document_url",
    "quote_view",
    "render_answer",
    "render_apology",
]

COVERED_LIMIT = 15
"""Titles and sections a refusal lists."""

_CANNOT_LIST = ("empty", "too_long")


class Library(Protocol):
    """Where documents are looked up."""

    def document(self, document_id: str) -> Document | None:
        """The document of that id, or None."""

    def documents(self) -> tuple[Document, ...]:
        """All documents."""


@dataclass(frozen=True, slots=True)
class Covered:
    """A document and those of its sections that are named in a list of what the documents cover."""

    title: str
    url: str
    language: str
    sections: tuple[tuple[str, str], ...]
    """(heading, link) pairs."""


def render_answer(answer: Answer, library: Library, pages: Pages) -> str:
    """The message for an answer, crisis or refusal; every text in it is escaped."""
    others = {notice.kind: notice.text for notice in answer.notices}
    shows_topics = answer.reason is not None and answer.reason not in _CANNOT_LIST
    return pages.fragment(
        "answer.html",
        alarms=_alarms(answer.notices),
        advice=others.get("advice"),
        searched_for=answer.searched_for,
        quotes=[
            quote_view(quote, library, pages.page.root) | {"around": _around(quote, library)}
            for quote in answer.quotes
        ],
        print_fields=form_fields(answer, datetime.now(UTC)) if answer.quotes else (),
        reason=answer.reason,
        subject=answer.subject,
        related=[
            asdict(section) | {"language": _language(section.document_id, library)}
            for section in answer.related
        ],
        several_documents=len({section.document_id for section in answer.related}) > 1,
        topics=covered(library.documents()) if shows_topics else (),
        feedback_fields=_feedback_fields(answer, pages.page),
        reasons=REASONS,
        longest_note=MAX_NOTE,
        disclaimer=others.get("disclaimer"),
        crisis_line=others.get("crisis_line"),
    )


def _feedback_fields(answer: Answer, page: Page) -> tuple[tuple[str, str], ...]:
    """What a form for feedback hands on of an answer; nothing where none is asked for.

    Somebody in danger is asked nothing. The question is handed on only where questions are kept.
    """
    if not page.feedback or _alarms(answer.notices) or answer.reason in _CANNOT_LIST:
        return ()
    return (
        *((("question", answer.question),) if page.logged_days else ()),
        ("kind", answer.kind.value),
        ("refusal", answer.reason or ""),
        ("generation", answer.generation),
        *(("span", f"{q.document_id}:{q.start}:{q.end}") for q in answer.quotes),
    )


def render_apology(
    pages: Pages,
    crisis_line: str,
    notices: Sequence[Notice] = (),
    lead: str = "apology.lead",
) -> str:
    """The message for when nothing can be asked of the documents at all.

    `notices` are those of an answer that could not be shown: its alarms are said first. `lead`
    names the text that says why.
    """
    return pages.fragment(
        "apology.html", alarms=_alarms(notices), crisis_line=crisis_line, lead=lead
    )


def _alarms(notices: Sequence[Notice]) -> list[str]:
    """What is said to somebody in danger."""
    return [notice.text for notice in notices if notice.kind in ALARMS]


def document_url(document_id: str, anchor: str = "", page: int | None = None) -> str:
    """The link to a document in the viewer, or to one of its sections, which begins on `page`."""
    address = f"/documents/{percent_encode(document_id)}" + (f"?page={page}" if page else "")
    return address + (anchor and f"#{percent_encode(anchor)}")


def quote_view(quote: Quote, library: Library, root: str) -> dict[str, object]:
    """A quote with its source, as templates show it; `root` is where the page's addresses begin."""
    document = library.document(quote.document_id)
    # A newer document may have taken the place of the one that was quoted.
    same = document if document and document.sha256 == quote.sha256 else None
    address, _, fragment = quote.url.partition("#")
    return {
        "text": quote.text,
        "language": _language(quote.document_id, library),
        "warning": quote.role == "warning",
        "title": quote.title,
        "section": quote.section if quote.section != quote.title else "",
        "page": quote.page,
        # The hash lets the viewer tell when the document was changed since the answer.
        "url": f"{root}{address}&sha256={quote.sha256[:16]}#{fragment}",
        "version": same.metadata("version") if same else "",
        "reviewed": quote.reviewed,
    }


def covered(documents: Sequence[Document], limit: int = COVERED_LIMIT) -> list[Covered]:
    """What the documents cover in at most `limit` entries: each title, then sections in turn."""
    shown = documents[:limit]
    wanted = [_headings(document) for document in shown]
    room = limit - len(shown)
    taken = [0] * len(shown)
    while room > 0 and any(taken[i] < len(wanted[i]) for i in range(len(shown))):
        for i, sections in enumerate(wanted):
            if room > 0 and taken[i] < len(sections):
                taken[i] += 1
                room -= 1
    return [
        Covered(
            document.title,
            document_url(document.id),
            language_of(document),
            tuple(
                (s.heading, document_url(document.id, s.anchor, document.page_at(s.start)))
                for s in sections[:count]
            ),
        )
        for document, sections, count in zip(shown, wanted, taken, strict=True)
    ]


def _headings(document: Document) -> list[Section]:
    """The outer sections that are neither the title again nor a list of references."""
    named = [
        section
        for section in document.sections
        if section.heading and section.heading != document.title and not lists_references(section)
    ]
    outermost = min((s.level for s in named), default=0)
    return [section for section in named if section.level == outermost]


def _around(quote: Quote, library: Library) -> Surroundings | None:
    """What stands around a quote, unless a newer document took the place of its own.

    It is no part of the answer: where it cannot be told, the quote is shown without it.
    """
    document = library.document(quote.document_id)
    if document is None or document.sha256 != quote.sha256:
        return None
    try:
        return surroundings(document, (quote.start, quote.end))
    except Exception as error:
        log_failure(error, "what stands around a quote could not be shown")
        return None


def _language(document_id: str, library: Library) -> str:
    document = library.document(document_id)
    return language_of(document) if document else "en"
