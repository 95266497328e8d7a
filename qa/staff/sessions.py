"""Sessions: who is logged in on which browser, and until when.

The browser holds a random token; the file only its SHA-256, so that whoever reads the file is not
logged in by it. A session ends with the state of the account it began in: another password or role,
or none, and the next request finds nobody.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from qa.errors import AccountError
from qa.staff.accounts import ACCOUNT_TABLES
from qa.staff.file import StaffFile
from qa.staff.member import Member, Role, name_key

__all__ = ["Session", "Sessions"]

_TABLES = (
    *ACCOUNT_TABLES,
    """CREATE TABLE IF NOT EXISTS sessions (
        digest TEXT PRIMARY KEY, key TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
        state TEXT NOT NULL, issuer TEXT NOT NULL, began REAL NOT NULL, seen REAL NOT NULL)""",
)
_SEEN_EVERY_S = 20.0
"""Seconds for which a session's last use is not written again."""


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that somebody is logged in on."""

    member: Member
    form_token: str
    """What every form of this session carries, and no other site knows (CSRF)."""
    ends_here: bool = True
    """Whether it can be ended here; what a trusted proxy says of somebody cannot."""

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
        issuer: str = "",
    ) -> None:
        """A session ends `idle_s` seconds after its last request, and `lasts_s` after its first.

        `now` gives seconds since 1970. `issuer` is the sign-on whose members have no account here;
        sessions that another one began are none.
        """
        self._file = file
        self._idle_s, self._lasts_s, self._now = idle_s, lasts_s, now
        self._issuer = issuer

    def begin(self, member: Member, issuer: str = "") -> str:
        """Logs somebody in; gives the token for the browser. Ended sessions are swept away.

        Raises AccountError where there is no such account, unless an `issuer` vouches for them.
        """
        token, now, key = secrets.token_urlsafe(32), self._now(), name_key(member.name)
        with self._file.writing(_TABLES) as db:
            db.execute(
                "DELETE FROM sessions WHERE began <= ? OR seen <= ?",
                (now - self._lasts_s, now - self._idle_s),
            )
            state = ""
            if not issuer:
                row = db.execute(
                    "SELECT state FROM accounts WHERE key = ? AND role = ?",
                    (key, member.role.value),
                ).fetchone()
                if row is None:
                    raise AccountError("Your account was changed at this moment. Log in again.")
                state = row["state"]
            db.execute(
                "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (_digest(token), key, member.name, member.role.value, state, issuer, now, now),
            )
        return token

    def find(self, token: str) -> Session | None:
        """The session of a token, used now; None where it has ended or never was."""
        if not token:
            return None
        now, digest = self._now(), _digest(token)
        with self._file.reading(_TABLES) as db:
            row = db.execute(
                "SELECT s.*, a.state AS present FROM sessions s LEFT JOIN accounts a "
                "ON a.key = s.key AND a.role = s.role WHERE digest = ?",
                (digest,),
            ).fetchone()
        if row is None or now - row["began"] >= self._lasts_s or now - row["seen"] >= self._idle_s:
            return None
        known = row["issuer"] == self._issuer if row["issuer"] else row["state"] == row["present"]
        if not known:
            return None
        if now - row["seen"] > min(_SEEN_EVERY_S, self._idle_s / 4):
            with self._file.writing(_TABLES) as db:
                db.execute("UPDATE sessions SET seen = ? WHERE digest = ?", (now, digest))
        form_token = hashlib.sha256(b"form:" + token.encode()).hexdigest()
        return Session(Member(row["name"], Role(row["role"])), form_token)

    def count(self, member: Member) -> int:
        """On how many browsers somebody is logged in now."""
        now = self._now()
        with self._file.reading(_TABLES) as db:
            [count] = db.execute(
                "SELECT count(*) FROM sessions WHERE key = ? AND began > ? AND seen > ?",
                (name_key(member.name), now - self._lasts_s, now - self._idle_s),
            ).fetchone()
        return int(count)

    def end(self, token: str) -> None:
        """Logs a browser out."""
        if not token:
            return
        with self._file.writing(_TABLES) as db:
            db.execute("DELETE FROM sessions WHERE digest = ?", (_digest(token),))

    def end_all_of(self, name: str) -> None:
        """Logs somebody out everywhere, as when an account is changed."""
        with self._file.writing(_TABLES) as db:
            db.execute("DELETE FROM sessions WHERE key = ?", (name_key(name),))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
