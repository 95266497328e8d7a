"""Paragraphs that stand in more than one document, word for word or nearly so.

Candidates are found by winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003): of the runs of
words of a paragraph, those with the least hash in each window are kept, and paragraphs that share
one are held against each other. So the time grows with the text, not with its square.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz.fuzz import ratio

from qa.chunking import is_quotable
from qa.doctor.examined import Examined
from qa.doctor.finding import Area, Finding, Place, Severity
from qa.document import Block, BlockKind

__all__ = ["repetitions"]

_LEAST_WORDS = 12
_NEARLY = 90.0
"""Similarity in percent (twice the characters in common, by all characters)."""
_RUN = 4
"""Words whose hash is taken together."""
_WINDOW = 5
"""Runs of which one is kept: 8 words in a row that two paragraphs share are surely found."""
_OFTEN = 50
"""A run of words in more different paragraphs than this is a phrase, not a copy."""
_WORD = re.compile(r"\w+")


def repetitions(all_examined: Sequence[Examined]) -> Iterator[Finding]:
    """A hint for a paragraph that stands in several documents, a warning where it is worded a
    little differently in one."""
    places: dict[str, list[tuple[int, Block]]] = {}
    for number, examined in enumerate(all_examined):
        for block in _paragraphs(examined):
            words = _WORD.findall(examined.document.text[block.start : block.end].casefold())
            if len(words) >= _LEAST_WORDS:
                places.setdefault(" ".join(words), []).append((number, block))
    yield from _same(all_examined, places)
    yield from _different(all_examined, places)


_Found = list[tuple[int, Block]]
"""Documents' numbers, and the paragraph in each."""


def _same(all_examined: Sequence[Examined], places: Mapping[str, _Found]) -> Iterator[Finding]:
    """One finding for each set of documents that have paragraphs in common."""
    shared: dict[tuple[int, ...], list[_Found]] = {}
    for found in places.values():
        numbers = tuple(sorted({number for number, _ in found}))
        if len(numbers) > 1:
            shared.setdefault(numbers, []).append(found)
    for numbers, paragraphs in shared.items():
        count = len(paragraphs)
        what = "A paragraph stands" if count == 1 else f"{count} paragraphs stand"
        yield Finding(
            Severity.HINT,
            Area.TEXT,
            "repeated_text",
            _places(all_examined, paragraphs[0]),
            f"{what} word for word in {len(numbers)} documents{_first(count)}.",
            "Keep it in one, so that there is but one to keep up to date; or leave it if each "
            "must stand by itself.",
        )


def _different(all_examined: Sequence[Examined], places: Mapping[str, _Found]) -> Iterator[Finding]:
    """One finding for each two documents that word paragraphs a little differently."""
    pairs: dict[tuple[int, int], list[_Found]] = {}
    for one, other in _near(list(places)):
        found = [places[one][0], places[other][0]]
        if found[0][0] != found[1][0]:
            pairs.setdefault((found[0][0], found[1][0]), []).append(found)
    for paragraphs in pairs.values():
        count = len(paragraphs)
        what = "this paragraph" if count == 1 else f"{count} paragraphs"
        yield Finding(
            Severity.WARNING,
            Area.TEXT,
            "nearly_repeated_text",
            _places(all_examined, paragraphs[0]),
            f"Two documents have {what} in slightly different words{_first(count)}. One may have "
            "been forgotten when the other was changed.",
            "Compare them, and make them the same or take one out.",
        )


def _first(count: int) -> str:
    return "; the first is shown" if count > 1 else ""


def _paragraphs(examined: Examined) -> Iterator[Block]:
    document = examined.document
    for block in document.blocks:
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM) and is_quotable(
            document, block.section
        ):
            yield block


def _places(
    all_examined: Sequence[Examined], found: Sequence[tuple[int, Block]]
) -> tuple[Place, ...]:
    """Where a paragraph stands, once for each document."""
    once = dict(reversed(found))
    return tuple(
        all_examined[number].place(once[number].start, once[number].end) for number in sorted(once)
    )


def _near(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of different texts that are nearly the same; each text is paired with one before it."""
    holding: dict[int, list[int]] = {}
    for number, text in enumerate(texts):
        marks = _winnowed(text.split())
        met: set[int] = set()
        for mark in marks:
            earlier = holding.setdefault(mark, [])
            if len(earlier) < _OFTEN:
                met.update(earlier)
                earlier.append(number)
        for other in sorted(met):
            if ratio(texts[other], text, score_cutoff=_NEARLY) >= _NEARLY:
                yield texts[other], text
                break


def _winnowed(words: Sequence[str]) -> set[int]:
    """The least hash of each window of runs of words."""
    runs = [
        zlib.crc32(" ".join(words[i : i + _RUN]).encode()) for i in range(len(words) - _RUN + 1)
    ]
    windows = range(max(1, len(runs) - _WINDOW + 1))
    return {min(runs[i : i + _WINDOW]) for i in windows}
