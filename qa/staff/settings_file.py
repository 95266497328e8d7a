"""The settings file as a member changes it: read with its stamp, replaced whole or not at all."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from qa.errors import SettingsError

__all__ = ["Written", "read_written", "replace_written"]


@dataclass(frozen=True, slots=True)
class Written:
    """What a settings file held when it was read."""

    text: str
    stamp: str
    """SHA-256 of its bytes, in hex."""


def read_written(path: Path) -> Written:
    """Reads a settings file. Raises SettingsError where that cannot be."""
    try:
        data = path.read_bytes()
        return Written(data.decode("utf-8"), hashlib.sha256(data).hexdigest())
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8 at byte {error.start}.") from None


def replace_written(path: Path, stamp: str, text: str, just_before: Callable[[], None]) -> None:
    """Puts a text in the place of the one with that stamp; mode and owner stay.

    `just_before` is called when all else has gone well, and may raise to leave all as it is. Raises
    SettingsError where the file is another one by now, or cannot be replaced.
    """
    path = path.resolve()  # what a link leads to is replaced, not the link
    try:
        kept = path.stat()
        if not kept.st_mode & 0o222 or not os.access(path, os.W_OK):
            raise SettingsError(f"{path} is read-only.")
        # The system lets go of it where a process is killed.
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=0):
            _replace(path, stamp, text, kept, just_before)
    except Timeout:
        raise SettingsError("Somebody else is saving just now. Try again.") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be replaced ({error.strerror}).") from None


def _replace(
    path: Path, stamp: str, text: str, kept: os.stat_result, just_before: Callable[[], None]
) -> None:
    """The same for whoever holds the lock; `kept` is what the file is now."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        with suppress(FileNotFoundError):
            fresh.unlink()  # of somebody who was killed: the lock is not theirs any more
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            if os.name == "posix":
                os.fchown(handle, kept.st_uid, kept.st_gid)
                os.fchmod(handle, stat.S_IMODE(kept.st_mode))
            os.fsync(handle)
        if read_written(path).stamp != stamp:
            raise SettingsError(
                f"{path} was changed by somebody else meanwhile. Open the page again and look."
            )
        just_before()
        os.replace(fresh, path)
    finally:
        with suppress(FileNotFoundError):
            fresh.unlink()
