"""How results, shares and confidences of runs look: a sign and a word, never a colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from qa.evaluation import Rate
from qa.staff.judgement import Judgement, Result

__all__ = ["EXPECTED", "Cell", "bar_of", "cell_of", "refusal_words", "share_words"]

_GOOD, _BAD, _UNDULY = "✓", "✗", "○"
_CELLS = {
    Result.RIGHT_FIRST: (_GOOD, "right first", "good"),
    Result.WRONG_QUOTE: (_BAD, "wrong quote", "bad"),
    Result.HELD_BACK: (_UNDULY, "held back", "unduly"),
    Result.NOT_FOUND: (_UNDULY, "not found", "unduly"),
    Result.REFUSED_RIGHTLY: (_GOOD, "refused", "good"),
    Result.ANSWERED_WRONGLY: (_BAD, "answered", "bad"),
    Result.NOTICED: (_GOOD, "noticed", "good"),
    Result.NOT_NOTICED: (_BAD, "not noticed", "bad"),
}
_PLACES = {2: "right second", 3: "right third"}
EXPECTED = {
    "quote": "a quote that answers",
    "refuse": "a refusal: the documents do not answer it",
    "crisis": "the crisis lines",
    "emergency": "the emergency number",
    "advice": "the notice that this page cannot advise on one's own care",
}
"""What a golden question asks for, in words."""
_REASONS = {
    "off_corpus": "nothing in the documents comes near it",
    "not_answered": "its confidence is under the threshold",
    "wrong_subject": "it names something that the documents do not speak of",
    "advice": "it asks for personal advice, and nothing in the documents answers it in general",
    "withheld": "a passage could not be checked against its document",
    "empty": "it has no words",
    "too_long": "it is too long",
    "unknown_document": "the document that was asked for is not there",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A result as it is shown."""

    sign: str
    word: str
    look: str
    """The class of its colours."""


def cell_of(judged: Judgement) -> Cell:
    """A judgement in a word and a sign."""
    if judged.result is Result.RIGHT_IN_THREE:
        return Cell(_GOOD, _PLACES.get(judged.rank or 0, "right in three"), "fair")
    return Cell(*_CELLS[judged.result])


def refusal_words(judged: Judgement) -> str:
    """Why quotes were not shown; empty where they were."""
    if judged.shown:
        return ""
    return _REASONS.get(judged.reason, "help alone is the answer to this message")


def share_words(rate: Rate | None) -> tuple[str, str]:
    """A share with its 95 % interval, and its counts: "71 % (55–83)", "27 of 38"."""
    if rate is None or not rate.of:
        return "–", "none asked" if rate else "no run before"
    low, high = (f"{100 * end:.0f}" for end in rate.interval)
    # It may break before the bracket, and nowhere else.
    return f"{100 * rate.share:.0f}\u00a0% ({low}\u2060–\u2060{high})", f"{rate.count} of {rate.of}"


def bar_of(rate: Rate) -> tuple[int, int, int]:
    """Where the interval begins, how wide it is and where the share is, in thousandths."""
    low, high = rate.interval
    return round(1000 * low), max(4, round(1000 * (high - low))), round(1000 * rate.share)
