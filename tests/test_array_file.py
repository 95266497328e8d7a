"""Rows that come one after the other make the file that NumPy makes of all of them."""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa import array_file
from qa.array_file import ArrayWriter, is_rising, is_within, map_bytes, mapped


@pytest.mark.parametrize("counts", [(), (0,), (1,), (3, 0, 4), (1,) * 120])
@pytest.mark.parametrize("dtype", [np.float32, np.int32, np.int64])
def test_the_same_bytes_as_numpy(tmp_path: Path, counts: tuple[int, ...], dtype: Any) -> None:
    parts = [np.arange(count * 3, dtype=dtype).reshape(count, 3) for count in counts]
    with ArrayWriter(tmp_path / "mine.npy", dtype, 3) as made:
        for part in parts:
            made.append(part)
    whole = np.concatenate([np.zeros((0, 3), dtype), *parts])
    np.save(tmp_path / "numpy.npy", whole)
    assert made.rows == len(whole)
    assert (tmp_path / "mine.npy").read_bytes() == (tmp_path / "numpy.npy").read_bytes()
    assert np.array_equal(mapped(tmp_path / "mine.npy", dtype, 3), whole)


def test_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    with ArrayWriter(tmp_path / "x.npy", np.int32, 2) as made:
        with pytest.raises(ValueError, match=r"rows are \(1, 3\), expected \(n, 2\)"):
            made.append([[1, 2, 3]])
        with pytest.raises(OverflowError):
            made.append([[1, 2**31]])
        made.append([(1, 2)])
    with pytest.raises(ValueError, match=r"x\.npy is int32 \(1, 2\), expected float32 \(n, 2\)"):
        mapped(tmp_path / "x.npy", np.float32, 2)
    with pytest.raises(ValueError, match=r"expected int32 \(n, 3\)"):
        mapped(tmp_path / "x.npy", np.int32, 3)
    with pytest.raises(ValueError, match="read-only"):
        mapped(tmp_path / "x.npy", np.int32, 2)[0, 0] = 5


def test_python_objects_are_never_loaded(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.array([[None]]))
    with pytest.raises(ValueError, match="Python objects, which are never loaded"):
        mapped(tmp_path / "x.npy", np.float32, 1)


def test_after_an_error_the_file_is_let_go_of_as_it_is(tmp_path: Path) -> None:
    def fails() -> None:
        with ArrayWriter(tmp_path / "x.npy", np.int32, 1) as made:
            made.append([[1]])
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    with pytest.raises(ValueError, match=r"declares int32 \(0, 1\), and has 4 bytes"):
        mapped(tmp_path / "x.npy", np.int32, 1)


def test_what_becomes_of_a_small_file_changes_nothing_that_was_read(tmp_path: Path) -> None:
    """A look at what was cut off a mapped file would end this process."""
    whole = np.arange(30_000, dtype=np.int32).reshape(-1, 1)
    for name, data in (("x.npy", None), ("y.txt", b"words " * 5_000)):
        path = tmp_path / name
        if data is None:
            np.save(path, whole)
            rows = mapped(path, np.int32, 1)
            assert not isinstance(rows.base, mmap.mmap)
        else:
            path.write_bytes(data)
            text = map_bytes(path)
            assert isinstance(text, bytes)
        with path.open("r+b") as file:
            file.seek(500)
            file.write(b"\xff" * 500)
        os.truncate(path, 2_000)
    assert np.array_equal(rows, whole)
    assert text == b"words " * 5_000


def test_a_large_file_is_mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = np.arange(3_000, dtype=np.int32).reshape(-1, 1)
    np.save(tmp_path / "x.npy", whole)
    (tmp_path / "y.txt").write_bytes(b"words")
    monkeypatch.setattr(array_file, "READ_WHOLE", 4)
    rows = mapped(tmp_path / "x.npy", np.int32, 1)
    assert isinstance(rows.base, np.memmap)
    assert np.array_equal(rows, whole)
    assert isinstance(map_bytes(tmp_path / "y.txt"), mmap.mmap)


def test_an_empty_file_holds_no_array(tmp_path: Path) -> None:
    (tmp_path / "x.npy").write_bytes(b"")
    assert map_bytes(tmp_path / "x.npy") == b""
    with pytest.raises(ValueError, match=r"x\.npy holds no array"):
        mapped(tmp_path / "x.npy", np.int32, 1)


@pytest.mark.parametrize("part", [2, 1 << 18])
def test_numbers_that_rise(monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    monkeypatch.setattr(array_file, "_PART", part)
    for rising in ([], [0], [0, 0, 3], [2, 3, 3, 2**63 - 1]):
        assert is_rising(np.array(rising, np.int64))
    # The last two: what is between them has no room in 64 bits.
    for falling in ([-1], [0, 2, 1], [0, 1, 2, 1, 4], [2**62, -(2**63)], [0, 2**62, -(2**63), 5]):
        assert not is_rising(np.array(falling, np.int64))


@pytest.mark.parametrize("read_whole", [0, 4 << 20])
def test_numbers_that_are_none_or_too_great(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_whole: int
) -> None:
    monkeypatch.setattr(array_file, "READ_WHOLE", read_whole)
    monkeypatch.setattr(array_file, "_PART", 4)
    for at, wrong in ((0, np.nan), (5, np.inf), (11, -np.inf), (4, 1.01), (7, -3e38), (11, 1.0)):
        rows = np.zeros((4, 3), np.float32)
        rows.flat[at] = wrong
        np.save(tmp_path / "x.npy", rows)
        found = mapped(tmp_path / "x.npy", np.float32, 3)
        assert is_within(tmp_path / "x.npy", found, 1.0) == (wrong == 1.0)
