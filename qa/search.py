"""Search: question → chunks, best first, from vectors and from terms, fused by rank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.document import Chunk
from qa.types import Hit, Vectors

__all__ = ["ALL_PARTS", "CANDIDATES", "Parts", "Searchable", "fuse", "search"]

CANDIDATES = 50
"""Taken from each list before fusion."""
RANK_CONSTANT = 60
"""The k of reciprocal rank fusion: Cormack, Clarke and Buettcher, SIGIR 2009, use 60."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Which parts of search take part: all, but where one is taken away to see what it is worth."""

    vectors: bool = True
    terms: bool = True
    added_words: bool = True
    """Words besides the question's own: synonyms, and what misspelt words were meant to be."""


ALL_PARTS = Parts()


class RankedRows(Protocol):
    """Anything that ranks rows for a query: the vector store, the term index."""

    def search(
        self, query: Vectors, count: int, rows: NDArray[np.int64] | None = None, /
    ) -> list[tuple[int, float]]: ...


class RankedByTerms(Protocol):
    def search(
        self, terms: Sequence[str], count: int, rows: NDArray[np.int64] | None = None, /
    ) -> list[tuple[int, float]]: ...


class Tokenize(Protocol):
    def __call__(self, text: str, /) -> list[str]: ...


class Searchable(Protocol):
    """The parts of an index that search needs."""

    @property
    def chunks(self) -> Sequence[Chunk]: ...
    @property
    def vectors(self) -> RankedRows: ...
    @property
    def lexical(self) -> RankedByTerms: ...
    @property
    def tokenizer(self) -> Tokenize: ...
    def rows_of(self, document_ids: Iterable[str], /) -> NDArray[np.int64]: ...


def search(
    index: Searchable,
    question: str,
    vector: Vectors,
    count: int,
    documents: Sequence[str] | None = None,
    parts: Parts = ALL_PARTS,
) -> list[Hit]:
    """The best `count` chunks for a question whose vector is float32 (dim,), of unit length.

    `documents` restricts the search to the documents of these ids. Raw scores of both lists are
    kept on each hit; the fused score orders hits and means nothing else.
    """
    rows = None if documents is None else index.rows_of(documents)
    dense = index.vectors.search(vector, CANDIDATES, rows) if parts.vectors else []
    terms = index.tokenizer(question) if parts.terms else []
    lexical = index.lexical.search(terms, CANDIDATES, rows)
    fused = fuse([[row for row, _ in dense], [row for row, _ in lexical]])
    dense_place = {row: (rank, score) for rank, (row, score) in enumerate(dense, 1)}
    lexical_place = {row: (rank, score) for rank, (row, score) in enumerate(lexical, 1)}
    hits = []
    for row, score in list(fused.items())[:count]:
        dense_rank, dense_score = dense_place.get(row, (None, None))
        lexical_rank, lexical_score = lexical_place.get(row, (None, None))
        hits.append(
            Hit(
                row,
                index.chunks[row],
                score,
                dense_score,
                dense_rank,
                lexical_score,
                lexical_rank,
            )
        )
    return hits


def fuse(rankings: Sequence[Sequence[int]], constant: int = RANK_CONSTANT) -> Mapping[int, float]:
    """Reciprocal rank fusion: each row's sum of 1 / (constant + rank), ranks from 1, best first.

    Rows with equal sums are ordered by row, so that results repeat.
    """
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking, 1):
            scores[row] = scores.get(row, 0.0) + 1.0 / (constant + rank)
    return dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))
