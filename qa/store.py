"""The one file in which feedback and, where the clinic wants it, questions are kept: SQLite.

Each use opens the file, does one transaction and closes it, so that threads and processes may use
it at once and whoever purges it finds nobody holding it. Deleted rows are overwritten with zeros
(`secure_delete`), the journal is a rollback journal that is gone after each transaction, and
nothing is written to temporary files. What a file system or a disk keeps of overwritten blocks,
and what backups hold, is beyond this module.

Time is kept as the day in UTC, and ids are random, so that a row cannot be set beside an
appointment and the rows of a day have no order.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from qa.errors import StoreError
from qa.private_file import make_private

__all__ = ["MOST_A_DAY", "Store", "today"]

MOST_A_DAY = 10_000
"""Rows of a table that one day may add, so that nobody fills the disk through the page."""

_APPLICATION_ID = 0x51574C4C  # "QWLL"
_SCHEMA_VERSION = 1
_SCHEMA = (
    """CREATE TABLE feedback (
        id INTEGER PRIMARY KEY, day TEXT NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL,
        note TEXT NOT NULL, kind TEXT NOT NULL, refusal TEXT NOT NULL, places TEXT NOT NULL,
        generation TEXT NOT NULL, question TEXT NOT NULL)""",
    """CREATE TABLE questions (
        id INTEGER PRIMARY KEY, day TEXT NOT NULL, question TEXT NOT NULL, kind TEXT NOT NULL,
        reason TEXT NOT NULL, places TEXT NOT NULL, generation TEXT NOT NULL)""",
    "CREATE INDEX feedback_day ON feedback (day)",
    "CREATE INDEX questions_day ON questions (day)",
    f"PRAGMA application_id = {_APPLICATION_ID}",
    f"PRAGMA user_version = {_SCHEMA_VERSION}",
)

_READ = {"questions": "day > :gone", "feedback": ":gone IS NOT NULL"}
"""Which rows of a table are still read; all feedback is, if without its question."""


def today() -> date:
    """The day in UTC."""
    return datetime.now(UTC).date()


class Store:
    """The file at a path; it is made by the first row that is kept."""

    def __init__(self, path: Path, keep_days: int, wait_s: float = 0.5) -> None:
        """Questions are read for `keep_days` days at most, and deleted at the first use after them:
        a write, or a read where the file may be written. Another's lock is waited for `wait_s`
        seconds."""
        self.path = path
        self.keep_days = keep_days
        self._wait_s = wait_s
        self._lock = threading.Lock()
        self._expired_on: date | None = None

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that may write; the first of each day takes out what is too old.

        Raises StoreError, and keeps nothing of the transaction, where the file cannot be used.
        """
        with self._opened(create=True) as db:
            db.execute("BEGIN IMMEDIATE")
            with self._lock:
                due = self._expired_on != today()
            if due:
                self._expire(db)
            yield db
            db.execute("COMMIT")
            with self._lock:
                self._expired_on = today()

    def add(self, table: str, row: dict[str, str]) -> None:
        """Keeps a row of this day. Raises StoreError where that fails or the day is full."""
        row = {"day": today().isoformat(), **row}
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        with self.writing() as db:
            of_day = f"SELECT count(*) FROM {table} WHERE day = ?"  # noqa: S608 - no name is a user's
            [count] = db.execute(of_day, (row["day"],)).fetchone()
            if count >= MOST_A_DAY:
                raise StoreError(
                    f"{self.path} took {MOST_A_DAY:,} rows of {table} today and takes no more."
                )
            db.execute(
                f"INSERT INTO {table} (id, {names}) VALUES (random(), {marks})",  # noqa: S608
                tuple(row.values()),
            )

    def rows(self, table: str) -> list[dict[str, str]]:
        """All rows, oldest day first, without questions that are too old; none where there is no
        file. Raises StoreError."""
        if not self.path.exists():
            return []
        self._expire_if_it_can()
        with self._opened(create=False) as db:
            db.row_factory = sqlite3.Row
            gone = self._oldest_gone()
            query = f"SELECT * FROM {table} WHERE {_READ[table]} ORDER BY day, id"  # noqa: S608
            found = [dict(row) for row in db.execute(query, {"gone": gone})]
        for row in found:
            del row["id"]
            if row["day"] <= gone:
                row["question"] = ""
        return found

    def count(self, table: str) -> tuple[int, str]:
        """How many rows of a table `rows` would give, and the oldest's day, empty where there are
        none. Raises StoreError."""
        if not self.path.exists():
            return 0, ""
        self._expire_if_it_can()
        with self._opened(create=False) as db:
            query = f"SELECT count(*), min(day) FROM {table} WHERE {_READ[table]}"  # noqa: S608
            [count, since] = db.execute(query, {"gone": self._oldest_gone()}).fetchone()
        return int(count), since or ""

    def expire(self) -> None:
        """Takes out the questions that are too old, if there is a file. Raises StoreError."""
        if self.path.exists():
            with self.writing():
                pass

    def _expire_if_it_can(self) -> None:
        """Whoever may read the file need not have the right to write it."""
        with suppress(StoreError):
            self.expire()

    def purge(self, *, feedback: bool = False, everything: bool = False) -> dict[str, int]:
        """Deletes what is too old, or everything, and shrinks the file; gives rows by table.

        `feedback` deletes feedback that is as old as well; else it only loses its questions.
        Raises StoreError.
        """
        done = {"questions": 0, "feedback": 0}
        if not self.path.exists():
            return done
        with self._opened(create=False) as db:
            db.execute("BEGIN IMMEDIATE")
            before = "9999-12-31" if everything else self._oldest_gone()
            self._expire(db, before, done)
            if feedback or everything:
                done["feedback"] = db.execute(
                    "DELETE FROM feedback WHERE day <= ?", (before,)
                ).rowcount
            db.execute("COMMIT")
            db.execute("VACUUM")
        return done

    def _expire(
        self, db: sqlite3.Connection, before: str | None = None, done: dict[str, int] | None = None
    ) -> None:
        """Deletes questions up to a day, those that came with feedback too."""
        day = (before or self._oldest_gone(),)
        gone = db.execute("DELETE FROM questions WHERE day <= ?", day).rowcount
        db.execute("UPDATE feedback SET question = '' WHERE day <= ? AND question != ''", day)
        if done is not None:
            done["questions"] = gone

    def _oldest_gone(self) -> str:
        """The last day whose questions are kept no longer; a day counts as whole."""
        return (today() - timedelta(days=self.keep_days)).isoformat()

    @contextmanager
    def _opened(self, *, create: bool) -> Iterator[sqlite3.Connection]:
        db = None
        try:
            if create:
                make_private(self.path)
            db = sqlite3.connect(self.path, timeout=self._wait_s, isolation_level=None)
            db.execute("PRAGMA journal_mode = DELETE")  # whatever somebody has set in the file
            db.execute("PRAGMA secure_delete = ON")
            db.execute("PRAGMA temp_store = MEMORY")
            self._check_schema(db)
            yield db
        # What SQLite says of a damaged file may be no UTF-8, which fails where Python reads it.
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            raise self._explained(error) from None
        finally:
            if db is not None:
                db.close()  # what was not committed is taken back

    def _check_schema(self, db: sqlite3.Connection) -> None:
        """Makes the tables in a new file. Raises StoreError where a file is not this program's."""
        [version] = db.execute("PRAGMA user_version").fetchone()
        [application] = db.execute("PRAGMA application_id").fetchone()
        if (application, version) == (_APPLICATION_ID, _SCHEMA_VERSION):
            return
        db.execute("BEGIN IMMEDIATE")  # two processes may find the file empty at once
        [version] = db.execute("PRAGMA user_version").fetchone()
        [application] = db.execute("PRAGMA application_id").fetchone()
        [tables] = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if application == _APPLICATION_ID and version != _SCHEMA_VERSION:
            raise StoreError(
                f"{self.path} was written by another version of Quotewell (schema {version}, this "
                f"one knows {_SCHEMA_VERSION}). Use that version, or name another `store` under "
                "[privacy] in qa.toml."
            )
        if application != _APPLICATION_ID and (tables or version or application):
            raise StoreError(
                f"{self.path} is a database of another program. Name another `store` under "
                "[privacy] in qa.toml."
            )
        if not tables:
            for statement in _SCHEMA:
                db.execute(statement)
        db.execute("COMMIT")

    def _explained(self, error: Exception) -> StoreError:
        """Names the file and what is wrong with it; nothing of what was to be kept."""
        if isinstance(error, OSError):
            what, code = error.strerror or type(error).__name__, ""
        else:
            code = getattr(error, "sqlite_errorname", "") or type(error).__name__
            kind = code.split("_")[1] if "_" in code else ""
            kind = "CORRUPT" if isinstance(error, UnicodeDecodeError) else kind
            what = _WRONG.get(kind, "it cannot be used")
        shown = f" ({code})" if code else ""
        return StoreError(
            f"{self.path}: {what}{shown}. Feedback and questions are kept there; see `store` under "
            "[privacy] in qa.toml."
        )


_WRONG = {
    "BUSY": "another program has it locked; try again, and close what holds it",
    "LOCKED": "another program has it locked; try again, and close what holds it",
    "READONLY": "it may not be written; give the user that runs Quotewell the right to",
    "CANTOPEN": "it cannot be opened; check that its folder is there and may be written",
    "FULL": "the disk is full; make room",
    "IOERR": "the disk does not read or write; check its room and health",
    "CORRUPT": "it is damaged; move it away, and a new one is made",
    "NOTADB": "it is no SQLite database, or damaged; move it away, and a new one is made",
}
