"""Marks that await a sentence: answers that were marked wrong, or should have been given, until
somebody chooses what the documents say to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from qa.golden import fold
from qa.staff.file import StaffFile

__all__ = ["OpenMark", "OpenMarks"]

_TABLES = (
    """CREATE TABLE IF NOT EXISTS open_marks (
        key TEXT PRIMARY KEY, question TEXT NOT NULL, verdict TEXT NOT NULL, who TEXT NOT NULL,
        day TEXT NOT NULL)""",
)


@dataclass(frozen=True, slots=True)
class OpenMark:
    """An answer that somebody marked."""

    question: str
    verdict: str
    """A `qa.staff.marking.Verdict`."""
    who: str
    day: str
    """UTC, as 2026-11-26."""


class OpenMarks:
    """The marks in a file, one a question."""

    def __init__(self, file: StaffFile) -> None:
        self._file = file

    def keep(self, question: str, verdict: str, who: str) -> None:
        """Keeps a mark, in the place of an older one of the same question."""
        day = datetime.now(UTC).date().isoformat()
        with self._file.writing(_TABLES) as db:
            db.execute(
                "INSERT OR REPLACE INTO open_marks VALUES (?, ?, ?, ?, ?)",
                (_key(question), question, verdict, who, day),
            )

    def settle(self, question: str) -> bool:
        """Forgets the mark of a question; says whether there was one."""
        with self._file.writing(_TABLES) as db:
            gone = db.execute("DELETE FROM open_marks WHERE key = ?", (_key(question),))
            return gone.rowcount > 0

    def all(self) -> Sequence[OpenMark]:
        """The oldest first."""
        query = "SELECT question, verdict, who, day FROM open_marks ORDER BY day, rowid"
        with self._file.reading(_TABLES) as db:
            return [OpenMark(*row) for row in db.execute(query)]


def _key(question: str) -> str:
    return fold(question).casefold()
