"""Generations in Milvus: a collection each, filled before it is published, dropped when it is
pruned.

    quotewell_20261124T201500Z_1f2e3d4c    the collection of one generation
      row                                  primary key: the chunk's number
      vectors_0a1b…                        its vector; named for the manifest's SHA-256, so that a
                                           collection never answers for another generation
    quotewell_live                         an alias of the live generation's, for whoever looks;
                                           servers ask by the generation's own name

`qa.milvus_ledger` knows which collections were made for this index, each noted before it is made:
what a killed build left half made is found and dropped by the next, and nothing of anybody else's
ever is.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from qa.errors import VectorStoreDown, VectorStoreError
from qa.milvus_client import MilvusConnection, MilvusPlace, problem_of
from qa.milvus_ledger import note, noted, write
from qa.milvus_store import METRIC, ROW, MilvusStore
from qa.vector_store import VectorStore

__all__ = ["MilvusEngine"]

_EXACT_BELOW = 20_000
"""Rows up to which Milvus compares all (its FLAT), which is exact; docs/scale.md has figures."""
_LINKS = {"M": 32, "efConstruction": 300}
"""Of HNSW's graph, above that: links a vector, and how far is looked for them."""
_BLOCK_BYTES = 4 << 20
"""Bytes of vectors sent at a time: Milvus takes 64 MiB at most."""
_LOOK_S = 0.1
"""Seconds between looks at whether Milvus is done with indexing or loading."""
_SAMPLED = 3
"""Rows whose vectors are compared with the generation's."""

log = logging.getLogger(__name__)


class MilvusEngine:
    """Milvus as the place where vectors are searched."""

    def __init__(self, place: MilvusPlace) -> None:
        """Connects when something is first asked for."""
        self._place = place
        self._connection = MilvusConnection(place)

    def reach(self) -> None:
        """Raises VectorStoreDown unless Milvus answers."""
        with self._told_of_down():
            self._connection.client().get_server_version(timeout=self._place.timeout_s)

    def require(self, name: str, folder: Path, own: VectorStore | None = None) -> None:
        """Raises VectorStoreError unless the collection of a generation is there, of just this
        generation, whole and loaded; VectorStoreDown where Milvus does not answer. With `own` some
        vectors are compared as well."""
        collection = self.collection(name)
        with self._told_of_down():
            client, wait = self._connection.client(), self._place.timeout_s
            if not client.has_collection(collection, timeout=wait):
                raise VectorStoreError(
                    f"Milvus at {self._place.uri} has no collection {collection} for the "
                    f"generation {name}. `qa build` fills that of the live generation, "
                    "`qa publish` and `qa rollback` that of the one they are told."
                )
            self._check_fields(client, collection, folder)
            self._load(client, collection)
            rows = self._count(client, collection, "Bounded")
            if own is not None and rows != len(own):
                raise _not_whole(collection, rows, len(own))
            if own:
                self._compare(client, collection, _field(folder), own)

    def open(self, name: str, folder: Path, own: VectorStore) -> MilvusStore:
        """The store that searches a generation. Raises as `require` does."""
        self.require(name, folder, own)
        collection = self.collection(name)
        engine = self

        def require() -> None:
            engine.require(name, folder, own)

        return MilvusStore(self._connection, collection, _field(folder), own, require)

    def lacks(self, name: str, folder: Path) -> bool:
        """Whether the collection of a generation is not there. Raises VectorStoreDown, and
        VectorStoreError where something else has its name."""
        collection = self.collection(name)
        with self._told_of_down():
            client = self._connection.client()
            if not client.has_collection(collection, timeout=self._place.timeout_s):
                return True
            self._check_fields(client, collection, folder)
            return not client.list_indexes(collection, timeout=self._place.timeout_s)

    def fill(
        self,
        index: Path,
        name: str,
        folder: Path,
        own: VectorStore,
        progress: Callable[[str, int, int], object] = lambda _what, _done, _total: None,
    ) -> None:
        """Makes the collection of a generation: filled, flushed, indexed, loaded and counted.

        One that is there and whole is left as it is, one of this generation that is not is made
        anew. Raises VectorStoreError where something else has its name, VectorStoreDown where
        Milvus does not answer, OSError where the ledger cannot be written.
        """
        collection = self.collection(name)
        with self._told_of_down():
            client = self._connection.client()
            if client.has_collection(collection, timeout=self._place.timeout_s):
                self._check_fields(client, collection, folder)
                if self._is_whole(name, folder, own):
                    return
                client.drop_collection(collection, timeout=self._place.fill_timeout_s)
            note(index, collection)
            self._make(client, collection, _field(folder), own, progress)
        self.require(name, folder, own)

    def show(self, name: str) -> None:
        """Points the alias at a generation's collection. A failure is logged only: no server goes
        by the alias."""
        alias, collection = f"{self._place.prefix}_live", self.collection(name)
        try:
            client, wait = self._connection.client(), self._place.timeout_s
            try:
                client.alter_alias(collection, alias, timeout=wait)
            except Exception:  # there is none yet, which each version says in its own way
                client.create_alias(collection, alias, timeout=wait)
        except Exception as error:
            log.warning("the alias %s could not be set: %s", alias, problem_of(error))

    def forget(self, index: Path, kept: Collection[str]) -> None:
        """Drops the collections made for this index whose generation is not kept. A failure is
        logged, and the next call tries again."""
        wanted = {self.collection(name) for name in kept}
        made = noted(index)
        left = [one for one in made if one in wanted or not self._dropped(one)]
        if left != made:
            write(index, left)

    def check(self, store: VectorStore) -> None:
        """Raises VectorStoreDown unless a store answers at the moment."""
        if isinstance(store, MilvusStore):
            store.check()

    def facts(self, name: str, folder: Path) -> str:
        """Where vectors are searched, for `qa status`."""
        where = f"Milvus at {self._place.uri}"
        try:
            self.require(name, folder)
            collection = self.collection(name)
            with self._told_of_down():
                client, wait = self._connection.client(), self._place.timeout_s
                version = client.get_server_version(timeout=wait)
                rows = self._count(client, collection, "Bounded")
                [kind] = client.list_indexes(collection, timeout=wait)
                kind = client.describe_index(collection, kind, timeout=wait)["index_type"]
        except VectorStoreError as error:
            return f"searched by Milvus, but: {error}"
        return (
            f"searched by {where} (version {version}), collection {collection}, {rows:,} rows, "
            f"index {kind}; terms are searched in the generation itself"
        )

    def collection(self, name: str) -> str:
        """The name of a generation's collection: Milvus allows letters, digits and underscores."""
        return f"{self._place.prefix}_{name.replace('-', '_')}"

    def _make(
        self,
        client: Any,
        collection: str,
        field: str,
        own: VectorStore,
        progress: Callable[[str, int, int], object],
    ) -> None:
        from pymilvus import DataType, MilvusClient  # noqa: PLC0415 - an extra

        wait, vectors = self._place.fill_timeout_s, own.all()
        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field(ROW, DataType.INT64, is_primary=True)
        schema.add_field(field, DataType.FLOAT_VECTOR, dim=vectors.shape[1])
        client.create_collection(
            collection, schema=schema, consistency_level="Eventually", timeout=wait
        )
        block = max(1, _BLOCK_BYTES // (4 * vectors.shape[1]))
        for begin in range(0, len(vectors), block):
            rows = range(begin, min(begin + block, len(vectors)))
            client.insert(
                collection, [{ROW: row, field: vectors[row]} for row in rows], timeout=wait
            )
            progress("Filling Milvus", rows.stop, len(vectors))
        client.flush(collection, timeout=wait)
        exact = len(vectors) < _EXACT_BELOW
        kind = client.prepare_index_params()
        kind.add_index(
            field,
            index_type="FLAT" if exact else "HNSW",
            metric_type=METRIC,
            params={} if exact else _LINKS,
        )
        client.create_index(collection, kind, sync=False, timeout=wait)
        while (state := client.describe_index(collection, field, timeout=wait)["state"]) != (
            "Finished"
        ):
            if state == "Failed":
                raise VectorStoreError(
                    f"Milvus could not make an index of {collection}; its own log says why. "
                    "Nothing was published."
                )
            time.sleep(_LOOK_S)
        self._load(client, collection)
        found = self._count(client, collection, "Strong")
        if found != len(vectors):
            raise _not_whole(collection, found, len(vectors))

    def _load(self, client: Any, collection: str) -> None:
        """Has Milvus load a collection into its memory, and waits until it has."""
        wait = self._place.fill_timeout_s
        state = client.get_load_state(collection, timeout=self._place.timeout_s)["state"].name
        if state == "NotLoad":
            client.load_collection(collection, _async=True, timeout=wait)
        until = time.monotonic() + wait
        while state != "Loaded":
            if time.monotonic() > until:
                raise VectorStoreError(f"collection {collection} was not loaded within {wait:g} s")
            time.sleep(_LOOK_S)
            state = client.get_load_state(collection, timeout=self._place.timeout_s)["state"].name

    def _count(self, client: Any, collection: str, consistency: str) -> int:
        found = client.query(
            collection,
            "",
            output_fields=["count(*)"],
            consistency_level=consistency,
            timeout=self._place.timeout_s,
        )
        return int(found[0]["count(*)"])

    def _is_whole(self, name: str, folder: Path, own: VectorStore) -> bool:
        """Whether a collection of this generation is ready to be searched."""
        if self.lacks(name, folder):
            return False
        try:
            self.require(name, folder, own)
        except VectorStoreDown:
            raise
        except VectorStoreError:
            return False
        return True

    def _check_fields(self, client: Any, collection: str, folder: Path) -> None:
        """Raises VectorStoreError where a collection is not that of the generation in `folder`."""
        told = client.describe_collection(collection, timeout=self._place.timeout_s)
        names = {one["name"] for one in told["fields"]}
        if names != {ROW, _field(folder)}:
            raise VectorStoreError(
                f"The collection {collection} in Milvus at {self._place.uri} is not of this "
                "generation: it holds something else. Nothing is answered from it, and it was left "
                "as it is. Drop it, or set another `prefix` under [vectors] in qa.toml."
            )

    def _compare(self, client: Any, collection: str, field: str, own: VectorStore) -> None:
        """Raises VectorStoreError where vectors are not those of the generation."""
        rows = [int(row) for row in np.unique(np.linspace(0, len(own) - 1, _SAMPLED).astype(int))]
        found = client.query(
            collection,
            f"{ROW} in {rows}",
            output_fields=[ROW, field],
            consistency_level="Bounded",
            timeout=self._place.timeout_s,
        )
        held = {int(one[ROW]): np.asarray(one[field], dtype=np.float32) for one in found}
        if not all(row in held and np.array_equal(held[row], own.get(row)) for row in rows):
            raise VectorStoreError(
                f"The collection {collection} in Milvus holds other vectors than the generation. "
                "Nothing is answered from it. Drop it, and run `qa build`."
            )

    def _dropped(self, collection: str) -> bool:
        try:
            self._connection.client().drop_collection(
                collection, timeout=self._place.fill_timeout_s
            )
        except Exception as error:
            log.warning("the collection %s could not be dropped: %s", collection, problem_of(error))
            return False
        return True

    @contextmanager
    def _told_of_down(self) -> Iterator[None]:
        """Turns what pymilvus and gRPC raise into VectorStoreDown."""
        try:
            yield
        except (VectorStoreError, OSError):
            raise
        except Exception as error:
            self._connection.reset()
            raise self._connection.down(error) from None


def _field(folder: Path) -> str:
    """The name of the field that holds the vectors of the generation in a folder."""
    return f"vectors_{hashlib.sha256((folder / 'manifest.json').read_bytes()).hexdigest()[:32]}"


def _not_whole(collection: str, found: int, wanted: int) -> VectorStoreError:
    return VectorStoreError(
        f"The collection {collection} in Milvus has {found:,} rows, and the generation has "
        f"{wanted:,}. Nothing is answered from it. Run `qa build`, which fills it again."
    )
