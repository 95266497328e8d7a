"""Where no more files can be opened, one line a minute says so."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

import pytest

from qa.web.descriptors import MostFiles, quieten
from tests.conftest import ROOT


def record(message: str) -> logging.LogRecord:
    full = (OSError, OSError(24, "Too many open files"), None)
    return logging.LogRecord("asyncio", logging.ERROR, __file__, 1, message, None, full)


def test_one_line_stands_for_many_tracebacks() -> None:
    filtering = MostFiles()
    first = record("socket.accept() out of system resource\nsocket: <a socket>")
    assert filtering.filter(first)
    assert "too many files are open" in first.getMessage()
    assert first.exc_info is None
    assert not filtering.filter(record("socket.accept() out of system resource"))
    other = record("Task was destroyed but it is pending!")
    assert filtering.filter(other)
    assert other.exc_info


def test_it_is_said_again_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("qa.web.descriptors.time.monotonic", lambda: now[0])
    filtering = MostFiles()
    said = []
    for at in (100.0, 159.0, 161.0, 200.0):
        now[0] = at
        said.append(filtering.filter(record("socket.accept() out of system resource")))
    assert said == [True, False, True, False]


def test_a_second_call_changes_nothing() -> None:
    log = logging.getLogger("asyncio")
    before = list(log.filters)
    try:
        quieten()
        quieten()
        assert sum(isinstance(one, MostFiles) for one in log.filters) == 1
    finally:
        log.filters[:] = before


def test_as_many_files_as_the_system_allows() -> None:
    pytest.importorskip("resource", reason="limits of a process: Linux or macOS")
    text = (
        "import resource; from qa.web.descriptors import raise_limit\n"
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
