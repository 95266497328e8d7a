"""Why an answer is as it is: all that was seen on the way to it, as data for staff.

A trace is made of what `qa.looking` saw, after the answer; `qa.why` says it in one sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.answer import Policy
from qa.danger_model import Lead
from qa.document import Document
from qa.looking import PASSAGES, Looked
from qa.query import Query
from qa.safety import Assessment, Danger, assess, looked_at
from qa.spelling import Correction
from qa.standing import Audience
from qa.synonyms import added_phrases
from qa.types import Answer, Evidence, Hit, Passage, Quote

__all__ = [
    "Candidate",
    "PassageRead",
    "SearchedFor",
    "SentenceRead",
    "Source",
    "Trace",
    "Verdict",
    "trace_of",
]

Source = Literal["settings", "calibrated"]
"""Where the threshold comes from: the settings, or `qa calibrate`."""


@dataclass(frozen=True, slots=True)
class SearchedFor:
    """What was typed, and what was made of it, step by step."""

    typed: str
    completed: str
    """The follow-up with what it leans on put in; empty where the question stands alone."""
    corrections: tuple[Correction, ...]
    """Misspelt words and what they were meant to be; offsets are those of the question then."""
    synonyms: tuple[tuple[str, str], ...]
    """What was said, and the documents' phrase that was searched for besides."""
    added: str
    """The words of those phrases that the question has not itself."""
    listed: tuple[str, ...]
    """Those of them that the patient is told of, since no document has what was said."""
    text: str
    """What was searched for and read by, but for `added`."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that one list or both brought up; `place` is its place in the fused list, from 1.

    Offsets are code points. The cosine and the BM25 score are raw, `fused` is the sum of
    1 / (60 + rank) over the lists that have it.
    """

    place: int
    document_id: str
    title: str
    section: str
    start: int
    end: int
    beginning: str
    """Its first sentence."""
    dense_rank: int | None
    cosine: float | None
    lexical_rank: int | None
    bm25: float | None
    fused: float
    read: bool
    """Whether it was read for evidence."""


@dataclass(frozen=True, slots=True)
class SentenceRead:
    """A sentence and how far it belongs to the answer, between 0 and 1."""

    start: int
    end: int
    text: str
    evidence: float
    quoted: bool
    """Whether it is in a quote that was shown, or that was held back."""


@dataclass(frozen=True, slots=True)
class PassageRead:
    """A passage that was read for evidence; `place` is its place among the candidates."""

    place: int
    document_id: str
    title: str
    section: str
    start: int
    end: int
    sentences: tuple[SentenceRead, ...]
    answerable: float
    on_topic: float

    @property
    def weighed(self) -> bool:
        """Whether its sentences were weighed: the trained reader leaves out the less similar."""
        return any(one.evidence > 0 for one in self.sentences)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of danger, and by what."""

    danger: Danger
    third_person: bool
    rule: str
    """The rule that decided; "learnt:…" where the learnt model did, empty where nothing was."""
    margin: float
    """The lead in log odds by which the learnt model decided; 0 where a pattern did."""
    by_pattern: Danger
    """What the patterns alone found in the message as it was typed."""
    pattern: str
    """The name of their rule; empty where none fired."""
    leads: tuple[Lead, ...]
    """What the learnt model made of the message, alarm or not; empty where it took no part or the
    message was not searched for."""


@dataclass(frozen=True, slots=True)
class Trace:
    """All that led to an answer. It holds the question: it is for staff, and is kept nowhere."""

    audience: Audience
    searched_for: SearchedFor | None
    """None where nothing was searched for."""
    candidates: tuple[Candidate, ...]
    """In fused order."""
    passages: tuple[PassageRead, ...]
    """Those with the most evidence first."""
    policy: Policy | None
    """The thresholds in use; None where nothing was searched."""
    threshold_from: Source
    verdict: Verdict
    subject: str
    """A name that no document speaks of."""
    guessed: bool
    """Whether that only is probably a name, which is told and decided nothing."""
    reason: str | None
    """Why the documents do not answer, whatever danger was found; None where they do."""
    quotes: tuple[Quote, ...]
    """What was decided to be quoted, shown or held back, best first; without warnings."""
    warnings: tuple[Quote, ...]
    """Warnings of the same sections that go with the quotes."""
    answerable: float
    """Of the best passage: the probability that it answers, or similarity's evidence."""
    on_topic: float
    """Similarity of the nearest sentence."""
    confidence: float
    steps: tuple[tuple[str, float], ...]
    """Each step with its milliseconds, in order."""
    total_ms: float


def trace_of(
    answer: Answer,
    seen: Looked,
    leads: Sequence[Lead],
    steps: Mapping[str, float],
    *,
    audience: Audience,
    threshold_from: Source,
) -> Trace:
    """The trace of an answer from what was seen; `steps` are milliseconds by name, in order."""
    decision = seen.decision
    quotes = (*decision.quotes, *decision.warnings)
    return Trace(
        audience=audience,
        searched_for=_searched_for(seen.query, seen.view.generation.synonyms)
        if seen.query
        else None,
        candidates=_candidates(seen),
        passages=_passages(seen.passages, seen.evidence, quotes),
        policy=seen.policy,
        threshold_from=threshold_from,
        verdict=_verdict(answer.question, seen.danger, leads),
        subject=decision.subject,
        guessed=bool(decision.subject) and not seen.subject,
        reason=decision.reason,
        quotes=decision.quotes,
        warnings=decision.warnings,
        answerable=max((one.answerable for one in seen.evidence), default=0.0),
        on_topic=max((one.on_topic for one in seen.evidence), default=0.0),
        confidence=answer.confidence,
        steps=tuple(steps.items()),
        total_ms=answer.took_ms,
    )


def _searched_for(query: Query, synonyms: Mapping[str, str]) -> SearchedFor:
    pairs = added_phrases(query.text, synonyms) if query.added else []
    return SearchedFor(
        typed=query.typed,
        completed=query.asked if query.asked != query.typed else "",
        corrections=query.corrected.corrections,
        synonyms=tuple(dict.fromkeys(pairs)),
        added=query.added,
        listed=query.listed,
        text=query.text,
    )


def _candidates(seen: Looked) -> tuple[Candidate, ...]:
    by_id = {one.id: one for one in seen.view.documents}
    return tuple(
        _candidate(place, hit, by_id[hit.chunk.document_id])
        for place, hit in enumerate(seen.hits, 1)
    )


def _candidate(place: int, hit: Hit, document: Document) -> Candidate:
    chunk = hit.chunk
    first = chunk.sentences[0]
    return Candidate(
        place=place,
        document_id=document.id,
        title=document.title,
        section=document.sections[chunk.section].heading,
        start=chunk.start,
        end=chunk.end,
        beginning=document.text[first.start : first.end],
        dense_rank=hit.dense_rank,
        cosine=hit.dense_score,
        lexical_rank=hit.lexical_rank,
        bm25=hit.lexical_score,
        fused=hit.fused,
        read=place <= PASSAGES,
    )


def _passages(
    passages: Sequence[Passage], evidence: Sequence[Evidence], quotes: Sequence[Quote]
) -> tuple[PassageRead, ...]:
    """The passages that were read; of equal ones the first found stays first."""
    read = [
        _passage(place, *pair, quotes)
        for place, pair in enumerate(zip(passages, evidence, strict=True), 1)
    ]
    return tuple(sorted(read, key=lambda one: -max((s.evidence for s in one.sentences), default=0)))


def _passage(place: int, passage: Passage, found: Evidence, quotes: Sequence[Quote]) -> PassageRead:
    document, chunk = passage.document, passage.chunk
    sentences = tuple(
        SentenceRead(
            one.start,
            one.end,
            document.text[one.start : one.end],
            score,
            any(
                quote.document_id == document.id and quote.start <= one.start < quote.end
                for quote in quotes
            ),
        )
        for one, score in zip(chunk.sentences, found.sentences, strict=True)
    )
    return PassageRead(
        place=place,
        document_id=document.id,
        title=document.title,
        section=document.sections[chunk.section].heading,
        start=chunk.start,
        end=chunk.end,
        sentences=sentences,
        answerable=found.answerable,
        on_topic=found.on_topic,
    )


def _verdict(question: str, found: Assessment, leads: Sequence[Lead]) -> Verdict:
    pattern = assess(looked_at(question))
    return Verdict(
        danger=found.danger,
        third_person=found.third_person,
        rule=found.rule,
        margin=found.margin,
        by_pattern=pattern.danger,
        pattern=pattern.rule,
        leads=tuple(leads),
    )
