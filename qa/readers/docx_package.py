"""The parts of a Word file, found by its relationships, and its properties.

python-docx is not used for reading: it unpacks every part without a limit, fails on files whose
pictures are missing, and knows neither tracked changes nor numbering, so all but the opening would
be done here anyway.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from qa.errors import CorpusError
from qa.readers.archive import Archive, open_archive
from qa.readers.properties import as_front_matter, own_title
from qa.readers.xml import Element, parse_xml

__all__ = ["ALT", "M", "W", "WordFile", "is_on", "open_word", "value"]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
ALT = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/math",
        b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    ),
)
"""Names of "Strict Open XML" files, and those of all others."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class WordFile:
    """The parts of a Word file that hold its text and say how it looks; absent ones are None."""

    body: Element
    styles: Element | None
    numbering: Element | None
    footnotes: Element | None
    endnotes: Element | None
    settings: Element | None
    title: str
    """From the file's properties; empty where they hold none, or one that no person wrote."""
    meta: tuple[tuple[str, str], ...]
    """Custom properties named as front matter, in the file's order."""


def open_word(data: bytes, name: str) -> WordFile:
    """Opens a Word file's bytes; `name` is what messages call the file.

    Raises CorpusError where it is no Word file, is encrypted, damaged or made to do harm.
    """
    _check_kind(data, name)
    parts = _Parts(open_archive(data, name), name)
    top = parts.related("")
    main = top.get("officeDocument", "word/document.xml")
    root = parts.xml(main)
    if root is None or root.tag != f"{W}document" or root.find(f"{W}body") is None:
        raise CorpusError(
            f"{name}: it holds no Word document. If it is a workbook or slides, save its text "
            "as .docx; else open the file in Word and save it again."
        )
    beside = parts.related(main)
    custom = parts.xml(top.get("custom-properties"))
    core = parts.xml(top.get("core-properties"))
    return WordFile(
        body=root.find(f"{W}body"),
        styles=parts.xml(beside.get("styles")),
        numbering=parts.xml(beside.get("numbering")),
        footnotes=parts.xml(beside.get("footnotes")),
        endnotes=parts.xml(beside.get("endnotes")),
        settings=parts.xml(beside.get("settings")),
        title=own_title("" if core is None else core.findtext(_TITLE)),
        meta=as_front_matter(_custom_properties(custom)),
    )


def value(element: Element | None, path: str) -> str | None:
    """The `val` of the element at `path` (names of Word's own, parted by "/") below another."""
    if element is None:
        return None
    found = element.find("/".join(f"{W}{step}" for step in path.split("/")))
    return None if found is None else found.get(f"{W}val")


def is_on(element: Element | None, path: str) -> bool | None:
    """Whether the switch at `path` below an element is on, or None where it is not there."""
    if element is None:
        return None
    found = element.find("/".join(f"{W}{step}" for step in path.split("/")))
    if found is None:
        return None
    return found.get(f"{W}val", "1").lower() not in ("0", "false", "off", "none")


def _check_kind(data: bytes, name: str) -> None:
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise CorpusError(
                f"{name}: the file is protected with a password. Open it in Word, take the "
                "password off (File, Info, Protect Document), save it and build again."
            )
        raise CorpusError(
            f"{name}: this is an old Word file (.doc) whatever its name says. "
            "Open it in Word and save it as .docx."
        )
    if data.lstrip()[:5] == b"{\\rtf":
        raise CorpusError(f"{name}: this is an RTF file. Open it in Word and save it as .docx.")


class _Parts:
    """The members of the archive by the names that relationships use."""

    def __init__(self, archive: Archive, name: str) -> None:
        self._archive = archive
        self._name = name
        # Names differ in case and slashes from program to program, and mean the same.
        self._members = {one.replace("\\", "/").casefold(): one for one in archive.names}
        if "content.xml" in self._members and "word/document.xml" not in self._members:
            raise CorpusError(
                f"{name}: this is an OpenDocument file. Give it a name that ends in .odt."
            )

    def xml(self, part: str | None) -> Element | None:
        member = self._members.get(part.casefold()) if part else None
        if member is None:
            return None
        data = self._archive.read(member)
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
        return parse_xml(data, f"{self._name}: {member}")

    def related(self, part: str) -> dict[str, str]:
        """The last word of each relationship's type → the part it leads to, within the file."""
        folder, base = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: dict[str, str] = {}
        for one in root.iter(_RELATION) if root is not None else ():
            if one.get("TargetMode") != "External":
                kind = one.get("Type", "").rpartition("/")[2]
                target = posixpath.join("/", folder, one.get("Target", ""))
                found.setdefault(kind, posixpath.normpath(target).lstrip("/"))
        return found


def _custom_properties(root: Element | None) -> Iterator[tuple[str, str]]:
    for one in root if root is not None else ():
        yield one.get("name", ""), "".join(one.itertext())
