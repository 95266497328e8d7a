"""What the checks of text look at: a document, its sentences, and its file's own text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from qa.chunking import is_quotable, split_sentences
from qa.doctor.finding import Place, place_in
from qa.document import Document, Sentence
from qa.message_language import language_of

__all__ = ["Examined", "examine"]

_WITH_LINES = (".md", ".markdown", ".txt", ".html", ".htm", ".csv")
"""Files whose lines a person can go to."""


@dataclass(frozen=True)
class Examined:
    """A document that is looked at; its sentences are those that can be quoted, in order."""

    document: Document
    data: bytes = field(default=b"", repr=False)
    """The file's bytes; empty where only the document is known."""

    @cached_property
    def sentences(self) -> Sequence[Sentence]:
        """The sentences, list items and table rows that can be quoted."""
        blocks = self.document.blocks
        quotable = [
            is_quotable(self.document, section) for section in range(len(self.document.sections))
        ]
        return [
            one for one in split_sentences(self.document) if quotable[blocks[one.block].section]
        ]

    @cached_property
    def source(self) -> str:
        """The file's text as far as it has lines, else empty."""
        if PurePosixPath(self.document.id).suffix.lower() not in _WITH_LINES:
            return ""
        text = self.data.decode("utf-8-sig", "replace")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def language(self) -> str:
        """The language that the document says it is in."""
        return language_of(self.document)

    def text(self, sentence: Sentence) -> str:
        """A sentence's text, its line ends as blanks."""
        return " ".join(self.document.text[sentence.start : sentence.end].split())

    def place(self, start: int, end: int) -> Place:
        """Where a stretch of the document stands."""
        return place_in(self.document, start, end, self.source)

    def place_of(self, sentence: Sentence) -> Place:
        """Where a sentence stands."""
        return self.place(sentence.start, sentence.end)


def examine(document: Document, data: bytes = b"") -> Examined:
    """A document made ready for the checks, with its file's bytes where they are at hand."""
    return Examined(document, data)
