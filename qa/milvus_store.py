"""A generation's vectors, searched by Milvus.

Milvus only says which rows come near. Their scores are worked out from the generation's own
vectors, and more rows are asked for than are wanted, until no other could be among them but by
rounding: so ids, order and scores are those of the generation's own store. Each search names the
field that only a collection of just this generation has, so that no other answers in its place.

A failure is logged once. From then on questions are refused at once, nobody waits, and a thread
tries until Milvus answers again.
"""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import VectorStoreDown, VectorStoreError
from qa.milvus_client import MilvusConnection
from qa.types import Vectors
from qa.vector_store import VectorStore

__all__ = ["METRIC", "MOST_EXCLUDED", "ROW", "MilvusStore"]

ROW = "row"
"""The primary key: a chunk's number in its generation."""
METRIC = "IP"
MOST_EXCLUDED = 16_384
"""Rows that a search may leave out by name: that many take Milvus some 60 ms to read. Where more
are left out, those that are left are all compared here."""
_MORE = 32
"""Rows asked for beyond those wanted, at first."""
_MOST = 16_384
"""Rows that Milvus gives at most."""
_ROUNDING = 1e-5
"""By how much Milvus' products of unit vectors may differ from ours, which add up in another
order; measured differences are under 1e-6."""
_LOOK_FURTHER = 4
"""How many rows HNSW looks at for each that is asked for (its `ef`)."""
_LEAST_LOOK = 256
"""How many it looks at in any case."""
_AGAIN_S = 1.0
"""Seconds between tries while Milvus does not answer."""

log = logging.getLogger(__name__)


class MilvusStore:
    """Searches the collection of one generation, by its name."""

    def __init__(
        self,
        connection: MilvusConnection,
        collection: str,
        field: str,
        own: VectorStore,
        require: Callable[[], object],
    ) -> None:
        """`field` holds the vectors in the collection, `own` has them in the generation; `require`
        raises VectorStoreError unless the collection is as it should be."""
        self.collection = collection
        self._connection = connection
        self._field = field
        self._own = own
        self._require = require
        self._lock = threading.Lock()
        self._down = ""

    def __len__(self) -> int:
        return len(self._own)

    def get(self, row: int) -> Vectors:
        """The vector of a row, float32 (dim,), from the generation."""
        return self._own.get(row)

    def all(self) -> Vectors:
        """The vectors of all rows, float32 (n, dim), from the generation."""
        return self._own.all()

    def search(
        self, vector: Vectors, count: int, rows: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """The `count` nearest rows as (row, inner product), best first; among `rows` if given.

        `vector` is float32 (dim,). Equal products are ordered by row, so that results repeat.
        Raises VectorStoreDown where Milvus does not answer, or not from this generation.
        """
        among = len(self) if rows is None else len(rows)
        count = min(count, among)
        if count <= 0:
            return []
        if len(self) - among > MOST_EXCLUDED:
            return self._own.search(vector, count, rows)
        where = "" if rows is None else _all_but(rows, len(self))
        wanted = count + _MORE
        while wanted <= _MOST:
            asked = min(wanted, among)
            found = self._nearest(vector, asked, where)
            best = self._own.search(vector, len(found), found)
            if len(best) < asked:
                break  # an index that is not exact gave up
            if asked == among or best[count - 1][1] > best[-1][1] + _ROUNDING:
                return best[:count]
            wanted *= 4
        return self._own.search(vector, count, rows)

    def check(self) -> None:
        """Raises VectorStoreDown unless Milvus answers at the moment."""
        self._refuse_if_down()
        try:
            self._connection.client().get_server_version(timeout=self._connection.place.timeout_s)
        except Exception as error:
            raise self._went_down(error) from None

    def _nearest(self, vector: Vectors, count: int, where: str) -> NDArray[np.int64]:
        """Rows that come near, in order of their numbers."""
        self._refuse_if_down()
        try:
            [hits] = self._connection.client().search(
                self.collection,
                data=[np.asarray(vector, dtype=np.float32)],
                anns_field=self._field,
                filter=where,
                limit=count,
                output_fields=[ROW],
                search_params={"metric_type": METRIC, "params": {"ef": _furthest(count)}},
                consistency_level="Eventually",  # nothing is written to a collection once it serves
                timeout=self._connection.place.timeout_s,
            )
            found = np.unique(np.array([int(one) for one in hits.ids], dtype=np.int64))
            if len(found) and not 0 <= found[0] <= found[-1] < len(self):
                raise VectorStoreError(f"collection {self.collection} has rows of something else")
        except Exception as error:  # pymilvus and gRPC raise exceptions of many kinds
            raise self._went_down(error) from None
        return found

    def _refuse_if_down(self) -> None:
        if down := self._down:
            raise VectorStoreDown(down)

    def _went_down(self, error: Exception) -> VectorStoreDown:
        """Refuses from now on, and tries again beside those who ask."""
        down = error if isinstance(error, VectorStoreDown) else self._connection.down(error)
        with self._lock:
            if not self._down:
                self._down = str(down)
                log.error("questions are refused: %s", down)
                again = threading.Thread(
                    target=_try_again, args=[weakref.ref(self)], name="wait for Milvus", daemon=True
                )
                again.start()
        return down

    def _is_back(self) -> bool:
        self._connection.reset()
        try:
            self._require()
        except VectorStoreError as error:
            self._down = str(error)
            return False
        except Exception as error:  # whatever it is, it must be tried again
            self._down = str(self._connection.down(error))
            return False
        with self._lock:
            self._down = ""
        log.warning("Milvus answers again, and so are questions")
        return True


def _try_again(store: weakref.ref[MilvusStore]) -> None:
    """Until Milvus answers, or nobody needs the store any more."""
    while True:
        time.sleep(_AGAIN_S)
        waiting: Any = store()
        if waiting is None or waiting._is_back():
            return
        del waiting


def _furthest(count: int) -> int:
    """HNSW's `ef` for so many rows: what it may be at most is Milvus' own limit."""
    return min(max(_LEAST_LOOK, count * _LOOK_FURTHER), 32_768)


def _all_but(rows: NDArray[np.int64], count: int) -> str:
    """A filter that leaves out all other rows; empty where there are none."""
    left_out = np.setdiff1d(np.arange(count), rows)
    return f"{ROW} not in [{','.join(map(str, left_out))}]" if len(left_out) else ""
