"""Splitting: each section becomes spans of whole sentences, as many as the embedder can read.

A chunk never crosses a section and chunks never overlap. Lists of references are left out, and so
is what the document's maintainer marked as not to be quoted (`no_quote`). Lists and tables stay
whole where they fit. The title and the heading are put before a chunk's text for embedding
(`context`), and are never part of its span.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

import sentencex

from qa.document import BlockKind, Chunk, Document, Sentence

__all__ = [
    "MAX_TOKENS",
    "TARGET_TOKENS",
    "BuildOptions",
    "chunk_document",
    "context",
    "is_quotable",
    "is_reference_list",
    "split_sentences",
    "title_and_headings",
]

TARGET_TOKENS = 110
"""Size to fill a chunk to. It matters little: with 60, 110, 160 and 220 tokens the right quote came
first for 0.83, 0.83, 0.82 and 0.84 of every fourth question of squad2dev
(`python tests/benchmarks/quality.py squad2dev --sweep chunk --every 4`)."""
MAX_TOKENS = 256
"""What the bundled model reads at most, special tokens included."""
_REFERENCES = re.compile(
    r"(?:\d+[.)]? *)?(?:references?|bibliography|works cited|literature cited"
    r"|referencias|bibliograf\u00eda):?",
    re.IGNORECASE,
)
"""Sections that list other people's papers: no patient is answered by one, and titles of papers
look like answers."""
_BLANK = re.compile(r"[^\S \u00a0]")
_MOST_AT_ONCE = 20_000
"""Characters given to the sentence splitter; without a sentence's end in them they are cut."""
_SPECIAL_TOKENS = 2
_MIN_ROOM = 32
"""Tokens left for the text when a context is too long: the context is cut before the text is."""
_LIST_KINDS = (BlockKind.ITEM, BlockKind.TABLE_HEAD, BlockKind.TABLE_ROW)


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Settings that an index depends on besides documents and model."""

    target_tokens: int = TARGET_TOKENS
    max_tokens: int = MAX_TOKENS
    language: str = "english"
    """For stemming terms: a Snowball language."""


Counter = Callable[[Sequence[str]], list[int]]


def title_and_headings(document: Document, section: int) -> list[str]:
    """A section's headings from the outermost, behind the title, which is there but once."""
    title = document.title.casefold()
    path = document.sections[section].path
    return [document.title, *(heading for heading in path if heading.casefold() != title)]


def context(
    document: Document, section: int, count_tokens: Counter, limit: int = MAX_TOKENS
) -> str:
    """Title and headings of a section, for embedding in front of its text.

    Where they leave the text no room, the outermost go first, then the end of the last.
    """
    parts = title_and_headings(document, section)
    most = max(0, limit - _SPECIAL_TOKENS - 1 - _MIN_ROOM)
    while count_tokens([made := ". ".join(parts)])[0] > most:
        parts = parts[1:] or [parts[0][: len(parts[0]) // 2]]
    return made


def chunk_document(
    document: Document,
    count_tokens: Counter,
    *,
    target: int = TARGET_TOKENS,
    limit: int = MAX_TOKENS,
) -> list[Chunk]:
    """Splits a document. `count_tokens` counts as the embedder does, special tokens left out.

    With its context no chunk has more than `limit` tokens, special ones included.
    """
    sentences = split_sentences(document)
    sizes = count_tokens([document.text[s.start : s.end] for s in sentences]) if sentences else []
    size_of = dict(zip(sentences, sizes, strict=True))
    chunks: list[Chunk] = []
    for section, group in groupby(sentences, key=lambda s: document.blocks[s.block].section):
        if not is_quotable(document, section):
            continue
        above = context(document, section, count_tokens, limit)
        room = limit - count_tokens([above])[0] - _SPECIAL_TOKENS - 1
        packed = _pack(_units(document, group, size_of, room), size_of, min(target, room), room)
        for members in packed:
            chunks += _cut(document, section, members, size_of, room, count_tokens)
    return chunks


def is_quotable(document: Document, section: int) -> bool:
    """Whether a section is ever quoted; a heading that is not to be takes those below it along."""
    found = document.sections[section]
    if is_reference_list(found.heading):
        return False
    held = _held_back(document.metadata("no_quote"))
    return held.isdisjoint(("all", *(one.casefold() for one in (found.heading, *found.path))))


@lru_cache(maxsize=16)
def _held_back(no_quote: str) -> frozenset[str]:
    """The headings of that entry, once for all sections that are looked up in it."""
    return frozenset(line.casefold() for line in no_quote.split("\n") if line)


def is_reference_list(heading: str) -> bool:
    """Whether a section of that heading lists what others wrote."""
    return bool(_REFERENCES.fullmatch(heading))


def split_sentences(document: Document) -> list[Sentence]:
    """The sentences, list items and table rows of a document, in order; headings left out."""
    language = document.metadata("language")[:2].lower() or "en"
    found: list[Sentence] = []
    for index, block in enumerate(document.blocks):
        if block.kind is BlockKind.HEADING:
            continue
        if block.kind in (BlockKind.TABLE_HEAD, BlockKind.TABLE_ROW):
            found.append(Sentence(block.start, block.end, block.kind, index))
            continue
        # Line ends and blanks of all kinds are only spaces to the splitter, which panics at some of
        # them (U+1680); offsets stay as they are.
        text = _BLANK.sub(" ", document.text[block.start : block.end])
        for begin, stop in _boundaries(text, language):
            piece = text[begin:stop]
            lead = len(piece) - len(piece.lstrip())
            start = block.start + begin + lead
            end = start + len(piece.strip())
            if end > start:
                found.append(Sentence(start, end, block.kind, index))
    return _without_scraps(document, found)


def _boundaries(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Where each sentence of a paragraph begins and ends; together they are all of it.

    The splitter's time grows with the square of the text: a longer one is given to it in parts,
    each beginning with the last sentence of the part before.
    """
    at = 0
    while at < len(text):
        part = text[at : at + _MOST_AT_ONCE]
        found = [(at + one["start_index"], at + one["end_index"]) for one in _split(language, part)]
        if at + len(part) == len(text):
            yield from found
            return
        if len(found) > 1:
            found.pop()
        elif (gap := part.rfind(" ") + 1) > 0:
            found = [(at, at + gap)]
        yield from found
        at = found[-1][1] if found else at + len(part)


def _split(language: str, text: str) -> Sequence[Mapping[str, Any]]:
    """The splitter's boundaries; all of the text as one where it panics, as Rust calls its own
    errors, so that no document is lost for what it cannot split."""
    try:
        found: Sequence[Mapping[str, Any]] = sentencex.get_sentence_boundaries(language, text)
        return found
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        return [{"start_index": 0, "end_index": len(text)}]


def _without_scraps(document: Document, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Joins what cannot stand alone (a lone number, a bracket, a mark) to its neighbour."""
    kept: list[Sentence] = []
    for sentence in sentences:
        text = document.text[sentence.start : sentence.end]
        scrap = sum(letter.isalpha() for letter in text) < 2
        after = kept[-1] if kept and kept[-1].block == sentence.block else None
        if after and (scrap or _opens_lowercase(text)):
            kept[-1] = Sentence(after.start, sentence.end, after.kind, after.block)
        else:
            kept.append(sentence)
    return kept


def _opens_lowercase(text: str) -> bool:
    """A new sentence does not begin with a small letter: the split before it was a mistake."""
    return text[0].islower()


def _units(
    document: Document, sentences: Iterable[Sentence], size_of: dict[Sentence, int], room: int
) -> list[list[Sentence]]:
    """What is kept together: a table or a list with its lead-in where it fits, else a sentence."""
    units: list[list[Sentence]] = []
    for listed, run in groupby(sentences, key=lambda s: s.kind in _LIST_KINDS):
        members = list(run)
        if listed and sum(size_of[s] for s in members) <= room:
            lead_in = units[-1] if units and _leads_in(document, units[-1][-1]) else None
            if lead_in and sum(size_of[s] for s in lead_in + members) <= room:
                units[-1] = lead_in + members
            else:
                units.append(members)
        else:
            units += [[sentence] for sentence in members]
    return units


def _leads_in(document: Document, sentence: Sentence) -> bool:
    return document.text[sentence.end - 1] == ":"


def _pack(
    units: Sequence[list[Sentence]], size_of: dict[Sentence, int], target: int, room: int
) -> list[list[Sentence]]:
    """Fills chunks unit by unit up to the target; never beyond the room."""
    packed: list[list[Sentence]] = []
    filled = 0
    for unit in units:
        size = sum(size_of[s] for s in unit)
        same_paragraph = bool(packed) and packed[-1][-1].block == unit[0].block
        # A paragraph is rather finished than parted for the sake of a few tokens.
        allowed = min(room, int(target * 1.3)) if same_paragraph else target
        if packed and filled + size <= allowed:
            packed[-1] += unit
            filled += size
        else:
            packed.append(list(unit))
            filled = size
    return packed


def _cut(
    document: Document,
    section: int,
    members: Sequence[Sentence],
    size_of: dict[Sentence, int],
    room: int,
    count_tokens: Counter,
) -> list[Chunk]:
    """One chunk of the sentences, or several of a single sentence that is too long to embed."""
    sentences = tuple(members)
    start, end = sentences[0].start, sentences[-1].end
    if len(sentences) == 1 and size_of[sentences[0]] > room:
        pieces = _pieces(document.text, start, end, room, count_tokens)
        return [Chunk(document.id, a, b, section, sentences) for a, b in pieces]
    if len(sentences) > 1 and count_tokens([document.text[start:end]])[0] > room:
        middle = len(sentences) // 2
        halves = (sentences[:middle], sentences[middle:])
        return [
            chunk
            for half in halves
            for chunk in _cut(document, section, half, size_of, room, count_tokens)
        ]
    return [Chunk(document.id, start, end, section, sentences)]


def _pieces(
    text: str, start: int, end: int, room: int, count_tokens: Counter
) -> list[tuple[int, int]]:
    """Halves a span at the white space nearest its middle until each part fits."""
    if end - start < 2 or count_tokens([text[start:end]])[0] <= room:
        return [(start, end)]
    middle = (start + end) // 2
    gaps = [i for i in range(start + 1, end - 1) if text[i].isspace()]
    at = min(gaps, key=lambda i: abs(i - middle)) if gaps else middle
    left = _pieces(text, start, at, room, count_tokens)
    right = _pieces(text, at + 1 if gaps else at, end, room, count_tokens)
    return left + right
