"""Nearest rows have exact products, are ordered, and are read back as they were written."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import faiss
import numpy as np
import pytest

from qa import array_file
from qa.errors import DamagedIndex
from qa.types import Vectors
from qa.vectors import FaissStore
from tests.conftest import ROOT


def rows(*values: tuple[float, ...]) -> Vectors:
    return np.array(values, dtype=np.float32)


STORE = rows((1, 0, 0), (0, 1, 0), (0.6, 0.8, 0), (0, 0, 1), (1, 0, 0))


def test_products_worked_out_by_hand() -> None:
    found = FaissStore.build(STORE).search(rows((0.6, 0.8, 0))[0], 3)
    assert [row for row, _ in found] == [2, 1, 0]
    assert [score for _, score in found] == pytest.approx([1.0, 0.8, 0.6])


def test_equal_products_are_ordered_by_row() -> None:
    assert [row for row, _ in FaissStore.build(STORE).search(STORE[0], 5)] == [0, 4, 2, 1, 3]
    same = FaissStore.build(np.repeat(STORE[:1], 9, axis=0))
    assert [row for row, _ in same.search(STORE[0], 3)] == [0, 1, 2]


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
    FaissStore.build(STORE).save(tmp_path)
    store = FaissStore.load(tmp_path, count=5, dimension=3)
    assert (np.stack([store.get(row) for row in range(5)]) == STORE).all()
    assert store.get(0).dtype == np.float32
    assert [path.name for path in tmp_path.iterdir()] == ["vectors.npy"]


def test_a_store_of_another_size_is_damaged(tmp_path: Path) -> None:
    FaissStore.build(STORE).save(tmp_path)
    for count, dimension in ((4, 3), (5, 4)):
        with pytest.raises(DamagedIndex, match=r"vectors\.npy is float32 \(5, 3\), expected"):
            FaissStore.load(tmp_path, count=count, dimension=dimension)


@pytest.mark.parametrize("data", [b"", b"\x93NUMPY", b"nonsense" * 100])
def test_what_is_no_store_is_damaged(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "vectors.npy"
    path.write_bytes(data)
    with pytest.raises(DamagedIndex, match=r"vectors\.npy holds no vectors"):
        FaissStore.load(tmp_path, count=5, dimension=3)
    path.unlink()
    with pytest.raises(DamagedIndex, match=r"vectors\.npy holds no vectors"):
        FaissStore.load(tmp_path, count=5, dimension=3)


def test_vectors_of_another_kind_or_order_are_damaged(tmp_path: Path) -> None:
    for other in (STORE.astype(np.float64), np.asfortranarray(STORE)):
        np.save(tmp_path / "vectors.npy", other)
        with pytest.raises(DamagedIndex, match=r"vectors\.npy is"):
            FaissStore.load(tmp_path, count=5, dimension=3)


def test_a_file_cut_short_is_damaged(tmp_path: Path) -> None:
    FaissStore.build(STORE).save(tmp_path)
    path = tmp_path / "vectors.npy"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DamagedIndex, match=r"vectors\.npy holds no vectors"):
        FaissStore.load(tmp_path, count=5, dimension=3)


def test_all_rows_come_back_bit_by_bit(tmp_path: Path) -> None:
    made = np.random.default_rng(8).uniform(-1, 1, (50, 16)).astype(np.float32)
    FaissStore.build(made).save(tmp_path)
    back = FaissStore.load(tmp_path, count=50, dimension=16).all()
    assert back.tobytes() == made.tobytes()
    assert FaissStore.build(made[:0]).all().shape == (0, 16)


def test_no_vectors_at_all(tmp_path: Path) -> None:
    FaissStore.build(STORE[:0]).save(tmp_path)
    store = FaissStore.load(tmp_path, count=0, dimension=3)
    assert (len(store), store.search(STORE[0], 5)) == (0, [])


@pytest.fixture(scope="module")
def many() -> Vectors:
    """Vectors around 40 centres, as those of texts on 40 matters are; each row five times."""
    random = np.random.default_rng(9)
    centres = random.standard_normal((40, 32))
    made = centres[random.integers(40, size=600)] + 0.4 * random.standard_normal((600, 32))
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return np.tile(made.astype(np.float32), (5, 1))


@pytest.fixture(scope="module")
def saved(many: Vectors, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    np.save(folder / "vectors.npy", many)
    FaissStore.write(folder, exact_below=0)
    return folder


def approximate(folder: Path, count: int = 3000) -> FaissStore:
    store = FaissStore.load(folder, count=count, dimension=32, exact_below=0)
    assert not store.exact
    return store


def questions(many: Vectors) -> Vectors:
    random = np.random.default_rng(10)
    made = many[random.integers(len(many), size=40)] + 0.1 * random.standard_normal((40, 32))
    return np.asarray(made, dtype=np.float32)


def test_candidates_have_exact_products_in_the_order_of_all(many: Vectors, saved: Path) -> None:
    exact, store = FaissStore.build(many), approximate(saved)
    found = 0
    for question in questions(many):
        wanted, got = exact.search(question, 10), store.search(question, 10)
        assert set(got) <= set(exact.search(question, len(many)))  # bit by bit the same
        assert got == sorted(got, key=lambda pair: (-pair[1], pair[0]))
        found += len(set(wanted) & set(got))
    assert found / 400 >= 0.99


def test_candidates_among_rows(many: Vectors, saved: Path) -> None:
    exact, store = FaissStore.build(many), approximate(saved)
    for among in (np.arange(0, 3000, 3), np.arange(5, 12), np.array([2999])):
        found = 0
        for question in questions(many):
            wanted, got = exact.search(question, 10, among), store.search(question, 10, among)
            assert len(got) == min(10, len(among))
            assert {row for row, _ in got} <= set(among.tolist())
            found += len(set(wanted) & set(got))
        assert found / (40 * min(10, len(among))) >= 0.99


def test_few_rows_of_many_are_all_compared(many: Vectors, saved: Path) -> None:
    exact = FaissStore.build(many)
    store = FaissStore.load(saved, count=3000, dimension=32, exact_below=1000)
    among = np.arange(0, 3000, 4)
    for question in questions(many):
        assert store.search(question, 20, among) == exact.search(question, 20, among)


def test_more_than_the_nearest_lists_hold(many: Vectors, saved: Path) -> None:
    assert len(approximate(saved).search(many[0], 3000)) == 3000


def test_the_same_vectors_give_the_same_bytes(many: Vectors, saved: Path, tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom qa import array_file\n"
        "from qa.vectors import FaissStore\narray_file.READ_WHOLE = 0\n"
        "FaissStore.write(Path(sys.argv[1]), exact_below=0)"
    )
    np.save(tmp_path / "vectors.npy", many)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "2"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=environment, check=True)
    written = (tmp_path / "chunks.faiss").read_bytes()
    assert written == (saved / "chunks.faiss").read_bytes()
    other = tmp_path / "other"
    other.mkdir()
    FaissStore.build(many, exact_below=0).save(other)
    assert written == (other / "chunks.faiss").read_bytes()


def test_few_vectors_need_nothing_beside_them(many: Vectors, tmp_path: Path) -> None:
    np.save(tmp_path / "vectors.npy", many)
    FaissStore.write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["vectors.npy"]


@pytest.mark.parametrize("data", [b"", b"IwPf", b"nonsense" * 100])
def test_what_is_no_index_is_damaged(many: Vectors, tmp_path: Path, data: bytes) -> None:
    np.save(tmp_path / "vectors.npy", many)
    (tmp_path / "chunks.faiss").write_bytes(data)
    with pytest.raises(DamagedIndex, match=r"chunks\.faiss is no FAISS index"):
        approximate(tmp_path)


def test_an_index_of_other_vectors_is_damaged(many: Vectors, saved: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "vectors.npy", many[:2999])
    (tmp_path / "chunks.faiss").write_bytes((saved / "chunks.faiss").read_bytes())
    with pytest.raises(
        DamagedIndex, match=r"chunks\.faiss is no FAISS index.* it has 3000 vectors of 32 numbers"
    ):
        approximate(tmp_path, 2999)


def test_an_index_that_names_rows_that_are_not_there_is_damaged(
    many: Vectors, saved: Path, tmp_path: Path
) -> None:
    """Their vectors would be read from somewhere in memory, which ended the process."""
    np.save(tmp_path / "vectors.npy", many)
    for wrong in (3000, -1, 2**62, None):
        index = faiss.read_index(str(saved / "chunks.faiss"))
        lists = index.invlists
        number = next(one for one in range(index.nlist) if lists.list_size(one) > 1)
        rows = faiss.rev_swig_ptr(lists.get_ids(number), lists.list_size(number))
        rows[0] = rows[1] if wrong is None else wrong  # None: one row twice, and another never
        faiss.write_index(index, str(tmp_path / "chunks.faiss"))
        with pytest.raises(DamagedIndex, match=r"a row that is not there|each row once"):
            approximate(tmp_path)


def test_an_index_that_asks_for_an_unknown_way_to_search_is_damaged(
    many: Vectors, saved: Path, tmp_path: Path
) -> None:
    """FAISS takes it, and fails with each question."""
    np.save(tmp_path / "vectors.npy", many)
    index = faiss.read_index(str(saved / "chunks.faiss"))
    index.implem = 1 << 24
    faiss.write_index(index, str(tmp_path / "chunks.faiss"))
    with pytest.raises(DamagedIndex, match=r"chunks\.faiss is no FAISS index"):
        approximate(tmp_path)


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="Linux tells what is mapped")
def test_files_are_mapped_by_each_process_and_let_go_of(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(array_file, "READ_WHOLE", 0)

    def held() -> tuple[int, int]:
        maps = Path("/proc/self/maps").read_text("utf-8").count(str(saved))
        files = [path for path in Path("/proc/self/fd").iterdir() if path.exists()]
        return maps, sum(str(path.readlink()).startswith(str(saved)) for path in files)

    store = approximate(saved)
    store.search(store.get(0), 5)
    assert held() == (1, 2)  # a mapping keeps its file open, and few rows are read from another
    code = (
        "import sys\nfrom pathlib import Path\nfrom qa import array_file\n"
        "from qa.vectors import FaissStore\narray_file.READ_WHOLE = 0\n"
        "s = FaissStore.load(Path(sys.argv[1]), count=3000, dimension=32)\n"
        "line = [x for x in open('/proc/self/maps') if 'vectors.npy' in x][0]\n"
        "print(line.split()[1], s.search(s.get(7), 3))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(saved)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("r--s ")  # read only and shared
    assert str(store.search(store.get(7), 3)) in done.stdout
    del store
    gc.collect()
    assert held() == (0, 0)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full")
def test_a_full_disk_is_told_of(many: Vectors, tmp_path: Path) -> None:
    (tmp_path / "chunks.faiss").symlink_to("/dev/full")
    np.save(tmp_path / "vectors.npy", many)
    with pytest.raises(OSError, match="No space left"):
        FaissStore.write(tmp_path, exact_below=0)
