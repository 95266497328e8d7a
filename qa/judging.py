"""Judging: what a system answered to a question of an evaluation set → whether it was right.

White space and letter case are folded throughout. A quote is right when it comes from an accepted
document and
  section: at least half of its characters stand in sentences of the gold text, or it holds the
    whole gold text within MAX_WORDS words;
  sentences: it holds a labelled sentence, or lies inside one, within MAX_WORDS words;
  span: it holds the span within MAX_WORDS words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.evaluation_sets import GoldKind, SetQuestion

__all__ = ["MAX_WORDS", "Judged", "Quoted", "Response", "WordCounts", "is_right", "judge_response"]

MAX_WORDS = 130
"""Longest quote that can be right, but for parts of a section: else a whole document would be."""
_PLACES = 5
"""Quotes that are judged, best first."""
_SHORTEST_PART = 30
"""Characters that a part of a labelled sentence must exceed to count as that sentence."""
_SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text quoted from a document, which is named by its id in the index."""

    document: str
    text: str


@dataclass(frozen=True, slots=True)
class Response:
    """What a system made of a question."""

    refused: bool
    confidence: float
    """Any score by which the system would decide to answer; higher is surer."""
    quotes: tuple[Quoted, ...]
    """Best first; those of a refusal are what it held back."""
    candidates: tuple[Quoted, ...] = ()
    """The passages among which the quotes were looked for, best first."""


@dataclass(frozen=True, slots=True)
class WordCounts:
    """Words for the word-level measures of a question."""

    found: int
    """Of the best fitting set of labelled sentences, those of sentences quoted whole."""
    quoted: int
    gold: int
    """Of all sentences of that set."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, and what became of it."""

    qid: str
    answerable: bool
    kind: str
    unit: str
    """What is drawn anew in a bootstrap: the leaflet with its variants, where there are groups, or
    the question."""
    twin_of: str | None
    refused: bool
    confidence: float
    right: tuple[bool, ...]
    """For each of the first five quotes; empty where the question has no answer."""
    first_words: int | None
    """Words of the first quote."""
    candidate_place: int | None
    """Place (from 1) of the first candidate that holds the gold."""
    words: WordCounts | None
    """None where sentences are not labelled."""


def judge_response(question: SetQuestion, response: Response) -> Judged:
    """Compares a response with a question's judgement."""
    quotes = response.quotes[:_PLACES]
    holding = (
        place
        for place, candidate in enumerate(response.candidates, 1)
        if is_right(question, candidate, max_words=None)
    )
    return Judged(
        qid=question.qid,
        answerable=question.answerable,
        kind=question.kind,
        unit=question.leaflet if question.group else question.qid,
        twin_of=question.twin_of,
        refused=response.refused,
        confidence=response.confidence,
        right=tuple(is_right(question, one) for one in quotes) if question.answerable else (),
        first_words=len(quotes[0].text.split()) if quotes else None,
        candidate_place=next(holding, None) if question.answerable else None,
        words=(
            _count_words(question, response) if question.gold_kind is GoldKind.SENTENCES else None
        ),
    )


def is_right(question: SetQuestion, quote: Quoted, max_words: int | None = MAX_WORDS) -> bool:
    """Whether a quote answers a question; `max_words` None judges it whatever its length."""
    quoted = _fold(quote.text)
    short = max_words is None or len(quoted.split()) <= max_words
    for gold in question.golds:
        if gold.document != quote.document:
            continue
        for text in map(_fold, gold.texts):
            match question.gold_kind:
                case GoldKind.SECTION:
                    right = (short and text in quoted) or _share_inside(quote.text, text) >= 0.5
                case GoldKind.SENTENCES:
                    part = quoted in text and len(quoted) > _SHORTEST_PART
                    right = short and (text in quoted or part)
                case GoldKind.SPAN:
                    right = short and text in quoted
            if right:
                return True
    return False


@lru_cache(maxsize=4096)
def _fold(text: str) -> str:
    return " ".join(text.split()).lower()


def _share_inside(quote: str, gold: str) -> float:
    """Share of the quote's characters that stand in sentences found in the folded gold text."""
    parts = [_fold(part) for part in _SENTENCE_END.split(quote) if len(part.strip()) > 2]
    total = sum(map(len, parts))
    return sum(len(part) for part in parts if part in gold) / total if total else 0.0


def _count_words(question: SetQuestion, response: Response) -> WordCounts:
    """Words of the quotes shown, against the set of labelled sentences that fits best.

    A refusal quotes nothing; a question without an answer has no gold words.
    """
    shown: Sequence[Quoted] = () if response.refused else response.quotes
    quoted = _fold(" ".join(quote.text for quote in shown))

    def against(sentences: Sequence[str]) -> WordCounts:
        sizes = {text: len(text.split()) for text in map(_fold, sentences)}
        # A sentence that a set names twice counts twice, as in its size.
        found = sum(sizes[text] for text in map(_fold, sentences) if text in quoted)
        gold = sum(sizes[text] for text in map(_fold, sentences))
        return WordCounts(found, len(quoted.split()), gold)

    return max(
        map(against, question.evidence_sets or ((),)),
        key=lambda counts: (counts.found / max(1, counts.gold), -counts.gold),
    )
