"""Deciding: hits and their evidence become quotes, or a refusal with its reason. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.carrying import carried_warnings
from qa.document import Document, Sentence
from qa.quoting import stand_alone
from qa.repeats import says_nothing_new
from qa.spans import Span
from qa.types import Evidence, Passage, Quote, Related

__all__ = ["Decision", "Policy", "confidence_of", "decide"]


@dataclass(frozen=True, slots=True)
class Policy:
    """When to answer, and how much to quote."""

    threshold: float = 0.44
    """Confidence below which is refused. With the trained reader, of the steps of 0.02 the tuned
    golden questions' sum of right answers shown first or second and of refusals of what is on the
    topic and not answered is largest at 0.42 and 0.44 (`qa test --sweep`); the stricter was
    taken."""
    evidence_is_probability: bool = False
    """Whether the reader's `answerable` is the confidence as it is, without `confidence_of`."""
    off_corpus: float = 0.25
    """Similarity of the nearest sentence below which a question is off the corpus, whatever the
    reader says. At 0.2 a held question off the topic is answered, which is under the floor; at 0.25
    and 0.275 none is, and the lower refuses fewer short lay questions of small leaflets. Again:
    `QA_ANSWER__OFF_CORPUS=0.2 qa test`, and so on."""
    max_quotes: int = 3
    max_words: int = 60
    """Neighbouring quotes are merged up to this; one that needs more to stand alone has it."""
    min_share_of_probability: float = 0.2
    """The same as `min_share`, for readers whose evidence is a probability. Of 0.1, 0.2 and 0.3 the
    largest that finds as many of all golden questions' quotes in two (97 of 113; 0.3 finds 96),
    since the floor is for all; word F1 on
    held-out leaflets is 0.343, 0.356 and 0.368, right ones in three 0.90, 0.89 and 0.88."""
    joining_share: float = 0.07
    """The same for sentences beside a quote, which join it up to `max_words`: what belongs to an
    answer often has little evidence by itself. Of 0.05, 0.07, 0.1, 0.15 and 0.3 the largest that
    finds as many golden questions' quotes in two (97; then 96, 95 and 91); word F1 on held-out
    leaflets is 0.356, 0.364, 0.372, 0.381 and 0.403."""
    min_share: float = 0.55
    """Further quotes must have at least this share of the best one's evidence. Of 0.5, 0.55, 0.6,
    0.65 and 0.8 the largest with 85 % of the golden questions right in two quotes; a field to
    change for trying others, as `test_the_figures_are_above_the_floor` then tells."""

    @property
    def further_share(self) -> float:
        """Of the best one's evidence: what a further quote must have, by the reader in use."""
        return self.min_share_of_probability if self.evidence_is_probability else self.min_share


@dataclass(frozen=True, slots=True)
class Decision:
    """Quotes, best first, and why they are not shown, if they are not."""

    quotes: tuple[Quote, ...]
    confidence: float
    reason: str | None
    """None when the quotes answer; else `off_corpus`, `not_answered` or `wrong_subject`."""
    warnings: tuple[Quote, ...] = ()
    """Warnings marked in the quotes' sections, to be shown behind them where they are shown."""
    subject: str = ""
    """What the question is about and no document speaks of; see `qa.subject`."""
    related: tuple[Related, ...] = ()
    """Sections near what is not answered; see `qa.related`."""


_AT_THRESHOLD = 0.215
"""Evidence that the default threshold stands for: just above that of every off-topic question among
the tuned golden ones (`QA_READING__MODEL=similarity QA_ANSWER__OFF_CORPUS=0 qa test --sweep`).
Similarity tells on the topic from off it, and hardly at all whether a passage answers."""
_CAP = 0.99
"""What a refusal whatever was found leaves of a confidence above the threshold: no more than must
be, so that confidences still compare."""
_STEEPNESS = 14.0
"""Only spreads the values between 0 and 1: no order between two questions depends on it."""


def confidence_of(evidence: float) -> float:
    """Similarity's evidence of the best sentence → confidence between 0 and 1.

    A logistic curve through the default threshold at `_AT_THRESHOLD`; it is no probability.
    """
    odds = Policy().threshold / (1.0 - Policy().threshold)
    return 1.0 / (1.0 + math.exp(-_STEEPNESS * (evidence - _AT_THRESHOLD)) / odds)


def decide(
    passages: Sequence[Passage],
    evidence: Sequence[Evidence],
    sentences_of: Callable[[str], Sequence[Sentence]],
    policy: Policy,
) -> Decision:
    """Chooses quotes from passages (one Evidence each) and decides whether they are shown.

    `sentences_of` gives all sentences of a document by its id, in order.
    """
    ranked = _rank(passages, evidence)
    if not ranked:
        return Decision((), 0.0, "off_corpus")
    spans = _choose(ranked, sentences_of, policy)
    quotes = tuple(
        Quote.cut(span.document, span.start, span.end, score=min(1.0, span.score)) for span in spans
    )
    warnings = tuple(
        Quote.cut(span.document, span.start, span.end, role="warning")
        for span in carried_warnings(spans)
    )
    answerable = max(one.answerable for one in evidence)
    confidence = answerable if policy.evidence_is_probability else confidence_of(answerable)
    reason = None if confidence >= policy.threshold else "not_answered"
    if max(one.on_topic for one in evidence) < policy.off_corpus:
        # Whatever words it shares, a question about something else is not answered here.
        confidence, reason = min(confidence, policy.threshold * _CAP), "off_corpus"
    return Decision(quotes, confidence, reason, warnings)


def _rank(
    passages: Sequence[Passage], evidence: Sequence[Evidence]
) -> list[tuple[float, Document, Sentence]]:
    """All sentences with their evidence, best first; search order parts equals."""
    ranked: list[tuple[float, Document, Sentence]] = []
    for passage, found in zip(passages, evidence, strict=True):
        for sentence, score in zip(passage.chunk.sentences, found.sentences, strict=True):
            ranked.append((score, passage.document, sentence))
    return sorted(ranked, key=lambda one: -one[0])


def _choose(
    ranked: Sequence[tuple[float, Document, Sentence]],
    sentences_of: Callable[[str], Sequence[Sentence]],
    policy: Policy,
) -> list[Span]:
    """Spans that stand alone, merged where they touch, and none that says nothing new."""
    spans: list[Span] = []
    best = ranked[0][0]
    floor = best * policy.further_share
    joining = best * (
        policy.joining_share if policy.evidence_is_probability else policy.further_share
    )
    for score, document, sentence in ranked:
        if score < joining:
            break
        sentences = sentences_of(document.id)
        place = _place(sentences, sentence)
        span = Span(document, sentences, *stand_alone(document, sentences, place), score)
        merged = _merge_into(spans, span, policy)
        if merged:
            continue
        if len(spans) == policy.max_quotes or score < floor:
            continue  # what comes may still complete a quote
        if not any(says_nothing_new(span.texts, earlier.texts) for earlier in spans):
            spans.append(span)
    return spans


def _place(sentences: Sequence[Sentence], wanted: Sentence) -> int:
    """Index of a sentence among its document's, which are in order."""
    low, high = 0, len(sentences)
    while low < high:
        middle = (low + high) // 2
        if sentences[middle].start < wanted.start:
            low = middle + 1
        else:
            high = middle
    return low


def _merge_into(spans: list[Span], span: Span, policy: Policy) -> bool:
    """Merges a span with all that it overlaps, or touches without making it too long.

    What was merged may reach the next one, and takes the best place among those it is made of.
    """
    place, merged = len(spans), False
    while (at := _neighbour(spans, span, policy)) is not None:
        other = spans.pop(at)
        first, last = min(span.first, other.first), max(span.last, other.last)
        score = max(span.score, other.score)
        span = Span(span.document, span.sentences, first, last, score)
        place = min(place, at)
        merged = True
    if merged:
        spans.insert(place, span)
    return merged


def _neighbour(spans: Sequence[Span], span: Span, policy: Policy) -> int | None:
    """Index of a span that the given one belongs together with."""
    for i, other in enumerate(spans):
        if other.document.id != span.document.id or other.section != span.section:
            continue
        overlap = span.first <= other.last and other.first <= span.last
        touch = span.first == other.last + 1 or other.first == span.last + 1
        if overlap or (touch and _words_of_both(span, other) <= policy.max_words):
            return i
    return None


def _words_of_both(span: Span, other: Span) -> int:
    start, end = min(span.start, other.start), max(span.end, other.end)
    return len(span.document.text[start:end].split())
