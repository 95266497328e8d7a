"""Vectors that were made before, keyed by text and model, so that no text is embedded twice.

One SQLite file, `index/cache/embeddings.sqlite3`. It is written as embedding goes, so that a build
that was killed goes on where it stopped. Each row has a checksum over its key and vector. A damaged
row is a text that is not there; a damaged file is set aside and begun anew; nothing of it is
needed. Only one build uses it at a time, since it is opened under the build's lock.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from qa.types import Vectors

__all__ = ["KEPT_BUILDS", "EmbeddingCache"]

KEPT_BUILDS = 10
"""A row that the last so many builds did not use is dropped. Documents that do not change are
taken from an older generation and use none; the cache holds what was new of late."""
_SCHEMA = 1
_CHECK_BYTES = 8
_MOST_KEYS = 500
"""In one query: older SQLites take 999 parameters."""
_DAMAGED = ".damaged"


class EmbeddingCache:
    """The file at a path, for one build. Used within `with`."""

    def __init__(
        self,
        path: Path,
        model: Mapping[str, str],
        say: Callable[[str], None] = lambda _text: None,
        *,
        read: bool = True,
    ) -> None:
        """`model` is all that a vector depends on besides its text. With `read` false rows are
        written but none is taken. `say` is told of a file that cannot be used."""
        self._path = path
        self._salt = json.dumps(dict(sorted(model.items()))).encode()
        self._say = say
        self._read = read
        self._db: sqlite3.Connection | None = None
        self._build = 0

    def __enter__(self) -> Self:
        with self._guarded():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Drops old rows after a build that came to its end, and closes the file."""
        if kind is None:
            # A disk that is full now harms nothing: the build is done.
            with suppress(OSError), self._guarded():
                self._drop_old()
        self._close()

    def find(self, texts: Sequence[str], dimension: int) -> dict[str, Vectors]:
        """The vectors, float32 (dimension,), of those texts that are there and whole.

        Raises OSError (ENOSPC) where the disk is full.
        """
        text_of = {self._key(text): text for text in texts}
        found: dict[str, Vectors] = {}
        if not self._read:
            return found
        with self._guarded():
            for keys in _parts(list(text_of)):
                for key, data, check in self._rows(keys):
                    if _check(key, data) == check and len(data) == 4 * dimension:
                        found[text_of[key]] = np.frombuffer(data, dtype="<f4").astype(np.float32)
                self._mark_used(keys)
        return found

    def add(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Keeps the vectors, float32 (n, dim), of the texts: on disk when this returns.

        Raises OSError (ENOSPC) where the disk is full.
        """
        rows = []
        for text, vector in zip(texts, vectors, strict=True):
            key, data = self._key(text), vector.astype("<f4").tobytes()
            rows.append((key, data, _check(key, data), self._build))
        with self._guarded():
            if self._db:
                with self._db:
                    self._db.executemany("REPLACE INTO vectors VALUES (?, ?, ?, ?)", rows)

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(self._salt + b"\0" + text.encode("utf-8", "surrogatepass")).digest()

    def _rows(self, keys: Sequence[bytes]) -> Iterable[tuple[bytes, bytes, bytes]]:
        if not self._db:
            return []
        marks = ",".join("?" * len(keys))
        query = f"SELECT key, vector, checksum FROM vectors WHERE key IN ({marks})"  # noqa: S608
        return [(bytes(k), bytes(v), bytes(c)) for k, v, c in self._db.execute(query, keys)]

    def _mark_used(self, keys: Sequence[bytes]) -> None:
        if self._db:
            marks = ",".join("?" * len(keys))
            change = f"UPDATE vectors SET used = ? WHERE key IN ({marks})"  # noqa: S608
            with self._db:
                self._db.execute(change, (self._build, *keys))

    def _open(self) -> None:
        """Opens the file, or a new one, and counts this build."""
        self._db = db = sqlite3.connect(self._path, timeout=5.0)
        db.execute("PRAGMA synchronous = NORMAL")
        with db:
            [version] = db.execute("PRAGMA user_version").fetchone()
            if version == 0:
                db.execute(
                    "CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL, "
                    "checksum BLOB NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID"
                )
                db.execute("CREATE INDEX by_use ON vectors (used)")
                db.execute("CREATE TABLE builds (count INTEGER NOT NULL)")
                db.execute("INSERT INTO builds VALUES (0)")
                db.execute(f"PRAGMA user_version = {_SCHEMA}")
            elif version != _SCHEMA:
                raise sqlite3.DatabaseError(f"its form is {version}, this version reads {_SCHEMA}")
            db.execute("UPDATE builds SET count = count + 1")
            [self._build] = db.execute("SELECT count FROM builds").fetchone()

    def _drop_old(self) -> None:
        if not self._db:
            return
        with self._db:
            old = self._build - KEPT_BUILDS
            dropped = self._db.execute("DELETE FROM vectors WHERE used <= ?", (old,)).rowcount
        [pages] = self._db.execute("PRAGMA page_count").fetchone()
        [unused] = self._db.execute("PRAGMA freelist_count").fetchone()
        if dropped and unused * 4 > pages:
            self._db.execute("VACUUM")

    def _close(self) -> None:
        db, self._db = self._db, None
        if db:
            with suppress(sqlite3.Error):
                db.close()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Whatever is wrong with the file, the build goes on without it; a full disk is told."""
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", None)
            base = code & 0xFF if code is not None else None
            self._close()
            if base == sqlite3.SQLITE_FULL:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path)) from error
            if base in _UNUSABLE and code != sqlite3.SQLITE_IOERR_SHORT_READ:
                self._say(
                    f"The embedding cache {self._path} cannot be used ({error}). "
                    "The build goes on without it."
                )
            else:
                self._begin_anew(error)
        except OSError as error:
            self._close()
            if error.errno == errno.ENOSPC:
                raise
            self._say(
                f"The embedding cache {self._path} cannot be used ({error.strerror or error}). "
                "The build goes on without it."
            )

    def _begin_anew(self, error: sqlite3.Error) -> None:
        """Sets a damaged file aside and opens a new one."""
        aside = self._path.with_name(self._path.name + _DAMAGED)
        self._say(
            f"The embedding cache {self._path} is damaged ({error}). It was set aside as "
            f"{aside.name}, which may be deleted; its texts are embedded anew."
        )
        try:
            os.replace(self._path, aside)
            self._path.with_name(self._path.name + "-journal").unlink(missing_ok=True)
            self._open()
        except (OSError, sqlite3.Error):
            self._close()


_UNUSABLE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_NOMEM,
    }
)
"""What is wrong with the place or with whoever else uses the file, not with the file itself."""


def _check(key: bytes, vector: bytes) -> bytes:
    return hashlib.blake2b(vector, key=key, digest_size=_CHECK_BYTES).digest()


def _parts(keys: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for begin in range(0, len(keys), _MOST_KEYS):
        yield keys[begin : begin + _MOST_KEYS]
