"""Passwords: which will do, and their hashes, with a bound on the work that guessing can cause.

Hashed with argon2id by argon2-cffi, with that library's own parameters (RFC 9106, the low-memory
choice: 64 MiB and three passes). Letters are brought to one form first (NFKC), so that a password
is the same from any keyboard (NIST SP 800-63B, 5.1.1.2).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from qa.errors import AccountError, TooBusy
from qa.unicode_forms import normal_form

__all__ = ["SHORTEST_PASSWORD", "Passwords", "check_password"]

SHORTEST_PASSWORD = 12
"""Characters: NIST SP 800-63B asks for 8 at least; nobody else slows down who guesses offline."""
_LONGEST_PASSWORD = 1_000
_GUESSED_FIRST = ("quotewell", "password", "passwort", "letmein", "welcome", "qwerty", "123456")


class Passwords:
    """Hashes passwords, `at_once` at a time: each takes 64 MiB for a tenth of a second or so."""

    def __init__(
        self,
        at_once: int = 2,
        waiting: int = 8,
        wait_s: float = 10.0,
        hasher: PasswordHasher | None = None,
    ) -> None:
        """Further ones wait, at most `waiting` of them and for `wait_s` seconds. `hasher` is one
        with other parameters."""
        self._hasher = hasher or PasswordHasher()
        self._room = threading.BoundedSemaphore(at_once + waiting)
        self._turns = threading.BoundedSemaphore(at_once)
        self._wait_s = wait_s
        self._nobody = ""

    def hash(self, password: str) -> str:
        """The hash that is kept. Raises TooBusy where too many wait."""
        with self._turn():
            return self._hasher.hash(_in_one_form(password))

    def match(self, hashed: str, password: str) -> bool:
        """Whether a hash was made of a password; raises TooBusy where too many wait.

        An empty hash, which is that of a name nobody has, matches none and takes as long.
        """
        if len(password) > _LONGEST_PASSWORD:
            return False
        with self._turn():
            if not self._nobody:
                self._nobody = self._hasher.hash("nobody's password")
            try:
                self._hasher.verify(hashed or self._nobody, _in_one_form(password))
            except (Argon2Error, InvalidHashError):
                return False
            return bool(hashed)

    def is_old(self, hashed: str) -> bool:
        """Whether a hash was made with other parameters than are used now."""
        return self._hasher.check_needs_rehash(hashed)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._room.acquire(blocking=False):
            raise TooBusy("Too many people are logging in at this moment. Try again in a minute.")
        try:
            if not self._turns.acquire(timeout=self._wait_s):
                raise TooBusy("The computer is too busy to log you in. Try again in a minute.")
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._room.release()


def check_password(names: str, password: str) -> None:
    """Raises AccountError for a password that is too short, too long or guessed first.

    `names` are words that whoever guesses will try: of the member and of the clinic.
    """
    password = _in_one_form(password)
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError(
            f"The password has {len(password)} characters; at least {SHORTEST_PASSWORD} are "
            "needed. A few words in a row do well."
        )
    if len(password) > _LONGEST_PASSWORD:
        raise AccountError(f"A password has at most {_LONGEST_PASSWORD:,} characters.")
    if _is_guessed_first(names, password):
        raise AccountError(
            "That password is too easy to guess: it is little more than a name, a word that "
            "everybody tries, or the same thing again and again. Choose another."
        )


def _is_guessed_first(names: str, password: str) -> bool:
    """Whether little is left of it without names and words that are tried first, or it repeats."""
    rest = "".join(password.casefold().split())
    if rest in (rest + rest)[1:-1]:  # it is a shorter piece, repeated
        return True
    words = [one.casefold() for one in names.split() if len(one) > 2]
    for word in sorted((*words, *_GUESSED_FIRST), key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(set(rest)) < 6


def _in_one_form(password: str) -> str:
    return normal_form("NFKC", password)
