"""What holds of every document that was read, whatever was in its file."""

from __future__ import annotations

from itertools import pairwise

from qa.chunking import Counter, chunk_document, is_quotable, split_sentences
from qa.corpus import Source, make_source
from qa.document import BlockKind, Document
from qa.types import Quote
from tests.word_hash import WordHashEmbedder

__all__ = ["check_document", "check_splitting", "check_text", "read_soundly"]

_count: Counter = WordHashEmbedder().count_tokens


def read_soundly(document_id: str, data: bytes) -> Source:
    """Reads bytes twice and checks all. Raises AssertionError where something is wrong."""
    source, again = make_source(document_id, data), make_source(document_id, data)
    assert source.document == again.document, "read twice, a file gave two documents"
    assert source.boxes == again.boxes, "read twice, a file gave two sets of places"
    check_document(source.document)
    length = len(source.document.text)
    for start, end, left, top, right, bottom in source.boxes:
        assert 0 <= start < end <= length
        assert left <= right
        assert top <= bottom
    assert all(before[0] <= after[0] for before, after in pairwise(source.boxes))
    check_splitting(source.document)
    return source


def check_text(text: str) -> None:
    """No NUL and no half of a pair of surrogates, which no file and no JSON can hold."""
    assert "\0" not in text, "a NUL in the text"
    text.encode("utf-8")


def check_document(document: Document) -> None:
    """Sections are in order and without gaps, blocks lie within theirs."""
    text = document.text
    for told in (text, document.title, *(part for pair in document.meta for part in pair)):
        check_text(told)
    sections = document.sections
    assert sections[0].start == 0
    assert sections[-1].end == len(text)
    assert all(one.start <= one.end for one in sections)
    assert all(before.end == after.start for before, after in pairwise(sections))
    assert len({one.anchor for one in sections}) == len(sections)
    for one in sections[1:]:
        assert one.level >= 1
        assert 1 <= len(one.path) <= one.level
        assert one.path[-1] == one.heading
    last = 0
    for block in document.blocks:
        assert last <= block.start < block.end <= len(text)
        inner = text[block.start : block.end]
        assert inner == inner.strip()
        section = sections[block.section]
        assert section.start <= block.start
        assert block.end <= section.end
        last = block.end
    assert list(document.pages) == sorted(document.pages)
    assert all(0 <= page <= len(text) for page in document.pages)


def check_splitting(
    document: Document, count: Counter = _count, *, target: int = 110, limit: int = 256
) -> None:
    """Sentences hold every letter of the text but headings', chunks every quotable sentence."""
    text = document.text
    sentences = split_sentences(document)
    assert sentences == split_sentences(document)
    for before, after in pairwise(sentences):
        assert before.end <= after.start
    covered = [False] * len(text)
    cut_at = set(range(0, len(sentences), max(1, len(sentences) // 200)))
    for number, sentence in enumerate(sentences):
        block = document.blocks[sentence.block]
        assert block.start <= sentence.start < sentence.end <= block.end
        assert sentence.kind is block.kind is not BlockKind.HEADING
        inner = text[sentence.start : sentence.end]
        assert inner == inner.strip()
        if number in cut_at:  # each time it looks through all sections
            assert Quote.cut(document, sentence.start, sentence.end).text == inner
        covered[sentence.start : sentence.end] = [True] * (sentence.end - sentence.start)
    for block in document.blocks:
        if block.kind is not BlockKind.HEADING:
            lost = [at for at in range(block.start, block.end) if not covered[at]]
            assert not "".join(text[at] for at in lost).strip(), f"lost: {lost[:5]}"
    chunks = chunk_document(document, count, target=target, limit=limit)
    assert chunks == chunk_document(document, count, target=target, limit=limit)
    for one, other in pairwise(chunks):
        assert one.end <= other.start
    chunked = [False] * len(text)
    for chunk in chunks:
        assert 0 <= chunk.start < chunk.end <= len(text)
        assert all(document.blocks[s.block].section == chunk.section for s in chunk.sentences)
        assert chunk.sentences[0].start <= chunk.start
        assert chunk.end <= chunk.sentences[-1].end
        whole = (chunk.sentences[0].start, chunk.sentences[-1].end)
        assert (chunk.start, chunk.end) == whole or len(chunk.sentences) == 1
        assert count([text[chunk.start : chunk.end]])[0] <= limit or chunk.end - chunk.start < 2
        chunked[chunk.start : chunk.end] = [True] * (chunk.end - chunk.start)
    for sentence in sentences:
        if is_quotable(document, document.blocks[sentence.block].section):
            left = [at for at in range(sentence.start, sentence.end) if not chunked[at]]
            assert not "".join(text[at] for at in left).strip(), f"in no chunk: {left[:5]}"
