"""The door: a name and a password → a session, or how long to wait before the next try."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from qa.errors import TooBusy
from qa.staff.accounts import Accounts
from qa.staff.audit import AuditTrail
from qa.staff.file import StaffFile
from qa.staff.lockout import FREE_TRIES, KnownBrowsers, Lockout, Tried
from qa.staff.member import Member
from qa.staff.sessions import Sessions

__all__ = ["Door", "LetIn", "Refused"]


@dataclass(frozen=True, slots=True)
class LetIn:
    """Somebody who is logged in now."""

    token: str
    """The session's, for the browser."""
    browser: str
    """By which the browser is known from now on."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody is logged in. Wrong names and wrong passwords look the same, and so does a right one
    that came too early."""

    wait_s: float = 0.0
    """Seconds until another try is looked at; 0 where this one was, and was wrong."""


class Door:
    """Logs members in, and notes it in the audit trail."""

    def __init__(
        self,
        file: StaffFile,
        accounts: Accounts,
        sessions: Sessions,
        audit: AuditTrail,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`now` gives seconds since 1970."""
        self._accounts, self._sessions, self._audit = accounts, sessions, audit
        self._lockout = Lockout(file, now)
        self._browsers = KnownBrowsers(file, now)

    def log_in(
        self, name: str, password: str, address: str, browser: str = "", old: str = ""
    ) -> LetIn | Refused:
        """Lets somebody in who knows their password.

        `address` is the client's; `browser` and `old` are what its browser knows itself by and the
        session it had, which ends. Raises TooBusy where too many log in at once.
        """
        known = browser if self._browsers.knows(browser, name) else ""
        tried = Tried.of(name, address, known)
        wait = self._lockout.count(tried)
        if wait > 0:
            return Refused(wait)
        try:
            member = self._accounts.verified(name, password)
        except TooBusy:
            self._lockout.take_back(tried, right=False)
            raise
        if member is None:
            self._note_guessing(tried, name, address)
            return Refused()
        self._lockout.take_back(tried)
        return self.let_in(member, browser, old)

    def let_in(self, member: Member, browser: str, old: str, issuer: str = "") -> LetIn:
        """Lets somebody in who has shown who they are; `issuer` is the sign-on that says so.

        The session that the browser had is ended, and the token is a new one, so that a token
        which somebody else put there is worth nothing. Raises AccountError where the account was
        changed meanwhile.
        """
        self._audit.note(member.name, "logged in", why=f"known to {issuer}" if issuer else "")
        self._sessions.end(old)
        token = self._sessions.begin(member, issuer)
        return LetIn(token, self._browsers.remember(browser, member.name))

    def _note_guessing(self, tried: Tried, name: str, address: str) -> None:
        """Once for each run of wrong tries, and only for names that somebody has: what is typed as
        a name may be a password."""
        if self._lockout.failures(tried) != FREE_TRIES:
            return
        member = self._accounts.find(name)
        if member:
            self._audit.note(
                member.name, "was kept waiting", f"from {address}", f"{FREE_TRIES} wrong passwords"
            )
