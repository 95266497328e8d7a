"""A build's place: a temporary folder beside the generations, under a lock that only one holds."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from qa.errors import BuildError

__all__ = ["building"]

_TEMPORARY = ".building-"


@contextmanager
def building(index: Path) -> Iterator[Path]:
    """A temporary folder for a build, under the lock; removed unless it was published.

    Raises BuildError where another build holds the lock or the folder cannot be written.
    """
    try:
        (index / "generations").mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / "build.lock", timeout=0)
        lock.acquire()
    except Timeout:
        raise BuildError(
            f"Another `qa build` is writing to {index}. Wait until it is done and try again."
        ) from None
    except OSError as error:
        raise BuildError(f"{index} cannot be written ({error.strerror}).") from error
    try:
        for left in (index / "generations").glob(f"{_TEMPORARY}*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=index / "generations"))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        lock.release()
