"""One pointer, and no generation that is half there."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from qa.building import building
from qa.errors import DamagedIndex, MissingIndex
from qa.publishing import KEPT, generations, publish, read_pointer, replace_file


def make(index: Path, name: str, content: str = "{}") -> None:
    with building(index) as folder:
        (folder / "manifest.json").write_text(content, "utf-8")
        (folder / "bm25").mkdir()
        (folder / "bm25" / "x.npy").write_bytes(b"x")
        publish(index, folder, name)


def test_what_is_published_is_live(tmp_path: Path) -> None:
    make(tmp_path, "g1")
    make(tmp_path, "g2", "[]")
    pointer = read_pointer(tmp_path)
    assert pointer.generation == "g2"
    assert pointer.folder == tmp_path / "generations" / "g2"
    assert pointer.manifest_sha256 == hashlib.sha256(b"[]").hexdigest()
    assert (pointer.folder / "bm25" / "x.npy").read_bytes() == b"x"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "CURRENT",
        "build.lock",
        "generations",
    ]


def test_the_last_few_are_kept(tmp_path: Path) -> None:
    for number in range(5):
        make(tmp_path, f"g{number}")
    assert KEPT == 3
    assert generations(tmp_path) == ["g4", "g3", "g2"]


def test_the_live_one_is_kept_even_if_its_name_sorts_last(tmp_path: Path) -> None:
    """As after the clock was set back."""
    for name in ("g7", "g8", "g9", "a1"):
        make(tmp_path, name)
    assert read_pointer(tmp_path).generation == "a1"
    assert generations(tmp_path) == ["g9", "g8", "a1"]


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for data in (b"a longer one", b"short", b""):
        replace_file(path, data)
        assert path.read_bytes() == data
        assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(FileNotFoundError):
        replace_file(tmp_path / "none" / "x.json", b"")


def test_no_index_yet(tmp_path: Path) -> None:
    with pytest.raises(MissingIndex, match=r"Run `qa build` first"):
        read_pointer(tmp_path / "none")
    assert generations(tmp_path / "none") == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"g1\n",
        b"g1 short\n",
        b"../../etc " + b"0" * 64,
        b"/etc " + b"0" * 64,
        b".. " + b"0" * 64,
        b"g1/ " + b"0" * 64,
        b"g\xff " + b"0" * 64,
        b"g1 " + b"0" * 64 + b" more",
    ],
)
def test_a_pointer_that_names_nothing(tmp_path: Path, content: bytes) -> None:
    make(tmp_path, "g1")
    (tmp_path / "CURRENT").write_bytes(content)
    with pytest.raises(DamagedIndex, match="CURRENT does not name a generation"):
        read_pointer(tmp_path)


def test_a_pointer_to_what_is_not_there(tmp_path: Path) -> None:
    make(tmp_path, "g1")
    (tmp_path / "CURRENT").write_bytes(b"g2 " + b"0" * 64)
    with pytest.raises(DamagedIndex, match="CURRENT names g2, which is not there"):
        read_pointer(tmp_path)


def test_a_pointer_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").mkdir()
    with pytest.raises(DamagedIndex, match="CURRENT cannot be read"):
        read_pointer(tmp_path)
