"""Edits of golden questions from the staff's pages: noted in the audit trail, and to be undone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from qa.errors import QuestionError
from qa.staff.audit import AuditTrail
from qa.staff.file import StaffFile
from qa.staff.golden_book import Edit, GoldenBook, Kept, Label

__all__ = ["GoldenLedger", "Written"]

_TABLES = (
    """CREATE TABLE IF NOT EXISTS golden_edits (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL,
        what TEXT NOT NULL, number INTEGER NOT NULL, question TEXT NOT NULL,
        before TEXT NOT NULL, after_digest TEXT NOT NULL, undone TEXT NOT NULL)""",
)

_OTHERS = "other columns"


@dataclass(frozen=True, slots=True)
class Written:
    """An edit that was made."""

    id: int
    who: str
    what: str
    """ "added", "changed" or "deleted"."""
    number: int
    """Which golden question it was, from 1, at that time."""
    question: str
    before: Label | None
    after_digest: str
    undone: bool = False
    others: Mapping[str, str] = field(default_factory=dict)
    """Cells that a deleted one had in columns that are not known here."""


class GoldenLedger:
    """Edits the file of golden questions, and remembers how it was before each edit."""

    def __init__(self, book: GoldenBook, file: StaffFile, audit: AuditTrail) -> None:
        self.book = book
        self._file = file
        self._audit = audit

    def add(self, who: str, label: Label, why: str = "") -> Written:
        """Adds a question. Raises QuestionError as `GoldenBook.add` does."""
        with self._noted(who, "added a golden question", label.question, why or label.expect):
            kept = self.book.add(label)
        return self._keep(who, "added", kept.number, label.question, None, kept.digest)

    def change(self, who: str, seen: Kept, label: Label, why: str = "") -> Written:
        """Changes a question that somebody saw. Raises QuestionError as `GoldenBook.change`."""
        with self._noted(who, "changed a golden question", label.question, why or label.expect):
            kept = self.book.change(seen.digest, seen.label.question, label)
        return self._keep(who, "changed", kept.number, label.question, seen.label, kept.digest)

    def delete(self, who: str, seen: Kept) -> Written:
        """Takes a question out. Raises QuestionError as `GoldenBook.delete` does."""
        with self._noted(who, "deleted a golden question", seen.label.question):
            self.book.delete(seen.digest, seen.label.question)
        return self._keep(
            who, "deleted", seen.number, seen.label.question, seen.label, "", seen.others
        )

    def revise(self, who: str, edits: Sequence[Edit], added: Sequence[Label], about: str) -> None:
        """Many at once, as an import makes them; they are not undone one by one."""
        with self._noted(who, "imported golden questions", about):
            self.book.revise(edits, added)

    def undo(self, who: str, number: int) -> Written:
        """Takes an edit back; gives that edit.

        Raises QuestionError where the question was changed since, or there is no such edit.
        """
        done = self.edit(number)
        if done is None or done.undone:
            raise QuestionError("This was undone already, or never done. Nothing was changed.")
        with self._noted(who, "took an edit back", done.question, f"it was {done.what}"):
            if done.what == "deleted" and done.before:
                self.book.add(done.before, done.others)
            else:
                self.book.revise([Edit(done.after_digest, done.question, done.before)])
        with self._file.writing(_TABLES) as db:
            db.execute("UPDATE golden_edits SET undone = ? WHERE id = ?", (who, number))
        return done

    def edit(self, number: int) -> Written | None:
        """The edit of that number, if there is one."""
        with self._file.reading(_TABLES) as db:
            row = db.execute("SELECT * FROM golden_edits WHERE id = ?", (number,)).fetchone()
        if row is None:
            return None
        cells = json.loads(row["before"]) if row["before"] else {}
        others = cells.pop(_OTHERS, {})
        before = Label(**cells) if cells else None
        return Written(
            row["id"],
            row["who"],
            row["what"],
            row["number"],
            row["question"],
            before,
            row["after_digest"],
            bool(row["undone"]),
            others,
        )

    @contextmanager
    def _noted(self, who: str, what: str, about: str, why: str = "") -> Iterator[None]:
        """Notes an act before it is done, and once more where it did not come to it."""
        self._audit.note(who, what, about, why)
        try:
            yield
        except QuestionError:
            self._audit.note(who, what, about, "It did not come to it: nothing was changed.")
            raise

    def _keep(
        self,
        who: str,
        what: str,
        number: int,
        question: str,
        before: Label | None,
        digest: str,
        others: Mapping[str, str] | None = None,
    ) -> Written:
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        old = json.dumps({**before.cells(), _OTHERS: dict(others or {})}) if before else ""
        with self._file.writing(_TABLES) as db:
            made = db.execute(
                "INSERT INTO golden_edits (at, who, what, number, question, before, after_digest, "
                "undone) VALUES (?, ?, ?, ?, ?, ?, ?, '')",
                (at, who, what, number, question, old, digest),
            ).lastrowid
        return Written(made or 0, who, what, number, question, before, digest)
