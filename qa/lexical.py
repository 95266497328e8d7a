"""BM25 over chunks: finds the words themselves, which vectors may miss (names, numbers, doses)."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN
from numpy.typing import NDArray

from qa.errors import DamagedIndex

__all__ = ["LexicalIndex", "Tokenizer"]

# The library sets itself to show every step of its work.
logging.getLogger("bm25s").setLevel(logging.WARNING)

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")
_K1 = 1.2
"""Saturation of repeated terms: the default of Lucene and of the BM25 literature."""
_B = 0.75
"""Length normalisation, likewise."""


class Tokenizer:
    """Text → stemmed terms, the same for chunks and for questions."""

    def __init__(self, language: str = "english") -> None:
        self._stem = Stemmer.Stemmer(language).stemWords
        self._stopwords = frozenset(STOPWORDS_EN) if language == "english" else frozenset()

    def __call__(self, text: str) -> list[str]:
        """The terms of a text in order; stop words and possessive endings are left out."""
        kept = [word for word in _words(text) if word not in self._stopwords]
        return list(self._stem(kept))

    def every(self, text: str) -> list[str]:
        """The same with stop words, which names have too: hepatitis A."""
        return list(self._stem(_words(text)))


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    return [word.removesuffix("'s") for word in _WORD.findall(folded)]


class LexicalIndex:
    """BM25 scores of every chunk for a question."""

    def __init__(self, bm25: Any, count: int) -> None:
        self._bm25 = bm25
        self._count = count

    @classmethod
    def build(cls, terms: Sequence[Sequence[str]]) -> LexicalIndex:
        """Makes an index of one list of terms a chunk."""
        # bm25s has no word for an index without any term at all.
        corpus = [list(one) or [""] for one in terms]
        # Numbered here, in order: the library numbers terms as a set gives them, which is another
        # order in each process.
        numbers = {term: i for i, term in enumerate(sorted({t for one in corpus for t in one}))}
        numbered = [[numbers[term] for term in one] for one in corpus]
        bm25 = bm25s.BM25(k1=_K1, b=_B)
        bm25.index((numbered, numbers), show_progress=False)
        return cls(bm25, len(corpus))

    @classmethod
    def load(cls, folder: Path, *, count: int) -> LexicalIndex:
        """Reads an index. Raises DamagedIndex where it is not whole or of another size."""
        try:
            bm25 = bm25s.BM25.load(str(folder), allow_pickle=False, show_progress=False)
            size = int(bm25.scores["num_docs"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DamagedIndex(str(folder.parent), [f"{folder.name}/ is no BM25 index"]) from error
        if size != count:
            what = f"{folder.name}/ has {size} chunks, expected {count}"
            raise DamagedIndex(str(folder.parent), [what])
        return cls(bm25, count)

    def save(self, folder: Path) -> None:
        """Writes the index into a folder, as NumPy arrays and JSON, without pickle."""
        self._bm25.save(str(folder), allow_pickle=False, show_progress=False)

    def search(
        self, terms: Sequence[str], count: int, rows: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """The `count` best chunks as (row, BM25 score), best first, those scoring 0 left out."""
        known = [term for term in terms if term in self._bm25.vocab_dict]
        if not known or not self._count:
            return []
        scores = np.asarray(self._bm25.get_scores(known))
        among = np.arange(self._count) if rows is None else rows
        order = among[np.argsort(-scores[among], kind="stable")[:count]]
        return [(int(row), float(scores[row])) for row in order if scores[row] > 0]
