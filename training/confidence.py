"""Observations of a reading → how probable it is that the first quote answers.

A logistic regression, fitted on questions that the network was not trained on (the logits of the
held-out folds): what it says of its own training questions is far too sure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qa.confidence import observations
from qa.measures import auroc
from qa.publishing import replace_file
from qa.trained_reader import READ
from training.blending import blended
from training.examples import Example
from training.sampling import similarity
from training.scoring import Read

__all__ = ["CONFIDENCE", "Fitted", "calibration_error", "fit", "judged", "write_confidence"]

CONFIDENCE = "confidence.json"

Floats = NDArray[np.float64]
_FOLDS = 5
_BINS = 10


class Fitted(NamedTuple):
    """probability = 1 / (1 + exp(-(observations · weights + bias))).

    `mean` and `scale` of the observations are in `weights` and `bias` already, and stand here only
    to tell what an observation is worth: weights · scale.
    """

    mean: Floats
    scale: Floats
    weights: Floats
    bias: float

    def probability(self, observations: ArrayLike) -> Floats:
        """Of each row of observations, (n, k) → (n,)."""
        logit = np.asarray(observations, np.float64) @ self.weights + self.bias
        probable: Floats = 1.0 / (1.0 + np.exp(-logit))
        return probable


def judged(example: Example, parts: Sequence[Read], blend: float) -> tuple[Floats, bool]:
    """What the program would observe of a question, and whether its best sentence is evidence.

    Of as many passages as the program reads, with the blend that it reads with.
    """
    near = sorted(parts, key=lambda one: -similarity(example.passages[one.index]))[:READ]
    passages = [example.passages[one.index] for one in near]
    features = [passage.features for passage in passages]
    logits = [blended(one.logits, own, blend) for one, own in zip(near, features, strict=True)]
    labels = np.concatenate([passage.labels for passage in passages]) > 0
    best = int(np.concatenate(logits).argmax())
    return observations(logits).astype(np.float64), bool(labels[best])


def fit(
    observed: ArrayLike,
    right: ArrayLike,
    groups: Sequence[Any],
    say: Callable[[str], None] = print,
) -> Fitted:
    """Fits on all rows; says how well the same does on groups that it was not fitted on.

    `observed` are (n, k), `right` tells of each row whether its first quote answers, and rows
    of one group are never parted. Raises ValueError where all or none are right, or numbers are
    not finite.
    """
    seen, answers = np.asarray(observed, np.float64), np.asarray(right, bool)
    if not np.isfinite(seen).all():
        raise ValueError("an observation is not a finite number")
    if answers.all() or not answers.any():
        raise ValueError("to learn from, some first quotes must answer and some must not")
    held = _held_out(seen, answers, np.unique([str(one) for one in groups], return_inverse=True)[1])
    if held is None:
        say("fewer than two groups: not cross-validated")
    else:
        area = auroc(held[answers].tolist(), held[~answers].tolist())
        say(f"cross-validated by group: AUROC {area:.4f}, n = {len(answers)}")
        say(f"expected calibration error, {_BINS} bins: {calibration_error(held, answers):.4f}")
    return _fitted(seen, answers)


def _held_out(seen: Floats, right: NDArray[np.bool_], groups: NDArray[np.intp]) -> Floats | None:
    """Each row's probability by a fit without its group."""
    from sklearn.model_selection import GroupKFold

    folds = min(_FOLDS, len(set(groups.tolist())))
    if folds < 2:
        return None
    probable = np.empty(len(right))
    for train, held in GroupKFold(folds).split(seen, right, groups):
        probable[held] = _fitted(seen[train], right[train]).probability(seen[held])
    return probable


def _fitted(seen: Floats, right: NDArray[np.bool_]) -> Fitted:
    from sklearn.linear_model import LogisticRegression

    mean, scale = seen.mean(axis=0), seen.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)  # what never varies tells nothing, and divides by none
    model = LogisticRegression(max_iter=1000).fit((seen - mean) / scale, right)
    weights = model.coef_[0] / scale
    return Fitted(mean, scale, weights, float(model.intercept_[0] - weights @ mean))


def calibration_error(probable: Floats, right: NDArray[np.bool_]) -> float:
    """Expected calibration error: how far stated probability and share of right ones lie apart.

    In ten bins of equal width, each counting by its rows (Naeini and others, "Obtaining Well
    Calibrated Probabilities Using Bayesian Binning", AAAI 2015).
    """
    bins = np.minimum((probable * _BINS).astype(int), _BINS - 1)
    apart = [
        abs(float((probable - right)[bins == one].mean())) * float((bins == one).mean())
        for one in range(_BINS)
        if (bins == one).any()
    ]
    return sum(apart)


def write_confidence(
    path: Path,
    names: Sequence[str],
    fitted: Fitted,
    made_by: str,
    fitted_on: Mapping[str, Any],
) -> None:
    """Writes what `qa.confidence` reads, all of it or nothing.

    `names` are the observations' in order, `made_by` the command that made it, `fitted_on` the sets
    and how many questions. Raises ValueError where names and weights do not match.
    """
    weights = {name: float(one) for name, one in zip(names, fitted.weights, strict=True)}
    record = {
        "names": list(weights),
        "weights": list(weights.values()),
        "bias": fitted.bias,
        "made_by": made_by,
        "fitted_on": dict(fitted_on),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, (json.dumps(record, indent=2) + "\n").encode())
