"""An export's members looked at before any is unpacked, as if somebody had made them to do harm."""

from __future__ import annotations

import shutil
import stat
import zipfile
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path, PurePosixPath

from qa.errors import TransferError
from qa.unicode_forms import normal_form

__all__ = ["CALIBRATION", "CORPUS", "GENERATION", "check_room", "strange_members", "strange_names"]

CALIBRATION = "calibration.json"
GENERATION = "generation"
CORPUS = "corpus"
_MAX_RATIO = 200
"""Unpacked bytes for each packed one; tables of numbers come to 20, bombs to 1,000."""
_RATIO_COUNTS_FROM = 4 << 20
"""Unpacked bytes up to which any ratio is harmless."""
_FORBIDDEN = frozenset("\\:") | {chr(n) for n in range(32)}
"""What leads elsewhere on Windows, or breaks a line that names the file."""
_RESERVED = {"con", "prn", "aux", "nul"} | {
    f"{one}{n}" for one in ("com", "lpt") for n in range(10)
}
"""Names that are devices on Windows."""


def strange_members(archive: zipfile.ZipFile, listed: Iterable[str]) -> Iterator[str]:
    """What is strange about the members of an export that are listed and that are there: names that
    lead out of its folders, two names for one file, links and folders."""
    yield from strange_names(listed)
    yield from (one.filename for one in archive.infolist() if not _is_plain(one))


def strange_names(listed: Iterable[str]) -> Iterator[str]:
    """Names of members that no import takes: see `strange_members`."""
    names = list(listed)
    yield from (name for name in names if not _is_safe(name))
    yield from (f"{one} and {other} are one file elsewhere" for one, other in _alike(names))


def _is_safe(name: str) -> bool:
    """Whether a member may be written: within the folders of an export, and nowhere else."""
    path = PurePosixPath(name)
    inside = path.parts[:1] in ((GENERATION,), (CORPUS,)) and len(path.parts) > 1
    plain = path.as_posix() == name and not any(part.startswith(".") for part in path.parts)
    reserved = any(part.split(".")[0].strip().lower() in _RESERVED for part in path.parts)
    plain = plain and not reserved and not any(part.endswith((".", " ")) for part in path.parts)
    return name == CALIBRATION or (inside and plain and not _FORBIDDEN & set(name))


def _alike(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Names that a file system takes for one which tells no large letters from small ones, or no
    two ways to write an accent."""
    first: dict[str, str] = {}
    for name in names:
        other = first.setdefault(normal_form("NFC", name).casefold(), name)
        if other != name:
            yield other, name


def _is_plain(member: zipfile.ZipInfo) -> bool:
    """Whether a member is a file: no folder, no link to another place."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    return not member.is_dir() and kind in (0, stat.S_IFREG)


def check_room(archive: zipfile.ZipFile, folder: Path, source: Path) -> None:
    """Raises TransferError where the members claim more than such files come to, more than there is
    room for, or the same bytes twice. No more is ever unpacked of a member than it claims."""
    members = sorted(archive.infolist(), key=lambda one: one.header_offset)
    for one in members:
        if one.file_size > _RATIO_COUNTS_FROM + _MAX_RATIO * one.compress_size:
            raise TransferError(
                f"{source}: {one.filename} would unpack to more than {_MAX_RATIO} times its size, "
                "as in files that are made to fill a disk. Nothing was taken in."
            )
    for before, after in pairwise(members):
        if before.header_offset + before.compress_size > after.header_offset:
            raise TransferError(
                f"{source}: {before.filename} and {after.filename} share the same bytes, as in "
                "files that are made to do harm. Nothing was taken in."
            )
    wanted = sum(one.file_size for one in members)
    there = folder
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free
    if wanted > free:
        raise TransferError(
            f"{source} unpacks to {wanted >> 20:,} MB, and there is room for {free >> 20:,} MB. "
            "Make room, and import it again."
        )
