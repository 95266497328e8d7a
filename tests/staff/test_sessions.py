"""Sessions end when they should, by a clock that the test turns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from qa.errors import AccountError
from qa.staff.accounts import Accounts
from qa.staff.file import StaffFile
from qa.staff.member import Member, Role
from qa.staff.sessions import Sessions
from tests.staff.quick import quick_passwords

GOOD = "plain words in a row"
NORA = Member("Nora", Role.STAFF)


@dataclass
class Clock:
    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def file(tmp_path: Path) -> StaffFile:
    return StaffFile(tmp_path / "staff.sqlite3")


@pytest.fixture
def accounts(file: StaffFile) -> Accounts:
    accounts = Accounts(file, passwords=quick_passwords())
    accounts.add(NORA.name, NORA.role, GOOD)
    return accounts


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(file: StaffFile, accounts: Accounts, clock: Clock) -> Sessions:
    return Sessions(file, idle_s=600, lasts_s=3600, now=clock)


def test_an_idle_session_ends(sessions: Sessions, clock: Clock) -> None:
    token = sessions.begin(NORA)
    clock.now += 599
    assert sessions.find(token)
    clock.now += 599
    assert sessions.find(token)
    clock.now += 600
    assert sessions.find(token) is None
    clock.now -= 600
    sessions.begin(NORA)


def test_a_busy_session_ends_as_well(sessions: Sessions, clock: Clock) -> None:
    token = sessions.begin(NORA)
    for _ in range(11):
        clock.now += 300
        assert sessions.find(token)
    clock.now += 300
    assert sessions.find(token) is None


def test_the_file_holds_no_token(sessions: Sessions, file: StaffFile) -> None:
    token = sessions.begin(NORA)
    session = sessions.find(token)
    assert session
    held = file.path.read_bytes()
    assert token.encode() not in held
    assert session.form_token.encode() not in held
    assert session.sent(session.form_token)
    assert not session.sent("")
    assert not session.sent("é")


@pytest.mark.parametrize("token", ["", "x", "é", "' OR 1=1 --"])
def test_other_tokens_are_nobodys(sessions: Sessions, token: str) -> None:
    sessions.begin(NORA)
    assert sessions.find(token) is None


def test_a_session_ends_with_its_account(sessions: Sessions, accounts: Accounts) -> None:
    """Whoever changes the account need not end the sessions for it."""
    token = sessions.begin(NORA)
    accounts.add(NORA.name, Role.MAINTAINER, GOOD)
    assert sessions.find(token) is None
    token = sessions.begin(Member(NORA.name, Role.MAINTAINER))
    accounts.add(NORA.name, Role.MAINTAINER, GOOD + " more")
    assert sessions.find(token) is None
    token = sessions.begin(Member(NORA.name, Role.MAINTAINER))
    accounts.remove(NORA.name)
    assert sessions.find(token) is None
    accounts.add(NORA.name, Role.MAINTAINER, GOOD + " more")
    assert sessions.find(token) is None
    with pytest.raises(AccountError, match="Log in again"):
        sessions.begin(NORA)  # who is a maintainer by now


def test_logging_out_here_and_everywhere(sessions: Sessions) -> None:
    first, second, third = (sessions.begin(NORA) for _ in range(3))
    assert sessions.count(NORA) == 3
    sessions.end("")
    sessions.end(first)
    assert sessions.find(first) is None
    assert sessions.find(second)
    sessions.end_all_of("NORA")
    assert sessions.find(second) is None
    assert sessions.find(third) is None
    assert sessions.count(NORA) == 0


def test_another_sign_ons_sessions_are_none(file: StaffFile, clock: Clock) -> None:
    ours = Sessions(file, now=clock, issuer="https://id.clinic.example")
    token = ours.begin(NORA, "https://id.clinic.example")
    assert ours.find(token)
    assert Sessions(file, now=clock).find(token) is None
    assert Sessions(file, now=clock, issuer="https://other.example").find(token) is None
