"""The installation: Python, packages, models, room on the disk, and who may read and write what."""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from qa.doctor.finding import Area, Finding, Place, Severity
from qa.errors import ModelError

__all__ = ["folders", "models", "packages", "python", "room"]

LEAST_PYTHON = (3, 11)
_PINNED = re.compile(r"(?<![\w.-])([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;]+)")
_SHOWN = 6
_EMPTY_INDEX = 100_000_000
"""Bytes that a first index should have room for."""

Installed = Callable[[str], str]
"""The version of an installed package; raises PackageNotFoundError where there is none."""


def python(version: tuple[int, ...] = sys.version_info[:3]) -> Iterator[Finding]:
    """An error where Python is too old."""
    if version[:2] < LEAST_PYTHON:
        found, least = (".".join(map(str, one)) for one in (version, LEAST_PYTHON))
        yield _found(
            Severity.ERROR,
            "python",
            Place(file=sys.executable),
            f"This is Python {found}; the program needs {least} or newer.",
            "Install a newer Python, delete the folder .venv and run `make setup`.",
        )


def packages(
    requirements: Sequence[str],
    lock: str,
    version_of: Installed = metadata.version,
    dispensable: Collection[str] = (),
) -> Iterator[Finding]:
    """Packages that are missing or of other versions than the program was tried with.

    `requirements` are those of the program as its pyproject.toml has them, `lock` is the text of
    requirements.lock, or empty. Those named in `dispensable` may be missing.
    """
    for text in requirements:
        try:
            wanted = Requirement(text)
        except InvalidRequirement:
            continue
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            version = version_of(wanted.name)
        except metadata.PackageNotFoundError:
            if wanted.name in dispensable:
                continue
            yield _found(
                Severity.ERROR,
                "package_missing",
                Place(file=wanted.name),
                f"The package {wanted.name} is not installed.",
                "Run `make setup`, or `python -m pip install -r requirements.lock`.",
            )
            continue
        if not wanted.specifier.contains(version, prereleases=True):
            yield _found(
                Severity.ERROR,
                "package_version",
                Place(file=wanted.name),
                f"{wanted.name} is {version}, and the program needs {wanted.specifier}.",
                "Run `make setup`, or `python -m pip install -r requirements.lock`.",
            )
    yield from _unlocked(lock, version_of)


def _unlocked(lock: str, version_of: Installed) -> Iterator[Finding]:
    other = []
    for name, pinned in _PINNED.findall(lock):
        try:
            version = version_of(name)
        except metadata.PackageNotFoundError:
            continue  # the lock also has what only developers need
        if version.partition("+")[0] != pinned.partition("+")[0]:  # "+cpu" is the same code
            other.append(f"{name} {version} (tried: {pinned})")
    if other:
        more = f" and {len(other) - _SHOWN} more" if len(other) > _SHOWN else ""
        yield _found(
            Severity.HINT,
            "not_as_locked",
            Place(file="requirements.lock"),
            f"Packages are of other versions than the program was tried with: "
            f"{', '.join(other[:_SHOWN])}{more}.",
            "Nothing if all works; else `python -m pip install -r requirements.lock`.",
        )


def models(loaders: Sequence[tuple[str, Callable[[], object]]]) -> Iterator[Finding]:
    """Models whose files are missing or not the known ones.

    `loaders` are what each model is for, and what checks its files and raises ModelError.
    """
    for what, load in loaders:
        try:
            load()
        except ModelError as error:
            message, _, mend = str(error).rpartition(". ")
            yield _found(
                Severity.ERROR,
                "model",
                Place(setting=what),
                str(error) if not message else f"{message}.",
                mend if message else "Install the program anew: `make setup`.",
            )


def room(index: Path, size: int, free: int | None = None) -> Iterator[Finding]:
    """An error where the next build has no room, a warning where it is tight.

    `size` is that of the live generation in bytes, 0 where there is none; a build needs as much
    again while the old one is kept. `free` is looked up unless it is given.
    """
    free = shutil.disk_usage(_existing(index)).free if free is None else free
    size = size or _EMPTY_INDEX
    if free >= 2 * size:
        return
    severity = Severity.ERROR if free < size else Severity.WARNING
    yield _found(
        severity,
        "disk_room",
        Place(file=str(index)),
        f"{_megabytes(free)} are free on this disk. A build needs about {_megabytes(size)}, since "
        f"the index that is live stays until it is done; {_megabytes(2 * size)} would be safe.",
        "Delete files on this disk, or put the index on another: `index` in qa.toml.",
    )


def folders(
    corpus: Path, index: Path, store: Path, may: Callable[[Path, int], bool] = os.access
) -> Iterator[Finding]:
    """Documents that cannot be read, an index that cannot be written, records that others read."""
    unreadable = [path for path in (corpus, *sorted(corpus.rglob("*"))) if path.exists()]
    unreadable = [path for path in unreadable if not may(path, _reading(path))]
    for path in unreadable[:_SHOWN]:
        yield _found(
            Severity.ERROR,
            "unreadable",
            Place(file=str(path)),
            "It may not be read by whoever runs the program, so that no build can be made.",
            f"Allow it: `chmod u+rX {path}`, or change its owner.",
        )
    place = _existing(index)
    if not place.is_dir() or not may(place, os.W_OK | os.X_OK):
        what = "may not be written" if place.is_dir() else "is a file and no folder"
        yield _found(
            Severity.ERROR,
            "index_not_writable",
            Place(file=str(place)),
            f"It {what}, so that no index can be built.",
            "Change its owner or mode, or name another folder: `index` in qa.toml.",
        )
    if os.name == "posix" and store.is_file() and store.stat().st_mode & 0o077:
        mode = stat.filemode(store.stat().st_mode)
        yield _found(
            Severity.ERROR,
            "records_open",
            Place(file=str(store)),
            f"Others than its owner may read or write what patients sent ({mode}).",
            f"Close it: `chmod 600 {store}`.",
        )


def _reading(path: Path) -> int:
    return os.R_OK | os.X_OK if path.is_dir() else os.R_OK


def _existing(path: Path) -> Path:
    """The path, or the nearest folder above it that is there."""
    return next((one for one in (path, *path.absolute().parents) if one.exists()), Path.cwd())


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"


def _found(severity: Severity, code: str, where: Place, message: str, mend: str) -> Finding:
    return Finding(severity, Area.INSTALLATION, code, (where,), message, mend)
