"""A generation's folder before anything in it is read: its manifest, and every file by its hash.

Whoever can write to the folder may have put anything there, with hashes that fit. So only plain
files are opened (a pipe would never end, a link leads elsewhere), by names that stay in the folder,
and each field of the manifest that is used later is of its kind.
"""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from qa.publishing import Pointer
from qa.strict_json import read_json

__all__ = ["FORMAT", "check_files", "file_sha256", "files_of", "is_inside", "is_sha256"]

FORMAT = 4
"""Raised whenever the same documents and settings would give another index than before."""
_MANIFEST = "manifest.json"
_MOST_MANIFEST = 1 << 30
"""Bytes of a manifest: of a million documents it has about 200 MB."""
_COUNTS = ("documents", "chunks", "sentences")
_MOST_COUNTED = 1 << 40
_DIMENSION = "[0-9]{1,5}"
_HEX = frozenset("0123456789abcdef")
_ELSEWHERE = frozenset("\\:")
"""What leads out of a folder on Windows; no file that a generation is made of has it."""
_TABLES = ("model", "options", "documents", "counts", "files")
"""The fields that are objects."""
_REQUIRED_FILES = ("documents.jsonl", "texts.txt", "sections.jsonl", "chunks.npy", "vectors.npy")


def check_files(folder: Path, pointer: Pointer | None) -> tuple[dict[str, Any], list[str]]:
    """The manifest, and what is wrong with it (then it is empty) or with the files it lists."""
    try:
        manifest, problems = _manifest(folder, pointer.manifest_sha256 if pointer else "")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        manifest, problems = {}, [f"{_MANIFEST} cannot be read ({error})"]
    return manifest, problems or list(_altered(folder, manifest["files"]))


def _manifest(folder: Path, recorded: str) -> tuple[dict[str, Any], list[str]]:
    """The manifest, if it is of this program and as it was recorded, else what is wrong with it."""
    path = folder / _MANIFEST
    if folder.is_symlink():
        return {}, ["its folder is a link to another place"]
    if not (found := _plain_file(path)) or found.st_size > _MOST_MANIFEST:
        return {}, [f"{_MANIFEST} is no file of this program's"]
    data = path.read_bytes()
    if recorded and hashlib.sha256(data).hexdigest() != recorded:
        return {}, [f"{_MANIFEST} is not the one that was recorded"]
    manifest = read_json(data)
    if manifest["format"] != FORMAT:
        return {}, [f"its format is {_short(manifest['format'])}, this version reads {FORMAT}"]
    misfits = [f"{_MANIFEST}: {one}" for one in _misfits(manifest)]
    return ({}, misfits) if misfits else (manifest, [])


def _altered(folder: Path, files: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the files that are listed, and files that are not."""
    present: set[str] = set()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_dir() or path.is_symlink():
            present.add(name)
    for name, sha256 in files.items():
        path = folder / name
        try:
            if any((folder / one).is_symlink() for one in PurePosixPath(name).parents):
                yield f"{name} lies behind a link to another place"
            elif not _plain_file(path):
                yield f"{name} is no plain file but a link, a folder, a pipe or a device"
            elif file_sha256(path) != sha256:
                yield f"{name} was altered (its SHA-256 is not the one recorded)"
        except OSError as error:
            yield f"{name}: {error.strerror}"
    for name in sorted(present - {_MANIFEST} - set(files)):
        yield f"{name} does not belong here"


def _plain_file(path: Path) -> Any:
    """What the system says of a file, None for anything else. Raises OSError where there is none.

    A hard link is a file as any other: documents' pages are shared by them.
    """
    found = path.lstat()
    return found if stat.S_ISREG(found.st_mode) else None


def _misfits(manifest: Mapping[str, Any]) -> Iterator[str]:
    """What of a manifest is not of its kind."""
    for name in _TABLES:
        if not isinstance(manifest[name], dict):
            yield f"{name} is no table"
            return
    for name in _COUNTS:
        count = manifest["counts"][name]
        if type(count) is not int or not 0 <= count < _MOST_COUNTED:
            yield f"the number of {name} is {_short(count)}"
    model = manifest["model"]
    if not all(isinstance(one, str) for one in model.values()):
        yield "a fact about the model is no text"
    elif not re.fullmatch(_DIMENSION, model["dimension"]):
        yield f"the dimension is {_short(model['dimension'])}"
    language = manifest["options"]["language"]
    if not (isinstance(language, str) and language.isascii() and language.isalpha()):
        yield f"the language is {_short(language)}"
    yield from _misfits_of_files(manifest["files"])
    for name, recorded in manifest["documents"].items():
        if not (isinstance(recorded, dict) and is_sha256(recorded.get("sha256"))):
            yield f"what is recorded of {_short(name)} is no record"


def _misfits_of_files(files: Mapping[str, Any]) -> Iterator[str]:
    """Names that lead out of the folder, hashes that are none, and files that are missing."""
    for name, sha256 in files.items():
        if not is_inside(name) or set(name) & _ELSEWHERE:
            yield f"{_short(name)} is no name of a file in this folder"
        elif not is_sha256(sha256):
            yield f"the SHA-256 of {_short(name)} is none"
    for name in _REQUIRED_FILES:
        if name not in files:
            yield f"{name} is not listed"


def is_inside(name: str) -> bool:
    """Whether a name, with `/` between folders, stays within the folder that it is taken from."""
    path = PurePosixPath(name)
    plain = bool(path.parts) and path.as_posix() == name and not path.is_absolute()
    return plain and ".." not in path.parts and "\0" not in name


def is_sha256(written: object) -> bool:
    """Whether it is a SHA-256 in hex as this program writes it."""
    return isinstance(written, str) and len(written) == 64 and not set(written) - _HEX


def _short(value: object) -> str:
    written = repr(value)
    return written if len(written) < 60 else f"{written[:60]}…"


def files_of(folder: Path) -> Iterator[Path]:
    """All files in a folder and its subfolders, in order."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
