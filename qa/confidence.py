"""Confidence: what the reader found → the probability that the first quote answers.

A plain logistic regression over six observations. Its weights lie in `qa/data/reader`, with the
command that fitted them on judged questions; no observation is one of the question alone.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError

__all__ = ["CONFIDENCE_SHA256", "NAMES", "Confidence", "bundled_confidence", "observations"]

Numbers = NDArray[np.floating[Any]]

NAMES = (
    "soft maximum of the logits",
    "similarity of the best sentence",
    "similarity of the best sentence, without what passages share",
    "similarity of its chunk",
    "similarity of its chunk, without what passages share",
    "terms shared with it",
)
CONFIDENCE_SHA256 = "8d5d708eedc20c955bd30684537dba1e535cdd4be9c21ba33a59ea140a02e56e"
"""Of `confidence.json`; `python -m training` prints this line."""
_REST = 0.3
"""How much the other sentences count beside the best one. With 0 more answers are told from
non-answers, with 1 more leaflets from themselves without the answer: AUROC right against the rest
0.816, 0.803 and 0.784 with 0, 0.5 and 1, and twins in order 0.833, 0.863 and 0.879 (out of fold,
`python -m training`). So a little."""


def observations(features: Sequence[Numbers], logits: Sequence[Numbers]) -> Numbers:
    """float64 (6,) from the passages read: their features (sentences, 5) and logits (sentences,).

    The first is the best sentence's logit and a part of what the others add to it in a logarithmic
    sum of exponentials; the others are the similarities of the best sentence.
    """
    scores = np.concatenate(list(logits)).astype(np.float64)
    best = int(scores.argmax())
    total = float(np.logaddexp.reduce(scores))
    soft = scores[best] + _REST * (total - scores[best])
    made: Numbers = np.array([soft, *np.concatenate(list(features))[best]], dtype=np.float64)
    return made


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic regression: one weight an observation, and a bias."""

    weights: tuple[float, ...]
    bias: float

    def __post_init__(self) -> None:
        """Raises ValueError where the number of weights is not that of the observations."""
        if len(self.weights) != len(NAMES):
            raise ValueError(f"{len(self.weights)} weights for {len(NAMES)} observations")

    def of(self, observed: Numbers) -> float:
        """The probability, between 0 and 1, for observations float (6,)."""
        return 1.0 / (1.0 + math.exp(-(float(observed @ np.array(self.weights)) + self.bias)))


def bundled_confidence() -> Confidence:
    """The weights that belong to the bundled reader. Raises ModelError where they are
    missing or were altered.
    """
    path = Path(str(resources.files("qa"))) / "data" / "reader" / "confidence.json"
    try:
        data = path.read_bytes()
        found = hashlib.sha256(data).hexdigest()
        if found != CONFIDENCE_SHA256:
            raise ValueError(f"it was altered: SHA-256 {found}, expected {CONFIDENCE_SHA256}")
        kept = json.loads(data)
        return Confidence(tuple(map(float, kept["weights"])), float(kept["bias"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} cannot be used ({error}). Install the program anew.") from error
