"""Arrays ↔ nearest rows by inner product, from mapped files. The only module that imports faiss.

vectors.npy    float32 (chunks, dim), one row a chunk: every score and every vector comes from here
chunks.faiss   only where there are EXACT_BELOW chunks or more: finds candidates among them

Few vectors are all compared, which is exact. Among many, an inverted file (FAISS' IndexIVF: vectors
in lists around centres, of which only the nearest are looked through) finds candidates by vectors
rounded to a few bits, and their scores are then worked out anew from `vectors.npy`. So scores are
exact in both, and only whether a row is found at all is not. Both files are mapped into memory:
processes share them, and nothing is read before it is needed.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from qa.errors import DamagedIndex
from qa.types import Vectors

__all__ = ["CANDIDATES_FILE", "EXACT_BELOW", "VECTORS_FILE", "FaissStore"]

# FAISS' own stubs know neither its constructors' arguments nor all of its functions.
_faiss: Any = faiss

VECTORS_FILE = "vectors.npy"
CANDIDATES_FILE = "chunks.faiss"

# Found by `python tests/benchmarks/large.py --tune`; docs/performance.md tells what it showed.
EXACT_BELOW = 50_000
"""With fewer vectors all are compared."""
_LISTS_PER_ROOT = 4
"""Lists for each unit of the vectors' number's square root: FAISS' guidelines say 4 to 16."""
_TRAINED_ON = 40
"""Vectors a list that the centres are found from: FAISS asks for 39 at least."""
_PROBED = 64
"""Lists that a question looks through."""
_REFINED = 4
"""Candidates whose exact scores are worked out, for each row asked for."""
_CODES = faiss.ScalarQuantizer.QT_4bit
"""Bits of each number that the candidates are found by."""
_ROWS_COMPARED = 50_000
"""As many rows given, or fewer, are all compared."""
_BLOCK = 16_384
"""Vectors that are added at a time."""


class FaissStore:
    """Vectors of unit length, searched by inner product."""

    def __init__(self, vectors: Vectors, index: faiss.IndexIVF | None = None) -> None:
        """`vectors` is float32 (n, dim), in one piece; `index` finds candidates among them."""
        self._vectors = vectors
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors, exact_below: int = EXACT_BELOW) -> FaissStore:
        """Makes a store of float32 (n, dim) rows in memory."""
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
        return cls(rows, None if len(rows) < exact_below else _candidates(rows))

    @classmethod
    def write(cls, folder: Path, exact_below: int = EXACT_BELOW) -> None:
        """Makes what else is needed of a folder's finished `vectors.npy`, if anything is.

        Its memory is that of the codes, whatever the vectors' size; the same vectors give the same
        bytes. Raises OSError where the disk is full.
        """
        vectors = np.load(folder / VECTORS_FILE, mmap_mode="r", allow_pickle=False)
        if len(vectors) >= exact_below:
            _write_index(_candidates(vectors), folder / CANDIDATES_FILE)

    @classmethod
    def load(cls, folder: Path, *, count: int, dimension: int) -> FaissStore:
        """Maps a store's files. Raises DamagedIndex where they are not whole or of another size."""
        path = folder / VECTORS_FILE
        try:
            vectors = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise DamagedIndex(str(folder), [f"{path.name} holds no vectors"]) from error
        wanted = f"float32 {(count, dimension)}"
        found = f"{vectors.dtype} {vectors.shape}"
        if not vectors.flags.c_contiguous:
            found += " column by column"
        if found != wanted:
            raise DamagedIndex(str(folder), [f"{path.name} is {found}, expected {wanted}"])
        return cls(vectors, _read_index(folder / CANDIDATES_FILE, vectors))

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
        if self._index is not None and (rows is None or among > _ROWS_COMPARED):
            rows = self._found(self._index, vector, min(among, count * _REFINED), rows)
        scores = self._products(vector, rows)
        return _best(scores, count, rows)

    def all(self) -> Vectors:
        """The vectors of all rows, float32 (n, dim), bit by bit those it was built of; mapped."""
        return self._vectors

    def get(self, row: int) -> Vectors:
        """The vector of a row, float32 (dim,)."""
        return np.asarray(self._vectors[row])

    def _products(self, vector: Vectors, rows: NDArray[np.int64] | None) -> Vectors:
        """The vector's inner products with all rows or with these, one way of adding up for both:
        the same row has the same product to the last bit, whatever is asked for beside it."""
        dimension = self._vectors.shape[1]
        products = np.empty(len(self) if rows is None else len(rows), dtype=np.float32)
        to, x, y = (faiss.swig_ptr(array) for array in (products, vector, self._vectors))
        if rows is None:
            _faiss.fvec_inner_products_ny(to, x, y, dimension, len(products))
        else:
            ids = faiss.swig_ptr(rows)
            _faiss.fvec_inner_products_by_idx(to, x, y, ids, dimension, 1, len(products))
        return products

    def _found(
        self,
        index: faiss.IndexIVF,
        vector: Vectors,
        count: int,
        rows: NDArray[np.int64] | None,
    ) -> NDArray[np.int64]:
        """At least `count` candidates, among `rows` if given, as increasing int64 rows."""
        probed, selector = _PROBED, None
        if rows is not None:
            chosen = np.zeros(len(self), dtype=bool)
            chosen[rows] = True
            bits = np.packbits(chosen, bitorder="little")
            selector = _faiss.IDSelectorBitmap(bits)
            # As many of the rows are looked at as without choosing among them.
            probed = math.ceil(_PROBED * len(self) / len(rows))
        while True:
            probed = min(probed, index.nlist)
            parameters = _faiss.SearchParametersIVF(sel=selector, nprobe=probed)
            _, found = index.search(vector.reshape(1, -1), count, params=parameters)
            kept = found[0][found[0] >= 0]
            if len(kept) == count or probed == index.nlist:
                return np.sort(kept)
            probed *= 4


def _best(scores: Vectors, count: int, rows: NDArray[np.int64] | None) -> list[tuple[int, float]]:
    """The `count` highest scores as (row, score), best first, equal ones by row."""
    places = np.arange(len(scores))
    if count < len(scores):
        least = np.partition(scores, len(scores) - count)[len(scores) - count]
        places = np.flatnonzero(scores >= least)
    names = places if rows is None else rows[places]
    order = np.lexsort((names, -scores[places]))[:count]
    return [(int(names[i]), float(scores[places[i]])) for i in order]


def _candidates(vectors: Vectors) -> faiss.IndexIVF:
    """An inverted file over vectors, the same to the last bit for the same vectors."""
    count, dimension = vectors.shape
    lists = min(2 ** round(math.log2(_LISTS_PER_ROOT * math.sqrt(count))), count)
    threads = faiss.omp_get_max_threads()
    # How many threads share the work changes the last bits of the centres.
    faiss.omp_set_num_threads(1)
    try:
        index = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(dimension), dimension, lists, _CODES, faiss.METRIC_INNER_PRODUCT
        )
        index.cp.seed = 1
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
    """The candidates' index, its lists mapped; None where there is none."""
    if not path.exists():
        return None
    try:
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
    except RuntimeError as error:
        raise DamagedIndex(str(path.parent), [f"{path.name} is no FAISS index"]) from error
    if (index.ntotal, index.d) != vectors.shape or not isinstance(index, faiss.IndexIVF):
        found = f"{index.ntotal} vectors of {index.d} numbers"
        wanted = f"{vectors.shape[0]} of {vectors.shape[1]}"
        raise DamagedIndex(str(path.parent), [f"{path.name} has {found}, expected {wanted}"])
    return index
