"""Marked warnings that stand in a quote's section and are carried along with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.marked import is_marked
from qa.quoting import marked_warning
from qa.spans import Span

__all__ = ["MAX_CARRIED", "carried_warnings"]

MAX_CARRIED = 2
"""Warnings carried along with one answer; there is at most one for a section."""


def carried_warnings(quoted: Sequence[Span]) -> list[Span]:
    """The warnings to show behind the quotes, in the order of the quotes they belong to.

    Of several in a section the one nearest to the quote that is shown nowhere yet.
    """
    carried: list[Span] = []
    sections: set[tuple[str, int]] = set()
    for span in quoted:
        place = (span.document.id, span.section)
        if place in sections or len(carried) == MAX_CARRIED:
            continue
        sections.add(place)
        shown = [*quoted, *carried]
        fresh = (_not_quoted(warning, quoted) for warning in _nearest_first(span))
        found = next((one for one in fresh if one and not _is_said(one, shown)), None)
        carried += [found] if found else []
    return carried


def _nearest_first(span: Span) -> list[Span]:
    """The marked warnings of a quote's section."""
    found = [
        replace(span, first=first, last=last, score=0.0) for first, last in _warnings_beside(span)
    ]
    return sorted(found, key=lambda one: max(one.first - span.last, span.first - one.last))


def _warnings_beside(span: Span) -> Iterator[tuple[int, int]]:
    """Spans of the marked warnings in a section, in order and without overlap."""
    document, sentences = span.document, span.sentences

    def inside(i: int) -> bool:
        in_document = 0 <= i < len(sentences)
        return in_document and document.blocks[sentences[i].block].section == span.section

    i = span.first
    while inside(i - 1):
        i -= 1
    end = i
    while inside(i):
        if is_marked(document.text[sentences[i].start : sentences[i].end]):
            first, last = marked_warning(document, sentences, i)
            if first >= end:
                yield first, last
            end = i = max(i, last)
            end += 1
        i += 1


def _not_quoted(warning: Span, quoted: Sequence[Span]) -> Span | None:
    """The warning, up to the first quote that holds a part of it; None where its mark is quoted."""
    last = min((one.first - 1 for one in quoted if warning.overlaps(one)), default=warning.last)
    return replace(warning, last=min(last, warning.last)) if last >= warning.first else None


def _is_said(warning: Span, shown: Sequence[Span]) -> bool:
    text = _folded(warning)
    return any(text in _folded(one) for one in shown)


def _folded(span: Span) -> str:
    return " ".join(span.document.text[span.start : span.end].split()).casefold()
