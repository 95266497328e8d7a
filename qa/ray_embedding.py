"""Embeds the texts of a build on a Ray cluster, to the same vectors as this machine would make.

Only `encode_alone` goes to the cluster; all else is the local embedder's. Texts go there in blocks,
of which two are under way at a time, so that the cluster works while this machine writes down what
came, and memory stays bounded. Blocks of one call overlap; those of two calls do not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self

import numpy as np

from qa.embedding import Embedder
from qa.errors import BuildError
from qa.ray_cluster import RayCluster, require_ray
from qa.ray_worker import PART, RETRIES, Recipe, embed_block, recipe_of
from qa.types import Vectors

__all__ = ["FEW", "RayEmbedder"]

FEW = 64
"""So few texts are embedded here: they take less time than a cluster does to start."""
_LEAST = 1024
_PARTS_EACH = 2
"""Parts in a block for each core, so that a core which is done takes another."""
_UNDER_WAY = 2


class RayEmbedder:
    """An embedder for builds; used within `with`, at whose end the cluster is left."""

    def __init__(
        self,
        local: Embedder,
        make: Callable[[], Embedder],
        address: str = "",
        few: int = FEW,
        say: Callable[[str], None] = lambda _text: None,
    ) -> None:
        """`make` makes an embedder like `local` in a worker, where its module must be there, too;
        `address` is as in `RayCluster`. The cluster is joined or started when there is something to
        embed for it, `few` texts being too few, which `say` is told at the end. Raises BuildError
        where Ray is not installed."""
        require_ray()
        self._local = local
        self._make = make
        self._few = few
        self._say = say
        self._embedded_here = 0
        self._cluster = RayCluster(address)
        self._recipe: Recipe | None = None

    @property
    def cores(self) -> int:
        """How many cores the cluster has; 0 while there is none."""
        return self._cluster.cores() if self._cluster.is_open else 0

    def __enter__(self) -> Self:
        self._embedded_here = 0
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        count = self._embedded_here
        if count and not self._cluster.is_open and error is None:
            new = "1 text is" if count == 1 else f"{count:,} texts are"
            self._say(f"Only {new} new: embedded here, without Ray.")
        self._cluster.close()

    @property
    def identity(self) -> dict[str, str]:
        """The local embedder's: where a vector was made is not part of what it is."""
        return self._local.identity

    @property
    def engine(self) -> dict[str, str]:
        """The local embedder's: workers are compared with it to the last bit."""
        return self._local.engine

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._local.dimension

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text are read, special tokens included."""
        return self._local.max_tokens

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As the local embedder does."""
        return self._local.encode(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """As the local embedder does."""
        return self._local.count_tokens(texts)

    def is_common(self, word: str) -> bool:
        """As the local embedder does."""
        return self._local.is_common(word)

    def encode_alone(self, texts: Sequence[str]) -> Iterator[Vectors]:
        """The vectors of the texts in order, a block at a time, float32 (n, dimension): to the last
        bit those of the local embedder.

        Raises BuildError where the cluster cannot be used or is lost, or a worker of it would make
        other vectors.
        """
        if len(texts) <= self._few:
            self._embedded_here += len(texts)
            yield from self._local.encode_alone(texts)
            return
        self._recipe = recipe = self._recipe or recipe_of(self._local, self._make)
        self._cluster.open()
        size = max(_LEAST, self._cluster.cores() * _PARTS_EACH * PART)
        blocks = (texts[begin : begin + size] for begin in range(0, len(texts), size))
        under_way: deque[tuple[Any, int]] = deque()
        for block in blocks:
            task = self._cluster.submit(embed_block, recipe, list(block), retries=RETRIES)
            under_way.append((task, len(block)))
            if len(under_way) == _UNDER_WAY:
                yield self._made(*under_way.popleft())
        while under_way:
            yield self._made(*under_way.popleft())

    def _made(self, task: Any, count: int) -> Vectors:
        """A block's vectors, checked for their number."""
        block = self._cluster.result(task)
        if block.problem:
            raise BuildError(
                f"{block.problem.rstrip('.')}. Nothing was changed. Set that machine up like this "
                "one, or run `qa build` on a machine like those of the cluster."
            )
        if block.vectors.shape != (count, self.dimension):
            raise BuildError(
                f"{self._cluster.name} gave {block.vectors.shape} numbers for {count:,} texts. "
                "Nothing was changed. Run `qa build` without --ray."
            )
        # What Ray hands out is its own memory, which cannot be written and is freed with it.
        return np.array(block.vectors, dtype=np.float32)
