"""Exact bounds for the share of wrong answers among those shown, and thresholds proven by them.

A threshold picked because its own bound looks good is picked for its luck as well: with a hundred
thresholds to pick from, one in twenty bounds may fail, and the pick goes to those that do.
Fixed-sequence testing (Angelopoulos, Bates, Candès, Jordan and Lei, "Learn then Test", 2021,
arXiv:2110.01052) has no such choice. The thresholds are tried in an order fixed beforehand, from
strict to loose, and the first that is not proven ends it. A false proof means that the first
threshold of the order that errs too often was proven. That is one test of 5 %, so whichever
threshold is picked, its statement fails in at most 5 % of all calibrations.

The order starts where enough answers are shown for a test to succeed at all. This depends on the
confidences alone: given these, whether each answer is wrong is an independent trial with a chance
of its own, and the binomial tail holds for the mean of unequal chances too (Hoeffding, Annals of
Mathematical Statistics 27, 1956, theorem 4). So the statement is about questions whose confidences
are spread as those of the judged ones, which must be drawn as the patients' questions are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import bdtr, betaincinv

__all__ = [
    "LEVEL",
    "THRESHOLDS",
    "Judged",
    "Tally",
    "fewest_shown",
    "fixed_sequence",
    "lowest_bound",
    "sign_test",
    "tally",
    "upper_bound",
]

LEVEL = 0.95
"""Confidence of every statement."""
THRESHOLDS = tuple(step / 100 for step in range(100, -1, -1))
"""The fixed grid, from strict to loose."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer that a threshold of 0 shows."""

    confidence: float
    """It is shown at every threshold up to this; between 0 and 1."""
    wrong: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the answers shown at a threshold are wrong."""

    threshold: float
    wrong: int
    shown: int

    @property
    def upper(self) -> float:
        """The upper bound of the share of wrong answers; valid for a threshold fixed beforehand."""
        return upper_bound(self.wrong, self.shown)


def upper_bound(wrong: int, shown: int, level: float = LEVEL) -> float:
    """The one-sided upper bound of a share by Clopper and Pearson (Biometrika 26, 1934).

    The largest share, between 0 and 1, at which `wrong` or fewer of `shown` still has a chance of
    1 - `level`; 1 of nothing. Raises ValueError where the counts cannot be.
    """
    if not 0 <= wrong <= shown:
        raise ValueError(f"{wrong} wrong of {shown} shown is no count")
    if wrong == shown:
        return 1.0
    return float(betaincinv(wrong + 1, shown - wrong, level))


def fewest_shown(at_most: float, level: float = LEVEL) -> int:
    """How many answers, none of them wrong, prove that at most a share `at_most` is wrong.

    Raises ValueError where that is not between 0 and 1, both excluded.
    """
    if not 0.0 < at_most < 1.0:
        raise ValueError(f"a share to be proven lies between 0 and 1, not at {at_most}")
    return math.ceil(math.log(1 - level) / math.log1p(-at_most))


def tally(judged: Sequence[Judged], threshold: float) -> Tally:
    """Counts the answers that are shown at a threshold."""
    shown = [one for one in judged if one.confidence >= threshold]
    return Tally(threshold, sum(one.wrong for one in shown), len(shown))


def fixed_sequence(judged: Sequence[Judged], at_most: float, level: float = LEVEL) -> Tally | None:
    """The loosest threshold proven to have at most a share `at_most` wrong; None if there is none.

    What is proven of it is `at_most` and no less: its own `upper`, mostly lower, was not what was
    tested. Raises ValueError as `fewest_shown` does.
    """
    fewest = fewest_shown(at_most, level)
    proven = None
    for threshold in THRESHOLDS:
        found = tally(judged, threshold)
        if found.shown < fewest:
            continue
        # The chance of so few wrong ones if the share were `at_most`: the exact binomial tail.
        if bdtr(found.wrong, found.shown, at_most) > 1 - level:
            break
        proven = found
    return proven


def lowest_bound(judged: Sequence[Judged]) -> Tally:
    """The threshold with the lowest bound: how near one comes, and no statement of its own."""
    return min((tally(judged, threshold) for threshold in THRESHOLDS), key=lambda one: one.upper)


def sign_test(better: int, worse: int) -> float:
    """The chance, between 0 and 1, of so uneven a split if better and worse were as likely.

    The exact two-sided sign test of Dixon and Mood (Journal of the American Statistical Association
    41, 1946), which is McNemar's (Psychometrika 12, 1947) without its approximation; 1 of nothing.
    Raises ValueError where the counts cannot be.
    """
    if min(better, worse) < 0:
        raise ValueError(f"{better} better and {worse} worse are no counts")
    return min(1.0, 2.0 * float(bdtr(min(better, worse), better + worse, 0.5)))
