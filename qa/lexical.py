"""BM25 over chunks: finds the words themselves, which vectors may miss (names, numbers, doses)."""

from __future__ import annotations

import logging
import re
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_EN
from numpy.typing import NDArray

from qa.array_file import any_array, is_rising, overlapping
from qa.errors import DamagedIndex
from qa.postings import write_postings
from qa.strict_json import read_json
from qa.unicode_forms import normal_form

__all__ = ["LexicalIndex", "Tokenizer"]

# The library of the stop words sets itself to show every step of its work.
logging.getLogger("bm25s").setLevel(logging.WARNING)

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)?")


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
    folded = normal_form("NFKC", text).casefold().replace("\u2019", "'")
    return [word.removesuffix("'s") for word in _WORD.findall(folded)]


class LexicalIndex:
    """BM25 scores of every chunk for a question, from mapped files (`qa.postings`)."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], count: int) -> None:
        self._terms, self._ends = arrays["terms"], arrays["ends"]
        self._starts, self._rows = arrays["starts"], arrays["rows"]
        self._scores = arrays["scores"]
        self._count = count

    @classmethod
    def write(cls, folder: Path, terms: Iterable[Sequence[str]]) -> None:
        """Writes an index of one list of terms a chunk. Raises OSError where the disk is full."""
        write_postings(folder, terms)

    @classmethod
    def build(cls, terms: Sequence[Sequence[str]]) -> LexicalIndex:
        """Makes an index in memory, of one list of terms a chunk."""
        with tempfile.TemporaryDirectory() as folder:
            write_postings(Path(folder), terms)
            return cls(_arrays(Path(folder), mapped=False), len(terms))

    @classmethod
    def load(cls, folder: Path, *, count: int) -> LexicalIndex:
        """Maps an index. Raises DamagedIndex where it is not whole or of another size."""
        try:
            size = read_json((folder / "counts.json").read_bytes())["chunks"]
            arrays = _arrays(folder, mapped=True)
            _check(arrays, count)
        except (OSError, ValueError, KeyError, IndexError, TypeError, EOFError) as error:
            raise DamagedIndex(str(folder.parent), [f"{folder.name}/ is no BM25 index"]) from error
        if size != count:
            what = f"{folder.name}/ has {size} chunks, expected {count}"
            raise DamagedIndex(str(folder.parent), [what])
        return cls(arrays, count)

    def search(
        self, terms: Sequence[str], count: int, rows: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """The `count` best chunks as (row, BM25 score), best first, those scoring 0 left out."""
        numbers = [self._number(term) for term in terms]
        scores = np.zeros(self._count, dtype=np.float32)
        for number in numbers:
            if number is not None:
                postings = slice(self._starts[number], self._starts[number + 1])
                scores[self._rows[postings]] += self._scores[postings]
        among = scores if rows is None else scores[rows]
        hits = np.flatnonzero(among)
        if 0 < count < len(hits):
            # Those that score as the last one do are kept until they are ordered.
            least = np.partition(among[hits], len(hits) - count)[len(hits) - count]
            hits = hits[among[hits] >= least]
        best = hits[np.argsort(-among[hits], kind="stable")[:count]]
        names = best if rows is None else rows[best]
        return [(int(row), float(scores[row])) for row in names]

    def _number(self, term: str) -> int | None:
        """The term's place among all, found by halving; None where no chunk has it."""
        wanted = term.encode("utf-8", "surrogatepass")
        found = bisect_left(range(len(self._ends) - 1), wanted, key=self._term)
        return found if found < len(self._ends) - 1 and self._term(found) == wanted else None

    def _term(self, number: int) -> bytes:
        return self._terms[self._ends[number] : self._ends[number + 1]].tobytes()


def _check(arrays: Mapping[str, NDArray[Any]], count: int) -> None:
    """Raises ValueError where terms or postings are out of order, a posting names a chunk that is
    not there, or a score is no number."""
    for name in ("ends", "starts"):
        if arrays[name][0] != 0 or not is_rising(arrays[name]):
            raise ValueError(f"{name} are out of order")
    for rows in overlapping(arrays["rows"]):
        if rows.min() < 0 or rows.max() >= count:
            raise ValueError("a posting names a chunk that is not there")
    for scores in overlapping(arrays["scores"]):
        if not np.isfinite(scores).all() or scores.min() < 0:
            raise ValueError("a score is no number")


def _arrays(folder: Path, *, mapped: bool) -> dict[str, NDArray[Any]]:
    """The arrays by name. Raises ValueError where they do not belong together."""
    kinds = {"terms": "u1", "ends": "i8", "starts": "i8", "rows": "i4", "scores": "f4"}
    # The folder of one that is made in memory is gone a moment later.
    read = any_array if mapped else partial(np.load, allow_pickle=False)
    found = {name: read(folder / f"{name}.npy") for name in kinds}
    if any(found[name].ndim != 1 or found[name].dtype != kinds[name] for name in kinds):
        raise ValueError(f"the arrays of {folder} are no rows of their numbers")
    sizes = {name: len(array) for name, array in found.items()}
    ends = {"terms": int(found["ends"][-1]), "rows": int(found["starts"][-1])}
    ends |= {"scores": ends["rows"], "starts": sizes["ends"], "ends": sizes["ends"]}
    if sizes != ends:
        raise ValueError(f"the arrays of {folder} do not belong together")
    return {name: np.asarray(array) for name, array in found.items()}
