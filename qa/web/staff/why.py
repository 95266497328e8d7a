"""A trace → what the page shows of it: figures written out, links, and shades for evidence."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote as percent_encode

from qa.answer import Policy
from qa.danger_model import Lead
from qa.safety import CLEAR_MARGIN, Danger
from qa.tracing import Candidate, PassageRead, SearchedFor, Trace, Verdict
from qa.types import Answer
from qa.why import apart, why

__all__ = ["SHADES", "Row", "place_url", "why_values"]

SHADES = 10
"""Shades of evidence, `heat-0` to `heat-9` in staff-ask.css."""
_STEPS = {
    "danger": "Looking for danger",
    "understanding": "Understanding the question",
    "encoding": "Turning it into vectors",
    "searching": "Searching",
    "reading": "Reading the passages",
    "deciding": "Deciding",
    "reading back": "Checking the quotes word for word",
    "composing": "Putting the answer together",
}
_DANGERS = {
    Danger.NONE: "No danger found",
    Danger.MENTION: "A mention of danger: answered as usual",
    Danger.ADVICE: "Asks for advice on one's own care",
    Danger.CRISIS: "Crisis",
    Danger.EMERGENCY: "Emergency",
}
_KINDS = {
    Danger.NONE: "nothing",
    Danger.MENTION: "a mention",
    Danger.ADVICE: "advice",
    Danger.CRISIS: "a crisis",
    Danger.EMERGENCY: "an emergency",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: what it is called, its value, and what is to be known of it."""

    name: str
    value: str
    note: str = ""


def why_values(answer: Answer, trace: Trace) -> dict[str, object]:
    """The values of `templates/staff/why.html`."""
    weighed = [one for one in trace.passages if one.weighed]
    return {
        "sentence": why(answer, trace),
        "in_quote": "in a quote" if answer.quotes else "held back",
        "searched": _searched(trace.searched_for) if trace.searched_for else (),
        "passages": [_passage(one) for one in weighed],
        "unweighed": [
            (place_url(one.document_id, one.start, one.end), _name(one), one.place)
            for one in trace.passages
            if not one.weighed
        ],
        "candidates": [_candidate(one) for one in trace.candidates],
        "both": sum(None not in (c.dense_rank, c.lexical_rank) for c in trace.candidates),
        "thresholds": _thresholds(trace.policy, trace) if trace.policy else (),
        "verdict": _DANGERS[trace.verdict.danger]
        + (", of somebody else" if trace.verdict.third_person else ""),
        "safety": _safety(trace.verdict),
        "steps": [Row(_STEPS.get(name, name), f"{took:.1f}") for name, took in trace.steps],
        "total": f"{trace.total_ms:.1f}",
    }


def place_url(document_id: str, start: int, end: int) -> str:
    """The staff's link to a place of a document; offsets are code points."""
    return f"/staff/documents/{percent_encode(document_id)}?start={start}&end={end}#quote"


def _searched(made: SearchedFor) -> list[Row]:
    """What was typed and what was made of it; only steps that changed something are told."""
    rows = [Row("Typed", made.typed)]
    if made.completed:
        rows.append(Row("Completed from the earlier questions", made.completed))
    rows += [
        Row("Misspelling put right", f"{one.written} → {one.meant}") for one in made.corrections
    ]
    for said in dict.fromkeys(said for said, _ in made.synonyms):
        phrases = [phrase for one, phrase in made.synonyms if one == said]
        told = "the patient is told" if set(phrases) & set(made.listed) else ""
        rows.append(Row("Synonyms added", f"{said} → {', '.join(phrases)}", told))
    also = f" (and: {made.added})" if made.added else ""
    return [*rows, Row("Searched for", made.text + also)]


def _passage(passage: PassageRead) -> dict[str, object]:
    best = max(one.evidence for one in passage.sentences)
    return {
        "name": _name(passage),
        "url": place_url(passage.document_id, passage.start, passage.end),
        "place": passage.place,
        "best": f"{best:.2f}",
        "answerable": f"{passage.answerable:.2f}",
        "on_topic": f"{passage.on_topic:.2f}",
        "quoted": any(one.quoted for one in passage.sentences),
        "sentences": [
            {
                "text": one.text,
                "evidence": f"{one.evidence:.2f}",
                "shade": min(SHADES - 1, int(one.evidence * SHADES)),
                "quoted": one.quoted,
            }
            for one in passage.sentences
        ],
    }


def _name(passage: PassageRead | Candidate) -> str:
    parts = dict.fromkeys(filter(None, (passage.title or passage.document_id, passage.section)))
    return " · ".join(parts)


def _candidate(one: Candidate) -> dict[str, object]:
    return {
        "place": one.place,
        "name": _name(one),
        "beginning": one.beginning,
        "url": place_url(one.document_id, one.start, one.end),
        "dense_rank": "–" if one.dense_rank is None else one.dense_rank,
        "cosine": "–" if one.cosine is None else f"{one.cosine:.3f}",
        "lexical_rank": "–" if one.lexical_rank is None else one.lexical_rank,
        "bm25": "–" if one.bm25 is None else f"{one.bm25:.2f}",
        "fused": f"{one.fused:.4f}",
        "read": one.read,
    }


def _thresholds(policy: Policy, trace: Trace) -> list[Row]:
    usual = Policy()
    chosen = "chosen by qa calibrate"
    if trace.threshold_from != "calibrated":
        chosen = _beside(policy.threshold, usual.threshold)
    probable = policy.evidence_is_probability
    share = policy.min_share_of_probability if probable else policy.min_share
    joining = policy.joining_share if probable else policy.min_share
    return [
        Row("Least confidence that is quoted", f"{policy.threshold:g}", chosen),
        Row(
            "Least similarity of the nearest sentence",
            f"{policy.off_corpus:g}",
            f"below it, the question is about something else; "
            f"{_beside(policy.off_corpus, usual.off_corpus)}",
        ),
        Row("Least evidence of a further quote", f"{share:g}", "a share of the best one's"),
        Row("Least evidence of a neighbour", f"{joining:g}", "a share of the best one's"),
        Row("Most quotes", str(policy.max_quotes), _beside(policy.max_quotes, usual.max_quotes)),
        Row("Most words of joined quotes", str(policy.max_words)),
    ]


def _beside(value: float, usual: float) -> str:
    """A value beside the program's own. A trace does not tell where it was set: in qa.toml, by an
    environment variable, or not at all."""
    return "the program's own" if value == usual else f"in place of the program's own, {usual:g}"


def _safety(verdict: Verdict) -> list[Row]:
    """What each layer against danger made of the message."""
    pattern = f"the rule “{verdict.pattern}” fired: {_KINDS[verdict.by_pattern]}"
    rows = [Row("Patterns", pattern if verdict.pattern else "no rule fired")]
    rows += [_lead(one) for one in verdict.leads]
    if not verdict.leads and verdict.rule.startswith("learnt:"):
        rows.append(Row("Learnt model", f"{_KINDS[verdict.danger]}, by {verdict.margin:.2f}"))
    if not verdict.pattern and verdict.rule and not verdict.rule.startswith("learnt:"):
        rows.append(Row("Patterns, with the earlier questions", f"the rule “{verdict.rule}” fired"))
    if verdict.by_pattern is Danger.MENTION and any(one.danger.is_grave for one in verdict.leads):
        told = f"a mention stays one unless the model leads by {CLEAR_MARGIN:g}"
        rows.append(Row("Mention", told))
    return rows


def _lead(one: Lead) -> Row:
    lead, floor = apart(one.lead, one.floor)
    what = "a crisis or an emergency" if one.danger.is_grave else _KINDS[one.danger]
    found = f"yes, {_KINDS[one.danger]}" if one.holds else "no"
    written = lead.replace("-", "−")
    return Row(f"Learnt model: {what}?", found, f"{written}, and {floor} is needed")
