"""Guessing gets slow, and a nurse gets in all the same."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from qa.staff.accounts import Accounts
from qa.staff.audit import AuditTrail
from qa.staff.door import Door, LetIn, Refused
from qa.staff.file import StaffFile
from qa.staff.lockout import KnownBrowsers, Lockout, Tried, wait_after
from qa.staff.member import Role
from qa.staff.sessions import Sessions
from tests.staff.quick import quick_passwords
from tests.staff.test_sessions import GOOD, NORA, Clock

HERE, AFAR = "10.0.0.3", "203.0.113.7"


@pytest.fixture
def file(tmp_path: Path) -> StaffFile:
    return StaffFile(tmp_path / "staff.sqlite3")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def audit(file: StaffFile) -> AuditTrail:
    return AuditTrail(file)


@pytest.fixture
def sessions(file: StaffFile, clock: Clock) -> Sessions:
    return Sessions(file, now=clock)


@pytest.fixture
def door(file: StaffFile, sessions: Sessions, audit: AuditTrail, clock: Clock) -> Door:
    accounts = Accounts(file, passwords=quick_passwords())
    accounts.add(NORA.name, Role.STAFF, GOOD)
    return Door(file, accounts, sessions, audit, clock)


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    waits = [wait_after(failures) for failures in range(18)]
    assert waits == [0] * 5 + [2**n for n in range(10)] + [900] * 3
    assert wait_after(10_000) == 900
    # NIST's hundred in a row take a day.
    assert sum(map(wait_after, range(100))) > 21 * 3600


def test_while_it_waits_the_right_password_gets_the_same_answer(door: Door, clock: Clock) -> None:
    for _ in range(5):
        assert door.log_in("nora", "wrong", HERE) == Refused()
    assert door.log_in("nora", "wrong", HERE) == Refused(1.0)
    assert door.log_in("Nora", GOOD, AFAR) == Refused(1.0)
    clock.now += 1
    assert door.log_in("nora", "wrong", HERE) == Refused()
    assert door.log_in("Nora", GOOD, AFAR) == Refused(2.0)
    clock.now += 2
    assert isinstance(door.log_in("Nora", GOOD, HERE), LetIn)
    assert door.log_in("nora", "wrong", HERE) == Refused()  # it is counted from the start again


def test_names_that_nobody_has_wait_alike(door: Door) -> None:
    told = {name: [door.log_in(name, "x", AFAR) for _ in range(7)] for name in ("nora", "nobody")}
    assert told["nora"] == told["nobody"] == [Refused()] * 5 + [Refused(1.0)] * 2


def test_it_outlives_a_restart(door: Door, file: StaffFile, clock: Clock) -> None:
    tried = Tried.of("nora", HERE)
    for _ in range(7):
        door.log_in("nora", "wrong", HERE)
        clock.now += 3
    assert Lockout(StaffFile(file.path), clock).failures(tried) == 7
    clock.now += 86_400
    assert Lockout(StaffFile(file.path), clock).count(tried) == 0
    assert Lockout(StaffFile(file.path), clock).failures(tried) == 1


def test_many_at_once_are_counted_before_they_are_looked_at(file: StaffFile, clock: Clock) -> None:
    lockout, tried = Lockout(file, clock), Tried.of("nora", HERE)
    assert [lockout.count(tried) for _ in range(6)] == [0, 0, 0, 0, 0, 1.0]
    lockout.take_back(tried, right=False)
    assert lockout.failures(tried) == 4


def test_a_nurse_gets_in_while_somebody_guesses(door: Door, clock: Clock) -> None:
    mine = door.log_in("Nora", GOOD, HERE)
    assert isinstance(mine, LetIn)
    for _ in range(20):
        clock.now += 1000
        assert door.log_in("nora", "wrong", AFAR) == Refused()
    assert door.log_in("Nora", GOOD, HERE) == Refused(900.0)
    again = door.log_in("Nora", GOOD, HERE, mine.browser)
    assert isinstance(again, LetIn)
    # The browser counts by itself, for this name alone, and the guesser's count stays.
    for _ in range(5):
        assert door.log_in("nora", "wrong", HERE, again.browser) == Refused()
    assert door.log_in("nora", GOOD, HERE, again.browser) == Refused(1.0)
    assert door.log_in("Nora", GOOD, AFAR) == Refused(900.0)
    assert door.log_in("other", "wrong", "10.9.9.9", again.browser) == Refused()


def test_an_address_waits_whatever_names_it_tries(file: StaffFile, clock: Clock) -> None:
    lockout = Lockout(file, clock)
    names = itertools.count()
    waits = [lockout.count(Tried.of(f"name {next(names)}", "2001:db8::1")) for _ in range(21)]
    assert waits == [0.0] * 20 + [1.0]
    # A neighbour in the same network is the same one; an account of one's own changes nothing.
    assert lockout.count(Tried.of("another", "2001:db8::ffff")) == 1.0
    assert lockout.count(Tried.of("another", "2001:db8:0:1::1")) == 0.0
    clock.now += 1
    own = Tried.of("own", "2001:db8::1")
    assert lockout.count(own) == 0
    lockout.take_back(own)
    assert lockout.count(own) == 0
    assert lockout.count(own) > 0


def test_a_clock_that_was_put_back_locks_nobody_out(file: StaffFile, clock: Clock) -> None:
    lockout, tried = Lockout(file, clock), Tried.of("nora", HERE)
    for _ in range(5):
        lockout.count(tried)
    clock.now -= 1_000_000
    assert lockout.count(tried) <= 900


def test_what_is_typed_as_a_name_is_not_kept(
    door: Door, file: StaffFile, audit: AuditTrail
) -> None:
    for _ in range(6):
        door.log_in("my secret password", "Nora", HERE)
    assert b"secret" not in file.path.read_bytes()
    assert HERE.encode() not in file.path.read_bytes()
    assert audit.entries() == []
    for _ in range(6):
        door.log_in("NORA", "wrong", AFAR)
    [noted] = audit.entries()
    assert (noted.who, noted.what, noted.about) == ("Nora", "was kept waiting", f"from {AFAR}")


def test_logging_in_ends_the_session_the_browser_had(door: Door, sessions: Sessions) -> None:
    """A token that somebody else put into the browser is worth nothing afterwards."""
    first = door.log_in("Nora", GOOD, HERE)
    assert isinstance(first, LetIn)
    second = door.log_in("Nora", GOOD, HERE, first.browser, first.token)
    assert isinstance(second, LetIn)
    assert sessions.find(first.token) is None
    assert sessions.find(second.token)


def test_several_people_use_a_browser(file: StaffFile, clock: Clock) -> None:
    browsers = KnownBrowsers(file, clock)
    first = browsers.remember("", "Nora")
    second = browsers.remember(first, "Kim")
    assert browsers.knows(second, "nora")
    assert browsers.knows(second, "kim")
    assert not browsers.knows(first, "nora")
    assert not browsers.knows("", "nora")
    browsers.forget("NORA")
    assert not browsers.knows(second, "nora")
    clock.now += 91 * 86_400
    assert not browsers.knows(second, "kim")
