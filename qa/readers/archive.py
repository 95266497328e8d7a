"""Zip-based documents (Word, OpenDocument, EPUB) opened as if somebody had made them to do harm.

Nothing is ever written to disk. How large a member is gets counted while it is unpacked: what the
zip's own headers say of it is not believed.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from itertools import pairwise

from qa.errors import CorpusError

__all__ = ["MAX_MEMBER", "MAX_MEMBERS", "MAX_TOTAL", "Archive", "open_archive"]

MAX_MEMBERS = 10_000
"""Files within one document; a long illustrated book has about a thousand."""
MAX_MEMBER = 64 * 1024 * 1024
"""Bytes of one member when unpacked."""
MAX_TOTAL = 256 * 1024 * 1024
"""Bytes of all members together when unpacked."""
_MAX_RATIO = 200
"""Unpacked bytes for each packed one. Word's own XML comes to 10 or 20; a bomb to 1,000."""
_RATIO_COUNTS_FROM = 4 * 1024 * 1024
"""Unpacked bytes up to which any ratio is harmless."""
_STEP = 256 * 1024
_CENTRAL_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER = 30
"""Bytes of a member's own header, names left out."""
_ENCRYPTED = 0x1
_KNOWN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The only ones that the three formats allow, and whose unpacking can be stopped at any byte."""
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    OverflowError,
    IndexError,
    KeyError,
)
"""What the standard library raises for a zip file with bytes altered."""
_REFUSED = "If you trust the file, open it in the program that made it and save it again."


class Archive:
    """A zip file's members, read one at a time. Made by `open_archive`."""

    def __init__(self, opened: zipfile.ZipFile, name: str) -> None:
        self._zip = opened
        self._name = name
        self._read = 0
        self._members = {
            info.filename: info for info in opened.infolist() if not info.filename.endswith("/")
        }

    @property
    def names(self) -> tuple[str, ...]:
        """The members' names in the zip file's order; folders are none."""
        return tuple(self._members)

    def read(self, member: str) -> bytes:
        """The bytes of a member.

        Raises CorpusError, naming file and member, where there is none of that name, it is
        damaged, or it or all that was read so far is larger than a document can be.
        """
        if member not in self._members:
            raise CorpusError(
                f"{self._name}: {member} is missing in it, so the file is damaged or of another "
                "kind. Open it in the program that made it and save it again."
            )
        info = self._members[member]
        parts: list[bytes] = []
        size = 0
        try:
            with self._zip.open(info) as stream:
                while part := stream.read(_STEP):
                    size += len(part)
                    self._read += len(part)
                    self._check_size(info, size)
                    parts.append(part)
        except _DAMAGE as error:
            raise CorpusError(
                f"{self._name}: {member} in it is damaged ({error}). "
                "Take a good copy of the file, or open it in its program and save it again."
            ) from None
        return b"".join(parts)

    def _check_size(self, info: zipfile.ZipInfo, size: int) -> None:
        where = f"{self._name}: {info.filename} in it"
        if size > MAX_MEMBER:
            raise CorpusError(
                f"{where} unpacks to more than {MAX_MEMBER >> 20} MB, which no document needs. "
                f"Split the document, or take the file out. {_REFUSED}"
            )
        if self._read > MAX_TOTAL:
            raise CorpusError(
                f"{where}: with it the file unpacks to more than {MAX_TOTAL >> 20} MB, which no "
                f"document needs. Split the document, or take the file out. {_REFUSED}"
            )
        if size > _RATIO_COUNTS_FROM and size > _MAX_RATIO * max(1, info.compress_size):
            raise CorpusError(
                f"{where} unpacks to more than {_MAX_RATIO} times its size, as files do that are "
                f"made to fill a computer's memory. Take the file out. {_REFUSED}"
            )


def open_archive(data: bytes, name: str) -> Archive:
    """Opens a zip file's bytes; `name` is what messages call the file.

    Raises CorpusError where it is no zip file or a damaged one, is encrypted, holds more than
    `MAX_MEMBERS` members, two of one name, members that share bytes, or names that lead elsewhere.
    """
    # Counted before the zip is opened, since opening makes an object for each of its members.
    if data.count(_CENTRAL_ENTRY) > MAX_MEMBERS:
        raise CorpusError(
            f"{name}: it holds more than {MAX_MEMBERS} files, which no document needs. "
            f"Take the file out. {_REFUSED}"
        )
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
        members = opened.infolist()
    except _DAMAGE as error:
        raise CorpusError(
            f"{name}: the file is damaged, or not of the kind that its name says ({error}). "
            "Take a good copy of the file, or open it in its program and save it again."
        ) from None
    _check_members(members, name)
    return Archive(opened, name)


def _check_members(members: Sequence[zipfile.ZipInfo], name: str) -> None:
    seen: set[str] = set()
    for info in members:
        where = f"{name}: {info.filename!r} in it"
        if info.flag_bits & _ENCRYPTED:
            raise CorpusError(
                f"{where} is encrypted. Save the file without a password and build again."
            )
        if info.filename in seen:
            raise CorpusError(f"{where} is there twice, and which is meant is unknown. {_REFUSED}")
        seen.add(info.filename)
        path = info.filename.replace("\\", "/")
        if ".." in path.split("/") or path.startswith("/") or path[1:2] == ":":
            raise CorpusError(f"{where} has a name that leads out of the file. {_REFUSED}")
        if info.compress_type not in _KNOWN_METHODS:
            raise CorpusError(
                f"{where} is packed by a method that documents do not use "
                f"({info.compress_type}). {_REFUSED}"
            )
    placed = sorted(members, key=lambda info: info.header_offset)
    for before, after in pairwise(placed):
        if before.header_offset + _LOCAL_HEADER + before.compress_size > after.header_offset:
            raise CorpusError(
                f"{name}: {before.filename!r} and {after.filename!r} in it share the same bytes, "
                f"as in files that are made to do harm. Take the file out. {_REFUSED}"
            )
