"""Room on the disk: whether a build has enough, and what to say when it ran out."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import BuildError

__all__ = ["FULL", "free_bytes", "require_room", "spoken_bytes", "told_of_room"]

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG} & set(errno.errorcode))
"""Codes of the operating system for: no room, no room for this user, file larger than allowed."""
_ADVICE = (
    "What was there before is untouched. Make room on the disk (`qa prune --keep 1` removes old "
    "generations), then run `qa build` again."
)


def free_bytes(folder: Path) -> int | None:
    """Bytes that can still be written where the folder is, or None where that cannot be told."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def spoken_bytes(count: int) -> str:
    """A number of bytes in words: "412 kB", "1,234 MB"."""
    if count < 1_000_000:
        return f"{count / 1_000:.0f} kB"
    mega = count / 1_000_000
    return f"{mega:,.0f} MB" if mega >= 10 else f"{mega:.1f} MB"


def require_room(folder: Path, needed: int) -> None:
    """Raises BuildError where the disk plainly has no room for `needed` more bytes."""
    free = free_bytes(folder)
    if free is not None and free < needed:
        raise BuildError(
            f"The disk of {folder} has {spoken_bytes(free)} free, and this build needs at least "
            f"{spoken_bytes(needed)}. Nothing was written. {_ADVICE}"
        )


def _said(error: OSError) -> str:
    """The system's words, and which file they are about."""
    said = error.strerror or str(error)
    return f"{error.filename}: {said}" if error.filename else said


@contextmanager
def told_of_room(index: Path) -> Iterator[None]:
    """Turns an OSError of the block, which writes to an index, into a BuildError with advice."""
    try:
        yield
    except OSError as error:
        # NumPy tells of a file written in part only, and gives no code.
        if error.errno in FULL or (error.errno is None and "written" in str(error)):
            free = free_bytes(index)
            left = "" if free is None else f", {spoken_bytes(free)} free"
            raise BuildError(
                f"The disk of {index} is full ({error.strerror or error}{left}). {_ADVICE}"
            ) from error
        raise BuildError(
            f"The index could not be written to {index} ({_said(error)}). "
            "What was there before is untouched. Check that the folder may be written and its "
            "disk is sound, then run `qa build` again."
        ) from error
