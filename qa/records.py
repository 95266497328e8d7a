"""Documents and chunks as lines of JSON, and back, refusing whatever does not fit together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from qa.document import Block, BlockKind, Chunk, Document, Section, Sentence

__all__ = [
    "chunk_record",
    "document_record",
    "read_chunk",
    "read_document",
    "read_lines",
    "write_lines",
]


def write_lines(path: Path, records: Iterable[Any]) -> None:
    """Writes one JSON value a line, the same bytes for the same values."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")


def read_lines(path: Path) -> list[Any]:
    """Reads what `write_lines` wrote. Raises ValueError where a line is no JSON."""
    # Not splitlines(): texts hold other line separators than LF.
    lines = path.read_bytes().decode("utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def document_record(document: Document) -> dict[str, Any]:
    """A document as plain values."""
    return {
        "id": document.id,
        "title": document.title,
        "sha256": document.sha256,
        "source_sha256": document.source_sha256,
        "meta": [list(pair) for pair in document.meta],
        "pages": list(document.pages),
        "unsearchable": list(document.unsearchable),
        "sections": [
            [s.heading, s.level, s.start, s.end, s.anchor, list(s.path)] for s in document.sections
        ],
        "blocks": [[b.kind.value, b.start, b.end, b.section] for b in document.blocks],
        "text": document.text,
    }


def read_document(record: dict[str, Any]) -> Document:
    """The document of a record.

    Raises ValueError where its text is not the one its hash was taken of, or a span lies outside.
    """
    text = record["text"]
    if hashlib.sha256(text.encode()).hexdigest() != record["sha256"]:
        raise ValueError(f"the text of {record['id']!r} is not the one its SHA-256 was taken of")
    document = Document(
        id=record["id"],
        title=record["title"],
        text=text,
        sha256=record["sha256"],
        sections=tuple(
            Section(heading, level, start, end, anchor, tuple(path))
            for heading, level, start, end, anchor, path in record["sections"]
        ),
        blocks=tuple(
            Block(BlockKind(kind), a, b, section) for kind, a, b, section in record["blocks"]
        ),
        source_sha256=record["source_sha256"],
        meta=tuple((name, value) for name, value in record["meta"]),
        pages=tuple(record["pages"]),
        unsearchable=tuple(record["unsearchable"]),
    )
    _check_spans(document)
    return document


def _check_spans(document: Document) -> None:
    spans = [(section.start, section.end) for section in document.sections]
    spans += [(block.start, block.end) for block in document.blocks]
    for start, end in spans:
        if not 0 <= start <= end <= len(document.text):
            raise ValueError(f"{start}:{end} lies outside the text of {document.id!r}")
    if any(not 0 <= block.section < len(document.sections) for block in document.blocks):
        raise ValueError(f"a block of {document.id!r} names a section that is not there")


def chunk_record(chunk: Chunk, number_of: dict[str, int]) -> list[Any]:
    """A chunk as plain values; documents go by their number in the generation."""
    sentences = [[s.start, s.end, s.kind.value, s.block] for s in chunk.sentences]
    return [number_of[chunk.document_id], chunk.start, chunk.end, chunk.section, sentences]


def read_chunk(record: Sequence[Any], documents: Sequence[Document]) -> Chunk:
    """The chunk of a record. Raises ValueError where its spans are not spans of its document."""
    number, start, end, section, sentences = record
    if not 0 <= number < len(documents):
        raise ValueError(f"a chunk names document number {number}, which is not there")
    document = documents[number]
    made = Chunk(
        document.id,
        start,
        end,
        section,
        tuple(Sentence(a, b, BlockKind(kind), block) for a, b, kind, block in sentences),
    )
    spans = [(start, end), *((s.start, s.end) for s in made.sentences)]
    if not made.sentences or any(not 0 <= a < b <= len(document.text) for a, b in spans):
        raise ValueError(f"a chunk at {start}:{end} does not lie within {document.id!r}")
    if not 0 <= section < len(document.sections):
        raise ValueError(f"a chunk of {document.id!r} names a section that is not there")
    if any(not 0 <= s.block < len(document.blocks) for s in made.sentences):
        raise ValueError(f"a chunk of {document.id!r} names a block that is not there")
    return made
