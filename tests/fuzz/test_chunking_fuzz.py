"""Splitting loses no letter, doubles none and keeps its bounds, whatever the text."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from hypothesis import strategies as st

from qa.document import Block, BlockKind, Document, Section
from qa.readers.draft import TextBuilder
from tests.fuzz.budget import fuzzed
from tests.fuzz.soundness import check_splitting
from tests.word_hash import WordHashEmbedder

_WORDS = st.sampled_from(
    (
        "not ", "Do not drive. ", "e.g. ", "Dr. ", "0.5 mg ", "1. ", "(a) ", "R1, R2. ", "...",
        "?!",
        "\n", "\u2028", "\x85", "\u3000", "\u00a0", "\u200b", "\u202e", "\u3002", "\u061f", "!",
        "\U0001f1fa\U0001f1f8", "\U0001f600", "e\u0301", "\u201cNo.\u201d ", "\ufeff", ": ", "a",
        "I. ",
        "\u0130stanbul ", "\u00df", "\u1680", "\x1c", "\x0b", "F.D.A. ", "https://a.b/c?d. ", "[1]",
    )
)  # fmt: skip
_texts = st.text(max_size=60) | st.lists(_WORDS | st.text(max_size=3), max_size=30).map("".join)
_kinds = st.sampled_from(tuple(BlockKind))
_languages = st.sampled_from(
    (
        "",
        "en",
        "es",
        "de",
        "fr",
        "ja",
        "zh",
        "hi",
        "am",
        "my",
        "ar",
        "hy",
        "xx",
        "x",
        "EN-us",
        "\u0130",
    )
)


def _characters(texts: Sequence[str]) -> list[int]:
    """Counts tokens as a model does that knows no words: three letters are one."""
    return [(len(text) + 2) // 3 for text in texts]


def document_of(blocks: Sequence[tuple[BlockKind, str]], title: str, language: str) -> Document:
    """A document of these blocks, with a section for each heading."""
    builder = TextBuilder()
    for kind, text in blocks:
        builder.add(kind, text.strip(), level=1 if kind is BlockKind.HEADING else 0)
    text = builder.text
    starts = [(0, "")] + [
        (one.start, text[one.start : one.end])
        for one in builder.blocks
        if one.kind is BlockKind.HEADING
    ]
    ends = [start for start, _ in starts[1:]] + [len(text)]
    sections = tuple(
        Section(heading, int(at > 0), start, end, str(at), (heading,) if at else ())
        for at, ((start, heading), end) in enumerate(zip(starts, ends, strict=True))
    )
    placed, section = [], 0
    for one in builder.blocks:
        section += one.kind is BlockKind.HEADING
        placed.append(Block(one.kind, one.start, one.end, section))
    return Document(
        id="a.md",
        title=title,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        sections=sections,
        blocks=tuple(placed),
        source_sha256="",
        meta=(("language", language),) if language else (),
    )


@fuzzed(
    "chunking/blocks",
    daily=25,
    blocks=st.lists(st.tuples(_kinds, _texts), max_size=8),
    title=_texts,
    language=_languages,
    sizes=st.tuples(st.integers(1, 200), st.integers(36, 300)),
    by_letters=st.booleans(),
)
def test_any_blocks(
    blocks: list[tuple[BlockKind, str]],
    title: str,
    language: str,
    sizes: tuple[int, int],
    by_letters: bool,
) -> None:
    document = document_of(blocks, title, language)
    count = _characters if by_letters else WordHashEmbedder().count_tokens
    check_splitting(document, count, target=sizes[0], limit=sizes[1])


@fuzzed("chunking/repeated", daily=3, text=_texts, times=st.integers(1, 400), language=_languages)
def test_the_same_over_and_over(text: str, times: int, language: str) -> None:
    block = (BlockKind.PARAGRAPH, (text * times)[:20_000])
    check_splitting(document_of([block], "A title", language), _characters)
