"""What the documents of a generation speak of, counted once at the build and mapped into memory.

words/terms.txt     every term of any document, a line each, in the order of their bytes
words/terms.npy     int64 (terms, 2): where its line ends in terms.txt, and its places in places.npy
words/stream.npy    int32 (words of all documents, 1): the number of each word's term, in order
words/places.npy    uint32 (words, 1): where each term stands in the stream, term by term
words/documents.npy int64 (documents, 1): where each document ends in the stream

A name is looked for around the places of its rarest word, so that a million chunks are not read for
it. `qa.mentions.Mentions` says the same of one text.
"""

from __future__ import annotations

import mmap
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.array_file import ArrayWriter, is_rising, map_bytes, mapped, overlapping
from qa.errors import BuildError
from qa.mentions import SLACK, Speaking, plain

__all__ = ["MentionTable", "write_mentions"]

_FOLDER = "words"
_AT_ONCE = 1 << 18
"""Words that are sorted at once when a table is made: a few megabytes."""
_LOOKED_AT = 1 << 13
"""Places that are looked around at once."""
_MOST_WORDS = 1 << 32

Numbers = NDArray[np.int64]


class MentionTable:
    """The words of all documents of a generation."""

    def __init__(self, folder: Path, documents: int, terms_of: Callable[[str], list[str]]) -> None:
        """Maps the tables in a generation's folder. `terms_of` is as in `Mentions`.

        Raises ValueError or OSError where they do not fit together.
        """
        folder = folder / _FOLDER
        self._terms_of = terms_of
        self._text: mmap.mmap | bytes = map_bytes(folder / "terms.txt")
        self._terms = mapped(folder / "terms.npy", np.int64, 2)
        self._stream = mapped(folder / "stream.npy", np.int32, 1)[:, 0]
        self._places = mapped(folder / "places.npy", np.uint32, 1)[:, 0]
        self._ends: Numbers = mapped(folder / "documents.npy", np.int64, 1)[:, 0]
        words = int(self._ends[-1]) if len(self._ends) else 0
        last = self._terms[-1].tolist() if len(self._terms) else [0, 0]
        found = (len(self._ends), len(self._stream), len(self._places), last)
        if found != (documents, words, words, [len(self._text), words]):
            raise ValueError(f"the tables in {_FOLDER}/ do not fit together")
        self._check()

    def _check(self) -> None:
        """Raises ValueError where a table is out of order or names what is not there."""
        for ends in (self._ends, self._terms[:, 0], self._terms[:, 1]):
            if not is_rising(ends):
                raise ValueError(f"the tables in {_FOLDER}/ are out of order")
        for numbers, least_below in (
            (self._stream, len(self._terms)),
            (self._places, len(self._stream)),
        ):
            for part in overlapping(numbers):
                if part.min() < 0 or part.max() >= least_below:
                    raise ValueError(f"a table in {_FOLDER}/ names a word that is not there")

    def has(self, name: str) -> bool:
        """Whether one of the documents has the words of the name; see `Mentions.has`."""
        return self._has(name, None)

    def within(self, documents: Iterable[int]) -> Speaking:
        """The same for the documents of these numbers alone."""
        among = np.zeros(len(self._ends), dtype=np.bool_)
        among[list(documents)] = True
        return _Within(self._has, among)

    def _has(self, name: str, among: NDArray[np.bool_] | None) -> bool:
        found = [self._number_of(term) for term in self._terms_of(plain(name))]
        wanted = [one for one in found if one is not None]
        if not wanted or len(wanted) < len(found):
            return False
        if len(wanted) == 1 and among is None:
            return True
        terms = self._terms_of(plain(name))
        exact = any(len(term) == 1 or term.isdigit() for term in terms)
        rarest = min(wanted, key=lambda one: len(self._places_of(one)))
        for at, begin, end in self._looked_at(rarest, among):
            if len(wanted) == 1 or self._in_row(wanted, rarest, at, begin, end):
                return True
            if not exact and self._close(set(wanted), at, begin, end):
                return True
        return False

    def _looked_at(
        self, term: int, among: NDArray[np.bool_] | None
    ) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
        """Places of a term, and where the document of each begins and ends; some at a time."""
        places = self._places_of(term)
        for begin in range(0, len(places), _LOOKED_AT):
            at = places[begin : begin + _LOOKED_AT].astype(np.int64)
            of = np.searchsorted(self._ends, at, side="right")
            if among is not None:
                at, of = at[among[of]], of[among[of]]
            if len(at):
                yield at, np.where(of > 0, self._ends[of - 1], 0), self._ends[of]

    def _in_row(
        self, wanted: Sequence[int], rarest: int, at: Numbers, begin: Numbers, end: Numbers
    ) -> bool:
        """Whether the words stand as they are named, one of them at one of the places."""
        for ahead in (n for n, one in enumerate(wanted) if one == rarest):
            start = at - ahead
            start = start[(start >= begin) & (start + len(wanted) <= end)]
            for n, one in enumerate(wanted):
                start = start[self._stream[start + n] == one]
            if len(start):
                return True
        return False

    def _close(self, wanted: set[int], at: Numbers, begin: Numbers, end: Numbers) -> bool:
        """Whether all of them stand close together, around one of the places."""
        length = len(wanted) + SLACK
        around = at[:, None] + np.arange(1 - length, length)
        inside = (around >= begin[:, None]) & (around < end[:, None])
        words = np.where(inside, self._stream[np.where(inside, around, 0)], -1)
        is_one = [words == one for one in wanted]
        return any(
            bool(np.all([one[:, n : n + length].any(axis=1) for one in is_one], axis=0).any())
            for n in range(length)
        )

    def _places_of(self, number: int) -> NDArray[np.uint32]:
        begin = int(self._terms[number - 1, 1]) if number else 0
        return self._places[begin : int(self._terms[number, 1])]

    def _number_of(self, term: str) -> int | None:
        wanted = term.encode("utf-8", "surrogatepass")
        found = bisect_left(range(len(self._terms)), wanted, key=self._term)
        return found if found < len(self._terms) and self._term(found) == wanted else None

    def _term(self, number: int) -> bytes:
        begin = int(self._terms[number - 1, 0]) if number else 0
        return self._text[begin : int(self._terms[number, 0]) - 1]


class _Within:
    """A table as far as some of its documents are asked."""

    def __init__(
        self,
        has: Callable[[str, NDArray[np.bool_] | None], bool],
        among: NDArray[np.bool_],
    ) -> None:
        self._has, self._among = has, among

    def has(self, name: str) -> bool:
        return self._has(name, self._among)


def write_mentions(
    folder: Path, texts: Iterable[str], terms_of: Callable[[str], list[str]]
) -> None:
    """Writes the tables of the documents' texts into a generation's folder.

    Raises BuildError where there are too many words, OSError where the disk is full.
    """
    folder = folder / _FOLDER
    folder.mkdir()
    numbers: dict[str, int] = {}
    seen = folder / "seen.npy"
    with (
        ArrayWriter(seen, np.int32, 1) as words,
        ArrayWriter(folder / "documents.npy", np.int64, 1) as ends,
    ):
        for text in texts:
            terms = terms_of(plain(text))
            words.append([(numbers.setdefault(term, len(numbers)),) for term in terms])
            ends.append([(words.rows,)])
    if words.rows >= _MOST_WORDS:
        raise BuildError(f"{words.rows:,} words are too many for one index. Part the documents.")
    counts = _write_stream(folder, mapped(seen, np.int32, 1)[:, 0], numbers)
    seen.unlink()
    _write_places(folder, counts)


def _write_stream(folder: Path, seen: NDArray[np.int32], numbers: dict[str, int]) -> Numbers:
    """Numbers the terms in their order; gives how often each stands there."""
    by_term = sorted((term.encode("utf-8", "surrogatepass"), n) for term, n in numbers.items())
    renumbered = np.zeros(len(numbers), dtype=np.int32)
    renumbered[[n for _, n in by_term]] = np.arange(len(by_term))
    counts: Numbers = np.zeros(len(numbers), dtype=np.int64)
    with ArrayWriter(folder / "stream.npy", np.int32, 1) as stream:
        for begin in range(0, len(seen), _AT_ONCE):
            part = renumbered[seen[begin : begin + _AT_ONCE]]
            counts += np.bincount(part, minlength=len(counts))
            stream.append(part[:, None])
    lines = [term + b"\n" for term, _ in by_term]
    (folder / "terms.txt").write_bytes(b"".join(lines))
    with ArrayWriter(folder / "terms.npy", np.int64, 2) as terms:
        sizes = np.array([len(line) for line in lines], dtype=np.int64)
        terms.append(np.stack([np.cumsum(sizes), np.cumsum(counts)], axis=1))
    return counts


def _write_places(folder: Path, counts: Numbers) -> None:
    """Sorts the words by term, some at a time: each goes behind those of its term before it."""
    stream = mapped(folder / "stream.npy", np.int32, 1)[:, 0]
    behind: Numbers = np.cumsum(counts) - counts
    with ArrayWriter(folder / "places.npy", np.uint32, 1) as writer:
        for begin in range(0, len(stream), _AT_ONCE):
            writer.append(np.zeros((len(stream[begin : begin + _AT_ONCE]), 1), np.uint32))
    places = np.load(folder / "places.npy", mmap_mode="r+")
    for begin in range(0, len(stream), _AT_ONCE):
        part = stream[begin : begin + _AT_ONCE]
        order = np.argsort(part, kind="stable")
        terms, first, many = np.unique(part[order], return_index=True, return_counts=True)
        rank = np.arange(len(part)) - np.repeat(first, many)
        places[np.repeat(behind[terms], many) + rank, 0] = begin + order
        behind[terms] += many
    places.flush()
