"""Files come into folders where others are already: all of them, or none."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.errors import TransferError
from qa.transfer_places import obstacles, placed

IO_ERROR = OSError(5, "Input/output error")


def seen(folder: Path) -> dict[str, tuple[int, int, str]]:
    """What is in a folder: names, modes, the files' times, and what they say."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mode, 0, "")
        if path.is_dir()
        else (path.stat().st_mode, path.stat().st_mtime_ns, path.read_text("utf-8"))
        for path in folder.rglob("*")
    }


def put(
    places: dict[Path, Path],
    error: BaseException | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    """Places files; within the block `meanwhile` is done and then `error` raised."""
    with placed(places):
        meanwhile()
        if error:
            raise error


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    folder = tmp_path / "brought"
    folder.mkdir()
    for name in ("alpha", "beta", "gamma"):
        (folder / name).write_text(f"new {name}", "utf-8")
    return folder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "beta.md").write_text("old beta", "utf-8")
    (folder / "beta.md").chmod(0o640)
    os.utime(folder / "beta.md", ns=(10**18, 10**18))
    return folder


@pytest.fixture
def places(brought: Path, corpus: Path) -> dict[Path, Path]:
    return {
        brought / "alpha": corpus / "alpha.md",
        brought / "beta": corpus / "beta.md",
        brought / "gamma": corpus / "deep" / "down" / "gamma.md",
    }


def test_they_stay_where_the_block_ends_well(places: dict[Path, Path], corpus: Path) -> None:
    with placed(places):
        assert [place.read_text("utf-8") for place in places.values()] == [
            "new alpha",
            "new beta",
            "new gamma",
        ]
    assert set(seen(corpus)) == {"alpha.md", "beta.md", "deep", "deep/down", "deep/down/gamma.md"}
    assert (corpus / "beta.md").stat().st_mode & 0o777 == 0o640


def test_all_is_as_it_was_where_the_block_fails(places: dict[Path, Path], corpus: Path) -> None:
    before = seen(corpus)
    with pytest.raises(KeyboardInterrupt):
        put(places, KeyboardInterrupt())
    assert seen(corpus) == before


def test_all_is_as_it_was_where_one_cannot_be_read(
    places: dict[Path, Path], brought: Path, corpus: Path
) -> None:
    before = seen(corpus)
    (brought / "gamma").unlink()
    with pytest.raises(FileNotFoundError):
        put(places, AssertionError("the block began"))
    assert seen(corpus) == before


def test_all_is_as_it_was_where_one_does_not_get_its_name(
    places: dict[Path, Path], brought: Path, corpus: Path
) -> None:
    before = seen(corpus)
    (brought / "delta").write_text("one too many for its place", "utf-8")
    twice = places | {brought / "delta": corpus / "alpha.md"}
    with pytest.raises(FileNotFoundError):
        put(twice, AssertionError("the block began"))
    assert seen(corpus) == before


def test_a_link_comes_back_as_a_link(brought: Path, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.md").write_text("elsewhere", "utf-8")
    (corpus / "alpha.md").symlink_to(tmp_path / "elsewhere.md")
    with pytest.raises(OSError, match="Input/output"):
        put({brought / "alpha": corpus / "alpha.md"}, IO_ERROR)
    assert os.readlink(corpus / "alpha.md") == str(tmp_path / "elsewhere.md")
    assert (tmp_path / "elsewhere.md").read_text("utf-8") == "elsewhere"


def test_what_an_import_that_was_ended_by_force_left_is_in_nobodys_way(
    places: dict[Path, Path], corpus: Path
) -> None:
    (corpus / ".beta.md.before-import").write_text("old", "utf-8")
    (corpus / ".alpha.md.new").write_text("half", "utf-8")
    put(places)
    assert not [name for name in seen(corpus) if name.startswith(".")]


def test_what_could_not_be_taken_back_is_named(places: dict[Path, Path], corpus: Path) -> None:
    told = r"could not take back all .*: (\S+deep/down), (\S+deep)\. Give the right .* as it was"
    with pytest.raises(TransferError, match=told) as found:
        put(places, IO_ERROR, lambda: (corpus / "deep" / "down" / "own.md").write_text("x"))
    assert "to its end (Input/output error)" in str(found.value)
    assert set(seen(corpus)) == {"beta.md", "deep", "deep/down", "deep/down/own.md"}


def swap(path: Path) -> None:
    path.unlink()
    path.mkdir()


def test_a_copy_that_is_all_that_is_left_is_kept(places: dict[Path, Path], corpus: Path) -> None:
    with pytest.raises(TransferError) as found:
        put(places, IO_ERROR, lambda: swap(corpus / "beta.md"))
    assert (corpus / ".beta.md.before-import").read_text("utf-8") == "old beta"
    assert re.search(r"back all .*: \S+beta\.md\. .* \.…\.before-import", str(found.value))


def test_files_among_the_folders_and_folders_among_the_files_are_told(
    places: dict[Path, Path], corpus: Path
) -> None:
    assert obstacles(places) == []
    (corpus / "deep").write_text("a plain file", "utf-8")
    (corpus / "alpha.md").mkdir()
    assert obstacles(places) == [corpus / "alpha.md", corpus / "deep"]
