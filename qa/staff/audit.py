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
    """CREATE TRIGGER IF NOT EXISTS audit_is_not_altered BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'lines of the audit trail are only ever added'); END""",
    """CREATE TRIGGER IF NOT EXISTS audit_is_not_replaced BEFORE INSERT ON audit
        WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'lines of the audit trail are only ever added'); END""",
    """CREATE TRIGGER IF NOT EXISTS audit_is_not_cut BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'lines of the audit trail are only ever added'); END""",
)
_LAST = 2**63 - 1


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
    number: int = 0
    """Counted from 1 in the order in which things were done."""


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

    def entries(
        self, most: int = 500, who: str = "", what: str = "", before: int = _LAST
    ) -> Sequence[Entry]:
        """The newest ones with a number below `before`, newest first; of one person, of one kind
        of thing, where those are given."""
        query = (
            "SELECT at, who, what, about, why, id FROM audit WHERE id < ? "
            "AND (? = '' OR who = ?) AND (? = '' OR what = ?) ORDER BY id DESC LIMIT ?"
        )
        values = (min(before, _LAST), who, who, what, what, most)
        with self._file.reading(_TABLES) as db:
            return [Entry(*row) for row in db.execute(query, values)]

    def choices(self) -> tuple[Sequence[str], Sequence[str]]:
        """Everybody and everything that stands in the trail, for filtering."""
        with self._file.reading(_TABLES) as db:
            who = [one for [one] in db.execute("SELECT DISTINCT who FROM audit ORDER BY who")]
            what = [one for [one] in db.execute("SELECT DISTINCT what FROM audit ORDER BY what")]
        return who, what
