"""Accounts of the staff's pages: a name, a role, and a password of which only a hash is kept.

Hashed with argon2id by argon2-cffi, with that library's own parameters (RFC 9106, the low-memory
choice); a hash made with older ones is made anew at the next log-in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from qa.errors import AccountError
from qa.staff.file import StaffFile
from qa.staff.member import Member, Role

__all__ = ["SHORTEST_PASSWORD", "Accounts"]

SHORTEST_PASSWORD = 12
"""Characters: NIST SP 800-63B asks for 8 at least; nobody else slows down who guesses offline."""
_LONGEST_PASSWORD = 1_000
_LONGEST_NAME = 100
_TABLES = (
    """CREATE TABLE IF NOT EXISTS accounts (
        name TEXT PRIMARY KEY COLLATE NOCASE, role TEXT NOT NULL, hash TEXT NOT NULL,
        since TEXT NOT NULL)""",
)


class Accounts:
    """Who may log in with a password."""

    def __init__(self, file: StaffFile) -> None:
        self._file = file
        self._hasher = PasswordHasher()
        self._nobody = ""

    def add(self, name: str, role: Role, password: str) -> bool:
        """Adds an account, or gives the one of that name another role and password.

        Says whether it is new. Raises AccountError for a name or password that will not do.
        """
        name = _checked_name(name)
        _check_password(name, password)
        hashed = self._hasher.hash(password)
        with self._file.writing(_TABLES) as db:
            known = db.execute("SELECT 1 FROM accounts WHERE name = ?", (name,)).fetchone()
            since = datetime.now(UTC).date().isoformat()
            db.execute(
                "INSERT INTO accounts VALUES (?, ?, ?, ?) "
                "ON CONFLICT (name) DO UPDATE SET role = excluded.role, hash = excluded.hash",
                (name, role.value, hashed, since),
            )
        return known is None

    def remove(self, name: str) -> bool:
        """Removes an account; says whether there was one."""
        with self._file.writing(_TABLES) as db:
            return db.execute("DELETE FROM accounts WHERE name = ?", (name,)).rowcount > 0

    def members(self) -> Sequence[Member]:
        """Everybody who has an account, by name."""
        with self._file.reading(_TABLES) as db:
            rows = db.execute("SELECT name, role FROM accounts ORDER BY name").fetchall()
        return [Member(row["name"], Role(row["role"])) for row in rows]

    def verified(self, name: str, password: str) -> Member | None:
        """Who logs in with that name and password; None where nobody does.

        It takes as long for a name that nobody has.
        """
        with self._file.reading(_TABLES) as db:
            row = db.execute("SELECT * FROM accounts WHERE name = ?", (name.strip(),)).fetchone()
        if not self._nobody:
            self._nobody = self._hasher.hash("nobody's password")
        hashed = row["hash"] if row else self._nobody
        try:
            self._hasher.verify(hashed, password[:_LONGEST_PASSWORD])
        except (Argon2Error, InvalidHashError):
            return None
        if row is None:
            return None
        if self._hasher.check_needs_rehash(hashed):
            with self._file.writing(_TABLES) as db:
                db.execute(
                    "UPDATE accounts SET hash = ? WHERE name = ?",
                    (self._hasher.hash(password), row["name"]),
                )
        return Member(row["name"], Role(row["role"]))


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise AccountError(
            f"A name has 1 to {_LONGEST_NAME} letters, digits or signs that can be printed."
        )
    return name


def _check_password(name: str, password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError(
            f"The password has {len(password)} characters; at least {SHORTEST_PASSWORD} are "
            "needed. A few words in a row do well."
        )
    if len(password) > _LONGEST_PASSWORD:
        raise AccountError(f"A password has at most {_LONGEST_PASSWORD} characters.")
    if password.casefold() == name.casefold() or len(set(password)) < 4:
        raise AccountError("That password is too easy to guess. Choose another.")
