"""The audit trail: who did what on the staff's pages, when and why. Lines are only ever added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from qa.staff.file import StaffFile

__all__ = ["AuditTrail", "Entry"]

_TABLES = (
    """CREATE TABLE IF NOT EXISTS audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL,
        what TEXT NOT NULL, about TEXT NOT NULL, why TEXT NOT NULL)""",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done."""

    at: str
    """UTC, as 2026-11-26T10:15:00Z."""
    who: str
    what: str
    """A verb in the past: "marked", "published", "logged in"."""
    about: str
    why: str


class AuditTrail:
    """The trail in a file."""

    def __init__(self, file: StaffFile) -> None:
        self._file = file

    def note(self, who: str, what: str, about: str = "", why: str = "") -> None:
        """Adds a line. Raises StoreError where it cannot be kept: then nothing should be done."""
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        with self._file.writing(_TABLES) as db:
            db.execute(
                "INSERT INTO audit (at, who, what, about, why) VALUES (?, ?, ?, ?, ?)",
                (at, who, what, about, why),
            )

    def entries(self, most: int = 500, what: str = "") -> Sequence[Entry]:
        """The newest ones, newest first; with `what` those of that act only."""
        query = (
            "SELECT at, who, what, about, why FROM audit WHERE ? IN ('', what) "
            "ORDER BY id DESC LIMIT ?"
        )
        with self._file.reading(_TABLES) as db:
            return [Entry(*row) for row in db.execute(query, (what, most))]
