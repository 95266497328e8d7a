"""Coverage: which parts of the documents golden questions reach, and which none does.

A paragraph is what an author writes as one: a paragraph, a whole list or a whole table. A question
reaches it where its label lies there, or where a passage that was quoted to it stands there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from qa.chunking import is_quotable
from qa.document import Block, BlockKind, Document, Section
from qa.feedback import Place
from qa.golden import Golden, fold
from qa.relocating import occurrences
from qa.staff.judgement import Judgement, Result

__all__ = [
    "Coverage",
    "DocumentCoverage",
    "Lost",
    "Paragraph",
    "Quoted",
    "Reaching",
    "SectionCoverage",
    "coverage_of",
]

_KINDS = {
    BlockKind.PARAGRAPH: "paragraph",
    BlockKind.ITEM: "list",
    BlockKind.TABLE_HEAD: "table",
    BlockKind.TABLE_ROW: "table",
}


class Quoted(StrEnum):
    """What a quote from a section was to its question."""

    RIGHT = "right quote"
    AS_WELL = "quoted as well"
    WRONG = "wrong quote"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, list or table; `start` and `end` in code points of the document's text."""

    kind: str
    start: int
    end: int
    labelled: bool = False
    """Whether a golden question's label lies here."""
    quoted: bool = False
    """Whether something of it was quoted in the run."""

    @property
    def reached(self) -> bool:
        """Whether any golden question reaches it."""
        return self.labelled or self.quoted


@dataclass(frozen=True, slots=True)
class Reaching:
    """A golden question and a section that it reaches."""

    line: int
    question: str
    held: bool
    labelled: bool
    """Whether its label lies in the section."""
    quoted: Quoted | None
    """What the section's quote was to it; None where nothing was quoted from there."""
    result: Result | None
    """What became of it in the run; None where it was not asked."""


@dataclass(frozen=True, slots=True)
class SectionCoverage:
    """A section with the questions that reach it, and its paragraphs."""

    section: Section
    quotable: bool
    """False for lists of references and what the document says is never to be quoted."""
    questions: tuple[Reaching, ...]
    paragraphs: tuple[Paragraph, ...]

    @property
    def unreached(self) -> tuple[Paragraph, ...]:
        """The paragraphs that no question reaches, though they could be quoted."""
        return tuple(one for one in self.paragraphs if not one.reached) if self.quotable else ()

    @property
    def has_none(self) -> bool:
        """Whether it has text that could be quoted and no question at all."""
        return self.quotable and bool(self.paragraphs) and not self.questions


@dataclass(frozen=True, slots=True)
class DocumentCoverage:
    """A document's sections in order."""

    document: Document
    sections: tuple[SectionCoverage, ...]

    @property
    def paragraphs(self) -> int:
        """How many there are that could be quoted."""
        return sum(len(one.paragraphs) for one in self.sections if one.quotable)

    @property
    def reached(self) -> int:
        """How many of them a question reaches."""
        return self.paragraphs - sum(len(one.unreached) for one in self.sections)

    @property
    def labelled(self) -> int:
        """How many of them a question's label lies in."""
        quotable = (one for one in self.sections if one.quotable)
        return sum(paragraph.labelled for one in quotable for paragraph in one.paragraphs)

    @property
    def without(self) -> int:
        """Sections with text of their own that no question reaches."""
        return sum(one.has_none for one in self.sections)

    @property
    def questions(self) -> int:
        """How many different questions have a label here."""
        return len({one.line for s in self.sections for one in s.questions if one.labelled})


@dataclass(frozen=True, slots=True)
class Lost:
    """A label whose words stand in no document that it could mean."""

    line: int
    question: str
    document: str
    quote: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """All documents, and the labels that lie nowhere."""

    documents: tuple[DocumentCoverage, ...]
    lost: tuple[Lost, ...]

    def document(self, document_id: str) -> DocumentCoverage | None:
        """The coverage of one document; None where there is no such."""
        return next((one for one in self.documents if one.document.id == document_id), None)


@dataclass(frozen=True, slots=True)
class _Reach:
    """A stretch of a document that a question reaches."""

    golden: Golden
    start: int
    end: int
    quoted: Quoted | None
    """None for a label."""


def coverage_of(
    documents: Sequence[Document], golden: Sequence[Golden], judgements: Sequence[Judgement] = ()
) -> Coverage:
    """What golden questions reach in the documents.

    `judgements` are those of a run over these very texts; without any, labels alone count. One
    belongs to the golden question with the same words and expectation; others are left out.
    """
    by_id = {one.id: one for one in documents}
    judged = {(one.question, one.expect): one for one in judgements}
    reaches: dict[str, list[_Reach]] = {one.id: [] for one in documents}
    lost: list[Lost] = []
    for one in golden:
        for name, start, end in _label_places(one, by_id, lost):
            reaches[name].append(_Reach(one, start, end, None))
        found = judged.get((one.question, one.expect))
        for place in found.places if found and found.shown else ():
            if found and place.document_id in by_id:
                quoted = _quoted(one, found, place, by_id[place.document_id])
                reaches[place.document_id].append(_Reach(one, place.start, place.end, quoted))
    made = (_document(one, reaches[one.id], judged) for one in documents)
    return Coverage(tuple(made), tuple(lost))


def _label_places(
    golden: Golden, by_id: Mapping[str, Document], lost: list[Lost]
) -> Iterable[tuple[str, int, int]]:
    """Where the quotes of a label stand, as (document, start, end); notes those that do nowhere."""
    if golden.expect != "quote":
        return
    named = by_id.get(golden.document)
    among = [named] if named else [] if golden.document else list(by_id.values())
    for at, quote in enumerate(golden.quotes):
        found = [(one.id, *span) for one in among for span in _spans(golden, at, one)]
        if not found:
            lost.append(Lost(golden.line, golden.question, golden.document, quote))
        yield from found


def _spans(golden: Golden, at: int, document: Document) -> list[tuple[int, int]]:
    """Where a quote of a label stands: as written down, if that is of this text; else wherever its
    words are."""
    quote, span = golden.quotes[at], golden.spans[at] if golden.spans else None
    if span and document.sha256.startswith(golden.text_sha256):
        start, end = span
        if fold(document.text[start:end]) == fold(quote):
            return [span]
    return occurrences(quote, document.text)


def _quoted(golden: Golden, judgement: Judgement, place: Place, document: Document) -> Quoted:
    text = fold(document.text[place.start : place.end])
    if golden.expect == "quote" and any(fold(quote) in text for quote in golden.quotes):
        return Quoted.RIGHT
    return Quoted.AS_WELL if judgement.result.is_good else Quoted.WRONG


def _document(
    document: Document,
    reaches: Sequence[_Reach],
    judged: Mapping[tuple[str, str], Judgement],
) -> DocumentCoverage:
    """Counts each stretch for the paragraphs that it overlaps, and the question for their section.

    Only the paragraphs from a stretch's start on are looked at, so that long documents take no
    longer than they must.
    """
    paragraphs = _paragraphs(document)
    ends = [one.end for _, one in paragraphs]
    labelled: set[int] = set()
    quoted: set[int] = set()
    questions: dict[int, dict[int, list[_Reach]]] = {}
    for reach in reaches:
        # The first paragraph that ends behind the start: an end itself belongs to no stretch.
        at = bisect_left(ends, reach.start + 1)
        while at < len(paragraphs) and paragraphs[at][1].start < reach.end:
            (labelled if reach.quoted is None else quoted).add(at)
            there = questions.setdefault(paragraphs[at][0], {})
            there.setdefault(reach.golden.line, []).append(reach)
            at += 1
    by_section: dict[int, list[Paragraph]] = {}
    for at, (section, one) in enumerate(paragraphs):
        made = Paragraph(one.kind, one.start, one.end, at in labelled, at in quoted)
        by_section.setdefault(section, []).append(made)
    sections = (
        SectionCoverage(
            section,
            is_quotable(document, at),
            tuple(_reaching(one, judged) for one in questions.get(at, {}).values()),
            tuple(by_section.get(at, ())),
        )
        for at, section in enumerate(document.sections)
    )
    return DocumentCoverage(document, tuple(sections))


def _paragraphs(document: Document) -> list[tuple[int, Paragraph]]:
    """(section, paragraph) pairs in order: neighbouring items are one list, rows one table."""

    def key(block: Block) -> tuple[int, str, int]:
        kind = _KINDS[block.kind]
        return block.section, kind, block.start if kind == "paragraph" else -1

    blocks = sorted(document.blocks, key=lambda one: one.start)
    found = []
    for heading, run in groupby(blocks, key=lambda one: one.kind is BlockKind.HEADING):
        for (section, kind, _), group in groupby(run, key=key) if not heading else ():
            members = list(group)
            found.append((section, Paragraph(kind, members[0].start, members[-1].end)))
    return found


def _reaching(reaches: Sequence[_Reach], judged: Mapping[tuple[str, str], Judgement]) -> Reaching:
    """One question's stretches in a section as one: the best of its quotes counts."""
    golden = reaches[0].golden
    judgement = judged.get((golden.question, golden.expect))
    kinds = {one.quoted for one in reaches}
    return Reaching(
        line=golden.line,
        question=golden.question,
        held=golden.held,
        labelled=None in kinds,
        quoted=next((one for one in Quoted if one in kinds), None),
        result=judgement.result if judgement else None,
    )
