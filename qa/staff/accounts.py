"""Accounts of the staff's pages: a name, a role, and a password of which only a hash is kept."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from qa.staff.file import StaffFile
from qa.staff.member import Member, Role, checked_name, name_key
from qa.staff.passwords import Passwords, check_password

__all__ = ["ACCOUNT_TABLES", "Accounts"]

ACCOUNT_TABLES = (
    """CREATE TABLE IF NOT EXISTS accounts (
        key TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, hash TEXT NOT NULL,
        state TEXT NOT NULL, since TEXT NOT NULL)""",
)
"""`state` is another with every change, so that sessions of an earlier one are known by it."""


class Accounts:
    """Who may log in with a password."""

    def __init__(
        self, file: StaffFile, clinic: str = "", passwords: Passwords | None = None
    ) -> None:
        """`clinic` is its name, which is no password."""
        self._file, self._clinic = file, clinic
        self._passwords = passwords or Passwords()

    def check(self, name: str, password: str) -> str:
        """The name as it would be kept. Raises AccountError for a name or password that will not
        do."""
        name = checked_name(name)
        check_password(f"{name} {self._clinic}", password)
        return name

    def add(self, name: str, role: Role, password: str) -> bool:
        """Adds an account, or gives the one of that name another role and password.

        Says whether it is new. Raises AccountError for a name or password that will not do.
        """
        name = self.check(name, password)
        hashed = self._passwords.hash(password)
        with self._file.writing(ACCOUNT_TABLES) as db:
            key = name_key(name)
            known = db.execute("SELECT 1 FROM accounts WHERE key = ?", (key,)).fetchone()
            since = datetime.now(UTC).date().isoformat()
            db.execute(
                "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET "
                "name = excluded.name, role = excluded.role, hash = excluded.hash, "
                "state = excluded.state",
                (key, name, role.value, hashed, secrets.token_hex(8), since),
            )
        return known is None

    def remove(self, name: str) -> bool:
        """Removes an account; says whether there was one."""
        with self._file.writing(ACCOUNT_TABLES) as db:
            key = name_key(name)
            return db.execute("DELETE FROM accounts WHERE key = ?", (key,)).rowcount > 0

    def find(self, name: str) -> Member | None:
        """Whose account a name is, if anybody's."""
        with self._file.reading(ACCOUNT_TABLES) as db:
            row = db.execute("SELECT * FROM accounts WHERE key = ?", (name_key(name),)).fetchone()
        return Member(row["name"], Role(row["role"])) if row else None

    def members(self) -> Sequence[Member]:
        """Everybody who has an account, by name."""
        with self._file.reading(ACCOUNT_TABLES) as db:
            rows = db.execute("SELECT name, role FROM accounts ORDER BY key").fetchall()
        return [Member(row["name"], Role(row["role"])) for row in rows]

    def verified(self, name: str, password: str) -> Member | None:
        """Who logs in with that name and password; None where nobody does.

        It takes as long for a name that nobody has. Raises TooBusy where too many wait.
        """
        with self._file.reading(ACCOUNT_TABLES) as db:
            row = db.execute("SELECT * FROM accounts WHERE key = ?", (name_key(name),)).fetchone()
        if not self._passwords.match(row["hash"] if row else "", password):
            return None
        if self._passwords.is_old(row["hash"]):
            again = self._passwords.hash(password)
            with self._file.writing(ACCOUNT_TABLES) as db:
                db.execute(
                    "UPDATE accounts SET hash = ? WHERE key = ? AND state = ?",
                    (again, row["key"], row["state"]),
                )
        return Member(row["name"], Role(row["role"]))
