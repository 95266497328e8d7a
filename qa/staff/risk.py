"""How sure the answers are, in numbers: what each threshold shows of a run, and how often it errs.

What is wrong is what `qa.calibrating` calls so: a first quote that holds no expected words, or any
quote where a refusal was expected. Questions that tell of danger are left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.bounds import Judged, fixed_sequence, upper_bound
from qa.evaluation import wilson
from qa.staff.judgement import Judgement

__all__ = [
    "GRID",
    "Bin",
    "Case",
    "Effect",
    "Group",
    "Point",
    "Spread",
    "calibration_error",
    "cases_of",
    "changed",
    "coverage_curve",
    "effect",
    "proven_threshold",
    "reliability",
    "spread",
]

GRID = tuple(step / 100 for step in range(101))
"""The thresholds that can be chosen, from loose to strict; those of `qa.bounds`."""
_FEWEST = 15
"""Questions in a bin: with fewer, a 95 % interval spans about half of all shares or more."""
_MOST_BINS = 10
_WIDTHS = 20
"""Parts of the scale from 0 to 1 in which confidences are counted."""


class Group(StrEnum):
    """What an answer to a question is, where it is shown."""

    RIGHT = "right quote first"
    WRONG = "another quote first"
    UNANSWERABLE = "should be refused"


@dataclass(frozen=True, slots=True)
class Case:
    """A question about what the documents say, with its answer, shown or not."""

    question: str
    group: Group
    confidence: float
    settled: bool
    """Whether nothing is shown whatever the threshold."""
    held: bool

    def shown(self, threshold: float) -> bool:
        """Whether its quotes are shown at a threshold."""
        return not self.settled and self.confidence >= threshold


def cases_of(judgements: Sequence[Judgement], held: bool | None = None) -> tuple[Case, ...]:
    """The cases of a run: all, the held ones or the others."""
    return tuple(
        Case(one.question, _group(one), one.confidence, one.settled or not one.places, one.held)
        for one in judgements
        if one.expect in ("quote", "refuse") and held in (None, one.held)
    )


def _group(one: Judgement) -> Group:
    if one.expect == "refuse":
        return Group.UNANSWERABLE
    return Group.RIGHT if one.rank == 1 else Group.WRONG


@dataclass(frozen=True, slots=True)
class Effect:
    """What a threshold does to a set of cases."""

    threshold: float
    answerable: int
    unanswerable: int
    right: int
    """Answerable ones whose first quote is shown and right."""
    wrong_quotes: int
    """Answerable ones whose first quote is shown and another."""
    unanswerable_shown: int

    @property
    def answered(self) -> int:
        """Answerable questions that are answered, rightly or not."""
        return self.right + self.wrong_quotes

    @property
    def refused(self) -> int:
        """Questions that are refused although they could be answered."""
        return self.answerable - self.answered

    @property
    def shown(self) -> int:
        """All answers that are shown."""
        return self.answered + self.unanswerable_shown

    @property
    def wrong(self) -> int:
        """The wrong ones among them."""
        return self.wrong_quotes + self.unanswerable_shown

    @property
    def coverage(self) -> float:
        """Share of all questions that are answered, between 0 and 1; nan of nothing."""
        asked = self.answerable + self.unanswerable
        return self.shown / asked if asked else math.nan

    @property
    def share(self) -> float:
        """Share of wrong ones among the answers shown (the "risk"); nan of nothing."""
        return self.wrong / self.shown if self.shown else math.nan

    @property
    def upper(self) -> float:
        """Its one-sided 95 % upper bound by Clopper and Pearson; 1 of nothing."""
        return upper_bound(self.wrong, self.shown)


def effect(cases: Sequence[Case], threshold: float) -> Effect:
    """What a threshold between 0 and 1 does."""
    groups = [one.group for one in cases]
    shown = [one.group for one in cases if one.shown(threshold)]
    unanswerable = groups.count(Group.UNANSWERABLE)
    return Effect(
        threshold=threshold,
        answerable=len(groups) - unanswerable,
        unanswerable=unanswerable,
        right=shown.count(Group.RIGHT),
        wrong_quotes=shown.count(Group.WRONG),
        unanswerable_shown=shown.count(Group.UNANSWERABLE),
    )


def changed(cases: Sequence[Case], now: float, then: float) -> tuple[Case, ...]:
    """The cases that are shown at one of two thresholds only, the surest first."""
    found = [one for one in cases if one.shown(now) != one.shown(then)]
    return tuple(sorted(found, key=lambda one: -one.confidence))


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the curve of risk against coverage (El-Yaniv and Wiener, JMLR 11, 2010)."""

    threshold: float
    """The highest at which this much is answered."""
    coverage: float
    risk: float
    upper: float
    """One-sided 95 % bound of the risk; for this point alone, fixed beforehand."""


def coverage_curve(cases: Sequence[Case]) -> tuple[Point, ...]:
    """The curve from the strictest threshold that shows an answer to a threshold of 0.

    Cases of the same confidence are shown together and make one point. Empty where none is shown.
    """
    levels = sorted({one.confidence for one in cases if not one.settled}, reverse=True)
    at = [effect(cases, level) for level in levels]
    return tuple(Point(one.threshold, one.coverage, one.share, one.upper) for one in at)


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases of similar confidence, settled ones left out."""

    lowest: float
    highest: float
    confidence: float
    """The mean."""
    right: int
    of: int

    @property
    def share(self) -> float:
        """Share whose first quote is right."""
        return self.right / self.of

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % Wilson interval."""
        return wilson(self.right, self.of)


def reliability(cases: Sequence[Case]) -> tuple[Bin, ...]:
    """Bins of nearly equal counts, by rising confidence; equal confidences are never parted.

    There are at most ten, and fewer where each would hold less than fifteen cases.
    """
    ranked = sorted((one for one in cases if not one.settled), key=lambda one: one.confidence)
    if not ranked:
        return ()
    wanted = max(1, min(_MOST_BINS, len(ranked) // _FEWEST))
    bins: list[Bin] = []
    start = 0
    for number in range(1, wanted + 1):
        end = max(start, round(len(ranked) * number / wanted))
        while 0 < end < len(ranked) and ranked[end].confidence == ranked[end - 1].confidence:
            end += 1
        if end > start:
            bins.append(_bin(ranked[start:end]))
        start = end
    return tuple(bins)


def _bin(cases: Sequence[Case]) -> Bin:
    confidences = [one.confidence for one in cases]
    return Bin(
        lowest=confidences[0],
        highest=confidences[-1],
        confidence=sum(confidences) / len(cases),
        right=sum(one.group is Group.RIGHT for one in cases),
        of=len(cases),
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error (Naeini, Cooper and Hauskrecht, AAAI 2015); nan of nothing.

    The mean distance between confidence and share of right ones, weighted by the bins' counts.
    """
    of = sum(one.of for one in bins)
    apart = sum(one.of * abs(one.share - one.confidence) for one in bins)
    return apart / of if of else math.nan


@dataclass(frozen=True, slots=True)
class Spread:
    """How the confidences of one group lie."""

    group: Group
    counts: tuple[int, ...]
    """In equal parts of the scale from 0 to 1, each without its upper end but the last."""
    settled: int
    """Refused whatever the threshold, and not among the counts."""


def spread(cases: Sequence[Case]) -> tuple[Spread, ...]:
    """How the confidences of each group lie."""
    found = []
    for group in Group:
        own = [one for one in cases if one.group is group]
        counts = [0] * _WIDTHS
        for one in own:
            if not one.settled:
                # Rounded first: 0.15 * 20 is a little less than 3.
                counts[min(_WIDTHS - 1, int(round(one.confidence * _WIDTHS, 6)))] += 1
        found.append(Spread(group, tuple(counts), sum(one.settled for one in own)))
    return tuple(found)


def proven_threshold(cases: Sequence[Case], at_most: float) -> float | None:
    """The threshold that `qa calibrate` would choose on these cases; None where none is proven."""
    judged = [
        Judged(one.confidence, one.group is not Group.RIGHT) for one in cases if not one.settled
    ]
    found = fixed_sequence(judged, at_most)
    return found.threshold if found else None
