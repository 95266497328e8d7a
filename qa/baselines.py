"""Baselines: what simple systems would quote from the same documents, chunks and vectors.

BM25          the best chunks by shared terms; confidence is the best one's BM25 score
embedding     the best chunks by cosine similarity, which is also the confidence
RRF           both lists fused by rank; confidence is the fused score
RRF, sentence the best sentence, by cosine, of each of those chunks; confidence is its cosine

None of them corrects spelling, knows synonyms or refuses. The control sees nothing but the
question: what it reaches is reached without reading a document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.assistant import PASSAGES
from qa.generation import Generation
from qa.judging import Quoted, Response
from qa.search import CANDIDATES, fuse
from qa.types import Vectors

__all__ = ["BASELINES", "ask_baselines", "question_only"]

BASELINES = ("BM25", "embedding", "RRF", "RRF, sentence")
QUOTES = 3
"""As many as the program shows at most."""
FOLDS = 10
"""Parts of the cross-validation; fewer where there are fewer documents or groups."""

Ranking = Sequence[tuple[int, float]]
"""Rows of chunks with their scores, best first."""


def ask_baselines(
    generation: Generation, question: str, vector: Vectors, within: Sequence[str] | None
) -> dict[str, Response]:
    """Each baseline's response; `vector` is the question's, float32 (dim,), of unit length.

    `within` restricts the search to the documents of these ids.
    """
    rows = None if within is None else generation.rows_of(within)
    dense = generation.vectors.search(vector, CANDIDATES, rows)
    lexical = generation.lexical.search(generation.tokenizer(question), CANDIDATES, rows)
    fused = [*fuse([[row for row, _ in dense], [row for row, _ in lexical]]).items()]
    made = {
        name: _quote_chunks(generation, ranking)
        for name, ranking in zip(BASELINES, (lexical, dense, fused), strict=False)
    }
    return made | {BASELINES[3]: _quote_sentences(generation, fused, vector)}


def _quote_chunks(generation: Generation, ranking: Ranking) -> Response:
    candidates = tuple(_chunk(generation, row) for row, _ in ranking[:PASSAGES])
    confidence = ranking[0][1] if ranking else 0.0
    return Response(not candidates, confidence, candidates[:QUOTES], candidates)


def _quote_sentences(generation: Generation, ranking: Ranking, vector: Vectors) -> Response:
    candidates = tuple(_chunk(generation, row) for row, _ in ranking[:PASSAGES])
    quotes: list[Quoted] = []
    confidence = 0.0
    for row, _ in ranking[:QUOTES]:
        passage = generation.passage(row)
        lengths = np.linalg.norm(passage.sentence_vectors, axis=1)
        cosines = passage.sentence_vectors @ vector / np.maximum(lengths, 1e-6)
        best = int(cosines.argmax())
        sentence = passage.chunk.sentences[best]
        if not quotes:
            confidence = float(cosines[best])
        text = passage.document.text[sentence.start : sentence.end]
        quotes.append(Quoted(passage.document.id, text))
    return Response(not quotes, confidence, tuple(quotes), candidates)


def _chunk(generation: Generation, row: int) -> Quoted:
    chunk = generation.chunks[row]
    document = generation.document(chunk.document_id)
    text = document.text[chunk.start : chunk.end] if document else ""
    return Quoted(chunk.document_id, text)


def question_only(
    vectors: Vectors, answerable: Sequence[bool], about: Sequence[str]
) -> list[Response]:
    """The control: how likely each question has an answer, guessed from its vector alone.

    Logistic regression on float32 (n, dim), each part of the questions guessed by a model of the
    others. Questions with the same `about` are never parted. Empty where all questions, or all
    but those of one `about`, would leave nothing to learn from.
    """
    wanted = np.array(answerable, dtype=np.float64)
    names = sorted(set(about))
    if len(names) < 2 or wanted.min() == wanted.max():
        return []
    # In the order of their names, every FOLDS-th into the same part: the same parts each time.
    part_of = {name: number % min(FOLDS, len(names)) for number, name in enumerate(names)}
    parts = np.array([part_of[name] for name in about])
    guessed = np.empty(len(wanted))
    for part in set(part_of.values()):
        held = parts == part
        weights = _logistic(vectors[~held], wanted[~held])
        guessed[held] = _sigmoid(_with_constant(vectors[held]) @ weights)
    return [Response(False, float(value), ()) for value in guessed]


Floats = NDArray[np.floating[Any]]


def _logistic(vectors: Vectors, wanted: Floats, penalty: float = 1.0, steps: int = 25) -> Floats:
    """Weights and, last, the constant of a logistic regression with an L2 penalty on the weights.

    Newton's method, known here as iteratively reweighted least squares: Hastie, Tibshirani and
    Friedman, The Elements of Statistical Learning (2009), section 4.4.1.
    """
    inputs = _with_constant(vectors)
    ridge = np.full(inputs.shape[1], penalty)
    ridge[-1] = 1e-6  # the constant is free, yet finite where all are answered
    weights: Floats = np.zeros(inputs.shape[1])
    for _ in range(steps):
        guess = _sigmoid(inputs @ weights)
        slope = inputs.T @ (guess - wanted) + ridge * weights
        curve = (inputs.T * (guess * (1 - guess))) @ inputs + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def _with_constant(vectors: Vectors) -> Floats:
    made: Floats = np.hstack([vectors.astype(np.float64), np.ones((len(vectors), 1))])
    return made


def _sigmoid(values: Floats) -> Floats:
    made: Floats = 1 / (1 + np.exp(-np.clip(values, -30, 30)))
    return made
