"""What is said of a document comes back equal, and nonsense does not come back at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from qa.chunking import split_sentences
from qa.corpus import make_document
from qa.document import Document
from qa.records import (
    block_rows,
    header_record,
    json_line,
    read_blocks,
    read_header,
    read_sections,
    read_sentences,
    section_records,
    sentence_rows,
)
from tests.hostile import HOSTILE

DOCUMENTS = [make_document(name, data) for name, data in HOSTILE.items()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.id)
def test_all_of_a_document_but_its_text_comes_back(document: Document) -> None:
    header = read_header(json.loads(json_line(header_record(document, 7, 9))))
    assert (header.text_bytes, header.section_bytes) == (7, 9)
    assert header.characters == len(document.text)
    for name in ("id", "title", "sha256", "source_sha256", "meta", "pages", "unsearchable"):
        assert getattr(header, name) == getattr(document, name)
    line = json_line(section_records(document))
    assert line.count(b"\n") == 1
    assert read_sections(json.loads(line), header) == document.sections
    assert read_blocks(block_rows(document.blocks)) == document.blocks
    sentences = split_sentences(document)
    assert list(read_sentences(sentence_rows(sentences))) == sentences


@pytest.fixture
def document() -> Document:
    return make_document("x.md", b"# Title\n\nOne. Two.\n\n- Item\n")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r[1].__setitem__(3, 999), "7?0?:999 lies outside the text of 'x.md'"),
        (lambda r: r[1].__setitem__(2, -1), "-1:[0-9]+ lies outside the text of 'x.md'"),
        (lambda r: r.pop(), "'x.md' has 1 sections, expected 2"),
        (lambda r: r[0].pop(), "not enough values"),
    ],
)
def test_sections_that_do_not_fit(
    document: Document, change: Callable[[Any], Any], message: str
) -> None:
    records = json.loads(json_line(section_records(document)))
    header = read_header(header_record(document, 1, 1))
    change(records)
    with pytest.raises(ValueError, match=message):
        read_sections(records, header)


@pytest.mark.parametrize("size", [-1, "7", None, 1.5])
def test_a_size_that_is_none(document: Document, size: object) -> None:
    with pytest.raises(ValueError, match=r"blocks of 'x\.md' is .*, no size"):
        read_header(header_record(document, 1, 1) | {"blocks": size})
