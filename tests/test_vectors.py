"""Nearest rows are exact, ordered, and read back as they were written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.errors import DamagedIndex
from qa.types import Vectors
from qa.vectors import FaissStore


def rows(*values: tuple[float, ...]) -> Vectors:
    return np.array(values, dtype=np.float32)


STORE = rows((1, 0, 0), (0, 1, 0), (0.6, 0.8, 0), (0, 0, 1), (1, 0, 0))


def test_products_worked_out_by_hand() -> None:
    found = FaissStore.build(STORE).search(rows((0.6, 0.8, 0))[0], 3)
    assert [row for row, _ in found] == [2, 1, 0]
    assert [score for _, score in found] == pytest.approx([1.0, 0.8, 0.6])


def test_equal_products_are_ordered_by_row() -> None:
    assert [row for row, _ in FaissStore.build(STORE).search(STORE[0], 5)] == [0, 4, 2, 1, 3]


def test_only_the_rows_asked_for() -> None:
    store = FaissStore.build(STORE)
    assert [row for row, _ in store.search(STORE[0], 9, np.array([3, 4, 2]))] == [4, 2, 3]
    assert store.search(STORE[0], 9, np.array([], dtype=np.int64)) == []


def test_no_more_than_there_is() -> None:
    store = FaissStore.build(STORE)
    assert len(store) == 5
    assert len(store.search(STORE[0], 99)) == 5
    assert store.search(STORE[0], 0) == []


def test_as_numpy_finds_them() -> None:
    random = np.random.default_rng(7)
    vectors = random.standard_normal((500, 16)).astype(np.float32)
    query = vectors[3] + vectors[4]
    found = FaissStore.build(vectors).search(query, 20)
    assert [row for row, _ in found] == list(np.argsort(-(vectors @ query), kind="stable")[:20])


def test_read_back_as_written(tmp_path: Path) -> None:
    path = tmp_path / "x.faiss"
    FaissStore.build(STORE).save(path)
    store = FaissStore.load(path, count=5, dimension=3)
    assert (np.stack([store.get(row) for row in range(5)]) == STORE).all()
    assert store.get(0).dtype == np.float32


def test_a_store_of_another_size_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "x.faiss"
    FaissStore.build(STORE).save(path)
    for count, dimension in ((4, 3), (5, 4)):
        with pytest.raises(DamagedIndex, match=r"x\.faiss has 5 vectors of 3 numbers, expected"):
            FaissStore.load(path, count=count, dimension=dimension)


@pytest.mark.parametrize("data", [b"", b"IxFI", b"nonsense" * 100])
def test_what_is_no_store_is_damaged(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.faiss"
    path.write_bytes(data)
    with pytest.raises(DamagedIndex, match=r"x\.faiss is no FAISS index"):
        FaissStore.load(path, count=5, dimension=3)
    path.unlink()
    with pytest.raises(DamagedIndex, match=r"x\.faiss is no FAISS index"):
        FaissStore.load(path, count=5, dimension=3)


def test_all_rows_come_back_bit_by_bit(tmp_path: Path) -> None:
    made = np.random.default_rng(8).standard_normal((50, 16)).astype(np.float32)
    FaissStore.build(made).save(tmp_path / "x.faiss")
    back = FaissStore.load(tmp_path / "x.faiss", count=50, dimension=16).all()
    assert back.tobytes() == made.tobytes()
    assert FaissStore.build(made[:0]).all().shape == (0, 16)
