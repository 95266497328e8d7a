"""The log of questions, for a clinic that turns it on: what is asked and not answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date

from qa.feedback import Place, places_text, read_places
from qa.store import Store
from qa.types import Answer, AnswerKind

__all__ = ["LoggedQuestion", "QuestionLog", "question_row", "read_questions"]

_NEVER = (AnswerKind.CRISIS, AnswerKind.EMERGENCY)
_WITHOUT_TEXT = ("empty", "too_long")
"""Reasons for which a message was not read to its end."""


@dataclass(frozen=True, slots=True)
class LoggedQuestion:
    """One question as it is kept."""

    day: date
    question: str
    """Redacted; empty where the message was not read to its end."""
    kind: str
    reason: str
    """Why it was refused; empty where it was answered."""
    places: tuple[Place, ...]
    generation: str


class QuestionLog:
    """Keeps questions in a store."""

    def __init__(self, store: Store, redact: Callable[[str], str]) -> None:
        """`redact` takes personal things out of a text."""
        self._store = store
        self._redact = redact

    def keep(self, answer: Answer) -> None:
        """Keeps an answer's question, redacted. Raises StoreError where that cannot be done.

        Nothing is kept, not even that there was one, of a message in which danger was found.
        """
        if answer.kind in _NEVER:
            return
        read = answer.reason not in _WITHOUT_TEXT
        places = (Place(one.document_id, one.start, one.end) for one in answer.quotes)
        self._store.add(
            "questions",
            {
                "question": self._redact(answer.question) if read else "",
                "kind": answer.kind.value,
                "reason": answer.reason or "",
                "places": places_text(places),
                "generation": answer.generation,
            },
        )


def question_row(question: LoggedQuestion) -> dict[str, str]:
    """A question as the values of a row, all of them text."""
    row = {name: str(value) for name, value in asdict(question).items()}
    return row | {"places": places_text(question.places)}


def read_questions(store: Store) -> list[LoggedQuestion]:
    """All that is kept, oldest day first. Raises StoreError."""
    return [
        LoggedQuestion(
            date.fromisoformat(row["day"]),
            row["question"],
            row["kind"],
            row["reason"],
            read_places(row["places"]),
            row["generation"],
        )
        for row in store.rows("questions")
    ]
