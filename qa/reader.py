"""Reading for evidence: how far each sentence of a passage belongs to the answer.

Passages that a search found speak of the same subject as the question, so their plain similarity
mostly says "ketamine, like the question". What tells them apart is what is left once that common
part is taken away: the direction that the passages share is projected out of all vectors before
they are compared (after Mu and Viswanath, "All-but-the-Top", ICLR 2018, here for each question).
The mean of both similarities is taken, since the common part tells documents apart where there are
many. Likewise a term counts by its rarity among the sentences found, not in the whole corpus.

A trained reader takes this one's place behind the same seam (`qa.types.Reader`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.types import Evidence, Passage, Vectors

__all__ = ["ReaderWeights", "SimilarityReader"]

Scores = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class ReaderWeights:
    """What each part of a sentence's evidence counts; the sum is 1 and each part within 0 and 1.

    Chosen among six on the tuned golden questions and the tuned oblique ones; on covidfaq the six
    differ by less than chance: `python tests/benchmarks/quality.py covidfaq --sweep reader`.
    """

    sentence: float = 0.45
    chunk: float = 0.25
    terms: float = 0.3


class SimilarityReader:
    """Similarity of the question to each sentence and to the chunk around it, and shared terms."""

    def __init__(
        self, tokenize: Callable[[str], list[str]], weights: ReaderWeights | None = None
    ) -> None:
        """`tokenize` gives the terms of a text, as the term index has them."""
        self._tokenize = tokenize
        self._weights = weights or ReaderWeights()

    def read(
        self,
        question: str,
        vector: Vectors,
        passages: Sequence[Passage],
        added: str = "",
        near: float = 0.0,
    ) -> list[Evidence]:
        """One Evidence a passage; see `qa.types.Reader`."""
        if not passages:
            return []
        return self.weigh(self.features(f"{question} {added}", vector, passages), vector, passages)

    def weigh(
        self, features: Scores, vector: Vectors, passages: Sequence[Passage]
    ) -> list[Evidence]:
        """The evidence that the passages' features amount to, one a passage."""
        counts = [len(passage.chunk.sentences) for passage in passages]
        plain, alike, plain_chunk, alike_chunk, terms = features.T
        scores = (
            self._weights.sentence * np.clip((plain + alike) / 2, 0.0, 1.0)
            + self._weights.chunk * np.clip((plain_chunk + alike_chunk) / 2, 0.0, 1.0)
            + self._weights.terms * terms
        )
        # Sentence vectors are the shorter, the less a sentence says by itself: here that counts.
        vectors = np.concatenate([passage.sentence_vectors for passage in passages])
        topic = (2 * (vectors @ vector) + plain_chunk) / 3
        ends = np.cumsum(counts)
        return [
            _evidence(scores[end - count : end], topic[end - count : end])
            for end, count in zip(ends, counts, strict=True)
        ]

    def features(self, question: str, vector: Vectors, passages: Sequence[Passage]) -> Scores:
        """float32 (sentences of all passages, 5), in order.

        Cosine similarity of the question to the sentence, as it is and without what the passages
        share; the same two for the sentence's chunk; the share of the question's terms found.
        """
        counts = [len(passage.chunk.sentences) for passage in passages]
        sentences = np.concatenate([passage.sentence_vectors for passage in passages])
        chunks = np.stack([passage.vector for passage in passages])
        shared = sentences.mean(axis=0)
        columns = [
            *_similarities(sentences, vector, shared),
            *(np.repeat(one, counts) for one in _similarities(chunks, vector, shared)),
            self._shared_terms(question, passages),
        ]
        return np.stack(columns, axis=1).astype(np.float32)

    def _shared_terms(self, question: str, passages: Sequence[Passage]) -> Scores:
        """For each sentence the share of the question's terms that it or its heading has.

        Terms are weighed by their inverse document frequency over the sentences of all passages,
        by the formula of BM25 (Robertson and Zaragoza, 2009).
        """
        asked = set(self._tokenize(question))
        found = [
            asked.intersection(self._tokenize(text))
            for passage in passages
            for text in _texts_with_heading(passage)
        ]
        counts = Counter(term for terms in found for term in terms)
        rarity = {
            term: math.log(1 + (len(found) - counts[term] + 0.5) / (counts[term] + 0.5))
            for term in asked
        }
        total = sum(rarity.values()) or 1.0
        return np.array([sum(rarity[t] for t in terms) / total for terms in found], np.float32)


def _texts_with_heading(passage: Passage) -> list[str]:
    text = passage.document.text
    heading = passage.document.sections[passage.chunk.section].heading
    return [f"{heading}\n{text[s.start : s.end]}" for s in passage.chunk.sentences]


def _similarities(vectors: Vectors, question: Vectors, shared: Vectors) -> tuple[Scores, Scores]:
    """Cosine similarity as it is, and without the direction of `shared`."""
    direction = shared / max(1e-6, float(np.linalg.norm(shared)))
    centred = vectors - np.outer(vectors @ direction, direction)
    rest = question - (question @ direction) * direction
    return _cosine(vectors, question), _cosine(centred, rest)


def _cosine(vectors: Vectors, question: Vectors) -> Scores:
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(question)
    made: Scores = vectors @ question / np.maximum(lengths, 1e-6)
    return made


def _evidence(scores: Scores, plain: Scores) -> Evidence:
    best = int(scores.argmax())
    return Evidence(
        sentences=tuple(float(np.clip(score, 0.0, 1.0)) for score in scores),
        answerable=float(np.clip((plain[best] + scores[best]) / 2, 0.0, 1.0)),
        on_topic=float(np.clip(plain.max(), 0.0, 1.0)),
    )
