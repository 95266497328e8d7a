"""Generations on disk: made in a temporary place, then published by swapping one pointer.

index/
├── CURRENT                     the pointer: name of the live generation and its manifest's hash
├── build.lock                  held while a build runs; build.lock.json says by whom
├── cache/                      vectors of texts that were embedded of late; `qa.embedding_cache`
├── calibrations/
│   └── 20261124T201500Z-1f2e3d4c.json   stated error rate of that generation, where there is one
└── generations/
    ├── 20261124T201500Z-1f2e3d4c/   immutable
    └── .building-.../               a build under way, or what a killed one left behind
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from qa.errors import DamagedIndex, MissingIndex

__all__ = [
    "CALIBRATIONS",
    "Pointer",
    "generations",
    "publish",
    "read_pointer",
    "replace_file",
]

_POINTER = "CURRENT"
CALIBRATIONS = "calibrations"
"""The folder of stated error rates, which go when their generations go."""
KEPT = 3
"""Generations kept, the live one included, so that a rebuild can be taken back."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which generation is live, and the SHA-256 of its manifest."""

    generation: str
    manifest_sha256: str
    folder: Path


def read_pointer(index: Path) -> Pointer:
    """The live generation. Raises MissingIndex where none was built, DamagedIndex on nonsense."""
    try:
        data = (index / _POINTER).read_bytes()
    except FileNotFoundError:
        raise MissingIndex(
            f"There is no index at {index}. Run `qa build` first, or name another with --index."
        ) from None
    except OSError as error:
        raise DamagedIndex(str(index), [f"{_POINTER} cannot be read: {error.strerror}"]) from error
    words = data.decode("utf-8", "replace").split()
    if len(words) != 2 or not _is_name(words[0]) or len(words[1]) != 64:
        raise DamagedIndex(str(index), [f"{_POINTER} does not name a generation"])
    folder = index / "generations" / words[0]
    if not folder.is_dir():
        raise DamagedIndex(str(index), [f"{_POINTER} names {words[0]}, which is not there"])
    return Pointer(words[0], words[1], folder)


def _is_name(word: str) -> bool:
    """Letters, digits and dashes: never a path that leads somewhere else."""
    return word.isascii() and word.replace("-", "").isalnum()


def generations(index: Path) -> list[str]:
    """Names of the generations that are kept, newest first."""
    folder = index / "generations"
    found = [p.name for p in folder.iterdir() if _is_name(p.name)] if folder.is_dir() else []
    return sorted(found, reverse=True)


def publish(index: Path, built: Path, name: str) -> None:
    """Makes the folder `built` the live generation `name`: all of it, or nothing.

    Everything is on disk before the pointer is swapped; the swap is one atomic rename.
    """
    for path in sorted(built.rglob("*")):
        _sync(path)
    _sync(built)
    manifest = hashlib.sha256((built / "manifest.json").read_bytes()).hexdigest()
    os.rename(built, index / "generations" / name)
    _sync(index / "generations")
    replace_file(index / _POINTER, f"{name} {manifest}\n".encode())
    for old in [other for other in generations(index) if other != name][KEPT - 1 :]:
        shutil.rmtree(index / "generations" / old, ignore_errors=True)
    kept = generations(index)
    for stated in (index / CALIBRATIONS).glob("*.json"):
        if stated.stem not in kept:
            with suppress(OSError):
                stated.unlink()


def replace_file(path: Path, data: bytes) -> None:
    """Puts `data` in the place of a file, all of it or nothing, and on disk before it returns.

    Raises OSError where that cannot be.
    """
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(data)
    _sync(fresh)
    os.replace(fresh, path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    """Has the system write a file or folder to the disk itself."""
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot open a folder for this, and keeps its table of files itself.
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
