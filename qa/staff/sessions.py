"""Sessions: who is logged in on which browser, and until when.

The browser holds a random token; the file only its SHA-256, so that whoever reads the file is not
logged in by it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from qa.staff.file import StaffFile
from qa.staff.member import Member, Role

__all__ = ["Session", "Sessions"]

_TABLES = (
    """CREATE TABLE IF NOT EXISTS sessions (
        digest TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, began REAL NOT NULL,
        seen REAL NOT NULL)""",
)
_SEEN_EVERY_S = 20.0
"""Seconds for which a session's last use is not written again."""


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that somebody is logged in on."""

    member: Member
    form_token: str
    """What every form of this session carries, and no other site knows (CSRF)."""

    def sent(self, token: str) -> bool:
        """Whether a form carried this session's token."""
        return hmac.compare_digest(self.form_token.encode(), token.encode())


class Sessions:
    """The sessions in a file."""

    def __init__(
        self,
        file: StaffFile,
        idle_s: float = 1800.0,
        lasts_s: float = 43_200.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        """A session ends `idle_s` seconds after its last request, and `lasts_s` after its first.

        `now` gives seconds since 1970.
        """
        self._file = file
        self._idle_s, self._lasts_s, self._now = idle_s, lasts_s, now

    def begin(self, member: Member) -> str:
        """Logs somebody in; gives the token for the browser. Ended sessions are swept away."""
        token, now = secrets.token_urlsafe(32), self._now()
        with self._file.writing(_TABLES) as db:
            db.execute(
                "DELETE FROM sessions WHERE began <= ? OR seen <= ?",
                (now - self._lasts_s, now - self._idle_s),
            )
            db.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?, ?)",
                (_digest(token), member.name, member.role.value, now, now),
            )
        return token

    def find(self, token: str) -> Session | None:
        """The session of a token, used now; None where it has ended or never was."""
        if not token:
            return None
        now, digest = self._now(), _digest(token)
        with self._file.reading(_TABLES) as db:
            row = db.execute("SELECT * FROM sessions WHERE digest = ?", (digest,)).fetchone()
        if row is None or now - row["began"] >= self._lasts_s or now - row["seen"] >= self._idle_s:
            return None
        if now - row["seen"] > min(_SEEN_EVERY_S, self._idle_s / 4):
            with self._file.writing(_TABLES) as db:
                db.execute("UPDATE sessions SET seen = ? WHERE digest = ?", (now, digest))
        form_token = hashlib.sha256(b"form:" + token.encode()).hexdigest()
        return Session(Member(row["name"], Role(row["role"])), form_token)

    def end(self, token: str) -> None:
        """Logs a browser out."""
        with self._file.writing(_TABLES) as db:
            db.execute("DELETE FROM sessions WHERE digest = ?", (_digest(token),))

    def end_all_of(self, name: str) -> None:
        """Logs somebody out everywhere, as when an account is changed."""
        with self._file.writing(_TABLES) as db:
            db.execute("DELETE FROM sessions WHERE name = ? COLLATE NOCASE", (name,))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
