"""Log-ins under way: each is used once, and anybody may begin one, but not fill the file."""

from __future__ import annotations

from pathlib import Path

from qa.staff import pending
from qa.staff.file import StaffFile
from qa.staff.pending import PendingLogins
from tests.staff.test_sessions import Clock


def test_only_the_newest_are_kept(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(pending, "_MOST", 3)
    clock = Clock()
    logins = PendingLogins(StaffFile(tmp_path / "staff.sqlite3"), clock)
    begun = []
    for _ in range(5):
        clock.now += 1
        begun.append(logins.begin("/staff/"))
    taken = [logins.take(state, browser) for _, state, browser in begun]
    assert taken[:2] == [None, None]
    assert taken[2:] == [one for one, _, _ in begun[2:]]
    assert not any(logins.take(state, browser) for _, state, browser in begun)


def test_the_file_holds_neither_state_nor_secret(tmp_path: Path) -> None:
    file = StaffFile(tmp_path / "staff.sqlite3")
    made, state, browser = PendingLogins(file).begin("/staff/" + "x" * 5_000)
    held = file.path.read_bytes()
    assert state.encode() not in held
    assert browser.encode() not in held
    assert len(made.onward) == 1_000
