"""What became of one golden question in a run, as it is kept and shown."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from qa.answer import Decision
from qa.composing import shown_of
from qa.evaluation import Outcome
from qa.feedback import Place
from qa.safety import Assessment, Danger
from qa.types import Answer

__all__ = ["Judgement", "Result", "judgement_of"]


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
    """Whether no threshold shows quotes: it is off the corpus, about another subject or tells of a
    danger to which help alone is the answer. Any other is shown from its confidence downwards."""
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
    """The judgement of an outcome that `qa.evaluation` judged, with the trace of its answer."""
    golden, answer = outcome.golden, outcome.answer
    quotes = answer.quotes or answer.held_back
    return Judgement(
        question=golden.question,
        expect=golden.expect,
        tags=tuple(sorted(golden.tags)),
        document=golden.document,
        result=_result(outcome),
        confidence=answer.confidence,  # not rounded: thresholds are compared with it
        rank=outcome.rank,
        shown=bool(answer.quotes),
        settled=_is_settled(answer),
        reason=answer.reason or "",
        places=tuple(Place(one.document_id, one.start, one.end) for one in quotes),
    )


def _is_settled(answer: Answer) -> bool:
    """Whether the answer shows no quotes at any threshold.

    Its reason does not tell: `advice` hides what the documents say, and a probable name is given as
    the reason of what is refused by the threshold alone. So it is read from the trace.
    """
    if answer.quotes:
        return False
    found = dict(answer.trace)
    danger = Assessment(Danger(found.get("danger", Danger.NONE)))
    answered = Decision(answer.held_back, 1.0, None)
    if not shown_of(answer.question, danger, answered):
        return True  # nothing was found to be shown, or the danger forbids it
    return bool(found.get("settled", True))  # an answer that no search was made for has none


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
