"""The one SQLite file of the staff's pages: accounts, sessions, the audit trail, runs.

Each use opens it, does one transaction and closes it, so that the server and the command line may
use it at once. Each module that keeps something there brings the statements that make its tables.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from qa.errors import StoreError
from qa.private_file import make_private

__all__ = ["StaffFile"]

_APPLICATION_ID = 0x51575354  # "QWST"


class StaffFile:
    """The file at a path; the first thing that is kept makes it, for its owner only."""

    def __init__(self, path: Path, wait_s: float = 5.0) -> None:
        """Another's lock is waited for `wait_s` seconds."""
        self.path = path
        self._wait_s = wait_s

    @contextmanager
    def writing(self, tables: Sequence[str]) -> Iterator[sqlite3.Connection]:
        """One transaction that may write; `tables` are statements `CREATE TABLE IF NOT EXISTS ...`.

        All of it is kept, or nothing where the block raises. Raises StoreError where the file
        cannot be used.
        """
        with self._opened() as db:
            db.execute("BEGIN IMMEDIATE")
            for statement in tables:
                db.execute(statement)
            yield db
            db.execute("COMMIT")

    @contextmanager
    def reading(self, tables: Sequence[str]) -> Iterator[sqlite3.Connection]:
        """One view of the file. Raises StoreError where it cannot be used."""
        if not self.path.exists():
            db = sqlite3.connect(":memory:", isolation_level=None)
            db.row_factory = sqlite3.Row
            for statement in tables:
                db.execute(statement)
            try:
                yield db
            finally:
                db.close()
            return
        with self._opened() as db:
            missing = [one for one in tables if not _has(db, one)]
            if missing:
                db.execute("BEGIN IMMEDIATE")
                for statement in missing:
                    db.execute(statement)
                db.execute("COMMIT")
            db.execute("BEGIN")
            yield db
            db.execute("COMMIT")

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        db = None
        try:
            make_private(self.path)
            db = sqlite3.connect(self.path, timeout=self._wait_s, isolation_level=None)
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA secure_delete = ON")
            db.execute("PRAGMA foreign_keys = ON")
            self._claim(db)
            yield db
        # What SQLite says of a damaged file may be no UTF-8, which fails where Python reads it.
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            damaged = "it is damaged" if isinstance(error, UnicodeDecodeError) else error
            what = getattr(error, "strerror", None) or damaged
            raise StoreError(
                f"{self.path} cannot be used ({what}). Accounts and runs of the staff's pages are "
                "kept there; see `store` under [staff] in qa.toml."
            ) from None
        finally:
            if db is not None:
                db.close()  # what was not committed is taken back

    def _claim(self, db: sqlite3.Connection) -> None:
        """Marks a new file as this program's. Raises StoreError where it is another's."""
        [application] = db.execute("PRAGMA application_id").fetchone()
        if application == _APPLICATION_ID:
            return
        [tables] = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if application or tables:
            raise StoreError(
                f"{self.path} is a database of another program. Name another `store` under [staff] "
                "in qa.toml."
            )
        db.execute(f"PRAGMA application_id = {_APPLICATION_ID}")


def _has(db: sqlite3.Connection, statement: str) -> bool:
    """Whether what `CREATE ... IF NOT EXISTS name` makes is there already."""
    name = statement.split("IF NOT EXISTS", 1)[1].split(None, 1)[0].strip("( \n")
    return bool(db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone())
