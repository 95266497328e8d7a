"""Measures: judged responses → figures, each with a 95 % interval.

Shares have Wilson's interval. For the others the interval is that of the percentile bootstrap
(B. Efron, Annals of Statistics 7, 1979): leaflets with all their questions, where the set has
groups, or questions are drawn anew with replacement, seeded so that figures repeat. A resample is
a weight for each question, how often it was drawn, so every measure is a function of weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.evaluation import wilson
from qa.judging import Judged

__all__ = ["Figure", "auroc", "measure"]

REPEATS = 1000
"""Resamples; the usual number for a percentile interval."""
SEED = 20260101
FLOORS = (0.9, 0.8)
"""Shares of right answers among those shown, at which coverage is given."""
RECALL_AT = (5, 10)
"""Candidates among which the gold is looked for, besides all that were read."""
WRONG_SUBJECT = "wrong_subject"

Floats = NDArray[np.floating[Any]]
Statistic = Callable[[Floats], float]
"""Weights of the questions, in order → a figure; nan where there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float
    of: int
    """Questions it is measured on, or pairs of twins."""


def measure(judged: Sequence[Judged], repeats: int = REPEATS) -> dict[str, Figure]:
    """All figures that these questions allow, by name; `docs/quality.md` says what each means."""
    found = _shares(judged)
    statistics = _ranking(judged) | _lengths(judged) | _words(judged) | _twins(judged)
    resamples = _resamples(judged, repeats)
    for name, (of, statistic) in statistics.items():
        found[name] = _bootstrapped(statistic, of, resamples, len(judged))
    return found


def _bootstrapped(statistic: Statistic, of: int, resamples: Floats, count: int) -> Figure:
    made = np.array([statistic(weights) for weights in resamples])
    made = made[~np.isnan(made)]  # a resample may lack what is measured
    low, high = np.percentile(made, (2.5, 97.5)) if len(made) else (float("nan"),) * 2
    return Figure(statistic(np.ones(count)), float(low), float(high), of)


def _resamples(judged: Sequence[Judged], repeats: int) -> Floats:
    """How often each question was drawn in each resample; float (repeats, questions)."""
    places: dict[str, int] = {}
    unit = np.array([places.setdefault(one.unit, len(places)) for one in judged], dtype=np.int64)
    if not places:
        return np.empty((0, 0))
    random = np.random.default_rng(SEED)
    draws = random.multinomial(len(places), np.full(len(places), 1 / len(places)), size=repeats)
    made: Floats = draws[:, unit].astype(np.float64)
    return made


def _shares(judged: Sequence[Judged]) -> dict[str, Figure]:
    asked = [one for one in judged if one.answerable]
    unanswerable = [one for one in judged if not one.answerable]
    found: dict[str, Figure] = {}

    def add(name: str, hits: Sequence[bool]) -> None:
        if hits:
            count, of = sum(hits), len(hits)
            found[name] = Figure(count / of, *wilson(count, of), of)

    for places in (1, 3, 5):
        add(f"hit@{places}", [any(one.right[:places]) for one in asked])
    if any(one.candidate_place for one in asked):
        for count in RECALL_AT:
            add(f"recall@{count}", [0 < (one.candidate_place or 0) <= count for one in asked])
        add("recall@all", [one.candidate_place is not None for one in asked])
    add("answered", [not one.refused for one in asked])
    add("refused_unanswerable", [one.refused for one in unanswerable])
    families = dict.fromkeys(_family(one.kind) for one in unanswerable)
    for family in families if len(families) > 1 else ():
        some = [one.refused for one in unanswerable if _family(one.kind) == family]
        add(f"refused_{family}", some)
    return found


def _family(kind: str) -> str:
    """A kind without its finest division: `unanswerable/removed_doc/causes` → `removed_doc`."""
    parts = kind.removeprefix("unanswerable/").split("/")
    return parts[0]


Statistics = dict[str, tuple[int, Statistic]]


def _ranking(judged: Sequence[Judged]) -> Statistics:
    """How well confidence parts answerable from not, and right answers from the rest."""
    confidence = np.array([one.confidence for one in judged])
    answerable = np.array([one.answerable for one in judged], dtype=bool)
    wrong_subject = np.array([one.kind == WRONG_SUBJECT for one in judged], dtype=bool)
    right = np.array([any(one.right[:1]) for one in judged], dtype=bool)
    found: Statistics = {}
    if answerable.any() and not answerable.all():
        found["auroc_answerable"] = (len(judged), _auroc_of(confidence, answerable, ~answerable))
    if answerable.any() and wrong_subject.any():
        of = int(answerable.sum() + wrong_subject.sum())
        found["auroc_wrong_subject"] = (of, _auroc_of(confidence, answerable, wrong_subject))
    if right.any() and not right.all():
        found["auroc_right_vs_rest"] = (len(judged), _auroc_of(confidence, right, ~right))
    for floor in FLOORS if answerable.any() else ():
        statistic = _coverage_of(confidence, right, answerable, floor)
        found[f"right_at_p{floor * 100:.0f}"] = (int(answerable.sum()), statistic)
    return found


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """Chance that a positive value is above a negative one, equals counting half.

    The area under the ROC curve (Mann and Whitney, 1947); nan where either is empty.
    """
    values = np.array([*positive, *negative], dtype=np.float64)
    first = np.arange(len(values)) < len(positive)
    return _auroc_of(values, first, ~first)(np.ones(len(values)))


def _auroc_of(values: Floats, positive: NDArray[np.bool], negative: NDArray[np.bool]) -> Statistic:
    levels, level = np.unique(values, return_inverse=True)

    def statistic(weights: Floats) -> float:
        up = np.bincount(level, weights * positive, len(levels))
        down = np.bincount(level, weights * negative, len(levels))
        pairs = up.sum() * down.sum()
        below = np.cumsum(down) - down
        return float(up @ (below + down / 2) / pairs) if pairs else float("nan")

    return statistic


def _coverage_of(
    confidence: Floats, right: NDArray[np.bool], answerable: NDArray[np.bool], floor: float
) -> Statistic:
    """Most of the answerable questions that can be answered rightly by a threshold on confidence
    that leaves at least `floor` of the answers shown right. Equal confidences are not parted.
    """
    levels, level = np.unique(-confidence, return_inverse=True)

    def statistic(weights: Floats) -> float:
        asked = float((weights * answerable).sum())
        good = np.cumsum(np.bincount(level, weights * right, len(levels)))
        shown = np.cumsum(np.bincount(level, weights, len(levels)))
        enough = good[(good >= floor * shown - 1e-9) & (shown > 0)]
        return float(enough.max(initial=0.0)) / asked if asked else float("nan")

    return statistic


def _lengths(judged: Sequence[Judged]) -> Statistics:
    """The median length of the first quote, of answerable questions; the upper of two middles."""
    places = [i for i, one in enumerate(judged) if one.answerable and one.first_words is not None]
    places.sort(key=lambda i: judged[i].first_words or 0)
    words = [judged[i].first_words or 0 for i in places]

    def statistic(weights: Floats) -> float:
        reached = np.cumsum(weights[places])
        if not reached[-1]:
            return float("nan")
        return float(words[int(np.searchsorted(reached, reached[-1] / 2, side="right"))])

    return {"words@1": (len(places), statistic)} if places else {}


def _words(judged: Sequence[Judged]) -> Statistics:
    """Micro precision, recall and F1 of the words quoted over all questions (ACL-Verbatim)."""
    counts = [one.words for one in judged]
    if not any(counts):
        return {}
    found, quoted, gold = (
        np.array([getattr(one, name) if one else 0 for one in counts], dtype=np.float64)
        for name in ("found", "quoted", "gold")
    )

    def precision(weights: Floats) -> float:
        return float(weights @ found) / max(1.0, float(weights @ quoted))

    def recall(weights: Floats) -> float:
        return float(weights @ found) / max(1.0, float(weights @ gold))

    def f1(weights: Floats) -> float:
        p, r = precision(weights), recall(weights)
        return 2 * p * r / max(1e-9, p + r)

    named = {"word_p": precision, "word_r": recall, "word_f1": f1}
    return {name: (len(judged), statistic) for name, statistic in named.items()}


def _twins(judged: Sequence[Judged]) -> Statistics:
    """How well confidence tells a question from its twin, of which only one has an answer."""
    place = {one.qid: i for i, one in enumerate(judged)}
    pairs = [(i, place[one.twin_of]) for i, one in enumerate(judged) if one.twin_of in place]
    # The answered one first.
    pairs = [(i, j) if judged[i].answerable else (j, i) for i, j in pairs]
    if not pairs:
        return {}
    yes, no = (np.array(side) for side in zip(*pairs, strict=True))
    confidence = np.array([one.confidence for one in judged])
    ahead = (np.sign(confidence[yes] - confidence[no]) + 1) / 2
    both = np.concatenate([confidence[yes], confidence[no]])
    positive = np.arange(len(both)) < len(yes)
    pooled = _auroc_of(both, positive, ~positive)

    def order(weights: Floats) -> float:
        drawn = weights[yes]
        return float(drawn @ ahead / drawn.sum()) if drawn.sum() else float("nan")

    def area(weights: Floats) -> float:
        # Where questions are drawn singly, a pair goes with the twin that is answered.
        return pooled(np.concatenate([weights[yes], weights[yes]]))

    return {"twin_order": (len(pairs), order), "twin_auroc": (len(pairs), area)}
