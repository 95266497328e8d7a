"""Arrays ↔ nearest rows by inner product, from mapped files. The only module that imports faiss.

vectors.npy    float32 (chunks, dim), one row a chunk: every score and every vector comes from here
chunks.faiss   only where there are EXACT_BELOW chunks or more: finds candidates among them

Few vectors are all compared, which is exact. Among many, an inverted file (vectors in lists around
centres, of which only the nearest lists are looked through) finds candidates by codes of four bits
for two numbers (product quantisation, FAISS' IndexIVFPQFastScan), and their scores are then worked
out from `vectors.npy`. So every score is exact, and only whether a row is found at all is not.
`vectors.npy` is mapped into memory where it is large (`qa.array_file`): processes share it, and
nothing is read before it is needed.
"""

from __future__ import annotations

import math
import os
import weakref
from pathlib import Path
from typing import Any, cast

import faiss
import numpy as np
from numpy.typing import NDArray

from qa.array_file import any_array, is_within
from qa.errors import DamagedIndex
from qa.faiss_file import check_candidates
from qa.types import Vectors

__all__ = [
    "CANDIDATES_FILE",
    "EXACT_BELOW",
    "MOST_OF_A_VECTOR",
    "NO_UNIT_VECTORS",
    "VECTORS_FILE",
    "FaissStore",
]

# FAISS' own stubs know neither its constructors' arguments nor all of its functions.
_faiss: Any = faiss

VECTORS_FILE = "vectors.npy"
CANDIDATES_FILE = "chunks.faiss"

# `python tests/benchmarks/large.py` measures what follows from these; docs/performance.md has it.
EXACT_BELOW = 50_000
"""With fewer vectors all are compared. Looking through lists is quicker from about 10,000 on
(`large.py --crossover`: 0.34 ms against 0.45), but up to here comparing all takes two or three
milliseconds of a processor left alone, and misses nothing."""
_LISTS_PER_ROOT = 4
"""Lists for each unit of the square root of the number of vectors: FAISS' guidelines say 4 to 16.
With a quarter of that, twice as many codes are looked through for the same recall."""
_TRAINED_ON = 40
"""Vectors a list that the centres are found from: FAISS asks for 39 at least."""
_PROBED_PER_ROOT = 6
"""Lists looked through, for each unit of the square root of the number of lists: of a million
vectors 384 lists of 4,096, with which 99.2 % of the ten nearest were found; with 256, 98.7 %."""
_NUMBERS_PER_CODE = 2
"""Numbers of a vector that share a code of four bits. With four, recall was 0.95 at most."""
_REFINED, _REFINED_LEAST = 6, 300
"""Candidates whose exact scores are worked out: for each row asked for, and at the least."""
_BLOCK = 16_384
"""Vectors that are added at a time."""
MOST_OF_A_VECTOR = 1.001
"""No number of a vector of unit length is more than one; float32 may round it up by 1e-7. Greater
ones, though finite, overflow where they are multiplied, and a score that is none has no order."""
NO_UNIT_VECTORS = f"has numbers that no vector of length one has: NaN, or beyond {MOST_OF_A_VECTOR}"
"""What is told of a file that has other numbers."""


class FaissStore:
    """Vectors of unit length, searched by inner product."""

    def __init__(
        self,
        vectors: Vectors,
        index: faiss.IndexIVF | None = None,
        exact_below: int = EXACT_BELOW,
    ) -> None:
        """`vectors` is float32 (n, dim), in one piece; `index` finds candidates among them.

        Fewer rows than `exact_below`, be it all or those asked for, are all compared.
        """
        self._vectors = vectors
        self._index = index
        self._exact_below = exact_below
        self._file: int | None = None
        self._offset = 0

    @classmethod
    def build(cls, vectors: Vectors, exact_below: int = EXACT_BELOW) -> FaissStore:
        """Makes a store of float32 (n, dim) rows in memory."""
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        return cls(rows, None if len(rows) < exact_below else _candidates(rows), exact_below)

    @classmethod
    def write(cls, folder: Path, exact_below: int = EXACT_BELOW) -> None:
        """Makes what else is needed of a folder's finished `vectors.npy`, if anything is.

        It holds the codes (100 bytes a vector of 384 numbers) and the vectors that the centres are
        found from (160 for each list) in memory, and no more. The same vectors give the same bytes.
        Raises OSError where the disk is full.
        """
        vectors = np.load(folder / VECTORS_FILE, mmap_mode="r", allow_pickle=False)
        if len(vectors) >= exact_below:
            _write_index(_candidates(vectors), folder / CANDIDATES_FILE)

    @classmethod
    def load(
        cls, folder: Path, *, count: int, dimension: int, exact_below: int = EXACT_BELOW
    ) -> FaissStore:
        """Maps a store's files. Raises DamagedIndex where they are not whole or of another size."""
        path = folder / VECTORS_FILE
        try:
            vectors = any_array(path)
        except (OSError, ValueError, EOFError) as error:
            raise DamagedIndex(str(folder), [f"{path.name} holds no vectors"]) from error
        wanted = f"float32 {(count, dimension)}"
        found = f"{vectors.dtype} {vectors.shape}"
        if not vectors.flags.c_contiguous:
            found += " column by column"
        if found != wanted:
            raise DamagedIndex(str(folder), [f"{path.name} is {found}, expected {wanted}"])
        if not is_within(path, vectors, MOST_OF_A_VECTOR):
            raise DamagedIndex(str(folder), [f"{path.name} {NO_UNIT_VECTORS}"])
        index = _read_index(folder / CANDIDATES_FILE, vectors)
        store = cls(np.asarray(vectors), index, exact_below)
        if not store.exact and isinstance(vectors, np.memmap) and hasattr(os, "pread"):
            store._file, store._offset = os.open(path, os.O_RDONLY), vectors.offset
            weakref.finalize(store, os.close, store._file)
        return store

    def save(self, folder: Path) -> None:
        """Writes the store's files. Raises OSError where the disk is full."""
        np.save(folder / VECTORS_FILE, self._vectors)
        if self._index is not None:
            _write_index(self._index, folder / CANDIDATES_FILE)

    def __len__(self) -> int:
        return len(self._vectors)

    @property
    def exact(self) -> bool:
        """Whether all vectors are compared, so that no row can be missed."""
        return self._index is None

    def search(
        self, vector: Vectors, count: int, rows: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """The `count` nearest rows as (row, inner product), best first; among `rows` if given.

        `vector` is float32 (dim,). Equal products are ordered by row, so that results repeat.
        """
        vector = np.ascontiguousarray(vector, dtype=np.float32)
        among = len(self) if rows is None else len(rows)
        count = min(count, among)
        if count <= 0:
            return []
        if self._index is not None and among >= self._exact_below:
            rows = self._found(self._index, vector, max(count * _REFINED, _REFINED_LEAST), rows)
            return _best(self._products_of_few(vector, rows), count, rows)
        return _best(_products(self._vectors, vector, rows), count, rows)

    def all(self) -> Vectors:
        """The vectors of all rows, float32 (n, dim), bit by bit those it was built of; mapped."""
        return self._vectors

    def get(self, row: int) -> Vectors:
        """The vector of a row, float32 (dim,)."""
        return np.asarray(self._vectors[row])

    def _products_of_few(self, vector: Vectors, rows: NDArray[np.int64]) -> Vectors:
        """The same products with a few rows, read from the file instead of the mapped memory.

        A row that is touched in mapped memory brings 15 pages beside it along (Linux maps 64 KiB at
        a time), so that a thousand questions would make all vectors resident.
        """
        if self._file is None:
            return _products(self._vectors, vector, rows)
        size = self._vectors.strides[0]
        places = (rows * size + self._offset).tolist()
        read = b"".join([os.pread(self._file, size, place) for place in places])
        few = np.frombuffer(read, dtype=np.float32).reshape(len(rows), -1)
        return _products(few, vector, None)

    def _found(
        self,
        index: faiss.IndexIVF,
        vector: Vectors,
        count: int,
        rows: NDArray[np.int64] | None,
    ) -> NDArray[np.int64]:
        """`count` candidates, or as many as there are, among `rows` if given, in order of rows."""
        among = len(self) if rows is None else len(rows)
        count, selector = min(count, among), None
        # As many of the rows are looked at as without choosing among them.
        probed = math.ceil(_PROBED_PER_ROOT * math.sqrt(index.nlist) * len(self) / among)
        if rows is not None:
            chosen = np.zeros(len(self), dtype=bool)
            chosen[rows] = True
            bits = np.packbits(chosen, bitorder="little")
            selector = _faiss.IDSelectorBitmap(bits)
        while True:
            probed = min(probed, index.nlist)
            parameters = _faiss.SearchParametersIVF(sel=selector, nprobe=probed)
            _, found = index.search(vector.reshape(1, -1), count, params=parameters)
            kept = found[0][found[0] >= 0]
            if len(kept) == count or probed == index.nlist:
                return np.sort(kept)
            probed *= 4


def _products(vectors: Vectors, vector: Vectors, rows: NDArray[np.int64] | None) -> Vectors:
    """A vector's inner products with all of the vectors or with these rows.

    Both add up in the same way: the same row has the same product to the last bit, whatever is
    asked for beside it.
    """
    products = np.empty(len(vectors) if rows is None else len(rows), dtype=np.float32)
    to, x, y = (_faiss.swig_ptr(array) for array in (products, vector, vectors))
    if rows is None:
        _faiss.fvec_inner_products_ny(to, x, y, vectors.shape[1], len(products))
    else:
        ids = np.ascontiguousarray(rows, dtype=np.int64)
        _faiss.fvec_inner_products_by_idx(
            to, x, y, _faiss.swig_ptr(ids), vectors.shape[1], 1, len(products)
        )
    return products


def _best(scores: Vectors, count: int, rows: NDArray[np.int64] | None) -> list[tuple[int, float]]:
    """The `count` highest scores as (row, score), best first, equal ones by row."""
    places = np.arange(len(scores))
    if count < len(scores):
        least = np.partition(scores, len(scores) - count)[len(scores) - count]
        places = np.flatnonzero(scores >= least)
    names = places if rows is None else rows[places]
    order = np.lexsort((names, -scores[places]))[:count]
    return [(int(names[i]), float(scores[places[i]])) for i in order]


def _candidates(vectors: Vectors) -> Any:
    """An inverted file over vectors, the same to the last bit for the same vectors."""
    count, dimension = vectors.shape
    lists = min(2 ** round(math.log2(_LISTS_PER_ROOT * math.sqrt(count))), count)
    threads = faiss.omp_get_max_threads()
    # How many threads share the work changes the last bits of the centres.
    faiss.omp_set_num_threads(1)
    try:
        codes = dimension // _NUMBERS_PER_CODE if dimension % _NUMBERS_PER_CODE == 0 else dimension
        centres = faiss.IndexFlatIP(dimension)
        index = _faiss.IndexIVFPQFastScan(
            centres, dimension, lists, codes, 4, faiss.METRIC_INNER_PRODUCT
        )
        index.cp.seed = index.pq.cp.seed = 1
        # FAISS prints a warning where there are fewer than it asks for.
        index.cp.min_points_per_centroid = index.pq.cp.min_points_per_centroid = 1
        sample = np.random.default_rng(1).permutation(count)[: _TRAINED_ON * lists]
        index.train(np.ascontiguousarray(vectors[np.sort(sample)]))
        for start in range(0, count, _BLOCK):
            index.add(np.ascontiguousarray(vectors[start : start + _BLOCK]))
    finally:
        faiss.omp_set_num_threads(threads)
    return index


def _write_index(index: faiss.Index, path: Path) -> None:
    # FAISS' own writing may lose what a full disk did not take, and only prints so.
    with path.open("wb") as file:
        faiss.write_index(index, _faiss.PyCallbackIOWriter(file.write))


def _read_index(path: Path, vectors: Vectors) -> faiss.IndexIVF | None:
    """The candidates' index; None where there is none."""
    if not path.exists():
        return None
    try:
        check_candidates(path, *vectors.shape)
        return cast("faiss.IndexIVF", faiss.read_index(str(path)))
    except ValueError as error:
        raise DamagedIndex(str(path.parent), [_no_index(path, str(error))]) from error
    except (RuntimeError, OSError, MemoryError) as error:
        raise DamagedIndex(str(path.parent), [_no_index(path, str(error))]) from error


def _no_index(path: Path, why: str) -> str:
    return f"{path.name} is no FAISS index as `qa build` makes it: {why}"
