"""Generations on disk: made in a temporary place, kept beside the live one, and published by
swapping one pointer.

index/
├── CURRENT                     the pointer: name of the live generation and its manifest's hash
├── history.jsonl               who did what, and the hash of each manifest; `qa.history`
├── publish.lock                held for the moment in which anything here is swapped or removed
├── build.lock                  held while a build runs; build.lock.json says by whom
├── cache/                      vectors of texts that were embedded of late; `qa.embedding_cache`
├── calibrations/
│   └── 20261124T201500Z-1f2e3d4c.json   stated error rate of that generation, where there is one
└── generations/
    ├── 20261124T201500Z-1f2e3d4c/   immutable; live, staged or past
    └── .building-.../               a build under way, or what a killed one left behind
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path

from filelock import FileLock, Timeout

from qa.array_file import READ_WHOLE
from qa.errors import DamagedIndex, MissingIndex, PublishError
from qa.history import BUILD, Event, Signature, append, read_history, succession, took_effect

__all__ = [
    "CALIBRATIONS",
    "Pointer",
    "alone",
    "built_at",
    "generations",
    "going_back_to",
    "gone_back_from",
    "keep",
    "live_generation",
    "pointer_to",
    "publish",
    "read_pointer",
    "replace_file",
    "staged",
    "sync",
    "waiting",
]

_POINTER = "CURRENT"
CALIBRATIONS = "calibrations"
"""The folder of stated error rates, which go when their generations go."""
_MOST_POINTER = 1_000
"""Bytes that are read of the pointer: it has about a hundred."""
_WAIT_S = 10.0
"""Seconds that whoever swaps or removes something is waited for: it takes milliseconds."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which generation is live, and the SHA-256 of its manifest."""

    generation: str
    manifest_sha256: str
    folder: Path


def read_pointer(index: Path) -> Pointer:
    """The live generation. Raises MissingIndex where there is none, DamagedIndex on nonsense."""
    try:
        pointer = index / _POINTER
        if not pointer.is_file() and pointer.exists():  # a pipe or a device would never end
            raise DamagedIndex(str(index), [f"{_POINTER} is no file"])
        with pointer.open("rb") as file:
            data = file.read(_MOST_POINTER)
    except FileNotFoundError:
        kept = generations(index)
        raise MissingIndex(
            f"Nothing is live yet at {index}; {kept[0]} is staged: run `qa publish --by NAME`."
            if kept
            else f"There is no index at {index}. "
            "Run `qa build` first, or name another with --index."
        ) from None
    except OSError as error:
        raise DamagedIndex(str(index), [f"{_POINTER} cannot be read: {error.strerror}"]) from error
    words = data.decode("utf-8", "replace").split()
    if len(words) != 2 or not _is_name(words[0]) or len(words[1]) != 64:
        raise DamagedIndex(str(index), [f"{_POINTER} does not name a generation"])
    folder = index / "generations" / words[0]
    if not folder.is_dir():
        raise DamagedIndex(str(index), [f"{_POINTER} names {words[0]}, which is not there"])
    if folder.is_symlink():
        what = f"{_POINTER} names {words[0]}, which is a link to another place"
        raise DamagedIndex(str(index), [what])
    return Pointer(words[0], words[1], folder)


def _is_name(word: str) -> bool:
    """Letters, digits and dashes: never a path that leads somewhere else."""
    return word.isascii() and word.replace("-", "").isalnum()


def built_at(name: str) -> str:
    """When the generation of that name was built, in UTC as ISO 8601 has it, to the second; empty
    where the name does not tell. No file of a generation does: two builds of the same documents
    differ in their names alone."""
    try:
        moment = datetime.strptime(name[:15], "%Y%m%dT%H%M%S")
    except ValueError:
        return ""
    return moment.replace(tzinfo=UTC).isoformat(timespec="seconds")


def generations(index: Path) -> list[str]:
    """Names of the generations that are kept, newest first."""
    folder = index / "generations"
    found = [p.name for p in folder.iterdir() if _is_name(p.name)] if folder.is_dir() else []
    return sorted(found, reverse=True)


def live_generation(index: Path) -> str:
    """The name of the live generation; empty where there is none, or the pointer is damaged."""
    try:
        return read_pointer(index).generation
    except (DamagedIndex, MissingIndex):
        return ""


def staged(index: Path) -> list[str]:
    """Names of the kept generations that were never live, newest first."""
    live = live_generation(index)
    were_live = {one.generation for one in took_effect(read_history(index).events, live)}
    return [name for name in generations(index) if name not in were_live | {live}]


def waiting(index: Path) -> list[str]:
    """Names of the staged generations that somebody means to publish, newest first: those that are
    newer than the live one, or came from another machine after it went live."""
    live = live_generation(index)
    events = read_history(index).events
    done = took_effect(events, live)
    last = len(events) - events[::-1].index(done[-1]) if done else 0
    brought = {one.generation for one in events[last:] if one.action == "imported"}
    return [name for name in staged(index) if name > live or name in brought]


def going_back_to(index: Path) -> list[str]:
    """The kept generations that going back leads to one after the other, nearest first."""
    live, kept = live_generation(index), set(generations(index))
    line = succession(read_history(index).events, live)
    before = line[:-1] if live else line
    return list(dict.fromkeys(one for one in reversed(before) if one in kept and one != live))


def gone_back_from(index: Path) -> list[Event]:
    """The steps back that led to the live generation, the last one first; `previous` of each is the
    generation that was gone back from. Empty where the live one was published.

    Raises PublishError where the history cannot be read.
    """
    done = took_effect(read_history(index).events, live_generation(index))
    return list(takewhile(lambda one: one.action == "rolled_back", reversed(done)))


def pointer_to(index: Path, name: str) -> Pointer:
    """The kept generation `name`, with its manifest's hash as it was recorded when it was made.

    The hash is empty where nothing is recorded. Raises MissingIndex where there is no such
    generation, PublishError where the history cannot be read.
    """
    kept = generations(index)
    if name not in kept:
        raise MissingIndex(
            f"There is no generation {name} at {index}. "
            + (f"Kept are {', '.join(kept)}." if kept else "None was built yet: run `qa build`.")
        )
    try:
        live = read_pointer(index)
    except (DamagedIndex, MissingIndex):
        live = None
    if live and live.generation == name:
        return live
    recorded = read_history(index).manifest_sha256(name)
    return Pointer(name, recorded, index / "generations" / name)


@contextmanager
def alone(index: Path) -> Iterator[None]:
    """Nobody else keeps, publishes or removes a generation within the block.

    Raises PublishError where that takes too long or the folder cannot be written.
    """
    lock = FileLock(index / "publish.lock", timeout=_WAIT_S)
    try:
        lock.acquire()
    except Timeout:
        raise PublishError(
            f"Another program has been changing {index} for {_WAIT_S:g} seconds. Try again."
        ) from None
    except OSError as error:
        raise PublishError(
            f"{index} cannot be written ({error.strerror}). Nothing was changed. "
            "Check who owns the folder, and whether the disk is full."
        ) from error
    try:
        yield
    finally:
        lock.release()


def keep(
    index: Path, built: Path, name: str, signature: Signature = BUILD, action: str = "built"
) -> None:
    """Keeps the folder `built` as the generation `name`: all of it, or nothing. It is staged: what
    is live stays live.

    `action` is `built`, or `imported` for one that was built elsewhere. Everything is on disk, and
    the manifest's hash is recorded in the history, before the folder gets its name. Raises OSError
    where that cannot be, PublishError as `alone` does.
    """
    for path in sorted(built.rglob("*")):
        sync(path)
        _protect(path)
    sync(built)
    manifest = hashlib.sha256((built / "manifest.json").read_bytes()).hexdigest()
    with alone(index):
        append(index, Event.now(action, name, signature, manifest_sha256=manifest))
        os.rename(built, index / "generations" / name)
        sync(index / "generations")


def _protect(path: Path) -> None:
    """Takes the right to write a large file away, from its owner too.

    It is mapped into the memory of servers, and what is copied over it would end them
    (`qa.array_file`). Whoever copies by a new file and a rename, or is root, is not kept from it.
    """
    if os.name == "posix" and path.is_file():
        found = path.stat()
        if found.st_size > READ_WHOLE:
            path.chmod(stat.S_IMODE(found.st_mode) & ~0o222)


def publish(
    index: Path,
    name: str,
    signature: Signature = BUILD,
    action: str = "published",
    instead_of: str | None = None,
) -> None:
    """Makes a kept generation the live one by one atomic rename, signed in the history.

    `action` is `published` or `rolled_back`. The caller has checked the generation's files; here
    the manifest is compared once more. With `instead_of` it is done only if that one is live still
    (empty: none is). Raises MissingIndex where there is no such generation, DamagedIndex where its
    manifest is another than was recorded, PublishError where another one is live, or as `alone`
    does, OSError where the history or the pointer cannot be written.
    """
    with alone(index):
        live = live_generation(index)
        if instead_of is not None and live != instead_of:
            raise PublishError(
                f"Meanwhile {live or 'nothing'} is live, and not {instead_of or 'nothing'} any "
                "more. Nothing was changed: look at what is live now, and decide again."
            )
        pointer = pointer_to(index, name)
        try:
            manifest = (pointer.folder / "manifest.json").read_bytes()
        except OSError as error:
            what = f"manifest.json cannot be read ({error.strerror})"
            raise DamagedIndex(str(pointer.folder), [what]) from error
        sha256 = hashlib.sha256(manifest).hexdigest()
        if pointer.manifest_sha256 and pointer.manifest_sha256 != sha256:
            what = "manifest.json is not the one that was recorded"
            raise DamagedIndex(str(pointer.folder), [what])
        append(index, Event.now(action, name, signature, live, sha256))
        replace_file(index / _POINTER, f"{name} {sha256}\n".encode())


def replace_file(path: Path, data: bytes, modified_ns: int | None = None) -> None:
    """Puts `data` in the place of a file, all of it or nothing, and on disk before it returns.

    Who may read and write the file stays as it was. `modified_ns` is the time of its last change
    that it is to have, in nanoseconds since 1970. Raises OSError where that cannot be.
    """
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_bytes(data)
        if path.exists():
            shutil.copymode(path, fresh)
        if modified_ns is not None:
            os.utime(fresh, ns=(modified_ns, modified_ns))
        sync(fresh)
        os.replace(fresh, path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()  # on a disk that is full it would take the last of the room
        raise
    sync(path.parent)


def sync(path: Path) -> None:
    """Has the system write a file or folder to the disk itself. Raises OSError where it cannot."""
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot open a folder for this, and keeps its table of files itself.
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
