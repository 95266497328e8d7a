"""The head of the evidence network in NumPy: tokens' vectors → evidence of each sentence.

What it reckons `qa.evidence_network` describes, and learns by torch; here the numbers are only
used, so that serving needs no torch. A test holds both to the same logits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from qa.errors import ModelError
from qa.packing import Packed
from qa.types import Vectors

__all__ = ["UNREAD", "EvidenceHead", "read_head"]

UNREAD = -20.0
"""The logit of a sentence of which no token was read."""
MISSED = 0.6
"""Cosine below which a word of the question counts as having no counterpart in a sentence."""
_PREFIX = "head."
_NAMES = {
    "mix_weight": "mix.0.weight",
    "mix_bias": "mix.0.bias",
    "out_weight": "out.weight",
    "out_bias": "out.bias",
    "importance_weight": "weight.weight",
    "importance_bias": "weight.bias",
    "late_weight": "late.weight",
    "similar_weight": "similar.weight",
    "similar_bias": "similar.bias",
}
"""Fields of the head, and what the trained file calls them."""

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class EvidenceHead:
    """The head's weights, float32, each as torch's `Linear` has it: (outputs, inputs)."""

    mix_weight: Numbers
    mix_bias: Numbers
    out_weight: Numbers
    out_bias: Numbers
    importance_weight: Numbers
    importance_bias: Numbers
    late_weight: Numbers
    similar_weight: Numbers
    similar_bias: Numbers

    def logits(self, hidden: Vectors, packed: Packed) -> Numbers:
        """Logits of the sentences, float32 (sentences,).

        `hidden` are the vectors of the tokens of `packed`, float32 (length, dim). Raises ModelError
        where they, or the weights, are no numbers.
        """
        # OpenBLAS now and then sets the processor's flag for what is no number by lanes that it
        # throws away, and NumPy warns of it: github.com/OpenMathLib/OpenBLAS/issues/1924. So it is
        # the result that is looked at.
        with np.errstate(invalid="ignore"):
            found = self._logits(hidden, packed)
        if not np.isfinite(found).all():
            raise ModelError(
                "The model that reads for evidence gives what is no number. Run `qa verify`, which "
                "says whether its file is whole; if it is, ask on another machine."
            )
        return found

    def _logits(self, hidden: Vectors, packed: Packed) -> Numbers:
        count = len(packed.features)
        belongs = packed.place[None, :] == np.arange(count)[:, None]
        sizes = belongs.sum(axis=1).astype(np.float32)
        asked = packed.place == -2
        unit = _unit(hidden)
        sentences = _unit(belongs.astype(np.float32) @ hidden / np.maximum(sizes, 1)[:, None])
        question = _unit(hidden[asked].sum(axis=0) / np.float32(max(1, int(asked.sum()))))
        late = self._late(hidden[asked], unit[asked], unit, belongs)
        cosine = sentences @ question
        found = (
            self._mixed(sentences, question)
            + np.column_stack([cosine, late]) @ self.late_weight[0]
            + packed.features @ self.similar_weight[0]
            + self.similar_bias[0]
        )
        return np.where(sizes > 0, found, np.float32(UNREAD)).astype(np.float32)

    def _mixed(self, sentences: Numbers, question: Numbers) -> Numbers:
        """The interaction of sentences and question, unit vectors: (sentences,)."""
        scale = np.float32(math.sqrt(len(question)))
        together = np.concatenate(
            [
                sentences * question * scale,
                np.abs(sentences - question) * (scale / 4),
                sentences * (scale / 4),
            ],
            axis=1,
        )
        inner = _gelu(together @ self.mix_weight.T + self.mix_bias)
        made: Numbers = inner @ self.out_weight[0] + self.out_bias[0]
        return made

    def _late(
        self,
        asked: Numbers,
        asked_unit: Numbers,
        unit: Numbers,
        belongs: NDArray[np.bool_],
    ) -> Numbers:
        """(sentences, 2): how well each word of the question finds a counterpart, by its weight."""
        if not len(asked):
            return np.zeros((len(belongs), 2), np.float32)
        match = asked_unit @ unit.T  # the question's tokens, all tokens
        best = np.stack([match[:, of].max(axis=1, initial=-1.0) for of in belongs])
        weight = asked @ self.importance_weight[0] + self.importance_bias[0]
        weight = np.exp(weight - weight.max())
        weight /= weight.sum()
        missing = np.maximum(np.float32(MISSED) - best, 0) @ weight
        return np.column_stack([best @ weight, -missing])


def read_head(weights: Path) -> EvidenceHead:
    """The head of a trained file. Raises ValueError where it lacks one of its tensors or has
    others, and what safetensors raises where it is no such file."""
    tensors: Mapping[str, Numbers] = load(weights.read_bytes())
    found = {
        name.removeprefix(_PREFIX): tensor.astype(np.float32)
        for name, tensor in tensors.items()
        if name.startswith(_PREFIX)
    }
    if found.keys() != set(_NAMES.values()):
        lacking = sorted(set(_NAMES.values()) - found.keys())
        raise ValueError(f"it lacks {lacking} and has {sorted(found.keys() - _NAMES.values())}")
    return EvidenceHead(**{one.name: found[_NAMES[one.name]] for one in fields(EvidenceHead)})


def _unit(vectors: Numbers) -> Numbers:
    """Rows of unit length; what has no length stays so."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    made: Numbers = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return made


def _gelu(x: Numbers) -> Numbers:
    """x · Φ(x), exact: Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016)."""
    flat = (x * np.float32(math.sqrt(0.5))).ravel().tolist()
    spread = np.fromiter(map(math.erf, flat), np.float32, len(flat)).reshape(x.shape)
    return (x * (1 + spread) / 2).astype(np.float32)
