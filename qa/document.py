"""A document and its parts: what a reader made of a file, and the spans that are searched for.

All offsets are in Unicode code points into a document's canonical text, `start` included and
`end` excluded, as in a Python slice. This module imports no other part of the package.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Block", "BlockKind", "Chunk", "Document", "Section", "Sentence"]


class BlockKind(StrEnum):
    """What a stretch of a document is; headings are the only kind that is never quoted."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    TABLE_HEAD = "table_head"
    TABLE_ROW = "table_row"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, up to the next heading of any level."""

    heading: str
    level: int
    start: int
    end: int
    anchor: str
    path: tuple[str, ...] = ()
    """The headings from the outermost to this one; empty for text before the first heading."""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or table row. Its span leaves bullets and numbers out."""

    kind: BlockKind
    start: int
    end: int
    section: int
    """Index into the document's sections."""


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the corpus as it was read: its only quotable text, and the map of that text."""

    id: str
    """The file's path relative to the corpus folder, with forward slashes."""
    title: str
    text: str
    sha256: str
    """SHA-256 of `text` in UTF-8, in hex."""
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]
    source_sha256: str
    """SHA-256 of the file's bytes, in hex: tells whether the file has changed since."""
    meta: tuple[tuple[str, str], ...] = ()
    """What front matter and catalogue say of it: version, reviewed, language; `qa.metadata`."""
    pages: tuple[int, ...] = ()
    """Offset at which each page begins, for formats that have pages."""
    unsearchable: tuple[int, ...] = ()
    """Pages (from 1) that have no text, such as scanned ones: nothing on them can be found."""

    def metadata(self, name: str) -> str:
        """What is said of the document under that name, or an empty string."""
        return dict(self.meta).get(name, "")

    def listed(self, name: str) -> tuple[str, ...]:
        """The members of an entry that lists several, such as `supersedes`: a line for each."""
        return tuple(line for line in self.metadata(name).split("\n") if line)

    def page_at(self, offset: int) -> int | None:
        """The page (from 1) on which `offset` stands, or None for formats without pages."""
        return sum(begin <= offset for begin in self.pages) if self.pages else None

    def section_at(self, offset: int) -> Section:
        """The section in which `offset` stands."""
        before = (one for one in reversed(self.sections) if one.start <= offset)
        return next(before, self.sections[0])


@dataclass(frozen=True, slots=True)
class Sentence:
    """The smallest span that is quoted: a whole sentence, list item or table row."""

    start: int
    end: int
    kind: BlockKind
    block: int
    """Index into the document's blocks: sentences with the same block stand in one paragraph."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is searched for: neighbouring sentences of one section.

    `sentences` are whole even where the chunk holds but a part of one that is too long to embed.
    """

    document_id: str
    start: int
    end: int
    section: int
    sentences: tuple[Sentence, ...]
