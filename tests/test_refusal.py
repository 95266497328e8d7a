"""A decision that is explained: a subject is named, or related sections are offered, or neither."""

from __future__ import annotations

import pytest

from qa.answer import Decision, Policy
from qa.refusal import explain, named
from qa.types import Evidence, Quote
from tests.test_related import DOCUMENT, passage

PASSAGES = [passage("Caf\u00e9")]
EVIDENCE = [Evidence((), 0.5, 0.9)]
QUOTES = (Quote.cut(DOCUMENT, 0, 6),)
POLICY = Policy(threshold=0.5)


def explained(reason: str | None, subject: str = "", confidence: float = 0.9) -> Decision:
    return explain(Decision(QUOTES, confidence, reason), subject, PASSAGES, EVIDENCE, POLICY)


@pytest.mark.parametrize("reason", [None, "off_corpus", "not_answered"])
def test_a_foreign_subject_refuses_whatever_was_found(reason: str | None) -> None:
    made = explained(reason, "metformin")
    assert (made.reason, made.subject, made.related) == ("wrong_subject", "metformin", ())
    assert (made.quotes, made.confidence) == (QUOTES, 0.05)
    assert explained(reason, "metformin", 0.02).confidence == 0.02


def test_what_is_not_answered_gets_related_sections() -> None:
    made = explained("not_answered")
    assert (made.reason, made.subject) == ("not_answered", "")
    assert [one.section for one in made.related] == ["Caf\u00e9"]


def test_an_answer_is_not_changed() -> None:
    assert explained(None) == Decision(QUOTES, 0.9, None)


@pytest.mark.parametrize(
    ("on_topic", "offered"), [(0.0, 0), (0.12, 0), (0.19, 0), (0.2, 1), (0.24, 1)]
)
def test_what_is_off_the_corpus_by_little_gets_one_section(on_topic: float, offered: int) -> None:
    passages = [passage("Caf\u00e9"), passage("Doses & times")]
    evidence = [Evidence((), answerable, on_topic) for answerable in (0.1, 0.09)]
    policy = Policy(off_corpus=0.25)
    made = explain(Decision((), 0.1, "off_corpus"), "", passages, evidence, policy)
    assert [one.section for one in made.related] == ["Caf\u00e9"][:offered]
    assert made.reason == "off_corpus"


def test_what_is_far_from_the_topic_is_not_offered() -> None:
    far = [Evidence((), 0.5, 0.1)]
    assert explain(Decision(QUOTES, 0.1, "not_answered"), "", PASSAGES, far, POLICY).related == ()


@pytest.mark.parametrize(
    ("reason", "subject", "expected"),
    [
        ("off_corpus", "Zyrlanta", "wrong_subject"),
        ("not_answered", "Zyrlanta", "wrong_subject"),
        ("off_corpus", "", "off_corpus"),
        ("withheld", "Zyrlanta", "withheld"),
        (None, "Zyrlanta", None),
    ],
)
def test_a_guessed_name_is_said_in_refusals_alone(
    reason: str | None, subject: str, expected: str | None
) -> None:
    made = named(Decision(QUOTES, 0.9, reason), subject)
    assert (made.reason, made.confidence) == (expected, 0.9)
    assert made.subject == (subject if expected == "wrong_subject" else "")
