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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.recent import Recent
from qa.types import Evidence, Passage, Vectors

__all__ = ["ReaderWeights", "SimilarityReader"]

Scores = NDArray[np.floating[Any]]
_Terms = Mapping[str, Sequence[int]]
_KEPT_CHARACTERS = 4_000_000
"""Of passages whose terms are kept: some thousands of usual ones, and about 40 MB. They are counted
by characters, since a sentence without an end may be as long as its document."""


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
        self._terms: Recent[tuple[str, str, int, int], _Terms] = Recent(_KEPT_CHARACTERS)

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
        return _evidence(scores, topic, counts)

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
        held: dict[str, list[int]] = {term: [] for term in sorted(set(self._tokenize(question)))}
        count = 0
        for passage in passages:
            terms = self._terms_of(passage)
            for term, places in held.items():
                places += [count + place for place in terms.get(term, ())]
            count += len(passage.chunk.sentences)
        shares, total = [0.0] * count, 0.0
        for places in held.values():
            rarity = math.log(1 + (count - len(places) + 0.5) / (len(places) + 0.5))
            total += rarity
            for place in places:
                shares[place] += rarity
        return np.array([share / (total or 1.0) for share in shares], np.float32)

    def _terms_of(self, passage: Passage) -> _Terms:
        """Which of a passage's sentences, or their heading, have a term, by the terms they have.

        Every question reads some passages, so that stemming them anew would be most of reading.
        """
        document, chunk = passage.document, passage.chunk
        key = (document.id, document.sha256, chunk.start, chunk.end)
        size = sum(one.end - one.start for one in chunk.sentences)
        return self._terms.get(key, lambda _: self._made_of(passage), size)

    def _made_of(self, passage: Passage) -> _Terms:
        made: dict[str, list[int]] = {}
        for place, text in enumerate(_texts_with_heading(passage)):
            for term in dict.fromkeys(self._tokenize(text)):
                made.setdefault(term, []).append(place)
        return made


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


def _evidence(scores: Scores, topic: Scores, counts: Sequence[int]) -> list[Evidence]:
    """One Evidence a passage, from what its sentences have; `counts` are theirs, in order."""
    both = np.clip((topic + scores) / 2, 0.0, 1.0).tolist()
    raw, clipped = scores.tolist(), np.clip(scores, 0.0, 1.0).tolist()
    topics = np.clip(topic, 0.0, 1.0).tolist()
    made, begin = [], 0
    for count in counts:
        end = begin + count
        best = raw.index(max(raw[begin:end]), begin)
        made.append(Evidence(tuple(clipped[begin:end]), both[best], max(topics[begin:end])))
        begin = end
    return made
