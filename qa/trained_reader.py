"""The trained reader: similarity chooses the passages, the evidence network reads them.

The files in `qa/data/reader` are a low-rank addition to the bundled model's weights, the head, and
the calibration of confidence; `training/` made them, and the model card beside them says how.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.confidence import Confidence, observations
from qa.reader import SimilarityReader
from qa.types import Evidence, Passage, Vectors

__all__ = ["READ", "EvidenceReader", "TrainedReader"]

READ = 5
"""Passages read by the network, the most similar ones. On the patients' leaflets the answer stands
in 5 for 97.7 % of the questions, in 8 for 99.1 % (`qa eval`, recall of the candidates)."""


class EvidenceReader(Protocol):
    """The evidence network, loaded, whatever runs it. Several threads may read at once."""

    def read(
        self,
        question: str,
        passages: Sequence[Passage],
        features: Sequence[NDArray[np.float32]],
    ) -> list[NDArray[np.float32]]:
        """Logits of each passage's sentences; `features` are float32 (sentences, 5) a passage."""


class TrainedReader:
    """Reads the passages most similar to the question with the evidence network."""

    def __init__(
        self,
        model: EvidenceReader,
        confidence: Confidence,
        tokenize: Callable[[str], list[str]],
        read: int = READ,
    ) -> None:
        """`tokenize` gives the terms of a text, as the term index has them."""
        self._similarity = SimilarityReader(tokenize)
        self._model = model
        self._confidence = confidence
        self._read = read

    def read(
        self, question: str, vector: Vectors, passages: Sequence[Passage], added: str = ""
    ) -> list[Evidence]:
        """One Evidence a passage; those that were not read have no evidence.

        The best passage's `answerable` is the probability that its best sentence answers; that of
        the others is the smaller, the smaller the odds of their own best sentence.
        """
        if not passages:
            return []
        seen = self._similarity.features(f"{question} {added}", vector, passages)
        similar = self._similarity.weigh(seen, vector, passages)
        ends = np.cumsum([len(passage.chunk.sentences) for passage in passages])
        features = np.split(seen.astype(np.float32), ends[:-1])
        order = sorted(range(len(passages)), key=lambda i: -max(similar[i].sentences))
        chosen = order[: self._read]
        shown = [features[i] for i in chosen]
        logits = self._model.read(question, [passages[i] for i in chosen], shown)
        probability = self._confidence.of(observations(logits))
        best = max(float(one.max()) for one in logits)
        found = dict(zip(chosen, logits, strict=True))
        return [_evidence(found.get(i), one, best, probability) for i, one in enumerate(similar)]


def _evidence(
    logits: NDArray[np.float32] | None, similar: Evidence, best: float, probability: float
) -> Evidence:
    if logits is None:
        return Evidence((0.0,) * len(similar.sentences), 0.0, similar.on_topic)
    sentences = 1.0 / (1.0 + np.exp(-logits.astype(np.float64)))
    share = float(np.exp(float(logits.max()) - best))
    return Evidence(tuple(map(float, sentences)), probability * share, similar.on_topic)
