"""The trained reader: similarity chooses the passages, the evidence network reads them.

The files in `qa/data/reader` are a low-rank addition to the bundled model's weights, the head, and
the calibration of confidence; `training/` made them, and the model card beside them says how.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from qa.confidence import Confidence, observations
from qa.evidence_model import EvidenceModel
from qa.reader import SimilarityReader
from qa.types import Evidence, Passage, Vectors

__all__ = ["READ", "TrainedReader"]

READ = 5
"""Passages read by the network, the most similar ones. On the patients' leaflets the answer stands
in 5 for 97.7 % of the questions, in 8 for 99.1 % (`qa eval`, recall of the candidates)."""


class TrainedReader:
    """Reads the passages most similar to the question with the evidence network."""

    def __init__(
        self,
        tokenize: Callable[[str], list[str]],
        model: EvidenceModel,
        confidence: Confidence,
        read: int = READ,
    ) -> None:
        """`tokenize` gives the terms of a text, as the term index has them."""
        self._similarity = SimilarityReader(tokenize)
        self._tokenize = tokenize
        self._model = model
        self._confidence = confidence
        self._read = read

    def read(self, question: str, vector: Vectors, passages: Sequence[Passage]) -> list[Evidence]:
        """One Evidence a passage; those that were not read have no evidence.

        Each `answerable` is the probability that the best sentence of all passages answers, scaled
        by how good the passage's own best sentence is.
        """
        if not passages:
            return []
        similar = self._similarity.read(question, vector, passages)
        features = self._similarity.features(question, vector, passages)
        counts = [len(passage.chunk.sentences) for passage in passages]
        parts = np.split(features, np.cumsum(counts)[:-1])
        order = sorted(range(len(passages)), key=lambda i: -max(similar[i].sentences))
        chosen = sorted(order[: self._read])
        logits = self._model.read(
            question, [passages[i] for i in chosen], [parts[i] for i in chosen]
        )
        read = dict(zip(chosen, logits, strict=True))
        seen = observations(question, self._tokenize, passages, features, list(read.values()))
        probability = self._confidence.of(seen)
        best = max(float(one.max()) for one in logits)
        made = []
        for i, found in enumerate(similar):
            if i not in read:
                made.append(Evidence((0.0,) * counts[i], 0.0, found.on_topic))
                continue
            sentences = 1.0 / (1.0 + np.exp(-read[i].astype(np.float64)))
            share = float(np.exp(min(0.0, float(read[i].max()) - best)))
            made.append(
                Evidence(
                    tuple(float(one) for one in sentences), probability * share, found.on_topic
                )
            )
        return made
