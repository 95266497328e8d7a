"""A disk that runs full leaves the live generation as it was, and the message says what to do."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import qa.room
from qa.errors import BuildError
from qa.generation import verify
from qa.index import build
from qa.publishing import read_pointer
from qa.room import free_bytes, require_room, spoken_bytes, told_of_room
from tests.conftest import MakeCorpus
from tests.word_hash import WordHashEmbedder

resource = pytest.importorskip("resource", reason="limits of a process: Linux or macOS")

SMALL = {"a.md": "# A\n\nFirst words. And more of them.\n"}
LARGER = "# B\n\n" + " ".join(f"Sentence number {n} stands here." for n in range(40)) + "\n"


def test_numbers_of_bytes_in_words() -> None:
    assert spoken_bytes(412_000) == "412 kB"
    assert spoken_bytes(1_234_000_000) == "1,234 MB"


def test_room_is_looked_at_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = free_bytes(tmp_path)
    assert free
    require_room(tmp_path, 1)
    with pytest.raises(BuildError, match=r"MB free, and this build needs at least .*Make room"):
        require_room(tmp_path, free * 2)
    assert free_bytes(tmp_path / "none") is None
    require_room(tmp_path / "none", free * 2)  # where it cannot be told, it is tried


def test_a_build_that_plainly_has_no_room_does_not_begin(
    corpus_folder: MakeCorpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, index = corpus_folder(SMALL), tmp_path / "index"
    build(corpus, index, WordHashEmbedder())
    (corpus / "b.md").write_text(LARGER, "utf-8")
    monkeypatch.setattr(qa.room, "free_bytes", lambda _: 4_000)
    steps: list[str] = []
    with pytest.raises(BuildError, match=r"Nothing was written"):
        build(corpus, index, WordHashEmbedder(), progress=lambda what, *_: steps.append(what))
    assert steps == []
    assert verify(index) == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device"), "is full .No space left on device, .*MB free"),
        (OSError("4096 requested and 12 written"), "is full .4096 requested and 12 written"),
        (OSError(5, "Input/output error"), "could not be written to .*Input/output error"),
    ],
)
def test_what_the_system_says_is_told(tmp_path: Path, error: OSError, words: str) -> None:
    with pytest.raises(BuildError, match=f"{words}.*untouched"), told_of_room(tmp_path):
        raise error


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes, of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"no small file system can be mounted: {error}")
    if done.returncode:
        pytest.skip(f"no small file system can be mounted: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_disk_that_runs_full_at_any_point(
    corpus_folder: MakeCorpus, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With more and more room, until the build gets to its end: it fails at another file each time.

    The look ahead is off, which would refuse most of these builds before they write anything.
    """
    corpus, index = corpus_folder(SMALL), small_disk / "index"
    build(corpus, index, WordHashEmbedder())
    live = read_pointer(index).generation
    (corpus / "b.md").write_text(LARGER, "utf-8")
    monkeypatch.setattr("qa.generation_maker.require_room", lambda *_: None)
    filler = small_disk / "filler"
    told = []
    for room in range(0, 2_000_000, 50_000):
        filler.unlink(missing_ok=True)
        (index / "cache" / "embeddings.sqlite3").unlink(missing_ok=True)
        free = free_bytes(small_disk)
        assert free
        filler.write_bytes(b"x" * (free - room))
        try:
            report = build(corpus, index, WordHashEmbedder())
        except BuildError as error:
            told.append(str(error))
            assert read_pointer(index).generation == live
            assert verify(index) == []
            assert os.listdir(index / "generations") == [live], "nothing half-made"
        else:
            break
    assert len(told) > 5
    assert all("is full" in text and "B free" in text for text in told), told
    assert (report.documents, verify(index)) == (2, [])


def _with_limits(corpus: Path, index: Path, limits: Sequence[int], answers: Any) -> None:
    """Builds under each limit; answers with what was said, and the state after it."""
    found = []
    for limit in limits:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        try:
            build(corpus, index, WordHashEmbedder())
            said = "built"
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
        found.append((said, read_pointer(index).generation, os.listdir(index / "generations")))
    answers.put(found)


def test_a_file_that_the_system_does_not_let_grow(
    corpus_folder: MakeCorpus, tmp_path: Path
) -> None:
    """The same where nothing can be mounted: no file may be larger than some bytes."""
    corpus, index = corpus_folder(SMALL), tmp_path / "index"
    build(corpus, index, WordHashEmbedder())
    live = read_pointer(index).generation
    (corpus / "b.md").write_text(LARGER, "utf-8")
    spawn = multiprocessing.get_context("spawn")
    answers: Any = spawn.SimpleQueue()
    limits = (0, 100, 1_000, 9_000, 40_000, 300_000)
    child = spawn.Process(target=_with_limits, args=(corpus, index, limits, answers))
    child.start()
    child.join()
    *failed, [last, _, _] = answers.get()
    for said, after, folders in failed:
        assert said.startswith("BuildError: "), said
        assert "untouched" in said
        assert (after, folders) == (live, [live])
    assert last == "built", "only the cache is larger than that, and it is done without"
    assert verify(index) == []
