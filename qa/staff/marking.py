"""Marking an answer: what a member says of it becomes a golden question, or awaits a sentence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from qa.errors import QuestionError
from qa.golden import fold
from qa.query import MAX_QUESTION
from qa.staff.desk import Desk
from qa.staff.golden_book import GoldenBook, Kept, Label
from qa.staff.golden_ledger import GoldenLedger, Written
from qa.staff.labelling import note_of, placed, sentences_within, tags_with
from qa.staff.open_marks import OpenMarks
from qa.standing import Audience
from qa.tracing import Trace
from qa.types import Answer, AnswerKind, Quote

__all__ = ["Asked", "Marked", "Marker", "Verdict"]


class Verdict(StrEnum):
    """What a member says of an answer."""

    RIGHT = "right"
    WRONG_QUOTE = "wrong_quote"
    SHOULD_REFUSE = "should_refuse"
    SHOULD_ANSWER = "should_answer"

    @property
    def said(self) -> str:
        """The verdict in words, for the trail."""
        return self.value.replace("_", " ")

    @property
    def needs_a_sentence(self) -> bool:
        """Whether somebody has to choose what should be quoted."""
        return self in (Verdict.WRONG_QUOTE, Verdict.SHOULD_ANSWER)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, and which places were quoted on the screen."""

    question: str
    audience: Audience
    places: tuple[tuple[str, int, int], ...]
    """Document, start and end in code points of each quote."""

    @classmethod
    def read(cls, written: str) -> Asked:
        """From the JSON that the Ask page keeps. Raises QuestionError where it is none."""
        if not written:
            raise QuestionError("Ask a question first, and then say what you think of the answer.")
        try:
            found = json.loads(written)
            places = tuple((str(d), int(start), int(end)) for d, start, end in found["places"])
            question, audience = found["question"], found["audience"]
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            raise QuestionError("That cannot be marked. Load the page again, and ask.") from None
        if not isinstance(question, str) or audience not in ("patients", "staff"):
            raise QuestionError("That cannot be marked. Load the page again, and ask.")
        if not question.isascii():
            question = question.encode("utf-8", "replace").decode()  # half a character is none
        if not 0 < len(fold(question)) <= MAX_QUESTION:
            raise QuestionError(f"A question has 1 to {MAX_QUESTION:,} characters.")
        return cls(question, audience, places)


@dataclass(frozen=True, slots=True)
class Marked:
    """What came of a mark."""

    verdict: Verdict
    question: str
    written: Written | None = None
    """The edit that was made at once."""
    label: Label | None = None
    """What the question says now, or would say."""
    before: Kept | None = None
    """The golden question that was there already, where nothing was written."""

    @property
    def differs(self) -> bool:
        """Whether the golden question that is there says something else than the mark."""
        return bool(
            self.before and self.label and not _says_the_same(self.before.label, self.label)
        )


class Marker:
    """Marks answers of a desk's assistant."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.ledger = GoldenLedger(GoldenBook(desk.golden), desk.file, desk.audit)
        self.open = OpenMarks(desk.file)

    def mark(self, asked: Asked, verdict: Verdict, who: str) -> Marked:
        """Asks again, and writes what the mark says, or keeps it open until a sentence is chosen.

        A question that is golden already is left as it is; the result says what it says. Raises
        QuestionError where the answer is another one by now, or the mark does not fit it.
        """
        question = fold(asked.question)
        examined = self._desk.assistant.examine(asked.question, audience=asked.audience)
        answer, _ = examined
        if tuple((one.document_id, one.start, one.end) for one in answer.quotes) != asked.places:
            raise QuestionError(
                "The answer is another one by now: the documents or a setting changed. "
                "Nothing was written. Ask again, and mark what you see then."
            )
        _check_fits(answer, verdict)
        if verdict.needs_a_sentence:
            self._desk.audit.note(who, "marked an answer", question, verdict.said)
            self.open.keep(question, verdict.value, who)
            return Marked(verdict, question, before=self.ledger.book.find(question))
        label = self.proposed(question, examined, verdict, who)
        before = self.ledger.book.find(question)
        if before:
            return Marked(verdict, question, label=label, before=before)
        written = self.ledger.add(who, label, verdict.said)
        self.open.settle(question)
        return Marked(verdict, question, written, label)

    def proposed(
        self, question: str, examined: tuple[Answer, Trace], verdict: Verdict, who: str
    ) -> Label:
        """The golden question that a mark makes of an answer, with what led to it.

        Raises QuestionError where patients are never shown what was quoted.
        """
        answer, trace = examined
        note = note_of(who, datetime.now(UTC).date())
        kind = "refuse" if verdict is Verdict.SHOULD_REFUSE else _kind_of(answer)
        # Only a refusal for being about something else says so by itself.
        off_topic = answer.reason == "off_corpus" if kind == "refuse" else None
        label = Label(
            question, kind, tags=tags_with("", held=False, off_topic=off_topic), note=note
        )
        if kind != "quote":
            return label
        quote = first_evidence(answer)
        document = self._desk.assistant.stored(quote.document_id) if quote else None
        if quote is None or document is None:
            raise QuestionError("The document of this answer is not there any more. Ask again.")
        standing = self._desk.assistant.standings().get(document.id)
        if standing is None or not standing.quotable:
            raise QuestionError(
                f"\u201c{document.title}\u201d is not quoted to patients, and golden questions are "
                "asked as patients ask. Nothing was written."
            )
        sentences = self._desk.assistant.live.current().sentences_of(document.id)
        span, policy = (quote.start, quote.end), trace.policy or self._desk.policy
        # As much as a further quote must have to be shown as an answer of its own.
        share = policy.further_share
        within = sentences_within(document, sentences, span, _evidence(trace, quote), share)
        return placed(label, document, within)


def first_evidence(answer: Answer) -> Quote | None:
    """The quote that a member vouches for: the first one that is no mere warning."""
    return next((one for one in answer.quotes if one.role == "evidence"), None)


def _evidence(trace: Trace, quote: Quote) -> dict[tuple[int, int], float]:
    """The evidence of the sentences that were read in a quote's document, by their spans."""
    return {
        (one.start, one.end): one.evidence
        for passage in trace.passages
        if passage.document_id == quote.document_id
        for one in passage.sentences
    }


def _kind_of(answer: Answer) -> str:
    """What a golden question expects that this answer is right for."""
    if answer.kind in (AnswerKind.CRISIS, AnswerKind.EMERGENCY):
        return answer.kind.value
    if answer.quotes:
        return "quote"
    return "advice" if any(one.kind == "advice" for one in answer.notices) else "refuse"


def _check_fits(answer: Answer, verdict: Verdict) -> None:
    if verdict is Verdict.SHOULD_REFUSE and not answer.quotes:
        raise QuestionError(
            "Nothing was quoted here. If that is as it should be, press \u201cRight\u201d."
        )
    if verdict is Verdict.WRONG_QUOTE and not answer.quotes:
        raise QuestionError(
            "Nothing was quoted here. If something should have been, press \u201cShould have been "
            "answered\u201d."
        )
    if verdict is Verdict.SHOULD_ANSWER and answer.quotes:
        raise QuestionError(
            "This was answered. If the quote is wrong, press \u201cWrong quote\u201d."
        )


def _says_the_same(one: Label, other: Label) -> bool:
    return one.expect == other.expect and fold(one.quote) == fold(other.quote)
