"""Accounts: one a person, and only whoever knows the password."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import AccountError
from qa.staff.accounts import Accounts
from qa.staff.file import StaffFile
from qa.staff.member import Member, Role
from qa.staff.passwords import Passwords
from tests.staff.quick import quick_passwords

GOOD = "plain words in a row"


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    return Accounts(StaffFile(tmp_path / "staff.sqlite3"), "Sunny Clinic", quick_passwords())


def test_nobody_may_log_in_at_first(accounts: Accounts, tmp_path: Path) -> None:
    assert accounts.members() == []
    assert accounts.verified("admin", "admin") is None
    assert accounts.find("admin") is None
    assert not (tmp_path / "staff.sqlite3").exists()


def test_one_account_a_person(accounts: Accounts) -> None:
    assert accounts.add("Élodie  Roux", Role.STAFF, GOOD)
    assert not accounts.add("élodie roux", Role.MAINTAINER, GOOD + " again")
    member = Member("élodie roux", Role.MAINTAINER)
    assert accounts.members() == [member]
    assert accounts.find("ÉLODIE ROUX") == member
    assert accounts.verified(" É\u200blodie Roux", GOOD + " again") is None
    assert accounts.verified(" ÉLODIE roux ", GOOD + " again") == member
    assert accounts.verified("Élodie Roux", GOOD) is None
    assert accounts.remove("elodie roux") is False
    assert accounts.remove("Élodie Roux") is True
    assert accounts.verified("Élodie Roux", GOOD + " again") is None


def test_the_file_holds_no_password_and_is_its_owners(accounts: Accounts, tmp_path: Path) -> None:
    accounts.add("Nora", Role.STAFF, GOOD)
    path = tmp_path / "staff.sqlite3"
    assert GOOD.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_a_hash_of_older_parameters_is_made_anew(tmp_path: Path) -> None:
    file = StaffFile(tmp_path / "staff.sqlite3")
    Accounts(file, passwords=quick_passwords()).add("Nora", Role.STAFF, GOOD)
    today = Accounts(file, passwords=Passwords())
    assert today.verified("Nora", GOOD)
    with file.reading(()) as db:
        [hashed] = db.execute("SELECT hash FROM accounts").fetchone()
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert today.verified("Nora", GOOD)


def test_the_clinics_name_is_no_password(accounts: Accounts) -> None:
    with pytest.raises(AccountError, match="easy to guess"):
        accounts.add("Nora", Role.STAFF, "sunny clinic 12")
    assert accounts.members() == []
