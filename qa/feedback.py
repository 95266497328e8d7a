"""What a patient says of an answer: that it helped, did not help, or was wrong, and why."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum

from qa.errors import FeedbackError
from qa.store import Store, today
from qa.types import AnswerKind

__all__ = [
    "MAX_NOTE",
    "REASONS",
    "Feedback",
    "FeedbackBook",
    "Place",
    "Verdict",
    "feedback_row",
    "places_text",
    "read_feedback",
    "read_places",
    "totals",
]

MAX_NOTE = 500
"""Characters of a note; stated to the patient."""
MAX_QUESTION = 1_000
MAX_PLACES = 16
"""More quotes than any answer shows."""
_MAX_ID = 500
_CODE = re.compile(r"[\w.-]{0,100}", re.ASCII)

REASONS = (
    "not_what_i_asked",
    "hard_to_understand",
    "out_of_date",
    "incomplete",
    "other",
)
"""Why an answer did not help or was wrong."""
REFUSALS = (
    "off_corpus",
    "not_answered",
    "wrong_subject",
    "advice",
    "empty",
    "too_long",
    "unknown_document",
    "withheld",
)


class Verdict(StrEnum):
    HELPED = "helped"
    DID_NOT_HELP = "did_not_help"
    WAS_WRONG = "was_wrong"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands: characters `start` to `end` of a document's text.

    Raises FeedbackError where that is no stretch of a text.
    """

    document_id: str
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 < len(self.document_id) <= _MAX_ID or not 0 <= self.start < self.end < 10**9:
            raise FeedbackError("A quote's place is document, start and end, as the answer has it.")


@dataclass(frozen=True, slots=True)
class Feedback:
    """One patient's word on one answer. Raises FeedbackError, which repeats nothing of it."""

    verdict: Verdict
    reason: str = ""
    """One of REASONS, or empty."""
    note: str = ""
    """In the patient's own words, at most MAX_NOTE characters."""
    kind: str = ""
    """The answer's kind; empty where it is not known."""
    refusal: str = ""
    """Why the answer was a refusal, if it was one."""
    places: tuple[Place, ...] = ()
    """Of the quotes that were shown."""
    generation: str = ""
    """The index that answered."""
    question: str = ""
    """Kept only where the clinic has questions logged."""
    day: date = field(default_factory=today)
    """In UTC. The time of day is not kept."""

    def __post_init__(self) -> None:
        _check(self.verdict in tuple(Verdict), f"verdict: one of {', '.join(Verdict)}")
        _check(self.reason in ("", *REASONS), f"reason: empty, or one of {', '.join(REASONS)}")
        _check(len(self.note) <= MAX_NOTE, f"note: at most {MAX_NOTE} characters")
        _check(self.kind in ("", *AnswerKind), f"kind: empty, or one of {', '.join(AnswerKind)}")
        _check(self.refusal in ("", *REFUSALS), f"refusal: empty, or one of {', '.join(REFUSALS)}")
        _check(len(self.places) <= MAX_PLACES, f"span: at most {MAX_PLACES} of them")
        _check(bool(_CODE.fullmatch(self.generation)), "generation: the name that the answer has")
        _check(len(self.question) <= MAX_QUESTION, f"question: at most {MAX_QUESTION} characters")


class FeedbackBook:
    """Keeps feedback in a store."""

    def __init__(
        self,
        store: Store,
        redact: Callable[[str], str],
        is_grave: Callable[[str], bool],
        with_questions: bool,
    ) -> None:
        """`redact` takes personal things out of a text, `is_grave` tells whether danger speaks from
        one. Questions are kept with feedback only where `with_questions` says so."""
        self._store = store
        self._redact = redact
        self._is_grave = is_grave
        self._with_questions = with_questions

    def keep(self, feedback: Feedback) -> None:
        """Keeps it, redacted. Raises StoreError where that cannot be done.

        Of a message in which danger is found no word is kept, be it the question or the note.
        """
        grave = feedback.kind in (AnswerKind.CRISIS, AnswerKind.EMERGENCY)
        question = "" if grave or not self._with_questions else self._kept(feedback.question)
        kept = replace(feedback, note=self._kept(feedback.note), question=question)
        self._store.add("feedback", feedback_row(kept))

    def _kept(self, text: str) -> str:
        return "" if not text.strip() or self._is_grave(text) else self._redact(text)


def feedback_row(feedback: Feedback) -> dict[str, str]:
    """Feedback as the values of a row, all of them text."""
    row = {name: str(value) for name, value in asdict(feedback).items()}
    return row | {"day": feedback.day.isoformat(), "places": places_text(feedback.places)}


def read_feedback(store: Store) -> list[Feedback]:
    """All that is kept, oldest day first. Raises StoreError."""
    return [
        Feedback(
            **row
            | {
                "verdict": Verdict(row["verdict"]),
                "day": date.fromisoformat(row["day"]),
                "places": read_places(row["places"]),
            }  # type: ignore[arg-type]
        )
        for row in store.rows("feedback")
    ]


def totals(feedback: Iterable[Feedback]) -> dict[str, int]:
    """How many of each verdict, all verdicts named."""
    counts = Counter(one.verdict for one in feedback)
    return {verdict.value: counts[verdict] for verdict in Verdict}


def places_text(places: Iterable[Place]) -> str:
    """Places as JSON."""
    return json.dumps([[one.document_id, one.start, one.end] for one in places], ensure_ascii=False)


def read_places(written: str) -> tuple[Place, ...]:
    """The places of a JSON text that `places_text` made."""
    return tuple(Place(document_id, start, end) for document_id, start, end in json.loads(written))


def _check(holds: bool, what: str) -> None:
    if not holds:
        raise FeedbackError(f"This feedback cannot be kept. {what}.")
