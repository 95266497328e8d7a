"""The settings file as a member changes it: read with its stamp, replaced whole or not at all."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

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
    fresh = path.with_name(f".{path.name}.new")
    try:
        kept = path.stat()
        if not kept.st_mode & 0o222 or not os.access(path, os.W_OK):
            raise SettingsError(f"{path} is read-only.")
        # Made by one at a time: it is the lock as well.
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SettingsError(
            f"Somebody else is saving just now. Try again; if that does not help, delete {fresh}."
        ) from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be written ({error.strerror}).") from None
    try:
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
    except OSError as error:
        raise SettingsError(f"{path} cannot be replaced ({error.strerror}).") from None
    finally:
        with suppress(FileNotFoundError):
            fresh.unlink()
