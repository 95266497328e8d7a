"""Files that were sent for an import and wait for somebody to say that they are to be written."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

from qa.errors import QuestionError
from qa.staff.file import StaffFile

__all__ = ["PendingImports"]

_TABLES = (
    """CREATE TABLE IF NOT EXISTS imports (
        key TEXT PRIMARY KEY, who TEXT NOT NULL, at REAL NOT NULL, name TEXT NOT NULL,
        data BLOB NOT NULL)""",
)
_KEPT_S = 3600.0
_MOST = 3
"""Of one member: each may hold five megabytes."""


class PendingImports:
    """Files that wait, for an hour, and the newest of each member."""

    def __init__(self, file: StaffFile, now: Callable[[], float] = time.time) -> None:
        """`now` gives seconds since 1970."""
        self._file = file
        self._now = now

    def keep(self, who: str, name: str, data: bytes) -> str:
        """Keeps a file; gives the key that it is asked for by."""
        key = secrets.token_urlsafe(12)
        with self._file.writing(_TABLES) as db:
            db.execute("DELETE FROM imports WHERE at < ?", (self._now() - _KEPT_S,))
            db.execute(
                "DELETE FROM imports WHERE key IN (SELECT key FROM imports WHERE who = ? "
                "ORDER BY at DESC, rowid DESC LIMIT -1 OFFSET ?)",
                (who, _MOST - 1),
            )
            db.execute(
                "INSERT INTO imports VALUES (?, ?, ?, ?, ?)", (key, who, self._now(), name, data)
            )
        return key

    def find(self, who: str, key: str) -> tuple[str, bytes]:
        """Name and bytes of a file that this member sent. Raises QuestionError without one."""
        query = "SELECT name, data FROM imports WHERE key = ? AND who = ? AND at >= ?"
        with self._file.reading(_TABLES) as db:
            row = db.execute(query, (key, who, self._now() - _KEPT_S)).fetchone()
        if row is None:
            raise QuestionError("That file is not kept any more. Choose it again.")
        return row["name"], row["data"]

    def drop(self, key: str) -> None:
        """Forgets a file."""
        with self._file.writing(_TABLES) as db:
            db.execute("DELETE FROM imports WHERE key = ?", (key,))
