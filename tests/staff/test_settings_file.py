"""The settings file is replaced whole, or stays as it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from qa.errors import SettingsError, StoreError
from qa.staff.settings_file import read_written, replace_written

OLD, NEW = "a = 1\r\n# ü\r\n", "a = 2\r\n# ü\r\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "qa.toml"
    path.write_bytes(OLD.encode())
    return path


def left(config: Path) -> tuple[str, list[str]]:
    """The file's text, and what lies in its folder besides the lock, which stays."""
    names = sorted(one.name for one in config.parent.iterdir() if one.suffix != ".lock")
    return config.read_bytes().decode(), names


def nothing() -> None: ...


def test_it_is_replaced_with_mode_and_owner_kept(config: Path) -> None:
    config.chmod(0o640)
    before = config.stat()
    seen = []
    replace_written(
        config, read_written(config).stamp, NEW, lambda: seen.append(config.read_bytes())
    )
    assert seen == [OLD.encode()]
    assert left(config) == (NEW, ["qa.toml"])
    after = config.stat()
    kept = ("st_mode", "st_uid", "st_gid")
    assert [getattr(after, one) for one in kept] == [getattr(before, one) for one in kept]


def test_what_a_link_leads_to_is_replaced(config: Path, tmp_path: Path) -> None:
    link = tmp_path / "other" / "qa.toml"
    link.parent.mkdir()
    link.symlink_to(config)
    replace_written(link, read_written(link).stamp, NEW, nothing)
    assert link.is_symlink()
    assert config.read_bytes().decode() == NEW


def test_a_file_that_was_changed_meanwhile_is_left_alone(config: Path) -> None:
    stamp = read_written(config).stamp
    config.write_text("a = 3\n")
    with pytest.raises(SettingsError, match="changed by somebody else"):
        replace_written(config, stamp, NEW, nothing)
    assert left(config) == ("a = 3\n", ["qa.toml"])


def test_a_read_only_file_is_left_alone(config: Path) -> None:
    config.chmod(0o444)
    with pytest.raises(SettingsError, match="read-only"):
        replace_written(config, read_written(config).stamp, NEW, nothing)
    assert left(config) == (OLD, ["qa.toml"])


def test_one_at_a_time_saves(config: Path) -> None:
    stamp = read_written(config).stamp

    def second() -> None:
        with pytest.raises(SettingsError, match="Somebody else is saving"):
            replace_written(config, stamp, "a = 4\n", nothing)

    replace_written(config, stamp, NEW, second)
    assert left(config) == (NEW, ["qa.toml"])


def test_what_cannot_be_noted_is_not_done(config: Path) -> None:
    def fail() -> None:
        raise StoreError("full")

    with pytest.raises(StoreError):
        replace_written(config, read_written(config).stamp, NEW, fail)
    assert left(config) == (OLD, ["qa.toml"])


def test_a_file_that_is_held_in_place_is_told_of(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:  # as for a single file mounted into a container
        raise OSError(16, os.strerror(16))

    stamp = read_written(config).stamp
    monkeypatch.setattr(os, "replace", busy)
    with pytest.raises(SettingsError, match="cannot be replaced"):
        replace_written(config, stamp, NEW, nothing)
    assert left(config) == (OLD, ["qa.toml"])


def test_what_cannot_be_read_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_written(tmp_path / "none.toml")
    odd = tmp_path / "odd.toml"
    odd.write_bytes(b"# \xff\n")
    with pytest.raises(SettingsError, match="not UTF-8 at byte 2"):
        read_written(odd)


def test_what_a_killed_one_left_is_replaced(config: Path) -> None:
    """Killed with all written but the name: the file is the old one, and the next one can save."""
    act = f"""
import os
from pathlib import Path
from qa.staff.settings_file import read_written, replace_written
path = Path({str(config)!r})
kill = lambda: os.kill(os.getpid(), {int(signal.SIGKILL)})
replace_written(path, read_written(path).stamp, {NEW!r}, kill)
"""
    done = subprocess.run([sys.executable, "-c", act], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert left(config) == (OLD, [".qa.toml.new", "qa.toml"])
    replace_written(config, read_written(config).stamp, NEW, nothing)
    assert left(config) == (NEW, ["qa.toml"])
