"""Reading with a SQuAD2-style model: logits of where an answer is → evidence of each sentence.

For one window let s and e be a token's start and end logits, and n = s[CLS] + e[CLS] the logit of
"no answer". The probability of the span from token i to token j is

    P(i, j) = exp(s_i + e_j) / (exp(n) + sum of exp(s_k + e_l) over all spans k..l),

and that of no answer is P(none) = exp(n) over the same sum: the product of both softmaxes,
restricted to spans there can be (start before end, at most MAX_ANSWER_TOKENS, no token of the
question or the headings). So all spans and no answer sum to 1.

- A sentence's evidence is the probability that the answer's span shares a token with it: the sum
  of P(i, j) over the spans that begin at or before its last token and end at or after its first.
  A span over two sentences gives to both, and no sentence has more than 1 - P(none).
- A passage's `answerable` is the sigmoid of the best span's s_i + e_j - n, the difference that
  SQuAD 2.0 compares to a threshold (Devlin et al., "BERT", NAACL 2019, section 4.3).
- Where a passage is read in several windows, each value is the largest of them.
- `on_topic` is that of `qa.reader.SimilarityReader`: such a model does not tell it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from qa.chunking import context
from qa.reader import SimilarityReader
from qa.span_model import MAX_ANSWER_TOKENS, MAX_QUESTION_TOKENS, Floats, SpanModel, Window
from qa.types import Evidence, Passage, Vectors

__all__ = ["SpanReader", "span_evidence"]


class SpanReader:
    """Reads each passage, its title and headings before it, with the model."""

    def __init__(self, model: SpanModel, tokenize: Callable[[str], list[str]]) -> None:
        """Loads the model if it is not yet; `tokenize` gives the terms of a text.

        Raises ModelError where the model cannot be loaded.
        """
        model.load()
        self._model = model
        self._similarity = SimilarityReader(tokenize)

    def read(
        self,
        question: str,
        vector: Vectors,
        passages: Sequence[Passage],
        added: str = "",
        near: float = 0.0,
    ) -> list[Evidence]:
        """One Evidence a passage; see `qa.types.Reader`. Raises ModelError for damaged weights."""
        above = [self._above(passage) for passage in passages]
        texts = [
            before + passage.document.text[passage.chunk.start : passage.chunk.end]
            for before, passage in zip(above, passages, strict=True)
        ]
        sentences = [np.zeros(len(passage.chunk.sentences)) for passage in passages]
        answerable = [0.0] * len(passages)
        for window in self._model.windows(question, texts):
            at = window.text
            tokens = window.spans[:, 1] > len(above[at])
            places = _sentence_of(window, passages[at], len(above[at]))[tokens]
            found, best = span_evidence(
                window.start[tokens], window.end[tokens], window.null, places, len(sentences[at])
            )
            sentences[at] = np.maximum(sentences[at], found)
            answerable[at] = max(answerable[at], best)
        similar = self._similarity.read(question, vector, passages, added)
        return [
            Evidence(tuple(float(one) for one in found), best, alike.on_topic)
            for found, best, alike in zip(sentences, answerable, similar, strict=True)
        ]

    def _above(self, passage: Passage) -> str:
        """Title and headings, which are read but never evidence; the first window has them."""
        limit = self._model.max_tokens - MAX_QUESTION_TOKENS
        section = passage.chunk.section
        return context(passage.document, section, self._model.count_tokens, limit) + "\n"


def _sentence_of(window: Window, passage: Passage, before: int) -> NDArray[np.int64]:
    """For each token the index of the sentence it ends in or, as a bullet does, leads up to."""
    ends = [sentence.end for sentence in passage.chunk.sentences]
    places = np.searchsorted(ends, window.spans[:, 1] - before + passage.chunk.start)
    return np.minimum(places, len(ends) - 1)


def span_evidence(
    start: Floats, end: Floats, null: float, sentence_of: NDArray[np.int64], sentences: int
) -> tuple[Floats, float]:
    """Evidence of each sentence, (sentences,), and of the passage; the module gives the formulas.

    `start`, `end` (logits) and `sentence_of` (index, never falling) are of the passage's tokens.
    """
    tokens = len(start)
    if not tokens:
        return np.zeros(sentences), 0.0
    first = np.arange(tokens)[:, None]
    last = first + np.arange(min(MAX_ANSWER_TOKENS, tokens))[None, :]
    exists = last < tokens
    last = np.minimum(last, tokens - 1)
    margins = np.where(exists, start[:, None] + end[last] - null, -np.inf)
    best = float(margins.max())
    top = max(best, 0.0)  # taken off every exponent, so that none is too large
    odds, none = np.exp(margins - top), math.exp(-top)
    chances = odds / (odds.sum() + none)
    # A span's probability is gained at its first sentence and lost again behind its last one.
    gained, lost = sentence_of[np.broadcast_to(first, last.shape)], sentence_of[last] + 1
    gains, losses = (
        np.bincount(at.ravel(), weights=chances.ravel(), minlength=sentences + 1)
        for at in (gained, lost)
    )
    found = np.cumsum(gains - losses)[:sentences]
    best_odds = math.exp(best - top)
    return np.clip(found, 0.0, 1.0), best_odds / (best_odds + none)
