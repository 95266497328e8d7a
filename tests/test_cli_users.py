"""`qa user`: the first account, another password, nobody left; and what `qa status` says."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from qa.cli import app
from qa.cli_users import staff_row
from qa.errors import AccountError
from qa.settings import load_settings
from qa.staff import accounts, passwords
from qa.staff.audit import AuditTrail
from qa.staff.file import StaffFile
from qa.staff.member import Member, Role
from qa.staff.sessions import Sessions
from tests.staff.quick import quick_passwords

GOOD = "plain words in a row"
Qa = Callable[..., Result]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(accounts, "Passwords", quick_passwords)
    path = tmp_path / "qa.toml"
    path.write_text('[clinic]\nname = "Sunny Clinic"\n', "utf-8")
    return path


@pytest.fixture
def qa(config: Path) -> Qa:
    runner = CliRunner()

    def run(*words: str, typed: str = "") -> Result:
        return runner.invoke(app, [*words, "--config", str(config)], input=typed)

    return run


@pytest.fixture
def file(config: Path) -> StaffFile:
    return StaffFile(config.with_name("staff.sqlite3"))


def test_the_first_account(qa: Qa, file: StaffFile) -> None:
    assert "Nobody." in qa("user", "list").stdout
    assert not file.path.exists()
    done = qa(
        "user", "add", " Nora  Ruiz", "--role", "staff", "--password-stdin", typed=f"{GOOD}\n"
    )
    assert done.exit_code == 0, done.output
    assert "Nora Ruiz may log in at /staff as staff." in done.stdout
    assert qa("user", "list").stdout == "staff       Nora Ruiz\n"
    [entry] = AuditTrail(file).entries()
    assert (entry.who, entry.what, entry.about) == (
        "qa user",
        "added an account",
        "Nora Ruiz (staff)",
    )
    assert entry.why.endswith("on this computer")
    assert GOOD not in file.path.read_bytes().decode("latin-1")


def test_a_change_logs_out_and_a_removal_too(qa: Qa, file: StaffFile) -> None:
    add = ("user", "add", "nora", "--password-stdin", "--role")
    qa(*add, "staff", typed=GOOD)
    sessions = Sessions(file)
    token = sessions.begin(Member("nora", Role.STAFF))
    done = qa(*add, "maintainer", typed=GOOD + "\r\n")
    assert "has a new password and the role maintainer, and is logged out" in done.stdout
    assert sessions.find(token) is None
    token = sessions.begin(Member("nora", Role.MAINTAINER))
    done = qa("user", "remove", "NORA")
    assert done.stdout.startswith("nora may no longer log in, and is logged out everywhere.")
    assert "Nobody is left" in done.stdout
    assert sessions.find(token) is None
    with sqlite3.connect(file.path) as db:
        assert db.execute("SELECT count(*) FROM sessions").fetchone() == (0,)
    db.close()
    done_so = [one.what for one in AuditTrail(file).entries()]
    assert done_so == ["removed an account", "changed an account", "added an account"]
    gone = qa("user", "remove", "nora")
    assert isinstance(gone.exception, AccountError)
    assert "`qa user list` shows who there is" in str(gone.exception)


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("nora", "short", "has 5 characters; at least 12"),
        ("nora", "", "has 0 characters"),
        ("nora", "sunny clinic 1", "too easy to guess"),
        ("", GOOD, "A name has 1 to 100"),
    ],
)
def test_what_will_not_do_changes_nothing(
    qa: Qa, file: StaffFile, name: str, typed: str, says: str
) -> None:
    done = qa("user", "add", name, "--role", "staff", "--password-stdin", typed=typed)
    assert isinstance(done.exception, AccountError)
    assert says in str(done.exception)
    assert not file.path.exists()


def test_a_password_is_asked_for_twice_and_not_shown(
    qa: Qa, file: StaffFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = qa("user", "add", "nora", "--role", "staff")
    assert "--password-stdin" in str(done.exception)  # a script has no terminal
    monkeypatch.setattr("qa.cli_users._at_a_terminal", lambda: True)
    typed = iter([GOOD, GOOD + "x", GOOD, GOOD])
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    done = qa("user", "add", "nora", "--role", "staff")
    assert "The two were not the same" in str(done.exception)
    assert not file.path.exists()
    assert qa("user", "add", "nora", "--role", "staff").exit_code == 0
    assert "asked" in qa("user", "add", "--help").stdout


def test_a_role_must_be_said(qa: Qa) -> None:
    assert qa("user", "add", "nora").exit_code == 2
    assert qa("user", "add", "nora", "--role", "admin").exit_code == 2


def test_what_status_says_of_the_pages(qa: Qa, config: Path) -> None:
    assert staff_row(load_settings(config=config).staff) == (
        "off; `qa user add NAME --role maintainer` turns them on"
    )
    add = ("user", "add", "--password-stdin", "--role")
    qa(*add, "staff", "nora", typed=GOOD)
    qa(*add, "maintainer", "kim", typed=GOOD)
    assert staff_row(load_settings(config=config).staff) == (
        "on at /staff, for 2 with a password, 1 of them maintainers"
    )
    config.write_text('[staff]\nproxy_user_header = "X-Remote-User"\nproxies = ["10.0.0.5"]\n')
    assert "whom the web server in front names" in staff_row(load_settings(config=config).staff)
    assert "passwords are not asked for" in qa("user", "list").stderr
    assert passwords.SHORTEST_PASSWORD == 12
