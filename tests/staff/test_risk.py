"""Numbers of how sure the answers are, against ones worked out by hand."""

from __future__ import annotations

import math

import pytest

from qa.bounds import Judged, fixed_sequence, upper_bound
from qa.feedback import Place
from qa.staff.judgement import Judgement, Result
from qa.staff.risk import (
    Case,
    Group,
    calibration_error,
    cases_of,
    changed,
    coverage_curve,
    effect,
    proven_threshold,
    reliability,
    spread,
)

RIGHT, WRONG, NONE = Group.RIGHT, Group.WRONG, Group.UNANSWERABLE


def case(group: Group, confidence: float, settled: bool = False) -> Case:
    return Case(f"{group} at {confidence}", group, confidence, settled, held=False)


CASES = (
    case(RIGHT, 0.9),
    case(RIGHT, 0.6),
    case(WRONG, 0.6),
    case(WRONG, 0.3),
    case(NONE, 0.5),
    case(NONE, 0.99, settled=True),
)


def judgement(expect: str, rank: int | None, *tags: str, **more: object) -> Judgement:
    values: dict[str, object] = {
        "question": "can i drive",
        "expect": expect,
        "tags": tags,
        "document": "",
        "result": Result.NOT_FOUND,
        "confidence": 0.4,
        "rank": rank,
        "shown": False,
        "settled": False,
        "reason": "",
        "places": (Place("leaflet.md", 0, 9),),
    }
    return Judgement(**values | more)  # type: ignore[arg-type]


def test_what_a_threshold_does_is_counted() -> None:
    found = effect(CASES, 0.5)
    assert (found.answerable, found.unanswerable) == (4, 2)
    assert (found.answered, found.right, found.wrong_quotes, found.refused) == (3, 2, 1, 1)
    assert (found.unanswerable_shown, found.shown, found.wrong) == (1, 4, 2)
    assert (found.coverage, found.share) == (4 / 6, 0.5)
    assert found.upper == upper_bound(2, 4)


def test_a_confidence_at_the_threshold_is_shown_and_what_is_settled_never() -> None:
    assert effect(CASES, 0.6).shown == 3
    assert effect(CASES, 0.61).shown == 1
    assert effect(CASES, 0.0).shown == 5
    assert effect(CASES, 0.95).shown == 0


def test_nothing_has_no_share_and_a_bound_that_says_nothing() -> None:
    found = effect((), 0.5)
    assert math.isnan(found.share)
    assert math.isnan(found.coverage)
    assert found.upper == 1.0
    assert coverage_curve(()) == ()
    assert reliability(()) == ()
    assert math.isnan(calibration_error(()))
    assert proven_threshold((), 0.1) is None
    assert [sum(one.counts) for one in spread(())] == [0, 0, 0]


def test_the_curve_shows_equal_confidences_together() -> None:
    curve = coverage_curve(CASES)
    assert [one.threshold for one in curve] == [0.9, 0.6, 0.5, 0.3]
    assert [one.coverage for one in curve] == pytest.approx([1 / 6, 3 / 6, 4 / 6, 5 / 6])
    assert [one.risk for one in curve] == pytest.approx([0, 1 / 3, 2 / 4, 3 / 5])
    # Of one right answer the bound is 0.95, since 1 - 0.95 of all is a chance of 1 in 20.
    assert curve[0].upper == pytest.approx(0.95)


@pytest.mark.parametrize(("group", "risk"), [(RIGHT, 0.0), (WRONG, 1.0), (NONE, 1.0)])
def test_all_right_and_all_wrong(group: Group, risk: float) -> None:
    cases = [case(group, i / 10) for i in range(10)]
    assert {one.risk for one in coverage_curve(cases)} == {risk}
    [only] = reliability(cases)
    assert (only.right, only.of, only.share) == (10 * (1 - risk), 10, 1 - risk)
    assert only.interval == pytest.approx((0.7225, 1.0) if risk == 0 else (0.0, 0.2775), abs=1e-4)


def test_few_questions_make_few_groups_of_nearly_equal_counts() -> None:
    cases = [case(RIGHT if i % 2 else WRONG, i / 100) for i in range(50)]
    assert [one.of for one in reliability(cases)] == [17, 16, 17]
    assert len(reliability([case(RIGHT, i / 1000) for i in range(900)])) == 10


def test_equal_confidences_are_never_parted() -> None:
    cases = [case(RIGHT, 0.5)] * 40 + [case(WRONG, 0.9)] * 5
    assert [(one.lowest, one.highest, one.of) for one in reliability(cases)] == [
        (0.5, 0.5, 40),
        (0.9, 0.9, 5),
    ]
    assert [one.of for one in reliability([case(RIGHT, 0.5)] * 45)] == [45]


def test_the_calibration_error_is_weighted_by_counts() -> None:
    cases = [case(RIGHT, 0.8)] * 15 + [case(WRONG, 0.4)] * 15 + [case(RIGHT, 0.4)] * 15
    bins = reliability(cases)
    assert [(one.right, one.of) for one in bins] == [(15, 30), (15, 15)]
    # 30 questions are 0.1 apart and 15 are 0.2 apart.
    assert calibration_error(bins) == pytest.approx((30 * 0.1 + 15 * 0.2) / 45)


def test_confidences_are_counted_in_twentieths() -> None:
    cases = [case(RIGHT, one) for one in (0.0, 0.049, 0.05, 0.15, 1.0)]
    right, wrong, none = spread([*cases, case(NONE, 0.7, settled=True)])
    assert {i: n for i, n in enumerate(right.counts) if n} == {0: 2, 1: 1, 3: 1, 19: 1}
    assert (sum(wrong.counts), sum(none.counts), none.settled) == (0, 0, 1)


def test_what_changes_between_two_thresholds_is_listed() -> None:
    assert [one.confidence for one in changed(CASES, 0.44, 0.6)] == [0.5]
    assert [one.confidence for one in changed(CASES, 0.7, 0.2)] == [0.6, 0.6, 0.5, 0.3]
    assert changed(CASES, 0.5, 0.5) == ()


def test_the_proven_threshold_is_that_of_qa_calibrate() -> None:
    cases = [case(WRONG if i in (3, 30) else RIGHT, i / 100) for i in range(100)]
    judged = [Judged(one.confidence, one.group is not RIGHT) for one in cases]
    wanted = fixed_sequence(judged, 0.1)
    assert wanted
    settled = case(NONE, 1.0, settled=True)
    assert proven_threshold([*cases, settled], 0.1) == wanted.threshold
    assert proven_threshold(cases, 0.01) is None


def test_cases_are_made_of_what_is_asked_about_documents() -> None:
    judgements = [
        judgement("quote", 1),
        judgement("quote", 2, "held"),
        judgement("quote", None),
        judgement("refuse", None, places=()),
        judgement("refuse", None, "held", settled=True),
        judgement("crisis", None),
    ]
    cases = cases_of(judgements)
    assert [one.group for one in cases] == [RIGHT, WRONG, WRONG, NONE, NONE]
    # Without a quote there is nothing that any threshold could show.
    assert [one.settled for one in cases] == [False, False, False, True, True]
    assert [one.held for one in cases] == [False, True, False, False, True]
    assert len(cases_of(judgements, held=True)) == 2
    assert len(cases_of(judgements, held=False)) == 3
