"""Whole sentences of one document on their way to become a quote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.document import BlockKind, Document, Sentence

__all__ = ["Span"]

_LONGEST_MARKER = 12
"""Characters from the beginning of a line to an item's text: blanks, a number or bullet."""


@dataclass(frozen=True, slots=True)
class Span:
    """Whole sentences of one document, from the first to the last index, both included."""

    document: Document
    sentences: Sequence[Sentence]
    """All of the document's, in order."""
    first: int
    last: int
    score: float = 0.0

    @property
    def start(self) -> int:
        """Where the first sentence begins; before its number or bullet where more items follow."""
        first, last = self.sentences[self.first], self.sentences[self.last]
        if first.kind is not BlockKind.ITEM or first.block == last.block:
            return first.start
        line = self.document.text.rfind("\n", 0, first.start) + 1
        begins_item = first.start == self.document.blocks[first.block].start
        return line if begins_item and first.start - line <= _LONGEST_MARKER else first.start

    @property
    def end(self) -> int:
        """Where the last sentence ends."""
        return self.sentences[self.last].end

    @property
    def section(self) -> int:
        """Index of the section it lies in, into the document's."""
        return self.document.blocks[self.sentences[self.first].block].section

    @property
    def texts(self) -> list[str]:
        """Each sentence's text."""
        held = self.sentences[self.first : self.last + 1]
        return [self.document.text[sentence.start : sentence.end] for sentence in held]

    def overlaps(self, other: Span) -> bool:
        """Whether both hold a sentence of the same document."""
        same = self.document.id == other.document.id
        return same and self.first <= other.last and other.first <= self.last
