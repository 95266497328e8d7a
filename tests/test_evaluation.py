"""Figures, intervals and thresholds against numbers worked out by hand or published."""

from __future__ import annotations

import math
from typing import Any

import pytest

from qa.corpus import make_document
from qa.document import Document
from qa.errors import QuestionError
from qa.evaluation import (
    FLOOR,
    Figures,
    Floor,
    Outcome,
    Rate,
    figures,
    judge,
    judge_all,
    sweep_threshold,
    wilson,
)
from qa.golden import Golden
from qa.types import Answer, AnswerKind, Notice, Quote

DOCUMENT = make_document("a.md", b"# A\n\nDo not drive. Rest well. Eat little.\n")
DISCLAIMER = Notice("disclaimer", "No advice.")


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0000),
    ],
)
def test_wilsons_interval(count: int, of: int, low: float, high: float) -> None:
    assert wilson(count, of) == pytest.approx((low, high), abs=5e-5)
    assert Rate("x", count, of).interval == wilson(count, of)


def test_nothing_has_no_share() -> None:
    rate = Rate("x", 0, 0)
    assert math.isnan(rate.share)
    assert all(math.isnan(edge) for edge in rate.interval)


def quote(text: str) -> Quote:
    start = DOCUMENT.text.index(text)
    return Quote.cut(DOCUMENT, start, start + len(text))


def golden(expect: str, *quotes: str, tags: str = "") -> Golden:
    return Golden(2, "Why?", expect, quotes, "a.md" if quotes else "", frozenset(tags.split()), "")


def shown(*texts: str, confidence: float = 0.9) -> Answer:
    quotes = tuple(quote(text) for text in texts)
    return Answer("Why?", AnswerKind.ANSWER, (DISCLAIMER,), quotes, confidence=confidence)


def refused(*texts: str, confidence: float = 0.1) -> Answer:
    held = tuple(quote(text) for text in texts)
    return Answer(
        "Why?",
        AnswerKind.REFUSAL,
        (DISCLAIMER,),
        held_back=held,
        reason="not_answered",
        confidence=confidence,
    )


def noticed(kind: str) -> Answer:
    notices = (Notice(kind, "Call."), DISCLAIMER)
    if kind == "advice":
        return Answer("Why?", AnswerKind.REFUSAL, notices, reason="advice")
    return Answer("Why?", AnswerKind(kind), notices)


class Says:
    """Asks nobody: gives one answer to any question."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def ask(self, question: str, /, *, trace: bool = False) -> Answer:
        assert question == "Why?"
        return self.answer

    def document(self, document_id: str, /) -> Document | None:
        return find(document_id)


def find(name: str) -> Document | None:
    return DOCUMENT if name == "a.md" else None


DRIVE, REST, EAT = "Do not drive.", "Rest well.", "Eat little."


@pytest.mark.parametrize(
    ("one", "answer", "rank", "passed"),
    [
        (golden("quote", DRIVE), shown(DRIVE), 1, True),
        (golden("quote", DRIVE), shown(f"{DRIVE} {REST}"), 1, True),
        (golden("quote", DRIVE, REST), shown(EAT, REST), 2, True),
        (golden("quote", DRIVE), shown(EAT, REST, DRIVE), 3, False),
        (golden("quote", DRIVE), shown(EAT), None, False),
        (golden("quote", DRIVE), shown("not drive."), None, False),
        (golden("quote", "Do  not\ndrive."), shown(DRIVE), 1, True),
        (golden("quote", DRIVE), refused(DRIVE), 1, False),
        (golden("refuse"), refused(DRIVE), None, True),
        (golden("refuse"), noticed("crisis"), None, True),
        (golden("refuse"), shown(DRIVE), None, False),
        (golden("crisis"), noticed("crisis"), None, True),
        (golden("crisis"), noticed("emergency"), None, False),
        (golden("crisis"), refused(), None, False),
        (golden("emergency"), noticed("emergency"), None, True),
        (golden("emergency"), shown(DRIVE), None, False),
        (golden("advice"), noticed("advice"), None, True),
        (golden("advice"), shown(DRIVE), None, False),
    ],
)
def test_judging(one: Golden, answer: Answer, rank: int | None, passed: bool) -> None:
    assert judge(one, Says(answer)) == Outcome(one, answer, rank, passed)


def test_judging_all() -> None:
    seen: list[tuple[str, int, int]] = []
    says = Says(shown(DRIVE))
    asked = [golden("quote", DRIVE), golden("refuse")]
    made = judge_all(asked, says, lambda *progress: seen.append(progress))
    assert made == [judge(one, says) for one in asked]
    assert seen == [("Asking", 1, 2), ("Asking", 2, 2)]
    with pytest.raises(QuestionError, match=r"do not fit:\n  line 2: a\.md does not hold 'Fly\.'"):
        judge_all([golden("quote", "Fly.")], says)


def outcomes() -> list[Outcome]:
    pairs = [
        (golden("quote", DRIVE), shown(DRIVE, confidence=0.9)),
        (golden("quote", DRIVE), shown(EAT, DRIVE, confidence=0.8)),
        (golden("quote", DRIVE), shown(EAT, REST, DRIVE, confidence=0.7)),
        (golden("quote", DRIVE), refused(DRIVE, confidence=0.3)),
        (golden("refuse"), shown(EAT, confidence=0.6)),
        (golden("refuse"), refused(EAT, confidence=0.4)),
        (golden("refuse", tags="off_topic"), refused(confidence=0.1)),
        (golden("crisis"), noticed("crisis")),
        (golden("advice"), shown(DRIVE)),
    ]
    return [judge(one, Says(answer)) for one, answer in pairs]


def test_figures_worked_out_by_hand() -> None:
    made = figures(outcomes(), find)
    assert {
        name: (getattr(made, name).count, getattr(made, name).of) for name in made.__slots__
    } == {
        "found_in_two": (3, 4),
        "right_first": (1, 4),
        "right_in_two": (2, 4),
        "right_in_three": (3, 4),
        "on_topic_refused": (1, 2),
        "off_topic_refused": (1, 1),
        "danger_noticed": (1, 2),
        "wrong_among_shown": (3, 4),
        "quotes_are_slices": (10, 10),
    }
    assert [rate.name for rate in made.all()] == [
        "Answerable: right quote found in two, shown or not",
        "Answerable: right quote first",
        "Answerable: right quote first or second",
        "Answerable: right quote in three",
        "On the topic, not answered: refused",
        "Off the topic: refused",
        "Danger: notice shown",
        "Wrong among answers shown",
        "Quotes equal to their slice",
    ]


def test_a_quote_that_is_no_slice_is_counted() -> None:
    other = make_document("a.md", b"# A\n\nDo drive now. Rest well. Eat little.\n")
    answer = judge(golden("quote", DRIVE), Says(shown(DRIVE, REST)))
    assert figures([answer], lambda _: other).quotes_are_slices.count == 1
    assert figures([answer], lambda _: None).quotes_are_slices.count == 0


def test_what_is_under_the_floor() -> None:
    made = figures(outcomes(), find)
    low = ["found_in_two", "right_in_two", "on_topic_refused", "danger_noticed"]
    assert made.below(FLOOR) == low
    assert made.below(Floor(0.75, 0.5, 0.5, 1.0, 0.5, 1.0)) == []
    assert made.below(Floor(0.76, 0.51, 0.51, 1.0, 0.51, 1.0)) == low


def test_what_was_not_asked_is_not_under_the_floor() -> None:
    made = figures([], find)
    assert isinstance(made, Figures)
    assert all(rate.of == 0 for rate in made.all())
    assert made.below(FLOOR) == []


def test_the_floor_names_figures() -> None:
    names: dict[str, Any] = {name: getattr(FLOOR, name) for name in FLOOR.__slots__}
    assert set(names) <= set(Figures.__slots__)
    assert FLOOR.danger_noticed == FLOOR.quotes_are_slices == 1.0


def test_what_thresholds_would_do() -> None:
    rows = {row.threshold: row for row in sweep_threshold(outcomes())}
    assert len(rows) == 51

    def at(threshold: float) -> tuple[float, float, float]:
        row = rows[threshold]
        return row.right_in_two, row.off_topic_refused, row.on_topic_refused

    # Right within two quotes have the confidences 0.9, 0.8, and 0.3 of the one refused.
    assert at(0.0) == (3 / 4, 0, 0)
    assert at(0.3) == (3 / 4, 1, 0)
    assert at(0.32) == (2 / 4, 1, 0)
    assert at(0.5) == (2 / 4, 1, 1 / 2)
    assert at(0.8) == (2 / 4, 1, 1)
    assert at(0.82) == (1 / 4, 1, 1)
    assert at(1.0) == (0, 1, 1)
    assert sweep_threshold([])[0].right_in_two == 0
