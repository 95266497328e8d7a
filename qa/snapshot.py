"""Reading a corpus that somebody may be writing to: what is read is what was there."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.corpus import Source, SourceFile, read_file
from qa.errors import BuildError, CorpusError

__all__ = ["TRIES", "Unreadable", "digests", "gone", "read_all", "read_steady", "unreadable_error"]

TRIES = 3
"""How often a file that changes while it is read is read, and a build made whose files changed."""
_PAUSE_S = 0.2
"""Before a file that is being written is read again."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that no document could be made of."""

    file: SourceFile
    sha256: str
    """Of its bytes; empty where not even those can be read."""
    error: str
    """What is wrong with it, naming the file as the user knows it."""


def digests(files: Sequence[SourceFile]) -> dict[str, str]:
    """Each file's id → SHA-256 of its bytes in hex; empty where it cannot be read."""
    found = {}
    for file in files:
        try:
            with file.path.open("rb") as opened:
                found[file.id] = hashlib.file_digest(opened, "sha256").hexdigest()
        except OSError:
            found[file.id] = ""
    return found


def gone(paths: Sequence[Path]) -> BuildError:
    """The error that says which documents were taken away while a build read them."""
    return BuildError(
        f"{', '.join(map(str, paths))}: deleted or renamed while the index was being built. "
        "What was there before is untouched. Run `qa build` again."
    )


def read_all(
    files: Sequence[SourceFile],
    take: Callable[[Source], None],
    progress: Callable[[int, int], None],
) -> list[Unreadable]:
    """Reads the files in order, gives each that can be read to `take`, and gives back the others.

    Raises BuildError as `read_steady` does.
    """
    unreadable = []
    for done, file in enumerate(files, 1):
        try:
            take(read_steady(file))
        except CorpusError as error:
            sha256 = digests([file])[file.id]
            unreadable.append(Unreadable(file, sha256, str(error)))
        progress(done, len(files))
    return unreadable


def read_steady(file: SourceFile) -> Source:
    """Reads a file that nobody writes to meanwhile. Raises CorpusError as `read_file` does, and
    BuildError where the file is gone or changes each time."""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(_PAUSE_S)
        before = _state(file)
        try:
            source = read_file(file)
        except CorpusError:
            if _state(file) == before:
                raise
            continue
        if _state(file) == before:
            return source
    raise BuildError(
        f"{file.path}: the file changed each of the {TRIES} times that it was read. What was "
        "there before is untouched. Run `qa build` again when nobody writes to it."
    )


def _state(file: SourceFile) -> tuple[int, int, int]:
    """What tells whether somebody wrote to the file. Raises BuildError where it is gone."""
    try:
        found = file.path.stat()
    except FileNotFoundError:
        raise gone([file.path]) from None
    except OSError:
        return (0, 0, 0)
    return (found.st_ino, found.st_size, found.st_mtime_ns)


def unreadable_error(unreadable: Sequence[Unreadable], total: int) -> CorpusError:
    """The error that lists every document that cannot be read."""
    way_out = "Nothing was built. Mend what is wrong, then run `qa build` again."
    if len(unreadable) < total:
        way_out += " `qa build --skip-unreadable` builds without what cannot be read."
    if len(unreadable) == 1:
        return CorpusError(f"{unreadable[0].error} {way_out}")
    listed = "\n".join(f"  - {one.error}" for one in unreadable)
    return CorpusError(
        f"{len(unreadable):,} of {total:,} documents cannot be read:\n{listed}\n{way_out}"
    )
