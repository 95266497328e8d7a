"""deploy/quotewell.service as systemd's own tools judge it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

UNIT = ROOT / "deploy" / "quotewell.service"
EXPOSURE = 15
"""Tenths, of systemd's ten points; 11 with systemd 252."""


def analyse(*words: str) -> subprocess.CompletedProcess[str]:
    found = shutil.which("systemd-analyze")
    if not found:
        pytest.skip("systemd-analyze is not installed: `apt-get install systemd`.")
    return subprocess.run([found, *words], capture_output=True, text=True, check=False)


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    # The program is elsewhere here; all else is as it is shipped.
    text = re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text("utf-8"))
    copy = tmp_path / UNIT.name
    copy.write_text(text)
    done = analyse("verify", str(copy))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_its_exposure_stays_low() -> None:
    done = analyse("security", "--offline=true", f"--threshold={EXPOSURE}", str(UNIT))
    assert done.returncode == 0, done.stdout
    assert "Overall exposure level" in done.stdout


def test_what_is_started_and_written_is_what_the_documentation_says() -> None:
    text = UNIT.read_text("utf-8")
    assert "qa serve\n" in text
    for line in (
        "DynamicUser=yes",
        "ProtectSystem=strict",
        "NoNewPrivileges=yes",
        "MemoryDenyWriteExecute=yes",
        "TimeoutStopSec=10",
        "Restart=on-failure",
    ):
        assert f"\n{line}\n" in text
    assert not re.search(r"(?i)token|secret|password", text)
