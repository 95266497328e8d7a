"""Similarity's own choice of sentences, mixed into the trained one.

Trained on leaflets, the network beats similarity there; on the first document, which it never saw,
similarity finds as much. Half a part of it costs the held-out leaflets little and makes the choice
sturdier elsewhere (docs/quality.md has the figures). Similarity is a weighted sum of inputs that
the head has already, so the mixture is made in its weights, and reading knows nothing of it.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from qa.reader import ReaderWeights

__all__ = ["blend_head", "blended"]

_SLOPE, _MIDDLE = 20.0, 6.0
"""Similarity as a logit: about what logistic regression of evidence on it gives."""


def _weights() -> NDArray[np.float32]:
    """What each similarity feature counts in `SimilarityReader`'s score."""
    by = ReaderWeights()
    half = (by.sentence / 2, by.sentence / 2, by.chunk / 2, by.chunk / 2, by.terms)
    return np.array(half, np.float32)


def blended(
    logits: NDArray[np.float32], features: NDArray[np.float32], blend: float
) -> NDArray[np.float32]:
    """Logits (sentences,) with `blend` parts of similarity; features are (sentences, 5)."""
    made: NDArray[np.float32] = logits + blend * (_SLOPE * (features @ _weights()) - _MIDDLE)
    return made


def blend_head(tensors: dict[str, torch.Tensor], blend: float) -> None:
    """The same in the weights of a head, so that the network gives the blended logits itself."""
    weight, bias = tensors["head.similar.weight"], tensors["head.similar.bias"]
    added = blend * _SLOPE * torch.from_numpy(_weights())
    tensors["head.similar.weight"] = weight + added.to(weight.dtype)
    tensors["head.similar.bias"] = bias - blend * _MIDDLE
