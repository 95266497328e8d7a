"""Reading for evidence: how far each sentence of a passage belongs to the answer.

This first reader compares meanings only. A trained one takes its place behind the same seam
(`qa.types.Reader`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.types import Evidence, Passage, Vectors

__all__ = ["SENTENCE_WEIGHT", "SimilarityReader"]

SENTENCE_WEIGHT = 0.67
"""What similarity of the sentence itself counts; the rest is that of its chunk, which knows what
"it" means. About the best of 0 to 1 in first quote and twin order on the tuning part of the
patients set; shared terms added nothing there:
`python tests/benchmarks/quality.py patients --sweep reader`."""


class SimilarityReader:
    """Cosine similarity of the question to each sentence and to the chunk around it."""

    def __init__(self, sentence_weight: float = SENTENCE_WEIGHT) -> None:
        self._sentence_weight = sentence_weight

    def read(self, question: str, vector: Vectors, passages: Sequence[Passage]) -> list[Evidence]:
        """One Evidence a passage; see `qa.types.Reader`. The question's words are not looked at."""
        del question
        return [self._read_one(vector, passage) for passage in passages]

    def _read_one(self, vector: Vectors, passage: Passage) -> Evidence:
        chunk = float(np.clip(passage.vector @ vector, 0.0, 1.0))
        sentences = np.clip(passage.sentence_vectors @ vector, 0.0, 1.0)
        scores = self._sentence_weight * sentences + (1.0 - self._sentence_weight) * chunk
        return Evidence(
            sentences=tuple(float(score) for score in scores),
            answerable=float(scores.max()),
            on_topic=max(chunk, float(sentences.max())),
        )
