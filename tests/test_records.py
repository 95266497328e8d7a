"""What is written to a generation comes back equal, and nonsense does not come back at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.chunking import chunk_document
from qa.corpus import make_document
from qa.document import Chunk, Document
from qa.records import (
    chunk_record,
    document_record,
    read_chunk,
    read_document,
    read_lines,
    write_lines,
)
from tests.hostile import HOSTILE
from tests.word_hash import WordHashEmbedder

DOCUMENTS = [make_document(name, data) for name, data in HOSTILE.items()]


def test_documents_and_chunks_come_back_equal(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    write_lines(path, map(document_record, DOCUMENTS))
    assert [read_document(record) for record in read_lines(path)] == DOCUMENTS
    numbers = {document.id: number for number, document in enumerate(DOCUMENTS)}
    count_tokens = WordHashEmbedder().count_tokens
    chunks = [chunk for one in DOCUMENTS for chunk in chunk_document(one, count_tokens)]
    write_lines(path, (chunk_record(chunk, numbers) for chunk in chunks))
    assert [read_chunk(record, DOCUMENTS) for record in read_lines(path)] == chunks


def test_the_same_values_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_lines(tmp_path / name, map(document_record, DOCUMENTS))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert b"\r" not in (tmp_path / "a").read_bytes()


def test_a_line_that_is_no_json(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b'{"a":1}\n{"a":\n')
    with pytest.raises(ValueError, match="Expecting value"):
        read_lines(tmp_path / "x")


@pytest.fixture
def document() -> Document:
    return make_document("x.md", b"# Title\n\nOne. Two.\n\n- Item\n")


def altered(record: Any, change: Callable[[Any], Any]) -> Any:
    made = json.loads(json.dumps(record))
    change(made)
    return made


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r.update(text=r["text"].replace("One", "Ten")), "is not the one its SHA-256"),
        (lambda r: r.update(sha256="0" * 64), "is not the one its SHA-256"),
        (lambda r: r["sections"][1].__setitem__(3, 999), "7?0?:999 lies outside the text"),
        (lambda r: r["blocks"][0].__setitem__(1, -1), "-1:5 lies outside the text"),
        (lambda r: r["blocks"][0].__setitem__(2, 999), "0:999 lies outside the text"),
        (lambda r: r["blocks"][0].__setitem__(3, 2), "names a section that is not there"),
        (lambda r: r["blocks"][0].__setitem__(0, "poem"), "'poem' is not a valid BlockKind"),
    ],
)
def test_a_document_that_does_not_fit_together(
    document: Document, change: Callable[[Any], Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        read_document(altered(document_record(document), change))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r.__setitem__(0, 1), "names document number 1"),
        (lambda r: r.__setitem__(0, -1), "names document number -1"),
        (lambda r: r.__setitem__(1, -1), "does not lie within 'x.md'"),
        (lambda r: r.__setitem__(2, 999), "does not lie within 'x.md'"),
        (lambda r: r.__setitem__(1, r[2]), "does not lie within 'x.md'"),
        (lambda r: r.__setitem__(3, 2), "names a section that is not there"),
        (lambda r: r.__setitem__(3, -1), "names a section that is not there"),
        (lambda r: r.__setitem__(4, []), "does not lie within 'x.md'"),
        (lambda r: r[4][0].__setitem__(1, 999), "does not lie within 'x.md'"),
        (lambda r: r[4][0].__setitem__(3, 99), "names a block that is not there"),
    ],
)
def test_a_chunk_that_does_not_fit_its_document(
    document: Document, change: Callable[[Any], Any], message: str
) -> None:
    [chunk] = chunk_document(document, WordHashEmbedder().count_tokens)
    assert isinstance(chunk, Chunk)
    record = altered(chunk_record(chunk, {"x.md": 0}), change)
    with pytest.raises(ValueError, match=message):
        read_chunk(record, [document])
