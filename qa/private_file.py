"""Files that only their owner may read."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

__all__ = ["make_private"]


def make_private(path: Path) -> None:
    """Makes the file where it is missing, empty, and takes others' rights to it away.

    SQLite would make it readable for others; its journal takes over the same rights.

    Raises OSError.
    """
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        if os.name == "posix" and os.fstat(descriptor).st_mode & 0o077:
            with suppress(PermissionError):  # it is another's, who gave this one the right
                os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)
