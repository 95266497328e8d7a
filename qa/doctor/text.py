"""The checks of the documents' text, all together: documents → findings; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from qa.doctor.abbreviations import undefined_abbreviations
from qa.doctor.citations import citations
from qa.doctor.contradictions import contradictions
from qa.doctor.examined import Examined
from qa.doctor.finding import Finding
from qa.doctor.reading_ease import reading_ease
from qa.doctor.repetition import repetitions
from qa.doctor.standing_alone import sentences_out_of_context
from qa.doctor.structure import empty_headings, long_sentences

__all__ = ["text_findings"]

_EACH: Sequence[Callable[[Examined], Iterator[Finding]]] = (
    empty_headings,
    citations,
    sentences_out_of_context,
    undefined_abbreviations,
    long_sentences,
    reading_ease,
)


def text_findings(examined: Sequence[Examined]) -> Iterator[Finding]:
    """What each document has, and what two have that do not go together.

    `examined` are the documents that are quoted: what is out of date may say what it likes.
    """
    for one in examined:
        for check in _EACH:
            yield from check(one)
    yield from contradictions(examined)
    yield from repetitions(examined)
