"""Log-ins that have gone to the clinic's sign-on and are not back yet."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from qa.staff.file import StaffFile

__all__ = ["Pending", "PendingLogins"]

_LASTS_S = 600.0
_MOST = 1_000
"""More are not kept: anybody may begin one."""
_TABLES = (
    """CREATE TABLE IF NOT EXISTS pending (
        state TEXT PRIMARY KEY, browser TEXT NOT NULL, verifier TEXT NOT NULL,
        nonce TEXT NOT NULL, onward TEXT NOT NULL, began REAL NOT NULL)""",
)


@dataclass(frozen=True, slots=True)
class Pending:
    """What is known of a log-in that has begun."""

    verifier: str
    """Which shows that whoever fetches the token began it (PKCE, RFC 7636)."""
    nonce: str
    """Which the identity token must hold."""
    onward: str
    """Where somebody wanted to go."""


class PendingLogins:
    """They are kept here, and not in the browser, which has one secret of it only."""

    def __init__(self, file: StaffFile, now: Callable[[], float] = time.time) -> None:
        self._file, self._now = file, now

    def begin(self, onward: str) -> tuple[Pending, str, str]:
        """A new one, its state for the sign-on, and the browser's secret."""
        state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        pending = Pending(secrets.token_urlsafe(48), secrets.token_urlsafe(32), onward[:1_000])
        now = self._now()
        row = (_digest(state), _digest(browser), pending.verifier, pending.nonce, pending.onward)
        with self._file.writing(_TABLES) as db:
            db.execute("DELETE FROM pending WHERE began <= ?", (now - _LASTS_S,))
            db.execute(
                "DELETE FROM pending WHERE state IN "
                "(SELECT state FROM pending ORDER BY began DESC LIMIT -1 OFFSET ?)",
                (_MOST - 1,),
            )
            db.execute("INSERT INTO pending VALUES (?, ?, ?, ?, ?, ?)", (*row, now))
        return pending, state, browser

    def take(self, state: str, browser: str) -> Pending | None:
        """The one of a state, which is gone then; None where there is none, it is too old, or
        another browser began it."""
        with self._file.writing(_TABLES) as db:
            row = db.execute("SELECT * FROM pending WHERE state = ?", (_digest(state),)).fetchone()
            db.execute("DELETE FROM pending WHERE state = ?", (_digest(state),))
        if row is None or self._now() - row["began"] >= _LASTS_S:
            return None
        if not secrets.compare_digest(row["browser"], _digest(browser)):
            return None
        return Pending(row["verifier"], row["nonce"], row["onward"])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
