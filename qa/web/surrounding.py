"""The passage around a quote: what stands before and behind it in the same section."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qa.chunking import split_sentences
from qa.document import Block, BlockKind, Document
from qa.web.reading import Part, lay_out

__all__ = ["WORDS", "Surroundings", "surroundings", "whole_sentences"]

WORDS = 120
"""Words shown at most on each side of a quote."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A stretch of a section laid out, with the quote in it marked."""

    parts: tuple[Part, ...]
    cut_before: bool
    """Whether more of the section stands before what is shown."""
    cut_after: bool


def surroundings(
    document: Document, span: tuple[int, int], words: int = WORDS
) -> Surroundings | None:
    """The section around `span` (code points), at most `words` words on each side of it.

    Whole blocks are taken while there is room, and of the block that has none whole sentences.
    None where nothing but a heading stands around the quote, or where it stands in no block.
    """
    start, end = span
    inside = [i for i, one in enumerate(document.blocks) if one.start < end and start < one.end]
    if not inside:
        return None
    blocks = document.blocks
    sections = {blocks[inside[0]].section, blocks[inside[-1]].section}
    near = [i for i, block in enumerate(blocks) if block.section in sections]
    before = [blocks[i] for i in near if i <= inside[0]]
    after = [blocks[i] for i in near if i >= inside[-1]]
    first = _reach_back(document, before, start, words)
    last = _reach_on(document, after, end, words)
    shown = (*before, *after)
    if not any(_tells_more(block, (first, start), (end, last)) for block in shown):
        return None
    return Surroundings(
        tuple(lay_out(document, span, (first, last))),
        cut_before=first > before[0].start,
        cut_after=last < after[-1].end,
    )


def whole_sentences(document: Document, start: int, end: int) -> bool:
    """Whether a span begins where a sentence begins, and ends where one ends."""
    begins = {
        a
        for block in document.blocks
        if block.start <= start < block.end
        for a, _ in _sentences(document, block)
    }
    ends = {
        b
        for block in document.blocks
        if block.start < end <= block.end
        for _, b in _sentences(document, block)
    }
    return start in begins and end in ends


def _tells_more(block: Block, *beside: tuple[int, int]) -> bool:
    """Whether a block that is no heading reaches into a stretch beside the quote."""
    told = block.kind is not BlockKind.HEADING
    return told and any(max(block.start, a) < min(block.end, b) for a, b in beside)


def _reach_back(document: Document, blocks: list[Block], start: int, room: int) -> int:
    """Where what is shown begins; `blocks` are the section's up to the one that `start` is in."""
    reached = start
    for block in reversed(blocks):
        end = min(block.end, start)
        size = _words(document, block.start, end)
        if size > room:
            begins = (begin for begin, _ in _sentences(document, block) if begin < end)
            return next((b for b in begins if _words(document, b, end) <= room), reached)
        reached, room = min(block.start, start), room - size
    return reached


def _reach_on(document: Document, blocks: list[Block], end: int, room: int) -> int:
    """Where what is shown ends; `blocks` are the section's from the one that `end` is in."""
    reached = end
    for block in blocks:
        start = max(block.start, end)
        size = _words(document, start, block.end)
        if size > room:
            ends = (stop for _, stop in reversed(_sentences(document, block)) if stop > start)
            return next((e for e in ends if _words(document, start, e) <= room), reached)
        reached, room = max(block.end, end), room - size
    return reached


def _sentences(document: Document, block: Block) -> list[tuple[int, int]]:
    """Spans of one block's sentences, in order; it is its own where it is a table's row."""
    only = replace(document, blocks=(block,))
    return [(one.start, one.end) for one in split_sentences(only)]


def _words(document: Document, start: int, end: int) -> int:
    return len(document.text[start:end].split())
