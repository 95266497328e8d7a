"""A document but for its text, as lines of JSON, and back, refusing what does not fit together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from qa.document import Block, BlockKind, Document, Section, Sentence
from qa.generation_files import is_inside, is_sha256

__all__ = [
    "Header",
    "block_rows",
    "header_record",
    "json_line",
    "read_blocks",
    "read_header",
    "read_sections",
    "read_sentences",
    "section_records",
    "sentence_rows",
]

_MOST = 1 << 40
"""Of anything that is counted: sums of it stay far below what 64 bits hold."""
_KINDS = tuple(BlockKind)
"""Kinds go by their number here: a new one is added at the end."""
_NUMBER_OF = {kind: number for number, kind in enumerate(_KINDS)}


@dataclass(frozen=True, slots=True)
class Header:
    """What is said of a document, and how much there is of it."""

    id: str
    title: str
    sha256: str
    source_sha256: str
    meta: tuple[tuple[str, str], ...]
    pages: tuple[int, ...]
    unsearchable: tuple[int, ...]
    characters: int
    """Of its text."""
    text_bytes: int
    """Of its text in UTF-8."""
    section_bytes: int
    """Of the line that its sections are."""
    sections: int
    blocks: int


def json_line(record: Any) -> bytes:
    """A value as one line: the same bytes for the same value."""
    return (json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def header_record(document: Document, text_bytes: int, section_bytes: int) -> dict[str, Any]:
    """The header of a document as plain values."""
    return {
        "id": document.id,
        "title": document.title,
        "sha256": document.sha256,
        "source_sha256": document.source_sha256,
        "meta": [list(pair) for pair in document.meta],
        "pages": list(document.pages),
        "unsearchable": list(document.unsearchable),
        "characters": len(document.text),
        "text_bytes": text_bytes,
        "section_bytes": section_bytes,
        "sections": len(document.sections),
        "blocks": len(document.blocks),
    }


def read_header(record: dict[str, Any]) -> Header:
    """The header of a record. Raises ValueError, KeyError or TypeError where it is none."""
    sizes = ("characters", "text_bytes", "section_bytes", "sections", "blocks")
    for name in sizes:
        if type(record[name]) is not int or not 0 <= record[name] <= _MOST:
            raise ValueError(f"{name} of {record['id']!r} is {record[name]!r}, no size")
    if not isinstance(record["id"], str) or not is_inside(record["id"]):
        raise ValueError(f"{record['id']!r} is no name of a document")
    for name in ("sha256", "source_sha256"):
        if not is_sha256(record[name]):
            raise ValueError(f"{name} of {record['id']!r} is none")
    texts = (record["title"], *(part for pair in record["meta"] for part in pair))
    if not all(isinstance(one, str) for one in texts):
        raise ValueError(f"title or metadata of {record['id']!r} are no texts")
    for name in ("pages", "unsearchable"):
        if not all(type(one) is int and 0 <= one <= _MOST for one in record[name]):
            raise ValueError(f"{name} of {record['id']!r} are no numbers of pages or places")
    return Header(
        record["id"],
        record["title"],
        record["sha256"],
        record["source_sha256"],
        tuple((name, value) for name, value in record["meta"]),
        tuple(record["pages"]),
        tuple(record["unsearchable"]),
        *(record[name] for name in sizes),
    )


def section_records(document: Document) -> list[list[Any]]:
    """A document's sections as plain values."""
    return [[s.heading, s.level, s.start, s.end, s.anchor, list(s.path)] for s in document.sections]


def read_sections(records: Sequence[Any], header: Header) -> tuple[Section, ...]:
    """The sections of records. Raises ValueError where they are not those of the document."""
    made = tuple(
        Section(heading, level, start, end, anchor, tuple(path))
        for heading, level, start, end, anchor, path in records
    )
    for one in made:
        texts = (one.heading, one.anchor, *one.path)
        numbers = (one.level, one.start, one.end)
        if {*map(type, texts)} != {str} or {*map(type, numbers)} != {int}:
            raise ValueError(f"a section of {header.id!r} has other things than texts and numbers")
        if not 0 <= one.level <= _MOST:
            raise ValueError(f"a section of {header.id!r} has a level of {one.level}")
    if len(made) != header.sections:
        raise ValueError(f"{header.id!r} has {len(made)} sections, expected {header.sections}")
    for one in made:
        if not 0 <= one.start <= one.end <= header.characters:
            raise ValueError(f"{one.start}:{one.end} lies outside the text of {header.id!r}")
    return made


def block_rows(blocks: Iterable[Block]) -> list[tuple[int, int, int, int]]:
    """Blocks as numbers: kind, start, end, section."""
    return [(_NUMBER_OF[one.kind], one.start, one.end, one.section) for one in blocks]


def read_blocks(rows: Iterable[Sequence[int]]) -> tuple[Block, ...]:
    """The blocks of such rows. Raises IndexError where there is no such kind."""
    return tuple(Block(_KINDS[kind], a, b, section) for kind, a, b, section in rows)


def sentence_rows(sentences: Iterable[Sentence]) -> list[tuple[int, int, int, int]]:
    """Sentences as numbers: kind, start, end, block."""
    return [(_NUMBER_OF[one.kind], one.start, one.end, one.block) for one in sentences]


def read_sentences(rows: Iterable[Sequence[int]]) -> tuple[Sentence, ...]:
    """The sentences of such rows. Raises IndexError where there is no such kind."""
    return tuple(Sentence(a, b, _KINDS[kind], block) for kind, a, b, block in rows)
