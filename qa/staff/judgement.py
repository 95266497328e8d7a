"""What became of one golden question in a run, as it is kept and shown."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from qa.evaluation import Outcome
from qa.feedback import Place
from qa.types import AnswerKind

__all__ = ["Judgement", "Result", "judgement_of"]

_SETTLED = ("off_corpus", "wrong_subject", "withheld", "empty", "too_long", "unknown_document")


class Result(StrEnum):
    """What became of a question, in words for staff."""

    RIGHT_FIRST = "right quote first"
    RIGHT_IN_THREE = "right quote, not first"
    WRONG_QUOTE = "wrong quote"
    HELD_BACK = "refused, right quote held back"
    NOT_FOUND = "refused, right quote not found"
    REFUSED_RIGHTLY = "refused rightly"
    ANSWERED_WRONGLY = "should have been refused"
    NOTICED = "danger noticed"
    NOT_NOTICED = "danger not noticed"

    @property
    def is_good(self) -> bool:
        """Whether that is what the golden question asks for."""
        good = (Result.RIGHT_FIRST, Result.RIGHT_IN_THREE, Result.REFUSED_RIGHTLY, Result.NOTICED)
        return self in good


@dataclass(frozen=True, slots=True)
class Judgement:
    """One question of a run."""

    question: str
    expect: str
    tags: tuple[str, ...]
    document: str
    """The one that its label names."""
    result: Result
    confidence: float
    rank: int | None
    """Place (from 1) of the first right quote, shown or held back."""
    shown: bool
    """Whether quotes were shown."""
    settled: bool
    """Whether nothing is shown whatever the threshold: it is off the corpus, about another subject
    or a call for help."""
    reason: str
    places: tuple[Place, ...]
    """Of the quotes that were shown or held back, best first."""

    @property
    def held(self) -> bool:
        """Whether nothing may be tuned on it."""
        return "held" in self.tags

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self) | {"result": self.result.value}

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> Judgement:
        """What `to_dict` gave. Raises TypeError, KeyError or ValueError for anything else."""
        return cls(
            **kept
            | {
                "result": Result(kept["result"]),
                "tags": tuple(kept["tags"]),
                "places": tuple(Place(**one) for one in kept["places"]),
            }
        )


def judgement_of(outcome: Outcome) -> Judgement:
    """The judgement of an outcome that `qa.evaluation` judged."""
    golden, answer = outcome.golden, outcome.answer
    quotes = answer.quotes or answer.held_back
    return Judgement(
        question=golden.question,
        expect=golden.expect,
        tags=tuple(sorted(golden.tags)),
        document=golden.document,
        result=_result(outcome),
        confidence=round(answer.confidence, 6),
        rank=outcome.rank,
        shown=bool(answer.quotes),
        settled=_is_settled(outcome),
        reason=answer.reason or "",
        places=tuple(Place(one.document_id, one.start, one.end) for one in quotes),
    )


def _is_settled(outcome: Outcome) -> bool:
    answer = outcome.answer
    if answer.quotes:
        return False
    if answer.kind is AnswerKind.CRISIS and "?" not in answer.question:
        return True  # as in `qa.composing`
    # The reason alone does not tell: a refusal below the threshold may name a word as well.
    found = dict(answer.trace).get("settled", answer.reason in _SETTLED)
    return bool(found) or answer.kind is AnswerKind.EMERGENCY


def _result(outcome: Outcome) -> Result:
    expect, shown, rank = outcome.golden.expect, bool(outcome.answer.quotes), outcome.rank
    if expect == "refuse":
        return Result.ANSWERED_WRONGLY if shown else Result.REFUSED_RIGHTLY
    if expect != "quote":
        return Result.NOTICED if outcome.passed else Result.NOT_NOTICED
    if not shown:
        return Result.HELD_BACK if rank else Result.NOT_FOUND
    if rank is None or rank > 3:
        return Result.WRONG_QUOTE
    return Result.RIGHT_FIRST if rank == 1 else Result.RIGHT_IN_THREE
