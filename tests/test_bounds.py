"""Bounds against published values and sums by hand, and how often a proven threshold fails."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from qa.bounds import (
    LEVEL,
    THRESHOLDS,
    Judged,
    Tally,
    fewest_shown,
    fixed_sequence,
    lowest_bound,
    sign_test,
    tally,
    upper_bound,
)


@pytest.mark.parametrize(
    ("wrong", "shown", "upper"),
    [
        # NIST/SEMATECH e-Handbook, 7.2.4.1: the 90 % interval of 4 of 20 ends at 0.401029.
        (4, 20, 0.401029),
        # None wrong: 1 - 0.05 ** (1 / n), near the "rule of three" (Hanley and Lippman-Hand, 1983).
        (0, 1, 0.95),
        (0, 29, 1 - 0.05 ** (1 / 29)),
        (0, 300, 1 - 0.05 ** (1 / 300)),
        # All but one wrong: share ** n + n * share ** (n - 1) * (1 - share) = 0.95 for n = 2.
        (1, 2, math.sqrt(0.95)),
        (7, 7, 1.0),
        (0, 0, 1.0),
    ],
)
def test_the_upper_bound(wrong: int, shown: int, upper: float) -> None:
    assert upper_bound(wrong, shown) == pytest.approx(upper, abs=2e-6)


@pytest.mark.parametrize(("wrong", "shown"), [(1, 10), (20, 47), (71, 149), (3, 400)])
def test_at_the_bound_so_few_wrong_have_a_chance_of_one_in_twenty(wrong: int, shown: int) -> None:
    share = upper_bound(wrong, shown)
    chance = sum(
        math.comb(shown, k) * share**k * (1 - share) ** (shown - k) for k in range(wrong + 1)
    )
    assert chance == pytest.approx(1 - LEVEL, abs=1e-9)


@pytest.mark.parametrize(("wrong", "shown"), [(-1, 3), (4, 3)])
def test_counts_that_cannot_be(wrong: int, shown: int) -> None:
    with pytest.raises(ValueError, match="is no count"):
        upper_bound(wrong, shown)


@pytest.mark.parametrize(("at_most", "fewest"), [(0.1, 29), (0.05, 59), (0.01, 299), (0.5, 5)])
def test_how_many_a_clean_slate_takes(at_most: float, fewest: int) -> None:
    assert fewest_shown(at_most) == fewest
    assert (1 - at_most) ** fewest <= 0.05 < (1 - at_most) ** (fewest - 1)


@pytest.mark.parametrize("at_most", [0.0, 1.0, -0.1, math.nan])
def test_a_share_that_cannot_be_proven(at_most: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        fixed_sequence([], at_most)


def test_the_grid_runs_from_strict_to_loose() -> None:
    assert (THRESHOLDS[0], THRESHOLDS[-1], len(THRESHOLDS)) == (1.0, 0.0, 101)
    assert list(THRESHOLDS) == sorted(THRESHOLDS, reverse=True)


def judged(*groups: tuple[int, float, bool]) -> list[Judged]:
    """(how many, confidence, wrong) as answers."""
    return [Judged(confidence, wrong) for many, confidence, wrong in groups for _ in range(many)]


def test_an_answer_is_shown_at_its_own_confidence() -> None:
    answers = judged((2, 0.9, False), (1, 0.5, True), (3, 0.4, False))
    assert tally(answers, 0.9) == Tally(0.9, 0, 2)
    assert tally(answers, 0.5) == Tally(0.5, 1, 3)
    assert tally(answers, 0.91) == Tally(0.91, 0, 0)
    assert tally(answers, 0.9).upper == upper_bound(0, 2)


def test_the_loosest_threshold_before_the_first_failure_is_proven() -> None:
    right, wrong = (40, 0.8, False), (10, 0.6, True)
    assert fixed_sequence(judged(right), 0.1) == Tally(0.0, 0, 40)
    assert fixed_sequence(judged(right, wrong), 0.1) == Tally(0.61, 0, 40)
    # However many right ones come after the failure, the order has ended there.
    later = judged(right, wrong, (1000, 0.2, False))
    assert fixed_sequence(later, 0.1) == Tally(0.61, 0, 40)
    assert tally(later, 0.2).upper < 0.1


def test_the_order_begins_where_a_test_can_succeed() -> None:
    assert fixed_sequence(judged((28, 0.9, False)), 0.1) is None
    assert fixed_sequence(judged((28, 0.9, False), (1, 0.5, False)), 0.1) == Tally(0.0, 0, 29)
    assert fixed_sequence(judged((28, 0.9, False), (1, 0.5, True)), 0.1) is None
    assert fixed_sequence([], 0.1) is None


def test_how_near_one_came() -> None:
    answers = judged((10, 0.9, False), (10, 0.5, True))
    assert lowest_bound(answers) == Tally(0.9, 0, 10)
    assert lowest_bound([]) == Tally(1.0, 0, 0)


RUNS, ANSWERS, AT_MOST = 600, 200, 0.1

Pick = Callable[[list[Judged]], Tally | None]


def by_hand(answers: list[Judged]) -> Tally | None:
    """The naive way: the loosest threshold whose own bound looks good."""
    good = [found for t in THRESHOLDS if (found := tally(answers, t)).upper <= AT_MOST]
    return good[-1] if good else None


def failures(pick: Pick, share_wrong: Callable[[float], float], runs: int = RUNS) -> float:
    """The share of runs in which the picked threshold errs more often than was said.

    Confidences are even between 0 and 1; an answer of confidence c is wrong with `share_wrong(c)`,
    so that those shown at t err with the mean of it from t to 1.
    """
    random = np.random.default_rng(20211005)
    steps = np.linspace(0, 1, 1001)
    chances = np.array([share_wrong(step) for step in steps])
    failed = 0
    for _ in range(runs):
        confidences = random.random(ANSWERS)
        wrong = random.random(ANSWERS) < np.interp(confidences, steps, chances)
        answers = [Judged(float(c), bool(w)) for c, w in zip(confidences, wrong, strict=True)]
        found = pick(answers)
        failed += found is not None and chances[steps >= found.threshold].mean() > AT_MOST
    return failed / runs


@pytest.mark.parametrize(
    "share_wrong",
    [
        lambda _: 0.1001,  # too many at every threshold, by a hair: the hardest case
        lambda c: 0.3 * (1 - c),  # proven down to a threshold of a third
        lambda c: 0.02 if c > 0.6 else 0.5,
        lambda c: 0.13 if 0.4 < c < 0.8 else 0.05,  # the order leads through a bad stretch
    ],
)
def test_a_proven_threshold_fails_in_at_most_one_run_of_twenty(
    share_wrong: Callable[[float], float],
) -> None:
    # Two standard deviations of the simulation itself are allowed for.
    allowed = 0.05 + 2 * math.sqrt(0.05 * 0.95 / RUNS)
    assert failures(lambda answers: fixed_sequence(answers, AT_MOST), share_wrong) <= allowed


def test_a_threshold_picked_by_hand_fails_far_more_often() -> None:
    assert failures(by_hand, lambda _: 0.1001, runs=200) > 0.1


@pytest.mark.parametrize(
    ("better", "worse", "chance"),
    [
        (0, 0, 1.0),
        (1, 1, 1.0),
        (3, 1, 2 * (1 + 4) / 16),
        (0, 6, 2 / 64),
        # 1 of 10: 2 * (1 + 10) / 1024.
        (9, 1, 22 / 1024),
    ],
)
def test_the_sign_test(better: int, worse: int, chance: float) -> None:
    assert sign_test(better, worse) == pytest.approx(chance)
    assert sign_test(worse, better) == pytest.approx(chance)


def test_counts_below_nothing_are_no_counts() -> None:
    with pytest.raises(ValueError, match="no counts"):
        sign_test(-1, 2)
