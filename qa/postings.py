"""Lists of terms → BM25's arrays in a folder, in blocks, so that memory does not grow with them.

terms.npy      uint8: all different terms in UTF-8, in order, one after the other
ends.npy       int64 (terms + 1): where each begins, and the last one ends
starts.npy     int64 (terms + 1): where each term's postings begin, and the last one's end
rows.npy       int32 (postings): the chunks that have the term, in order
scores.npy     float32 (postings): what the term adds to each one's score
counts.json    how many chunks there are

Only the different terms are all held in memory while it is written, as a dict.
"""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

__all__ = ["write_postings"]

_K1 = 1.2
"""Saturation of repeated terms: the default of Lucene and of the BM25 literature."""
_B = 0.75
"""Length normalisation, likewise."""
_BLOCK = 1_000
"""Chunks whose terms are counted at a time. With ten times as many a build of 5,553 chunks held a
tenth more (`python tests/benchmarks/build_memory.py`)."""

Ints = NDArray[np.int64]


def write_postings(folder: Path, terms: Iterable[Sequence[str]]) -> None:
    """Writes the arrays for one list of terms a chunk. Raises OSError where the disk is full.

    A chunk without terms counts as having one that nobody asks for, the empty one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as spilled:
        numbers, lengths, blocks = _counted(terms, spilled)
        names = sorted(numbers)
        order = np.array([numbers[name] for name in names], dtype=np.int64)
        place = np.empty_like(order)  # of each term in that order
        place[order] = np.arange(len(order))
        having = np.zeros(len(names), dtype=np.int64)
        for found, _, _ in _blocks(spilled, blocks):
            np.add.at(having, place[found], 1)
        starts = np.concatenate([[0], np.cumsum(having)]).astype(np.int64)
        _write_terms(folder, names)
        np.save(folder / "starts.npy", starts)
        total = int(starts[-1])
        rows = _array(folder / "rows.npy", total, np.dtype(np.int32))
        scores = _array(folder / "scores.npy", total, np.dtype(np.float32))
        rarity, mean = _rarity(having, len(lengths)), lengths.sum() / max(1, len(lengths))
        free = starts[:-1].copy()
        for block in _blocks(spilled, blocks):
            by_term = np.argsort(place[block[0]], kind="stable")  # chunks stay in order within each
            found, chunks, counts = (array[by_term] for array in block)
            number = place[found]
            new, first, many = np.unique(number, return_index=True, return_counts=True)
            at = np.repeat(free[new] - first, many) + np.arange(len(number))
            free[new] += many
            saturated = _K1 * ((1 - _B) + _B * lengths[chunks] / mean) + counts
            rows[at] = chunks
            scores[at] = rarity[number] * (counts / saturated)
        rows.flush()
        scores.flush()
    (folder / "counts.json").write_text(json.dumps({"chunks": len(lengths)}) + "\n", "utf-8")


def _counted(
    terms: Iterable[Sequence[str]], spilled: IO[bytes]
) -> tuple[dict[str, int], Ints, int]:
    """The terms as numbered, the length of each chunk, and how many blocks were written out."""
    numbers: dict[str, int] = {}
    lengths: list[Ints] = []
    first, left = 0, iter(terms)
    while block := [list(one) or [""] for one in islice(left, _BLOCK)]:
        sizes = np.array([len(one) for one in block], dtype=np.int64)
        flat = np.array(
            [numbers.setdefault(term, len(numbers)) for one in block for term in one],
            dtype=np.int64,
        )
        # A term and the chunk it stands in as one number.
        pairs, counts = np.unique(
            flat * len(block) + np.repeat(np.arange(len(block)), sizes), return_counts=True
        )
        for array in (pairs // len(block), pairs % len(block) + first, counts):
            np.save(spilled, array.astype(np.int32))
        lengths.append(sizes)
        first += len(block)
    blocks = len(lengths)
    return numbers, np.concatenate([*lengths, np.zeros(0, dtype=np.int64)]), blocks


def _blocks(spilled: IO[bytes], count: int) -> Iterator[tuple[Ints, Ints, Ints]]:
    """The blocks again: of each posting the term's number, the chunk, and how often it is there."""
    spilled.seek(0)
    for _ in range(count):
        term, chunk, times = (np.load(spilled, allow_pickle=False) for _ in range(3))
        yield term.astype(np.int64), chunk.astype(np.int64), times.astype(np.int64)


def _rarity(having: Ints, chunks: int) -> NDArray[np.float32]:
    """Inverse document frequency as Lucene has it: ln(1 + (N - n + 0.5) / (n + 0.5))."""
    different, which = np.unique(having, return_inverse=True)
    values = [math.log(1 + (chunks - n + 0.5) / (n + 0.5)) for n in different.tolist()]
    return np.array(values, dtype=np.float32)[which]


def _write_terms(folder: Path, names: Sequence[str]) -> None:
    encoded = [name.encode("utf-8") for name in names]
    ends = np.cumsum([0, *(len(one) for one in encoded)]).astype(np.int64)
    np.save(folder / "ends.npy", ends)
    np.save(folder / "terms.npy", np.frombuffer(b"".join(encoded), dtype=np.uint8))


def _array(path: Path, size: int, kind: np.dtype) -> np.memmap:
    """A new array in a file, mapped."""
    return np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=(size,))
