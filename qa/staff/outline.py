"""A document's coverage page by page: its sections in order, a long one on several pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qa.staff.coverage import DocumentCoverage, Paragraph, SectionCoverage

__all__ = ["MOST_QUESTIONS", "PAGE", "Part", "outline_pages"]

PAGE = 100
"""Headings, questions and paragraphs together on one page: about 250 KB at most."""
_PARAGRAPHS = 50
"""Unreached paragraphs of a section that stay together."""
MOST_QUESTIONS = 30
"""Questions of a section that are shown."""


@dataclass(frozen=True, slots=True)
class Part:
    """A section, or some of its paragraphs where it has many that no question reaches."""

    section: SectionCoverage
    unreached: tuple[Paragraph, ...]
    continued: bool
    """Whether the section began before."""


def outline_pages(document: DocumentCoverage, only_open: bool = False) -> list[list[Part]]:
    """The pages of a document's outline, at least one; with `only_open` those sections alone that
    have a paragraph without a question."""
    pages: list[list[Part]] = [[]]
    filled = 0
    for part in _parts(document, only_open):
        size = 1 + len(part.unreached)
        size += 0 if part.continued else min(MOST_QUESTIONS, len(part.section.questions))
        if pages[-1] and filled + size > PAGE:
            pages.append([])
            filled = 0
        pages[-1].append(part)
        filled += size
    return pages


def _parts(document: DocumentCoverage, only_open: bool) -> Iterator[Part]:
    for section in document.sections:
        unreached = section.unreached
        if only_open and not unreached:
            continue
        if not section.section.heading and not section.paragraphs:
            continue  # nothing stands before the first heading
        for at in range(0, max(1, len(unreached)), _PARAGRAPHS):
            yield Part(section, unreached[at : at + _PARAGRAPHS], at > 0)
