"""A document as sentences to choose from: a part of it at a time, or what holds some words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from qa.document import Document, Sentence

__all__ = ["MOST_FOUND", "PART", "Choice", "Shelf", "Stretch"]

PART = 150
"""Sentences on a page, about as many as four printed pages have: a section is rather kept whole
than filled up with the next."""
MOST_FOUND = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence that can be chosen."""

    start: int
    end: int
    text: str
    part: int
    """In which part of the document it stands, from 1."""
    role: str = ""
    """What the answer made of it: "shown", "held back", "found", or nothing."""

    @property
    def place(self) -> str:
        """How a form names it."""
        return f"{self.start}:{self.end}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sentences under a heading, paragraph by paragraph."""

    heading: str
    paragraphs: tuple[tuple[Choice, ...], ...]


class Shelf:
    """The sentences of a document, in parts."""

    def __init__(
        self,
        document: Document,
        sentences: Sequence[Sentence],
        roles: Mapping[tuple[int, int], str] | None = None,
    ) -> None:
        """`roles` says of spans what the answer made of them; see `Choice.role`."""
        self.document = document
        self._roles = dict(roles or {})
        self._parts = _parts(document, sentences)
        self.count = len(self._parts)

    def part_at(self, offset: int) -> int:
        """The part (from 1) in which an offset stands; the last one that begins before it."""
        begun = [n for n, one in enumerate(self._parts, 1) if one[0].start <= offset]
        return begun[-1] if begun else 1

    def names(self) -> list[str]:
        """What each part begins with: its first heading."""
        return [self._heading(one[0]) for one in self._parts]

    def part(self, number: int) -> list[Stretch]:
        """The sentences of a part (from 1; one that is not there is the nearest)."""
        if not self._parts:
            return []
        number = min(max(1, number), self.count)
        return self._stretches([(one, number) for one in self._parts[number - 1]])

    def holding(self, words: str) -> tuple[list[Stretch], int]:
        """The sentences that hold all the words, at most `MOST_FOUND`, and how many there are."""
        wanted = words.casefold().split()
        text = self.document.text
        found = [
            (one, number)
            for number, part in enumerate(self._parts, 1)
            for one in part
            if all(word in text[one.start : one.end].casefold() for word in wanted)
        ]
        return self._stretches(found[:MOST_FOUND]), len(found)

    def has(self, start: int, end: int) -> bool:
        """Whether a span is one of the sentences."""
        return any((one.start, one.end) == (start, end) for part in self._parts for one in part)

    def text_of(self, start: int, end: int) -> str:
        """The words of a span."""
        return self.document.text[start:end]

    def _stretches(self, sentences: Sequence[tuple[Sentence, int]]) -> list[Stretch]:
        made = []
        for _, run in groupby(sentences, key=lambda pair: self._section(pair[0])):
            members = list(run)
            paragraphs = tuple(
                tuple(self._choice(one, number) for one, number in block)
                for _, block in groupby(members, key=lambda pair: pair[0].block)
            )
            made.append(Stretch(self._heading(members[0][0]), paragraphs))
        return made

    def _choice(self, sentence: Sentence, part: int) -> Choice:
        start, end = sentence.start, sentence.end
        role = next(
            (role for (a, b), role in self._roles.items() if a < end and start < b),
            "",
        )
        return Choice(start, end, self.document.text[start:end], part, role)

    def _section(self, sentence: Sentence) -> int:
        return self.document.blocks[sentence.block].section

    def _heading(self, sentence: Sentence) -> str:
        section = self.document.sections[self._section(sentence)]
        return section.heading or self.document.title or self.document.id


def _parts(document: Document, sentences: Sequence[Sentence]) -> list[list[Sentence]]:
    """Whole sections up to `PART` sentences; one that is longer is parted."""
    parts: list[list[Sentence]] = []
    for _, run in groupby(sentences, key=lambda one: document.blocks[one.block].section):
        members = list(run)
        pieces = [members[at : at + PART] for at in range(0, len(members), PART)]
        if parts and len(parts[-1]) + len(pieces[0]) <= PART:
            parts[-1] += pieces.pop(0)
        parts += pieces
    return parts
