"""Faults of the machine as the command line tells them: no memory, no room, no right, no thread.

Nothing of Quotewell can mend these, and a traceback tells a maintainer less than the system's own
words with the file's name. Whatever else is raised is a mistake in the program and keeps its
traceback.
"""

from __future__ import annotations

import errno

__all__ = ["machine_fault"]

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
