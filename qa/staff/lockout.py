"""How long somebody waits who typed wrong passwords: counted by name, by address and by browser.

After five wrong tries in a row the wait is a second, and doubles with each further one up to a
quarter of an hour (the doubling is OWASP's, Authentication Cheat Sheet, "Account Lockout"). NIST SP
800-63B, 5.2.2, allows 100 tries in a row and names a growing wait as a means to keep an owner from
being locked out: here the hundredth needs a day, and nobody is shut out for good, since then
anybody could shut a nurse out.

A browser on which somebody has logged in before is known by a cookie, and is counted by itself
(OWASP, "Slow Down Online Guessing Attacks with Device Cookies"): whoever guesses a nurse's password
from elsewhere keeps all unknown browsers waiting for that name, and not the nurse's own. Addresses
have more tries, since a clinic's computers often share one.

Names and addresses are kept as one of 65,536 numbers each: neither a password that was typed as a
name nor where somebody lives stands in the file, and guessing cannot fill it.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.staff.file import StaffFile
from qa.staff.member import name_key

__all__ = ["KnownBrowsers", "Lockout", "Tried", "wait_after"]

FREE_TRIES, FREE_TRIES_OF_ADDRESS = 5, 20
_LONGEST_WAIT_S = 900.0
_FORGOTTEN_AFTER_S = 86_400.0
_KNOWN_FOR_S = 90 * 86_400.0
_TABLES = (
    """CREATE TABLE IF NOT EXISTS tries (
        key TEXT PRIMARY KEY, failures INTEGER NOT NULL, last REAL NOT NULL,
        until REAL NOT NULL)""",
)
_BROWSER_TABLES = (
    """CREATE TABLE IF NOT EXISTS browsers (
        digest TEXT NOT NULL, key TEXT NOT NULL, since REAL NOT NULL,
        PRIMARY KEY (digest, key))""",
)


def wait_after(failures: int, free: int = FREE_TRIES) -> float:
    """Seconds to wait after so many wrong tries in a row, of which `free` cost nothing."""
    if failures < free:
        return 0.0
    return float(min(_LONGEST_WAIT_S, 2 ** min(failures - free, 20)))


@dataclass(frozen=True, slots=True)
class Tried:
    """What a try is counted under: of a known browser that alone, else name and address."""

    keys: tuple[str, ...]

    @classmethod
    def of(cls, name: str, address: str, browser: str = "") -> Tried:
        """`browser` is the token of one that is known for this name, else empty."""
        if browser:
            return cls((f"browser:{_digest(browser)}",))
        return cls((f"name:{_number(name_key(name))}", f"address:{_number(_network(address))}"))


class Lockout:
    """The counts in a file."""

    def __init__(self, file: StaffFile, now: Callable[[], float] = time.time) -> None:
        """`now` gives seconds since 1970."""
        self._file, self._now = file, now

    def count(self, tried: Tried) -> float:
        """Counts a try as a wrong one before it is looked at, so that many at once are counted too.

        Gives the seconds to wait where it may not be looked at; then it is not counted.
        """
        now = self._now()
        with self._file.writing(_TABLES) as db:
            db.execute("DELETE FROM tries WHERE last <= ?", (now - _FORGOTTEN_AFTER_S,))
            wait, counts = 0.0, dict.fromkeys(tried.keys, 0)
            for row in db.execute(_ROWS_OF[len(tried.keys)], tried.keys):
                counts[row["key"]] = row["failures"]
                # A clock that was put back must not lengthen the wait.
                wait = max(wait, min(row["until"] - now, _LONGEST_WAIT_S))
            if wait > 0:
                return wait
            for key, failures in counts.items():
                until = now + wait_after(failures + 1, _free(key))
                db.execute(
                    "INSERT OR REPLACE INTO tries VALUES (?, ?, ?, ?)",
                    (key, failures + 1, now, until),
                )
        return 0.0

    def take_back(self, tried: Tried, right: bool = True) -> None:
        """Takes a counted try back; where it was `right`, those before it as well.

        An address keeps those before, or an account of one's own would be a way around its count.
        """
        with self._file.writing(_TABLES) as db:
            for key in tried.keys:
                if right and not key.startswith("address:"):
                    db.execute("DELETE FROM tries WHERE key = ?", (key,))
                else:
                    db.execute(
                        "UPDATE tries SET failures = max(failures - 1, 0), until = 0 WHERE key = ?",
                        (key,),
                    )

    def failures(self, tried: Tried) -> int:
        """The wrong tries in a row with the name, or on the known browser."""
        with self._file.reading(_TABLES) as db:
            row = db.execute(_ROWS_OF[1], tried.keys[:1]).fetchone()
        return int(row["failures"]) if row else 0


class KnownBrowsers:
    """On which browsers somebody has logged in within the last 90 days."""

    def __init__(self, file: StaffFile, now: Callable[[], float] = time.time) -> None:
        self._file, self._now = file, now

    def knows(self, token: str, name: str) -> bool:
        """Whether somebody of that name has logged in on the browser that holds a token."""
        if not token:
            return False
        with self._file.reading(_BROWSER_TABLES) as db:
            row = db.execute(
                "SELECT 1 FROM browsers WHERE digest = ? AND key = ? AND since > ?",
                (_digest(token), name_key(name), self._now() - _KNOWN_FOR_S),
            ).fetchone()
        return row is not None

    def remember(self, token: str, name: str) -> str:
        """Keeps that somebody logged in; gives the browser's new token, `token` being the old."""
        new, now = secrets.token_urlsafe(32), self._now()
        with self._file.writing(_BROWSER_TABLES) as db:
            db.execute("DELETE FROM browsers WHERE since <= ?", (now - _KNOWN_FOR_S,))
            if token:  # others who use this browser stay known
                db.execute(
                    "UPDATE browsers SET digest = ? WHERE digest = ?",
                    (_digest(new), _digest(token)),
                )
            db.execute(
                "INSERT OR REPLACE INTO browsers VALUES (?, ?, ?)",
                (_digest(new), name_key(name), now),
            )
        return new

    def forget(self, name: str) -> None:
        """Forgets somebody, as when an account is removed."""
        with self._file.writing(_BROWSER_TABLES) as db:
            db.execute("DELETE FROM browsers WHERE key = ?", (name_key(name),))


_ROWS_OF: Sequence[str] = (
    "",
    "SELECT * FROM tries WHERE key = ?",
    "SELECT * FROM tries WHERE key IN (?, ?)",
)


def _free(key: str) -> int:
    return FREE_TRIES_OF_ADDRESS if key.startswith("address:") else FREE_TRIES


def _number(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:4]


def _network(address: str) -> str:
    """An address without what its owner may choose: of IPv6 its /64."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    mapped = found.ipv4_mapped
    return str(mapped or ipaddress.ip_network((found, 64), strict=False))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
