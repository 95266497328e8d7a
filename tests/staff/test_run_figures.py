"""Figures of runs: counted by hand, and the same as those of `qa test`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.assistant import Assistant
from qa.evaluation import figures, judge
from qa.golden import read_golden
from qa.staff.judgement import Judgement, Result, judgement_of
from qa.staff.run_book import Run
from qa.staff.run_figures import FIGURES, compared
from tests.conftest import ROOT

BASE = Judgement("q", "quote", (), "a.md", Result.RIGHT_FIRST, 0.8, 1, True, False, "", ())
REFUSE = replace(BASE, expect="refuse", rank=None, result=Result.REFUSED_RIGHTLY, shown=False)
JUDGED = (
    BASE,
    replace(BASE, tags=("held",), rank=2, result=Result.RIGHT_IN_THREE),
    replace(BASE, rank=3, result=Result.RIGHT_IN_THREE),
    replace(BASE, rank=None, result=Result.WRONG_QUOTE),
    replace(BASE, rank=1, shown=False, result=Result.HELD_BACK),
    REFUSE,
    replace(REFUSE, shown=True, result=Result.ANSWERED_WRONGLY),
    replace(REFUSE, tags=("off_topic",)),
    replace(BASE, expect="crisis", rank=None, shown=False, result=Result.NOTICED),
    replace(BASE, expect="advice", rank=None, shown=False, result=Result.NOT_NOTICED),
)
RUN = Run("2026-11-26T10:15:00Z", 1.0, "Nora", "g", "s", 0.44, "c", True, JUDGED)


def test_each_figure_counts_what_it_says() -> None:
    counted = {one.name: (rate := one.rate(JUDGED), (rate.count, rate.of))[1] for one in FIGURES}
    assert counted == {
        "Right quote first": (1, 5),
        "Right quote first or second": (2, 5),
        "Right quote in three": (3, 5),
        "Right quote found in two, shown or not": (3, 5),
        "Refused rightly, on the topic": (1, 2),
        "Refused rightly, off the topic": (1, 1),
        # Shown: first, second, third, wrong, and one that should have been refused.
        "Answered wrongly": (4, 5),
        "Danger noticed": (1, 2),
    }


def test_intervals_are_wilsons() -> None:
    # 1 of 5: (0.2 + 3.8415/10 -+ 1.96 * sqrt(0.032 + 3.8415/100)) / (1 + 3.8415/5)
    assert FIGURES[0].rate(JUDGED).interval == pytest.approx((0.0362, 0.6245), abs=1e-4)


def test_held_ones_stand_apart_and_floors_are_of_all() -> None:
    made = {one.figure.name: one for one in compared(RUN, None)}
    rows = {name: (now.count, now.of) for name, now, _ in made["Right quote in three"].rows}
    assert rows == {"All": (3, 5), "Held": (1, 1), "Others": (2, 4)}
    assert [before for _, _, before in made["Right quote in three"].rows] == [None] * 3
    under = {name for name, one in made.items() if one.under}
    assert under == {
        "Right quote first or second",
        "Right quote found in two, shown or not",
        "Refused rightly, on the topic",
        "Danger noticed",
    }
    beside = compared(RUN, replace(RUN, judgements=(BASE,)))[0].rows[0][2]
    assert beside
    assert (beside.count, beside.of) == (1, 1)


def test_a_part_stands_beside_the_same_questions() -> None:
    other = replace(BASE, question="other")
    part = replace(RUN, whole=False, judgements=(BASE,))
    [now, before] = compared(part, replace(RUN, judgements=(BASE, other, other)))[0].rows[0][1:]
    assert before
    assert (now.of, before.of) == (1, 1)


@pytest.mark.nightly
def test_they_are_those_of_qa_test(first_document: Assistant) -> None:
    golden = read_golden(ROOT / "corpus" / "questions.csv")
    outcomes = [judge(one, first_document) for one in golden]
    expected = figures(outcomes, first_document.document)
    made = [one.rate([judgement_of(each) for each in outcomes]) for one in FIGURES]
    names = (
        *("right_first", "right_in_two", "right_in_three", "found_in_two"),
        *("on_topic_refused", "off_topic_refused", "wrong_among_shown", "danger_noticed"),
    )
    assert [(one.count, one.of) for one in made] == [
        (getattr(expected, name).count, getattr(expected, name).of) for name in names
    ]
