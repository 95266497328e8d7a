"""As many files as the system allows, and some kept free of connections."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from qa.web.open_files import room_for_files
from tests.conftest import ROOT


def test_connections_leave_room_for_files() -> None:
    resource = pytest.importorskip("resource", reason="limits of a process: Linux or macOS")
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert room_for_files(100) <= 100
    assert room_for_files(10**9) <= max(soft, 16)


def test_as_many_files_as_the_system_allows() -> None:
    pytest.importorskip("resource", reason="limits of a process: Linux or macOS")
    text = (
        "import resource; from qa.web.open_files import raise_limit\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (256, 2000)); raise_limit()\n"
        "print(*resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    done = subprocess.run(
        [sys.executable, "-c", text],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["2000", "2000"]
