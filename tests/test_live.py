"""Following the pointer: soon, beside the answers, and never to a generation that is not whole."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from qa import live
from qa.errors import DamagedIndex, MissingIndex
from qa.history import Signature
from qa.index import build
from qa.live import Following, LiveIndex, PinnedIndex, other_model
from qa.publishing import Pointer, generations, publish, read_pointer
from tests.conftest import MakeCorpus
from tests.word_hash import WordHashEmbedder

MODEL = WordHashEmbedder().identity


@pytest.fixture
def corpus(corpus_folder: MakeCorpus) -> Path:
    return corpus_folder({"a.md": "# A\n\nKetamine is an anesthetic.\n"})


@pytest.fixture
def index(corpus: Path, tmp_path: Path) -> Path:
    build(corpus, tmp_path / "index", WordHashEmbedder())
    return tmp_path / "index"


@pytest.fixture
def staged(corpus: Path, index: Path) -> str:
    """A second generation, of another text."""
    (corpus / "a.md").write_text("# A\n\nKetamine is a medicine.\n", "utf-8")
    return build(corpus, index, WordHashEmbedder(), stage=True).generation


@pytest.fixture
def following(index: Path) -> Iterator[LiveIndex]:
    found = LiveIndex(index, MODEL)
    found.follow()
    yield found
    found.close()


PATIENT_S = 90.0
"""For what comes in a second where no other program has the processor."""


def until(holds: Callable[[], bool]) -> None:
    """Waits until something holds; fails where it never does."""
    end = time.monotonic() + PATIENT_S
    while not holds():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)


class Look(NamedTuple):
    """That the pointer was looked at."""

    at: float
    """By the steady clock."""
    serving: str
    """The generation that was served until then."""


@pytest.fixture
def looks(following: LiveIndex, monkeypatch: pytest.MonkeyPatch) -> list[Look]:
    """All that were made, in their order."""
    made: list[Look] = []

    def look(folder: Path) -> Pointer:
        made.append(Look(time.monotonic(), following._generation.name))
        return read_pointer(folder)

    monkeypatch.setattr(live, "read_pointer", look)
    return made


def text(found: LiveIndex) -> str:
    return found.current().documents[0].text


def test_a_published_generation_is_taken_at_the_next_look(
    index: Path, staged: str, following: LiveIndex, looks: list[Look]
) -> None:
    """Twice a second; `tests/web/test_swapping.py` holds the whole to two seconds, alone."""
    assert live._FOLLOW_SECONDS <= 0.5
    before = following.current()
    for name, how in ((staged, "published"), (before.name, "rolled_back")):
        publish(index, name, Signature("Ana"), how)
        published = time.monotonic()
        until(lambda name=name: following.current().name == name)  # type: ignore[misc]
        after = [look.serving for look in looks if look.at > published]
        assert set(after[1:]) <= {name}, "the first took it"
        if name == staged:
            assert text(following) == "A\n\nKetamine is a medicine."
    assert following.following() == Following(before.name, before.name)


def test_nobody_waits_while_a_generation_is_loaded(
    index: Path, staged: str, following: LiveIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading, go_on = threading.Event(), threading.Event()
    real = live.open_generation

    def slow(*arguments: object, **more: object) -> object:
        loading.set()
        assert go_on.wait(2 * PATIENT_S)
        return real(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(live, "open_generation", slow)
    before = following.current()
    publish(index, staged)
    assert loading.wait(PATIENT_S)
    monkeypatch.setattr(live, "_CHECK_SECONDS", 0.0)
    began = time.monotonic()
    for _ in range(1000):
        assert following.current() is before
    assert time.monotonic() - began < PATIENT_S, "and not until it was loaded"
    go_on.set()
    until(lambda: following.current().name == staged)


def test_each_change_is_told(index: Path, staged: str) -> None:
    told: list[str] = []
    found = LiveIndex(index, MODEL)

    def on_change() -> None:
        told.append(found.current().name)
        raise ValueError("whoever is told breaks down")

    first = found.current().name
    found.follow(on_change)
    publish(index, staged)
    until(lambda: told == [staged])
    publish(index, first)
    until(lambda: told == [staged, first])
    found.close()


def test_threads_are_only_there_while_something_follows(index: Path) -> None:
    before = set(threading.enumerate())  # those that earlier tests left may end meanwhile

    def new() -> int:
        return len(set(threading.enumerate()) - before)

    found = LiveIndex(index, MODEL)
    found.current()
    assert new() == 0
    found.close()
    found.follow()
    found.follow()
    assert new() == 1
    found.close()
    until(lambda: new() == 0)


def test_after_it_was_closed_whoever_asks_looks_again(
    index: Path, staged: str, following: LiveIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    following.close()
    publish(index, staged)
    monkeypatch.setattr(live, "_CHECK_SECONDS", 0.0)
    assert following.current().name == staged


def test_a_damaged_generation_is_not_taken_and_that_is_said(
    index: Path,
    staged: str,
    following: LiveIndex,
    looks: list[Look],
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = following.current().name
    (index / "generations" / staged / "chunks.npy").write_bytes(b"")
    publish(index, staged)
    until(lambda: following.following().published == staged)
    found, seen = following.following(), len(looks)
    assert (found.serving, found.published, found.stale_since[:2]) == (before, staged, "20")
    assert following.current().name == before
    until(lambda: len(looks) >= seen + 3)
    told = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert len(told) == 1, "said once, not at each look"
    assert "chunks.npy was altered" in told[0].getMessage()
    assert following.following() == found, "stale since the first time"
    publish(index, before, Signature("Ana"), "rolled_back")
    until(lambda: following.following() == Following(before, before))


def test_a_pointer_that_names_nothing_is_said_too(index: Path, following: LiveIndex) -> None:
    before = following.current().name
    (index / "CURRENT").write_bytes(b"nonsense")
    until(lambda: following.following().stale_since != "")
    assert following.following().published == ""
    assert following.current().name == before
    publish(index, before)
    until(lambda: following.following() == Following(before, before))


def test_what_is_served_is_served_on_when_its_folder_is_removed(
    index: Path, following: LiveIndex
) -> None:
    generation = following.current()
    shutil.rmtree(generation.folder)
    assert generation.passage(0).sentence_vectors.shape[1] == WordHashEmbedder().dimension
    assert text(following) == "A\n\nKetamine is an anesthetic."
    assert following.current() is generation


def test_one_generation_by_its_name(index: Path, staged: str) -> None:
    found = PinnedIndex(index, MODEL, staged)
    assert found.current().name == staged != read_pointer(index).generation
    found.follow()
    found.close()
    assert found.following() == Following(staged, staged)
    with pytest.raises(MissingIndex, match=r"no generation g9 at .*Kept are"):
        PinnedIndex(index, MODEL, "g9")
    with pytest.raises(MissingIndex, match=r"another embedding model \(word-hash\)"):
        PinnedIndex(index, WordHashEmbedder(name="other").identity, staged)


def test_a_staged_generation_is_the_one_that_was_kept(index: Path, staged: str) -> None:
    """Its own folder does not vouch for it: another whole generation there is seen through."""
    live_one = read_pointer(index).folder
    shutil.rmtree(index / "generations" / staged)
    shutil.copytree(live_one, index / "generations" / staged)
    assert staged in generations(index)
    with pytest.raises(DamagedIndex, match=r"manifest\.json is not the one that was recorded"):
        PinnedIndex(index, MODEL, staged)


def test_which_model_a_generation_was_built_with(index: Path) -> None:
    manifest = LiveIndex(index, MODEL).current().manifest
    assert other_model(manifest, MODEL) == ""
    assert other_model(manifest, WordHashEmbedder(name="other").identity) == (
        "with another embedding model (word-hash)"
    )
    with pytest.raises(
        MissingIndex, match=r'built with `backend = "none"` .* has "torch"\. Run `qa'
    ):
        LiveIndex(index, MODEL | {"backend": "torch"})


def test_the_end_does_not_wait_for_a_share_that_hangs(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs, is_back = threading.Event(), threading.Event()

    def read_slowly(folder: Path) -> Pointer:
        hangs.set()
        is_back.wait(2 * PATIENT_S)
        return read_pointer(folder)

    found = LiveIndex(index, MODEL)
    monkeypatch.setattr(live, "_STOP_SECONDS", 0.1)
    monkeypatch.setattr(live, "read_pointer", read_slowly)
    found.follow()
    thread = found._thread
    assert thread
    try:
        assert hangs.wait(PATIENT_S)
        began = time.monotonic()
        found.close()
        assert time.monotonic() - began < PATIENT_S, "and not until the share is back"
        assert thread.is_alive()
        assert found._generation.name == read_pointer(index).generation
    finally:
        is_back.set()
        thread.join(PATIENT_S)
    assert not thread.is_alive()
