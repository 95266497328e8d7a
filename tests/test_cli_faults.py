"""Faults of the machine are told in a sentence; mistakes of the program keep their traceback."""

from __future__ import annotations

import errno
import os

import pytest

from qa.cli_faults import machine_fault


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "There is not enough memory (the system gives no more)"),
        (OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)), "There is not enough memory"),
        (ImportError("libx.so: failed to map segment from shared object"), "not enough memory"),
        (RuntimeError("can't start new thread"), "No thread can be started"),
        (PermissionError(errno.EACCES, "Permission denied", "qa.toml"), "qa.toml: Permission"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device. Make room"),
        (OSError(errno.EMFILE, "Too many open files", "a"), "a: Too many open files. Allow"),
        (OSError(errno.ESTALE, "Stale file handle", "index"), "Check that the disk or share"),
    ],
)
def test_what_is_told(error: Exception, words: str) -> None:
    told = machine_fault(error)
    assert told
    assert words in told


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no number"),
        ImportError("No module named x"),
        RuntimeError("twice"),
        FileNotFoundError(errno.ENOENT, "No such file or directory", "x"),
    ],
)
def test_mistakes_are_not_hidden(error: Exception) -> None:
    assert machine_fault(error) is None
