"""Limits laid on the process that this runs in, for as long as it works on one file.

The kernel ends a process that uses up its time, whatever library it hangs in. Where the system has
no such limits (Windows), or allows no change of them, the clock alone ends it.
"""

from __future__ import annotations

import faulthandler
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from qa.apart.limits import Limits

try:
    import resource
except ImportError:  # not there on Windows
    resource = None  # type: ignore[assignment]

__all__ = ["OutOfMemory", "bounded", "no_core_files", "resident"]

_SPARE = 512 << 20
"""Bytes between what a file may take and where the system gives no more. Libraries in C may go on
without what they did not get, and leave words or pictures out: within these bytes they get it, and
the file is refused."""
_FORGET = "/proc/self/clear_refs"


class OutOfMemory(Exception):
    """The work took more memory than it may."""


@contextmanager
def bounded(limits: Limits, quiet: TextIO) -> Iterator[None]:
    """Ends the process where what is done within takes too long: by SIGXCPU, or by exit code 1
    where it is the clock. Raises OutOfMemory where it takes too much memory.

    `quiet` is an open file that takes what is said about it.
    """
    before = _forget_peak()
    faulthandler.dump_traceback_later(limits.clock, exit=True, file=quiet)
    lifted = _lay(limits)
    try:
        yield
    except MemoryError:
        raise OutOfMemory from None
    finally:
        for kind, was in lifted:
            resource.setrlimit(kind, was)
        faulthandler.cancel_dump_traceback_later()
        # First of all, whatever was raised: a library may have hidden that it got no memory.
        if before is not None and _status("VmHWM:") - before > limits.memory:
            raise OutOfMemory


def _lay(limits: Limits) -> list[tuple[int, tuple[int, int]]]:
    """Lays the limits on this process; gives what they were."""
    if resource is None:
        return []
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = used.ru_utime + used.ru_stime
    wanted = [(resource.RLIMIT_CPU, int(spent + limits.seconds) + 1)]
    if mapped := _status("VmSize:"):
        wanted.append((resource.RLIMIT_AS, mapped + limits.memory + _SPARE))
    lifted = []
    for kind, most in wanted:
        was = resource.getrlimit(kind)
        known = [one for one in (*was, most) if one != resource.RLIM_INFINITY]
        # A system service may be forbidden to change its limits.
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (min(known), was[1]))
            lifted.append((kind, was))
    return lifted


def no_core_files() -> None:
    """Has the system keep nothing of this process where a limit ends it."""
    if resource is not None:
        with suppress(OSError, ValueError):
            resource.setrlimit(
                resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1])
            )


def resident() -> int:
    """Bytes of memory that this process holds; 0 where nobody counts them."""
    return _status("VmRSS:")


def _forget_peak() -> int | None:
    """Has the kernel count the most memory held anew; gives what is held now, None without."""
    try:
        with open(_FORGET, "w", encoding="ascii") as peak:
            peak.write("5")  # proc(5)
    except OSError:
        return None
    return resident() or None


def _status(field: str) -> int:
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith(field))
    except (OSError, StopIteration):
        return 0
