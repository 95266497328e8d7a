"""What is stated of which questions, and which threshold is chosen on which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from qa.bounds import upper_bound
from qa.calibrating import Calibrated, Questions, calibrate
from qa.calibration import Calibration, Fingerprint
from qa.errors import QuestionError
from qa.evaluation import Outcome, figures, judge
from tests.test_evaluation import DRIVE, EAT, Says, find, golden, noticed, outcomes, refused, shown

NOW = Fingerprint("", "m", "c", "e", "s", "r", "p")


def right(many: int, confidence: float, tags: str = "") -> list[Outcome]:
    one = judge(golden("quote", DRIVE, tags=tags), Says(shown(DRIVE, confidence=confidence)))
    return [one] * many


def wrong(many: int, confidence: float, tags: str = "") -> list[Outcome]:
    one = judge(golden("refuse", tags=tags), Says(shown(EAT, confidence=confidence)))
    return [one] * many


def run(
    made: Sequence[Outcome],
    target: float | None = None,
    in_use: float = 0.5,
    earlier: Calibration | None = None,
) -> Calibrated:
    return calibrate(Questions(made, "f" * 64), NOW, in_use, earlier, target)


def test_wrong_means_what_it_means_in_the_figures() -> None:
    found = run(outcomes(), in_use=0.0).calibration
    rate = figures(outcomes(), find).wrong_among_shown
    assert found is not None
    assert (found.wrong, found.shown) == (rate.count, rate.of) == (3, 4)
    assert found.upper == upper_bound(3, 4)


def test_danger_is_left_out_and_so_is_what_no_threshold_shows() -> None:
    made = [
        *right(3, 0.9),
        *[judge(golden(kind), Says(shown(DRIVE))) for kind in ("crisis", "emergency", "advice")],
        judge(golden("quote", DRIVE), Says(refused(DRIVE))),
        judge(golden("refuse"), Says(noticed("crisis"))),
    ]
    found = run(made).calibration
    assert found is not None
    assert (found.wrong, found.shown, found.held) == (0, 3, False)


def test_the_held_questions_are_stated() -> None:
    made = [*right(50, 0.9), *right(8, 0.6, "held"), *wrong(2, 0.7, "held"), *wrong(5, 0.4, "held")]
    lines, found = run(made).lines, run(made).calibration
    assert found is not None
    assert (found.wrong, found.shown, found.held, found.target) == (2, 10, True, None)
    assert (found.threshold, found.upper) == (0.5, upper_bound(2, 10))
    assert found.questions_sha256 == "f" * 64
    assert lines == (
        "All questions: 2 wrong of 60 shown at threshold 0.5, upper bound 10.2 %",
        "Held questions: 2 wrong of 10 shown at threshold 0.5, upper bound 50.7 %",
    )


def test_a_threshold_is_chosen_on_the_others_and_stated_of_the_held() -> None:
    made = [
        *right(40, 0.9),
        *wrong(10, 0.7),
        *right(9, 0.95, "held"),
        *wrong(1, 0.85, "held"),
        *wrong(20, 0.6, "held"),
    ]
    lines, found = run(made, target=0.1).lines, run(made, target=0.1).calibration
    assert lines[0] == (
        "Threshold 0.71: proven to have at most 10 % wrong on the questions that are not held "
        "(0 wrong of 40 shown)."
    )
    assert lines[-1] == "The held questions alone do not prove the target; their bound is stated."
    assert found is not None
    assert (found.threshold, found.target, found.held) == (0.71, 0.1, True)
    assert (found.wrong, found.shown, found.upper) == (1, 10, upper_bound(1, 10))
    assert found.upper > 0.1, "it is stated though it lies above the target"


def test_where_none_is_held_the_target_is_what_is_stated() -> None:
    found = run([*right(60, 0.9), *wrong(10, 0.7)], target=0.1).calibration
    assert found is not None
    assert (found.threshold, found.wrong, found.shown, found.held) == (0.71, 0, 60, False)
    assert found.upper == 0.1 > upper_bound(0, 60)


def test_a_choice_is_no_threshold_fixed_beforehand() -> None:
    """Stated again on the questions it was chosen on, it does not gain by it."""
    made = [*right(60, 0.9), *wrong(10, 0.7)]
    chosen = run(made, target=0.1).calibration
    assert chosen is not None
    again = run(made, in_use=chosen.threshold, earlier=chosen)
    assert again.calibration == chosen
    assert again.lines == ("The threshold in use was chosen on these questions.",)
    other = calibrate(Questions(made, "0" * 64), NOW, chosen.threshold, chosen, None).calibration
    assert other is not None
    assert (other.upper, other.target) == (upper_bound(0, 60), 0.1)


def test_the_chosen_threshold_stays_when_the_held_are_stated_again() -> None:
    made = [*right(40, 0.9), *wrong(10, 0.7), *right(9, 0.95, "held")]
    chosen = run(made, target=0.1).calibration
    assert chosen is not None
    assert run(made, in_use=chosen.threshold, earlier=chosen).calibration == chosen


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (right(28, 0.9), "That takes at least 29 answers; at most 28 were shown."),
        (
            [*right(20, 0.9), *wrong(20, 0.95)],
            "The lowest bound, which states nothing, is "
            "20 wrong of 40 shown at threshold 0.9, upper bound 63.9 %.",
        ),
    ],
)
def test_what_cannot_be_proven_is_said(made: list[Outcome], why: str) -> None:
    found = run(made, target=0.1)
    assert found.calibration is None
    assert found.lines == (
        "No threshold is proven to have at most 10 % wrong.",
        why,
        "What was stated before is kept.",
    )


def test_of_no_answers_nothing_is_stated() -> None:
    found = run([*right(50, 0.9), *right(5, 0.3, "held")])
    assert found.calibration is None
    assert found.lines[-1] == "Nothing can be stated: no held question was answered."


def test_questions_that_cannot_be_used() -> None:
    with pytest.raises(QuestionError, match="nothing to count"):
        run([judge(golden("crisis"), Says(noticed("crisis")))])
    with pytest.raises(QuestionError, match="All questions are held"):
        run(right(50, 0.9, "held"), target=0.1)
    [one] = right(1, 0.9)
    other = replace(one, answer=replace(one.answer, generation="g2"))
    with pytest.raises(QuestionError, match=r"Another generation .* Run `qa calibrate` again"):
        run([one, other])
