"""One contract for all that search vectors: FAISS, milvus-lite, and a real Milvus server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from qa.errors import VectorStoreDown, VectorStoreError
from qa.milvus_client import MilvusPlace
from qa.milvus_engine import MilvusEngine
from qa.milvus_ledger import noted
from qa.milvus_store import MOST_EXCLUDED
from qa.types import Vectors
from qa.vector_store import IN_GENERATION, Engine, VectorStore
from qa.vectors import FaissStore
from tests.milvus_places import lite_place, running_server, server_place

SERVER = pytest.param("server", marks=pytest.mark.nightly)
"""Takes long to start; `.ci/run` names this file for it."""
DIMENSION = 32
COUNT = MOST_EXCLUDED + 700


def unit_rows(count: int, seed: int = 1) -> Vectors:
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def with_twins() -> Vectors:
    """Two hundred of the rows are one vector: equal texts in many files."""
    made = unit_rows(COUNT)
    made[300:500] = made[300]
    return made


ROWS = with_twins()
OWN = FaissStore.build(ROWS)


def exact(vector: Vectors, count: int, rows: Vectors | None = None) -> list[int]:
    """The nearest rows, by numpy in double precision, equal ones by row."""
    among = np.arange(COUNT) if rows is None else rows
    products = np.round(ROWS[among].astype(float) @ vector.astype(float), 6)
    return [int(row) for row in among[np.argsort(-products, kind="stable")][:count]]


def folder_of(path: Path, what: str = "one") -> Path:
    """As much of a generation's folder as an engine looks at."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "manifest.json").write_text(what)
    return path


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> MilvusPlace:
    return lite_place(tmp_path_factory.mktemp("lite"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusPlace]:
    with running_server(tmp_path_factory.mktemp("server")) as running:
        yield server_place(running)


@pytest.fixture(scope="module", params=["lite", SERVER])
def milvus(request: pytest.FixtureRequest) -> MilvusEngine:
    return MilvusEngine(request.getfixturevalue(request.param))


@pytest.fixture(scope="module", params=["faiss", "lite", SERVER])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> VectorStore:
    engine: Engine = IN_GENERATION
    if request.param != "faiss":
        engine = MilvusEngine(request.getfixturevalue(request.param))
    folder = folder_of(tmp_path_factory.mktemp("generation"))
    engine.fill(folder, "20261124T201500Z-1f2e3d4c", folder, OWN)
    return engine.open("20261124T201500Z-1f2e3d4c", folder, OWN)


def test_rows_and_scores_are_those_of_all_compared(store: VectorStore) -> None:
    for vector in unit_rows(20, seed=2):
        found = store.search(vector, 50)
        assert [row for row, _ in found] == exact(vector, 50)
        assert found == OWN.search(vector, 50), "to the last bit"


def test_equal_vectors_are_ordered_by_row_and_none_is_preferred(store: VectorStore) -> None:
    assert [row for row, _ in store.search(ROWS[300], 50)] == list(range(300, 350))
    assert [row for row, _ in store.search(ROWS[300], 201)][:200] == list(range(300, 500))


@pytest.mark.parametrize("left", [1, 40, 5000, COUNT - 3000, COUNT - 1, COUNT])
def test_only_rows_that_were_given(store: VectorStore, left: int) -> None:
    rows = np.sort(np.random.default_rng(left).permutation(COUNT)[:left]).astype(np.int64)
    vector = unit_rows(1, seed=3)[0]
    found = store.search(vector, 50, rows)
    assert [row for row, _ in found] == exact(vector, 50, rows)
    assert found == OWN.search(vector, 50, rows)


def test_no_more_than_there_is_and_no_less(store: VectorStore) -> None:
    assert len(store) == COUNT
    assert store.search(ROWS[0], 0) == []
    assert store.search(ROWS[0], 9, np.array([], dtype=np.int64)) == []
    assert len(store.search(ROWS[0], 50, np.arange(7))) == 7
    everything = store.search(ROWS[0], COUNT + 5)
    assert sorted(row for row, _ in everything) == list(range(COUNT))


def test_vectors_come_back_bit_by_bit(store: VectorStore) -> None:
    assert store.get(41).tobytes() == ROWS[41].tobytes()
    assert store.all().tobytes() == ROWS.tobytes()


def test_a_collection_answers_for_its_generation_only(milvus: MilvusEngine, tmp_path: Path) -> None:
    few = FaissStore.build(ROWS[:30])
    mine, index = folder_of(tmp_path / "mine"), tmp_path / "index"
    index.mkdir()
    with pytest.raises(VectorStoreError, match=r"no collection quotewell_g_1 .*`qa build`"):
        milvus.open("g-1", mine, few)
    assert milvus.lacks("g-1", mine)
    milvus.fill(index, "g-1", mine, few)
    assert not milvus.lacks("g-1", mine)
    opened = milvus.open("g-1", mine, few)
    milvus.show("g-1")
    milvus.check(opened)
    facts = milvus.facts("g-1", mine)
    assert "collection quotewell_g_1, 30 rows, index FLAT; terms are searched" in facts
    assert "Milvus:" not in facts, "no token"

    other = folder_of(tmp_path / "other", "of another index")
    for call in (milvus.open, lambda *told: milvus.fill(index, *told)):
        with pytest.raises(VectorStoreError, match=r"holds something else.*left as it is"):
            call("g-1", other, few)
    with pytest.raises(VectorStoreError, match="has 30 rows, and the generation has 29"):
        milvus.open("g-1", mine, FaissStore.build(ROWS[:29]))
    with pytest.raises(VectorStoreError, match="holds other vectors"):
        milvus.open("g-1", mine, FaissStore.build(ROWS[30:60]))

    # What a killed build left: more is in the generation than in the collection.
    grown = FaissStore.build(ROWS[:40])
    milvus.fill(index, "g-1", mine, grown)
    assert len(milvus.open("g-1", mine, grown).search(ROWS[3], 99)) == 40
    assert noted(index) == ["quotewell_g_1"]
    milvus.forget(index, ["g-1"])
    assert not milvus.lacks("g-1", mine)
    milvus.forget(index, ["g-2"])
    assert milvus.lacks("g-1", mine)
    assert noted(index) == []


def test_a_generation_without_chunks_is_one(milvus: MilvusEngine, tmp_path: Path) -> None:
    none = FaissStore.build(ROWS[:0])
    milvus.fill(tmp_path, "g-0", folder_of(tmp_path), none)
    assert milvus.open("g-0", tmp_path, none).search(ROWS[0], 9) == []
    milvus.forget(tmp_path, [])


@pytest.mark.nightly
def test_a_wrong_token_is_told(server: MilvusPlace) -> None:
    with pytest.raises(VectorStoreDown, match="the token is not accepted") as told:
        MilvusEngine(MilvusPlace(server.uri, "root:secret")).reach()
    assert "secret" not in str(told.value)


def test_where_nothing_answers_it_is_told_at_once() -> None:
    with pytest.raises(VectorStoreDown, match=r"127\.0\.0\.1:9 does not answer: .*qa\.toml"):
        MilvusEngine(MilvusPlace("http://127.0.0.1:9")).reach()
    told = MilvusEngine(MilvusPlace("http://127.0.0.1:9")).facts("g", Path())
    assert told.startswith("searched by Milvus, but: Milvus at http://127.0.0.1:9")
