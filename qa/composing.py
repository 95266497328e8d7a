"""Decision and danger as one answer; `qa.types.Answer` says what may go with what."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer import Decision
from qa.safety import Assessment, Danger
from qa.types import Answer, AnswerKind, Notice, Quote

__all__ = ["composed", "may_quote", "shown_of"]


def shown_of(question: str, found: Assessment, decision: Decision) -> tuple[Quote, ...]:
    """The quotes of a decision that are shown to somebody in that danger, warnings last."""
    if decision.reason is not None or not may_quote(question, found):
        return ()
    return (*decision.quotes, *decision.warnings)


def may_quote(question: str, found: Assessment) -> bool:
    """Whether anything may be quoted to somebody in that danger, whatever the documents say."""
    if found.danger is Danger.EMERGENCY:
        return False
    # Whoever asks nothing is shown help alone: a passage that shares words with their despair,
    # about side effects say, may hurt.
    return found.danger is not Danger.CRISIS or "?" in question


def composed(
    question: str,
    found: Assessment,
    decision: Decision,
    notices: Sequence[Notice],
    generation: str,
    searched_for: str,
) -> Answer:
    """The answer to a question, in which that danger was found, from the generation of that name.

    What was decided on and is not shown is held back. `searched_for` as in `qa.query`.
    """
    shown = shown_of(question, found, decision)
    kind = AnswerKind.REFUSAL if decision.reason else AnswerKind.ANSWER
    reason = decision.reason
    if found.danger is Danger.EMERGENCY:
        kind, reason = AnswerKind.EMERGENCY, None
    elif found.danger is Danger.CRISIS:
        kind, reason = AnswerKind.CRISIS, None
    elif found.danger is Danger.ADVICE and reason in ("off_corpus", "not_answered"):
        reason = "advice"
    return Answer(
        question=question,
        kind=kind,
        notices=tuple(notices),
        quotes=shown,
        held_back=() if shown else decision.quotes,
        reason=reason,
        # Somebody in danger is shown help alone, and never their own words again.
        searched_for=searched_for if kind in (AnswerKind.ANSWER, AnswerKind.REFUSAL) else "",
        subject=decision.subject if kind is AnswerKind.REFUSAL else "",
        related=decision.related if kind is AnswerKind.REFUSAL else (),
        confidence=decision.confidence,
        generation=generation,
    )
