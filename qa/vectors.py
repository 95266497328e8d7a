"""Arrays ↔ nearest rows, exactly, by inner product. The only module that imports faiss."""

from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from qa.errors import DamagedIndex
from qa.types import Vectors

__all__ = ["FaissStore"]


class FaissStore:
    """Vectors of unit length in a flat FAISS inner-product index."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> FaissStore:
        """Makes a store of float32 (n, dim) rows."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path, *, count: int, dimension: int) -> FaissStore:
        """Reads a store. Raises DamagedIndex where it is not FAISS, or of another size."""
        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise DamagedIndex(str(path.parent), [f"{path.name} is no FAISS index"]) from error
        if (index.ntotal, index.d) != (count, dimension):
            found = f"{index.ntotal} vectors of {index.d} numbers"
            wanted = f"{count} of {dimension}"
            raise DamagedIndex(str(path.parent), [f"{path.name} has {found}, expected {wanted}"])
        return cls(index)

    def save(self, path: Path) -> None:
        """Writes the store as a FAISS file. Raises OSError where the disk is full."""
        # FAISS' own writing may lose what a full disk did not take, and only prints so.
        path.write_bytes(np.asarray(faiss.serialize_index(self._index)).tobytes())

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(
        self, vector: Vectors, count: int, rows: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """The `count` nearest rows as (row, inner product), best first; among `rows` if given.

        `vector` is float32 (dim,). Equal products are ordered by row, so that results repeat.
        """
        parameters = None
        if rows is not None:
            # Without annotation: FAISS' own stubs do not know its Python constructor's arguments.
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(rows))  # type: ignore[call-arg]
        count = min(count, len(self) if rows is None else len(rows))
        if count == 0:
            return []
        scores, found = self._index.search(vector.reshape(1, -1), count, params=parameters)
        pairs = [(int(r), float(s)) for r, s in zip(found[0], scores[0], strict=True) if r >= 0]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def all(self) -> Vectors:
        """The vectors of all rows, float32 (n, dim), bit by bit those it was built of."""
        return np.asarray(self._index.reconstruct_n(0, len(self)), dtype=np.float32)

    def get(self, row: int) -> Vectors:
        """The vector of a row, float32 (dim,)."""
        return np.asarray(self._index.reconstruct(int(row)), dtype=np.float32)
