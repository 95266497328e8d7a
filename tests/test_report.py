"""What a terminal shows: every word of an answer, and figures that can be read."""

from __future__ import annotations

from qa.comparison import Comparison
from qa.evaluation import figures, judge
from qa.measures import Figure
from qa.report import (
    answer_text,
    comparison_table,
    figures_table,
    miss_text,
    sweep_table,
)
from qa.types import Answer, AnswerKind, Notice, Quote, Related
from tests.test_evaluation import DOCUMENT, DRIVE, EAT, Says, find, golden, outcomes, quote, refused

NOTICES = (Notice("disclaimer", "No advice."), Notice("crisis_line", "Call 988."))


def test_an_answer() -> None:
    answer = Answer("Why?", AnswerKind.ANSWER, NOTICES, (quote(DRIVE), quote(EAT)))
    assert answer_text(answer) == (
        "\u201cDo not drive.\u201d\n    A - A\n    /documents/a.md?start=3&end=16#quote\n\n"
        "\u201cEat little.\u201d\n    A - A\n    /documents/a.md?start=28&end=39#quote\n\n"
        "No advice.\n\nCall 988."
    )


def test_what_was_searched_for_is_said_before_the_quotes() -> None:
    searched = "does it make you sick (also: nausea)"
    answer = Answer("Why?", AnswerKind.ANSWER, NOTICES, (quote(EAT),), searched_for=searched)
    assert answer_text(answer).startswith(f"Searched for: {searched}\n\n\u201cEat little.\u201d")


def test_a_carried_warning() -> None:
    warning = Quote.cut(DOCUMENT, 3, 16, role="warning")
    answer = Answer("Why?", AnswerKind.ANSWER, NOTICES, (quote(EAT), warning))
    assert (
        "\u201cEat little.\u201d\n    A - A\n    /documents/a.md?start=28&end=39#quote\n\n"
        "A warning from the same section:\n\u201cDo not drive.\u201d\n    A - A\n"
    ) in answer_text(answer)


def test_a_refusal() -> None:
    assert answer_text(refused(DRIVE)) == (
        "The documents do not answer this (not_answered).\n\nNo advice."
    )


def test_a_refusal_names_its_subject_or_what_is_related() -> None:
    wrong = Answer("Why?", AnswerKind.REFUSAL, NOTICES, reason="wrong_subject", subject="gout")
    assert answer_text(wrong).startswith("The documents do not speak of gout (wrong_subject).\n\n")
    related = (
        Related("a.md", "A", "Later", "/documents/a.md#later"),
        Related("b.md", "B", "", "/documents/b.md"),
    )
    near = Answer("Why?", AnswerKind.REFUSAL, NOTICES, reason="not_answered", related=related)
    assert answer_text(near) == (
        "The documents do not answer this (not_answered).\n\n"
        "This may be related, but it is not an answer. The documents say this about:\n"
        "  Later\n    /documents/a.md#later\n  B\n    /documents/b.md\n\n"
        "No advice.\n\nCall 988."
    )


def test_a_danger_notice_comes_first() -> None:
    notices = (Notice("emergency", "Call 911."), Notice("poison", "Call 1-800."), *NOTICES)
    answer = Answer("Why?", AnswerKind.EMERGENCY, notices)
    assert answer_text(answer) == "Call 911.\n\nCall 1-800.\n\nNo advice.\n\nCall 988."


def test_figures_side_by_side() -> None:
    rates = {"tuned": figures(outcomes(), find), "held": figures([], find)}
    shown = figures_table(rates, 132)
    assert all(rate.name in shown for rate in rates["tuned"].all())
    assert "50% (2/4), 15%-85%" in shown
    assert max(map(len, shown.split("\n"))) <= 132
    row = next(line for line in shown.split("\n") if "first or second" in line)
    assert row.count(" - ") == 1, "what was not asked has no share"


def test_systems_side_by_side() -> None:
    systems = {
        "Quotewell": {"hit@1": Figure(0.5, 0.25, 0.756, 4), "words@1": Figure(41, 30, 52.5, 4)},
        "question only": {"twin_auroc": Figure(0.5, 0.4, 0.6, 2)},
    }
    shown = comparison_table(Comparison("drinks", 3, 5, 9, 4, 2, "", systems), 100)
    assert "drinks: 3 documents, 4 + 2 unanswerable questions" in shown
    rows = {line.split()[1]: line for line in shown.split("\n") if line.startswith("\u2502")}
    assert set(rows) == {"hit@1", "words@1", "twin_auroc"}
    assert "0.50 (0.25-0.76)" in rows["hit@1"]
    assert "41 (30-52)" in rows["words@1"]
    assert rows["twin_auroc"].count(" - ") == 1


def test_a_sweep_has_a_line_for_each_threshold() -> None:
    lines = sweep_table(outcomes()).split("\n")
    assert len(lines) == 52
    assert lines[1].split() == ["0.00", "75%", "0%", "0%"]


def test_a_miss_says_what_was_wanted_and_found() -> None:
    text = miss_text(judge(golden("quote", DRIVE, EAT), Says(refused(EAT))))
    assert "line 2: Why?" in text
    assert "expected quote Do not drive. || Eat little." in text
    assert "got refusal (not_answered), confidence 0.10" in text
    assert "0.00 Eat little." in text
