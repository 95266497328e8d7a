"""What searches the vectors of a generation, and where they are searched: the seam of the engines.

`VectorStore` is one generation's vectors; FAISS (`qa.vectors`) and Milvus (`qa.milvus_store`) are
its two forms. `Engine` is the place they are searched in, and what a build, a publishing and a
pruning have to do there. FAISS searches in the generation itself, where there is nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.types import Vectors

__all__ = ["IN_GENERATION", "Engine", "InGeneration", "VectorStore"]


class VectorStore(Protocol):
    """The vectors of one generation's chunks, one a row, searched by inner product."""

    def search(
        self, vector: Vectors, count: int, rows: NDArray[np.int64] | None = None, /
    ) -> list[tuple[int, float]]:
        """The `count` nearest rows to a float32 (dim,) vector as (row, inner product), best first,
        equal ones by row; among `rows`, int64 in order, if given.

        Raises VectorStoreDown where they cannot be searched at the moment.
        """
        ...

    def get(self, row: int, /) -> Vectors:
        """The vector of a row, float32 (dim,)."""
        ...

    def all(self) -> Vectors:
        """The vectors of all rows, float32 (n, dim)."""
        ...

    def __len__(self) -> int: ...


class Engine(Protocol):
    """Where vectors are searched. A generation is given by its name and its folder; `own` are the
    vectors that lie in that folder.

    All but `show`, `forget` and `facts` raise VectorStoreDown where the engine does not answer, and
    VectorStoreError where it does not have, or must not be given, what it should hold.
    """

    def reach(self) -> None:
        """Raises unless the engine answers."""
        ...

    def require(self, name: str, folder: Path) -> None:
        """Raises unless a generation can be searched; takes far less time than loading it."""
        ...

    def open(self, name: str, folder: Path, own: VectorStore) -> VectorStore:
        """The store that searches a loaded generation."""
        ...

    def lacks(self, name: str, folder: Path) -> bool:
        """Whether a generation must be given to the engine by `fill` before it can be searched."""
        ...

    def fill(
        self,
        index: Path,
        name: str,
        folder: Path,
        own: VectorStore,
        progress: Callable[[str, int, int], object] = lambda _what, _done, _total: None,
    ) -> None:
        """Gives the engine a generation of an index, whole or not at all."""
        ...

    def show(self, name: str) -> None:
        """Tells others which generation is live. A failure is logged only."""
        ...

    def forget(self, index: Path, kept: Collection[str]) -> None:
        """Takes away all that was given of an index but the generations `kept`. What cannot be
        taken away now is taken away by the next call."""
        ...

    def check(self, store: VectorStore) -> None:
        """Raises unless a store that was opened here answers at the moment."""
        ...

    def facts(self, name: str, folder: Path) -> str:
        """What `qa status` says of the engine and the generation in it. Never raises."""
        ...


class InGeneration:
    """The engine that needs none: vectors are searched in the generation's own files."""

    def reach(self) -> None:
        """Nothing is far away."""

    def require(self, name: str, folder: Path) -> None:
        """Nothing beside the generation is needed."""

    def open(self, name: str, folder: Path, own: VectorStore) -> VectorStore:
        """The generation's own vectors."""
        return own

    def lacks(self, name: str, folder: Path) -> bool:
        """Never."""
        return False

    def fill(
        self,
        index: Path,
        name: str,
        folder: Path,
        own: VectorStore,
        progress: Callable[[str, int, int], object] = lambda _what, _done, _total: None,
    ) -> None:
        """Nothing to do."""

    def show(self, name: str) -> None:
        """Nothing to do: the pointer says it."""

    def forget(self, index: Path, kept: Collection[str]) -> None:
        """Nothing to do."""

    def check(self, store: VectorStore) -> None:
        """What is loaded answers."""

    def facts(self, name: str, folder: Path) -> str:
        """That there is no other engine."""
        return "searched in the generation itself, by FAISS"


IN_GENERATION = InGeneration()
