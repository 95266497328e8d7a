"""A document but for its text, as lines of JSON, and back, refusing what does not fit together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from qa.document import Block, BlockKind, Document, Section, Sentence

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

_KINDS = tuple(BlockKind)
"""Kinds go by their number here: a new one is added at the end."""
_TOO_MANY = 1 << 48
"""No file has so many bytes, and sums of a million such numbers fit into 64 bits."""
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
        if not _is_number(record[name]):
            raise ValueError(f"{name} of a document is no size")
    if not all(map(_is_number, (*record["pages"], *record["unsearchable"]))):
        raise ValueError("the pages of a document are no numbers")
    return Header(
        _text(record["id"]),
        _text(record["title"]),
        _text(record["sha256"]),
        _text(record["source_sha256"]),
        tuple((_text(name), _text(value)) for name, value in record["meta"]),
        tuple(record["pages"]),
        tuple(record["unsearchable"]),
        *(record[name] for name in sizes),
    )


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value < _TOO_MANY


def _text(value: object) -> str:
    """The value, which is a text that can be shown. Raises ValueError where it is none."""
    if not isinstance(value, str):
        raise ValueError("what should be a text of a document is none")
    value.encode()  # halves of characters: UnicodeEncodeError is a ValueError
    return value


def section_records(document: Document) -> list[list[Any]]:
    """A document's sections as plain values."""
    return [[s.heading, s.level, s.start, s.end, s.anchor, list(s.path)] for s in document.sections]


def read_sections(records: Sequence[Any], header: Header) -> tuple[Section, ...]:
    """The sections of records. Raises ValueError where they are not those of the document."""
    made = tuple(
        Section(_text(heading), level, start, end, _text(anchor), tuple(map(_text, path)))
        for heading, level, start, end, anchor, path in records
    )
    if len(made) != header.sections:
        raise ValueError(f"{header.id!r} has {len(made)} sections, expected {header.sections}")
    for one in made:
        if not all(map(_is_number, (one.level, one.start, one.end))):
            raise ValueError(f"a section of {header.id!r} has no place")
        if not one.start <= one.end <= header.characters:
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
