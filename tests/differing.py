"""Answers made by hand, and what gives them: for the tests of differences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from qa.corpus import make_document
from qa.document import Document
from qa.standing import Standing, standing_of
from qa.types import Answer, AnswerKind, Notice, Quote

__all__ = ["Says", "answered", "document", "noticed", "quote_of", "refused"]

DISCLAIMER = Notice("disclaimer", "No advice.")


def document(text: str, name: str = "a.md") -> Document:
    return make_document(name, text.encode())


def quote_of(found: Document, words: str, which: int = 0, role: str = "evidence") -> Quote:
    """The n-th place of the words as a quote."""
    at = -1
    for _ in range(which + 1):
        at = found.text.index(words, at + 1)
    return Quote.cut(found, at, at + len(words), role=role)  # type: ignore[arg-type]


def answered(*quotes: Quote) -> Answer:
    return Answer("Why?", AnswerKind.ANSWER, (DISCLAIMER,), quotes)


def refused(reason: str = "not_answered") -> Answer:
    return Answer("Why?", AnswerKind.REFUSAL, (DISCLAIMER,), reason=reason)


def noticed(kind: AnswerKind, *quotes: Quote) -> Answer:
    return Answer("Why?", kind, (Notice(kind.value, "Call."), DISCLAIMER), quotes)


class Says:
    """A generation that has these documents and gives these answers."""

    def __init__(
        self, generation: str, documents: list[Document], answers: Mapping[str, Answer]
    ) -> None:
        self.generation = generation
        self._documents = {one.id: one for one in documents}
        self._answers = answers

    def ask(self, question: str, /, *, trace: bool = False) -> Answer:
        return self._answers[question]

    def documents(self) -> tuple[Document, ...]:
        return tuple(self._documents.values())

    def standings(self) -> Mapping[str, Standing]:
        return standing_of(self.documents(), date(2026, 11, 26))

    def document(self, document_id: str, /) -> Document | None:
        return self._documents.get(document_id)
