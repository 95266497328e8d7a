"""Why it was quoted or refused, in one plain sentence with the numbers that decided."""

from __future__ import annotations

from qa.answer import Policy
from qa.query import MAX_QUESTION
from qa.safety import Danger
from qa.tracing import Trace
from qa.types import Answer

__all__ = ["apart", "why"]

_ORDINALS = ("first", "second", "third", "fourth", "fifth")


def why(answer: Answer, trace: Trace) -> str:
    """The sentence, or two, for an answer and its trace. It holds at most the subject's name."""
    danger = trace.verdict.danger
    if danger is Danger.EMERGENCY:
        return f"Emergency notice: {_fired(trace)}. Nothing is quoted to somebody in an emergency."
    if danger is Danger.CRISIS:
        return f"Crisis notice: {_fired(trace)}. {_beside(answer, trace)}"
    if answer.quotes:
        advice = f" The notice on advice stands above: {_fired(trace)}." if _advises(trace) else ""
        return f"Quoted: {_enough(trace)}.{_further(trace)}{advice}"
    advice = f" It asks for advice on one's own care: {_fired(trace)}." if _advises(trace) else ""
    return f"Refused: {_lacking(answer, trace)}.{advice}"


def apart(value: float, needed: float) -> tuple[str, str]:
    """Both numbers with two digits, or with more where they would look alike and are not."""
    for digits in (2, 3, 4):
        written = f"{value:.{digits}f}", f"{needed:.{digits}f}"
        if written[0] != written[1] or value == needed:
            break
    return written


def _advises(trace: Trace) -> bool:
    return trace.verdict.danger is Danger.ADVICE


def _fired(trace: Trace) -> str:
    """Which rule found the danger, or by how much the learnt model did."""
    verdict = trace.verdict
    if not verdict.rule.startswith("learnt:"):
        return f"the rule “{verdict.rule}” fired"
    decided = next((one for one in verdict.leads if one.holds), None)
    if decided is None or decided.danger is not verdict.danger:
        return f"the learnt model found it, by {verdict.margin:.2f}"
    lead, floor = apart(decided.lead, decided.floor)
    return f"the learnt model found it, by {lead} where {floor} is enough"


def _beside(answer: Answer, trace: Trace) -> str:
    """Whether quotes stand below the notice to somebody in a crisis."""
    if answer.quotes:
        return f"Quotes stand below the notice, since a question was asked: {_enough(trace)}."
    if trace.reason is None:
        return "Quotes were held back, since the message asks no question (it has no “?”)."
    return f"There is nothing to quote below it: {_lacking(answer, trace)}."


def _enough(trace: Trace) -> str:
    return f"{_best(trace)}, and {_numbers(trace)[1]} is needed"


def _best(trace: Trace) -> str:
    """What the best passage amounts to."""
    if trace.policy and trace.policy.evidence_is_probability:
        return f"the best passage answers with probability {_numbers(trace)[0]}"
    return f"the best passage gives a confidence of {_numbers(trace)[0]}"


def _numbers(trace: Trace) -> tuple[str, str]:
    policy = trace.policy or Policy()
    found = trace.answerable if policy.evidence_is_probability else trace.confidence
    return apart(found, policy.threshold)


def _further(trace: Trace) -> str:
    """What the further quotes have of the best one's evidence."""
    if not trace.quotes[1:] or trace.policy is None or not trace.quotes[0].score:
        return ""
    probable = trace.policy.evidence_is_probability
    floor = trace.policy.min_share_of_probability if probable else trace.policy.min_share
    best = trace.quotes[0].score
    shares = [apart(one.score / best, floor)[0] for one in trace.quotes[1:]]
    places = _ORDINALS[1 : len(trace.quotes)]
    which = f"The {' and '.join(places)} quote{'s have' if places[1:] else ' has'}"
    return f" {which} {' and '.join(shares)} of the best one's evidence; {floor:.2f} is needed."


_PLAIN = {
    "empty": "the question has no letter and no digit",
    "unknown_document": "no document of that name is quoted to this audience",
    "withheld": "a quote was not word for word what its document says; the log has more",
}


def _lacking(answer: Answer, trace: Trace) -> str:
    """Why the documents do not answer."""
    reason = trace.reason or ""
    if reason in _PLAIN:
        return _PLAIN[reason]
    if reason == "too_long":
        length = f"{len(answer.question):,} characters"
        return f"the question has {length}, and {MAX_QUESTION:,} are read at most"
    if reason == "wrong_subject" and trace.guessed and trace.policy:
        far = trace.on_topic < trace.policy.off_corpus
        told = f"the patient is told that no document speaks of {trace.subject}, probably a name"
        return f"{_far(trace) if far else _enough(trace)}; {told}"
    if reason == "wrong_subject":
        return f"no document speaks of {trace.subject}"
    if reason == "off_corpus":
        return _far(trace)
    return _enough(trace) if trace.policy else "the documents could not be searched; see the log"


def _far(trace: Trace) -> str:
    """Why it is off what the documents speak of."""
    if trace.policy is None:
        return "no document is quoted to this audience today"
    near, needed = apart(trace.on_topic, trace.policy.off_corpus)
    return f"no sentence is nearer than {near} to the question, and {needed} is needed"
