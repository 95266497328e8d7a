"""The cache gives back just what it was given, or nothing; never an error but for a full disk."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from qa.embedding import Embedder
from qa.embedding_cache import KEPT_BUILDS, EmbeddingCache
from qa.index import build
from qa.types import Vectors
from tests.conftest import MakeCorpus
from tests.word_hash import WordHashEmbedder

MODEL = {"model": "m", "sha256": "1"}
ROWS = np.array([[1, 2, 3], [0.1, -0.0, 1e-38]], dtype=np.float32)
TEXTS = ["first", "second \U0001f600"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A cache that holds two texts."""
    path = tmp_path / "cache" / "embeddings.sqlite3"
    with EmbeddingCache(path, MODEL) as cache:
        cache.add(TEXTS, ROWS)
    return path


def found(path: Path, model: dict[str, str] = MODEL) -> tuple[dict[str, list[float]], list[str]]:
    said: list[str] = []
    with EmbeddingCache(path, model, said.append) as cache:
        made = cache.find([*TEXTS, "third"], 3)
    return {text: vector.tolist() for text, vector in made.items()}, said


def test_what_was_added_is_found_to_the_last_bit(path: Path) -> None:
    with EmbeddingCache(path, MODEL) as cache:
        made = cache.find([*TEXTS, "third"], 3)
    assert set(made) == set(TEXTS)
    assert all(made[text].tobytes() == row.tobytes() for text, row in zip(TEXTS, ROWS, strict=True))
    assert all(vector.dtype == np.float32 for vector in made.values())


def test_another_model_has_vectors_of_its_own(path: Path) -> None:
    assert found(path, MODEL | {"sha256": "2"}) == ({}, [])
    assert len(found(path)[0]) == 2


def test_vectors_of_another_length_are_not_taken(path: Path) -> None:
    with EmbeddingCache(path, MODEL) as cache:
        assert cache.find(TEXTS, 4) == {}


def test_written_but_not_read_from_nothing(path: Path) -> None:
    with EmbeddingCache(path, MODEL, read=False) as cache:
        assert cache.find(TEXTS, 3) == {}
        cache.add(["third"], ROWS[:1])
    assert set(found(path)[0]) == {*TEXTS, "third"}


def test_many_texts_are_asked_for_at_once(path: Path) -> None:
    texts = [f"text {number}" for number in range(2500)]
    with EmbeddingCache(path, MODEL) as cache:
        cache.add(texts, np.arange(7500, dtype=np.float32).reshape(-1, 3))
        made = cache.find(texts, 3)
    assert [made[text][0] for text in texts] == list(range(0, 7500, 3))


@pytest.mark.parametrize("column", ["vector", "checksum"])
def test_a_damaged_row_is_a_text_that_is_not_there(path: Path, column: str) -> None:
    with sqlite3.connect(path) as db:
        [(key, data)] = db.execute(f"SELECT key, {column} FROM vectors LIMIT 1").fetchall()
        flipped = bytes([data[0] ^ 1]) + data[1:]
        db.execute(f"UPDATE vectors SET {column} = ? WHERE key = ?", (flipped, key))
    db.close()
    made, said = found(path)
    assert (len(made), said) == (1, [])
    with EmbeddingCache(path, MODEL) as cache:
        cache.add(TEXTS, ROWS)
    assert len(found(path)[0]) == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"no database at all, but longer than a header of SQLite is" * 9,
        lambda data: data[:16] + b"\xff" * 200 + data[216:],
        lambda data: data[:5000],
        lambda data: data[:4096] + os.urandom(4096) + data[8192:],
        lambda data: data[:60] + b"\0\0\0\x63" + data[64:],
    ],
    ids=["foreign", "header", "cut off", "page", "other form"],
)
def test_a_damaged_file_is_set_aside(path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    path.write_bytes(damage(path.read_bytes()))
    made, said = found(path)
    [warning] = said
    assert "is damaged" in warning
    assert f"set aside as {path.name}.damaged" in warning
    assert made == {}
    with EmbeddingCache(path, MODEL) as cache:
        cache.add(TEXTS, ROWS)
    assert len(found(path)[0]) == 2


def test_any_flipped_byte_gives_the_right_vectors_or_none(path: Path) -> None:
    """Every 331st byte of the file, one after the other."""
    data = path.read_bytes()
    wanted = {text: row.tolist() for text, row in zip(TEXTS, ROWS, strict=True)}
    for at in range(0, len(data), 331):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        made, _ = found(path)
        assert all(made[text] == wanted[text] for text in made)


def test_a_place_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"a file")
    made, [warning] = found(tmp_path / "cache" / "embeddings.sqlite3")
    assert made == {}
    assert "cannot be used" in warning
    assert "goes on without it" in warning


def test_another_programs_lock_is_not_waited_for_long(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sqlite3.connect
    db = real(path)
    db.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr(sqlite3, "connect", lambda name, **_: real(name, timeout=0.1))
    made, [warning] = found(path)
    db.close()
    assert made == {}
    assert "locked" in warning


def test_a_full_disk_is_told(path: Path) -> None:
    with EmbeddingCache(path, MODEL) as cache:
        assert cache._db
        cache._db.execute("PRAGMA max_page_count = 8")
        texts = [str(number) for number in range(100)]
        with pytest.raises(OSError, match="No space left") as caught:
            cache.add(texts, np.ones((100, 384), dtype=np.float32))
    assert caught.value.errno == errno.ENOSPC
    assert len(found(path)[0]) == 2


def test_what_some_builds_did_not_use_is_dropped(path: Path) -> None:
    for _ in range(KEPT_BUILDS - 1):
        with EmbeddingCache(path, MODEL) as cache:
            cache.find(TEXTS[:1], 3)
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM vectors").fetchone() == (2,)
    db.close()
    with EmbeddingCache(path, MODEL) as cache:
        cache.find(TEXTS[:1], 3)
    assert list(found(path)[0]) == TEXTS[:1]


def test_a_build_that_fails_drops_nothing(path: Path) -> None:
    for _ in range(KEPT_BUILDS + 5):
        with pytest.raises(KeyError), EmbeddingCache(path, MODEL):
            raise KeyError
    assert len(found(path)[0]) == 2


class Stops(WordHashEmbedder):
    """Its process is killed after some texts."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after
        self.embedded: list[str] = []

    def encode_alone(self, texts: Sequence[str]) -> Iterator[Vectors]:
        for begin in range(0, len(texts), 7):
            if len(self.embedded) >= self.after:
                os.kill(os.getpid(), signal.SIGKILL)
            self.embedded += texts[begin : begin + 7]
            yield self.encode(texts[begin : begin + 7])


@pytest.mark.slow
def test_a_stopped_build_goes_on_where_it_stopped(
    corpus_folder: MakeCorpus, tmp_path: Path
) -> None:
    words = [f"Sentence number {number} stands here." for number in range(700)]
    corpus = corpus_folder({"long.md": "# Long\n\n" + " ".join(words)})
    child = multiprocessing.get_context("spawn").Process(
        target=build, args=(corpus, tmp_path / "i", Stops(650))
    )
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    second, whole = Stops(10_000), Stops(10_000)
    build(corpus, tmp_path / "i", second)
    build(corpus, tmp_path / "other", whole)
    # What was embedded within the last second, but no more than 512 texts, was not on disk yet.
    assert len(whole.embedded) - len(second.embedded) >= 512
    assert set(second.embedded) < set(whole.embedded)


def test_the_real_models_vectors_are_the_same_from_the_cache(path: Path, bundled: Embedder) -> None:
    texts = ["Do not drive that day.", "Ketamine is an anesthetic."]
    [vectors] = bundled.encode_alone(texts)
    with EmbeddingCache(path, bundled.identity) as cache:
        cache.add(texts, vectors)
        made = cache.find(texts[::-1], bundled.dimension)
    [again] = bundled.encode_alone(texts[::-1])
    assert np.array_equal(np.stack([made[text] for text in texts[::-1]]), again)
