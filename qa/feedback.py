"""What a patient says of an answer: that it helped, did not help, or was wrong, and why."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum

from qa.document import Document
from qa.errors import FeedbackError
from qa.query import MAX_QUESTION
from qa.safety import Assessment, Danger
from qa.store import Store, today
from qa.types import AnswerKind, Notice

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
MAX_PLACES = 16
"""More quotes than any answer shows."""
_MAX_ID = 500
_GRAVE = (Danger.CRISIS, Danger.EMERGENCY)
_HELP = ("emergency", "poison", "crisis")
"""Kinds of notices; those under every answer are on the page already."""
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
    """One patient's word on one answer; `check` holds it to what is taken today.

    What was taken once is read as it is, though a reason or an answer's kind has gone since.
    """

    verdict: Verdict | str
    """A Verdict, but for one that was kept by another version."""
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

    def check(self) -> None:
        """Raises FeedbackError, which repeats nothing of it, where a field is not taken."""
        _check(self.verdict in tuple(Verdict), f"verdict: one of {', '.join(Verdict)}")
        _check(self.reason in ("", *REASONS), f"reason: empty, or one of {', '.join(REASONS)}")
        _check(len(self.note) <= MAX_NOTE, f"note: at most {MAX_NOTE} characters")
        _check(self.kind in ("", *AnswerKind), f"kind: empty, or one of {', '.join(AnswerKind)}")
        _check(self.refusal in ("", *REFUSALS), f"refusal: empty, or one of {', '.join(REFUSALS)}")
        _check(len(self.places) <= MAX_PLACES, f"span: at most {MAX_PLACES} of them")
        _check(bool(_CODE.fullmatch(self.generation)), "generation: the name that the answer has")
        _check(len(self.question) <= MAX_QUESTION, f"question: at most {MAX_QUESTION} characters")


class FeedbackBook:
    """Keeps feedback in a store, and has help for whoever tells of danger in it."""

    def __init__(
        self,
        store: Store,
        redact: Callable[[str], str],
        assess: Callable[[str], Assessment],
        with_questions: bool,
        *,
        documents: Callable[[], Iterable[Document]],
        notices: Callable[[Assessment, str], Iterable[Notice]],
    ) -> None:
        """`redact` takes personal things out of a text, `assess` tells what danger speaks from one,
        and `notices` gives what is shown because of it in a language. Questions are kept with
        feedback only where `with_questions` says so, and places only in the `documents`, which are
        those that are served."""
        self._store = store
        self._redact = redact
        self._assess = assess
        self._with_questions = with_questions
        self._documents = documents
        self._notices = notices

    def help_for(self, note: str, language: str) -> tuple[Notice, ...]:
        """The notices that must go before any thanks; none where the note tells of no danger.

        `note` is as it was sent, too long to be kept perhaps.
        """
        found = self._assess(note)
        if found.danger not in _GRAVE:
            return ()
        shown = self._notices(found, language)
        return tuple(notice for notice in shown if notice.kind in _HELP)

    def keep(self, feedback: Feedback) -> None:
        """Keeps it, redacted. Raises FeedbackError where it is not taken, and StoreError where it
        cannot be kept.

        Of a message in which danger is found no word is kept, be it the question or the note, and
        no place that is not a stretch of a document that is served: anything could stand there.
        """
        feedback.check()
        grave = feedback.kind in (AnswerKind.CRISIS, AnswerKind.EMERGENCY)
        question = "" if grave or not self._with_questions else self._kept(feedback.question)
        note, places = self._kept(feedback.note), self._served(feedback.places)
        kept = replace(feedback, note=note, question=question, places=places)
        self._store.add("feedback", feedback_row(kept))

    def _kept(self, text: str) -> str:
        if not text.strip() or self._assess(text).danger in _GRAVE:
            return ""
        return self._redact(text)

    def _served(self, places: Iterable[Place]) -> tuple[Place, ...]:
        ends = {document.id: len(document.text) for document in self._documents()}
        return tuple(one for one in places if one.end <= ends.get(one.document_id, 0))


def feedback_row(feedback: Feedback) -> dict[str, str]:
    """Feedback as the values of a row, all of them text."""
    row = {name: str(value) for name, value in asdict(feedback).items()}
    return row | {"day": feedback.day.isoformat(), "places": places_text(feedback.places)}


def read_feedback(store: Store) -> list[Feedback]:
    """All that is kept, oldest day first, by whatever version. Raises StoreError."""
    return [
        Feedback(
            **row
            | {
                "verdict": _verdict(row["verdict"]),
                "day": date.fromisoformat(row["day"]),
                "places": read_places(row["places"]),
            }  # type: ignore[arg-type]
        )
        for row in store.rows("feedback")
    ]


def totals(feedback: Iterable[Feedback]) -> dict[str, int]:
    """How many of each verdict, today's all named and first."""
    counts = Counter(str(one.verdict) for one in feedback)
    return {verdict.value: 0 for verdict in Verdict} | counts


def places_text(places: Iterable[Place]) -> str:
    """Places as JSON."""
    return json.dumps([[one.document_id, one.start, one.end] for one in places], ensure_ascii=False)


def read_places(written: str) -> tuple[Place, ...]:
    """The places of a JSON text that `places_text` made, without what is no place today."""
    found = []
    for document_id, start, end in json.loads(written):
        with suppress(FeedbackError):
            found.append(Place(document_id, start, end))
    return tuple(found)


def _verdict(written: str) -> Verdict | str:
    return Verdict(written) if written in tuple(Verdict) else written


def _check(holds: bool, what: str) -> None:
    if not holds:
        raise FeedbackError(f"This feedback cannot be kept. {what}.")
