"""Faults of the machine as the command line tells them: no memory, no room, no right, no thread.

Nothing of Quotewell can mend these, and a traceback tells a maintainer less than the system's own
words with the file's name. Whatever else is raised is a mistake in the program and keeps its
traceback.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress

__all__ = ["machine_fault", "with_streams"]

_ROOM = "Make room on the disk, or name another place, and try again."
_RIGHT = "Check who owns the file and who may read and write it, then try again."
_DISK = "Check that the disk or share is there and sound, then try again."
_FILES = "Allow the process more open files (`ulimit -n`, or LimitNOFILE= of a systemd service)."
_MEMORY = (
    "There is not enough memory ({}). What was there before is untouched. Close other programs, "
    "or give the process more, and try again."
)
_ADVICE = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EFBIG: _ROOM,
    errno.EROFS: _RIGHT,
    errno.EACCES: _RIGHT,
    errno.EPERM: _RIGHT,
    errno.EIO: _DISK,
    errno.ENODEV: _DISK,
    errno.ESTALE: _DISK,
    errno.EMFILE: _FILES,
    errno.ENFILE: _FILES,
}
_NO_MEMORY = ("failed to map segment", "annot allocate memory", "bad_alloc")
_NO_THREAD = "can't start new thread"


def machine_fault(error: BaseException) -> str | None:
    """What is wrong with the machine, and what to do; None where the error is of another kind."""
    said = str(error)
    # What loads a library tells of it by ImportError, or by OSError without a code.
    if isinstance(error, ImportError | OSError) and any(one in said for one in _NO_MEMORY):
        return _MEMORY.format(said)
    if isinstance(error, OSError) and error.errno != errno.ENOMEM:
        where = f"{error.filename}: " if error.filename else ""
        advice = _ADVICE.get(error.errno or 0)
        return f"{where}{error.strerror}. {advice}" if advice else None
    if isinstance(error, MemoryError | OSError):
        return _MEMORY.format(said or "the system gives no more")
    if isinstance(error, RuntimeError) and _NO_THREAD in said:
        return (
            "No thread can be started: the system allows this user no more processes. Allow more "
            "(`ulimit -u`, or TasksMax= of a systemd service), or close other programs."
        )
    return None


def with_streams() -> None:
    """Gives the standard streams a place to go where whoever started this closed them.

    To be called before any file is opened: the first ones would get the streams' numbers, and what
    libraries say on standard error would be written into an index.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            handle = os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free
            if handle != number and not _is_open(number):
                os.dup2(handle, number)
                os.close(handle)
                handle = number
            setattr(sys, name, open(handle, mode, encoding="utf-8"))  # noqa: SIM115 - as long as the process
    _forgive()


class _Forgiving(io.TextIOWrapper):
    """Standard error that says nothing where it cannot, as on a full disk of a log: that keeps
    nobody from being answered."""

    def write(self, text: str) -> int:
        """Writes at once what can be written."""
        with suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            super().flush()


def _forgive() -> None:
    """Has standard error forgive, unless something else stands in its place."""
    there = sys.__stderr__
    if there is not None and sys.stderr is there and there.fileno() == 2:
        there.flush()
        raw = open(2, "wb", buffering=0, closefd=False)  # noqa: SIM115 - as long as the process
        sys.stderr = _Forgiving(raw, line_buffering=True, write_through=True)


def _is_open(number: int) -> bool:
    """Whether a file has that number."""
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
