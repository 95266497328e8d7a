"""A build's place: a temporary folder beside the generations, under a lock that only one holds.

The lock is the operating system's and goes when its process does, however that ends. Beside it
`build.lock.json` says who holds it. That file is for messages only: what a killed build left there
is not believed once somebody else has the lock.
"""

from __future__ import annotations

import errno
import getpass
import json
import os
import secrets
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from qa.errors import BuildError

__all__ = ["WAIT_S", "building", "holder"]

WAIT_S = 60.0
"""Seconds that another build is waited for unless told otherwise: few take longer, and somebody
who sits at a terminal would rather wait than type again."""
_TEMPORARY = ".building-"
_HELD_BY = "build.lock.json"


@contextmanager
def building(
    index: Path,
    what: str = "qa build",
    wait_s: float | None = 0.0,
    say: Callable[[str], None] = lambda _text: None,
) -> Iterator[Path]:
    """A temporary folder for a build, under the lock; removed unless it was published.

    `what` is how others are told of this build. Another's is waited for `wait_s` seconds, or for
    as long as it takes if that is None, and `say` is told so. Raises BuildError where the other
    build still holds the lock then, or the folder cannot be written.
    """
    try:
        (index / "generations").mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / "build.lock")
        _acquire(lock, index, wait_s, say)
    except OSError as error:
        raise _not_writable(index, error) from error
    try:
        _write_holder(index, what)
        for left in (index / "generations").glob(f"{_TEMPORARY}*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = _temporary(index)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        with suppress(OSError):
            (index / _HELD_BY).unlink()
        lock.release()


def holder(index: Path) -> str:
    """Who holds the lock, in words, if that is known: process, user, machine, since when and for
    what. Only worth asking while somebody does."""
    try:
        held: dict[str, Any] = json.loads((index / _HELD_BY).read_bytes())
        pid, host = int(held["pid"]), str(held["host"])
        since = datetime.fromisoformat(held["since"])
        if host == socket.gethostname() and not _runs(pid):
            return ""  # left by one that was killed; the new holder has not written yet
        seconds = (datetime.now().astimezone() - since).total_seconds()
        return (
            f"process {pid} of {held['user']} on {host} ({held['what']}), "
            f"since {since:%H:%M:%S}, {max(0, round(seconds)):,} s ago"
        )
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _acquire(lock: FileLock, index: Path, wait_s: float | None, say: Callable[[str], None]) -> None:
    try:
        lock.acquire(timeout=0)
        return
    except Timeout:
        pass
    if wait_s is None or wait_s > 0:
        until = "until it is done" if wait_s is None else f"for up to {wait_s:g} s"
        say(f"Another build is writing to {index}{_named(index)}. Waiting {until} …")
        try:
            lock.acquire(timeout=-1 if wait_s is None else wait_s, poll_interval=0.1)
            return
        except Timeout:
            pass
    raise BuildError(
        f"Another build is writing to {index}{_named(index)}. Nothing was changed. Run `qa build` "
        "again when it is done; --wait waits for as long as it takes."
    )


def _named(index: Path) -> str:
    who = holder(index)
    return f": {who}" if who else ""


def _not_writable(folder: Path, error: OSError) -> BuildError:
    return BuildError(
        f"{folder} cannot be written ({error.strerror or error}). Nothing was changed. Try "
        "again as a user who may write there, or name another folder with --index."
    )


def _write_holder(index: Path, what: str) -> None:
    """Leaves word for others, by which is found out, too, whether the folder may be written.

    Raises BuildError where not. A disk without room is told of by what comes next.
    """
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in some containers
        user = f"user {os.getuid()}" if hasattr(os, "getuid") else "an unknown user"
    held = {
        "pid": os.getpid(),
        "user": user,
        "host": socket.gethostname(),
        "since": datetime.now().astimezone().isoformat(timespec="seconds"),
        "what": what,
    }
    try:
        (index / _HELD_BY).write_text(json.dumps(held, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise _not_writable(index, error) from error


def _runs(pid: int) -> bool:
    """Whether there is a process of that number; where that cannot be told, yes."""
    if os.name == "nt":
        return True  # there os.kill would end it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # another user's
    return True


def _temporary(index: Path) -> Path:
    # With the rights that the user's new folders have, not those of a temporary one: the server
    # that is to read it may be another user's.
    folder = index / "generations" / f"{_TEMPORARY}{secrets.token_hex(4)}"
    try:
        folder.mkdir()
        return folder
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise _not_writable(folder.parent, error) from error
