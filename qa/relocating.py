"""Relocating: where the words of golden labels stand in documents that were changed.

What is found word for word is certain. What is only like it is shown to a person and never taken:
likeness is for these labels alone, and no quote for a patient is ever found by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from rapidfuzz import fuzz

from qa.document import Document, Sentence
from qa.golden import Golden, Span, fold, spans_cell

__all__ = ["Relocation", "Status", "cells", "occurrences", "relocate", "relocation_text"]

LIKE = 60.0
"""Percent of likeness below which words are said to be gone. A person looks at each, so that it is
low: half of a sentence's words may be others."""
_SHORT = 200


class Status(StrEnum):
    """What became of a label's words."""

    UNCHANGED = "unchanged"
    PLACED = "placed"
    """Found, and where was not written down before."""
    MOVED = "moved"
    SEVERAL = "several"
    """They stand more than once, and which is meant was not written down."""
    ANYWHERE = "anywhere"
    """The label names no document, and one holds them."""
    IN_ANOTHER = "in_another"
    CHANGED = "changed"
    GONE = "gone"

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody has to look at the label."""
        return self in (Status.IN_ANOTHER, Status.CHANGED, Status.GONE)


_MEANINGS = {
    Status.UNCHANGED: "stand where they stood",
    Status.PLACED: "found; where was not written down before",
    Status.MOVED: "moved within their document",
    Status.SEVERAL: "stand more than once, and which is meant is not written down; any will do",
    Status.ANYWHERE: "found; their label names no document",
    Status.IN_ANOTHER: "stand in another document than their label names",
    Status.CHANGED: "not found; something like them is",
    Status.GONE: "gone",
}


@dataclass(frozen=True, slots=True)
class Relocation:
    """One quote of a golden label, and where it is now."""

    line: int
    question: str
    quote: str
    document: str
    """As the label names it; may be empty."""
    status: Status
    found_in: str = ""
    """The id of the document that holds the words or what is like them."""
    span: Span = None
    """Start and end in code points, where they are certain: then the words stand there."""
    places: int = 0
    """How often the words stand in `found_in`."""
    like: str = ""
    """With `changed`: what is most like them."""
    likeness: float = 0.0
    """From 0 to 100: normalised insertions and deletions, as RapidFuzz's `ratio` counts them."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        made = asdict(self)
        return made | {"status": self.status.value, "likeness": round(self.likeness, 1)}


def relocate(
    golden: Iterable[Golden],
    documents: Sequence[Document],
    sentences_of: Callable[[str], Sequence[Sentence]],
) -> list[list[Relocation]]:
    """For each golden question, where each of its quotes stands in the documents.

    `sentences_of` gives the sentences of the document of an id.
    """
    find = _Finder(documents, sentences_of)
    return [
        [
            find(one, quote, one.spans[at] if one.spans else None)
            for at, quote in enumerate(one.quotes)
        ]
        for one in golden
    ]


def cells(
    golden: Sequence[Golden], found: Sequence[Sequence[Relocation]], documents: Iterable[Document]
) -> list[str | None]:
    """For each question the cell that says where its quotes stand, or None to leave it as it is."""
    sha256 = {one.id: one.sha256 for one in documents}
    made: list[str | None] = []
    for one, places in zip(golden, found, strict=True):
        spans = [place.span for place in places]
        made.append(spans_cell(spans, sha256[one.document]) if any(spans) else None)
    return made


class _Finder:
    """Finds words in documents."""

    def __init__(
        self,
        documents: Sequence[Document],
        sentences_of: Callable[[str], Sequence[Sentence]],
    ) -> None:
        self._by_id = {one.id: one for one in documents}
        self._sentences_of = sentences_of

    def __call__(self, golden: Golden, quote: str, old: Span) -> Relocation:
        """Where a quote of a label is now; `old` is where it was, as far as that is known."""
        named = self._by_id.get(golden.document)
        spans = occurrences(quote, named.text) if named else []
        made = _in_place(spans, golden.document, old) if spans else self._elsewhere(golden, quote)
        return Relocation(golden.line, golden.question, quote, golden.document, **made)

    def _elsewhere(self, golden: Golden, quote: str) -> dict[str, Any]:
        for name, document in self._by_id.items():
            count = len(occurrences(quote, document.text))
            if count:
                status = Status.IN_ANOTHER if golden.document else Status.ANYWHERE
                return {"status": status, "found_in": name, "places": count}
        named = self._by_id.get(golden.document)
        among = [named] if named else self._by_id.values()
        tried = (_most_like(quote, one, self._sentences_of(one.id)) for one in among)
        likest = max(tried, default=(0.0, "", ""))
        if likest[0] < LIKE:
            return {"status": Status.GONE}
        keys = ("likeness", "like", "found_in")
        return {"status": Status.CHANGED, **dict(zip(keys, likest, strict=True))}


def _in_place(spans: Sequence[tuple[int, int]], document: str, old: Span) -> dict[str, Any]:
    """Which of the places in the document that the label names is meant."""
    here = {"found_in": document, "places": len(spans)}
    if old:
        start = old[0]
        nearest = min(spans, key=lambda one: abs(one[0] - start))
        status = Status.UNCHANGED if nearest == old else Status.MOVED
        return {"status": status, "span": nearest, **here}
    if len(spans) > 1:
        return {"status": Status.SEVERAL, **here}
    return {"status": Status.PLACED, "span": spans[0], **here}


def occurrences(quote: str, text: str) -> list[tuple[int, int]]:
    """Where the words of a quote stand in a text, any white space between them."""
    words = r"\s+".join(map(re.escape, quote.split()))
    return [one.span() for one in re.finditer(words, text)] if words else []


def _most_like(
    quote: str, document: Document, sentences: Sequence[Sentence]
) -> tuple[float, str, str]:
    """How like the likest run of whole sentences of a document is, that run, and the document's id.

    From each sentence on, the run that is just shorter than the quote and the next one are tried.
    """
    wanted, best, like = fold(quote), 0.0, ""
    spans = sorted({(one.start, one.end) for one in sentences})
    last = 0
    for at, (start, _) in enumerate(spans):
        last = max(last, at)
        while last + 1 < len(spans) and spans[last][1] - start < len(wanted):
            last += 1
        for end in (spans[max(at, last - 1)][1], spans[last][1]):
            run = fold(document.text[start:end])
            likeness = fuzz.ratio(wanted, run, score_cutoff=best)
            if likeness > best:
                best, like = likeness, run
    return best, like, document.id


def relocation_text(found: Sequence[Sequence[Relocation]], written: int | None) -> str:
    """Counts, then what needs a person; `written` is how many labels were, None for a dry run."""
    every = [one for places in found for one in places]
    lines = [f"Quotes of golden labels: {len(every)}."]
    for status in Status:
        count = sum(one.status is status for one in every)
        if count:
            lines.append(f"{count:6}  {_MEANINGS[status]}")
    for one in every:
        if one.status.needs_a_person:
            lines += ["", *_lines(one)]
    if written is not None:
        lines += ["", f"Written: the places of {written} labels."]
    elif any(one.status in (Status.PLACED, Status.MOVED) for one in every):
        lines += ["", "Nothing was written. To keep the places that are certain: --write."]
    return "\n".join(lines)


def _lines(one: Relocation) -> list[str]:
    head = f"line {one.line}: {' '.join(one.question.split())}"
    quote = f"    label ({one.document or 'no document named'}): {_short(one.quote)}"
    told: dict[Status, Callable[[], str]] = {
        Status.IN_ANOTHER: lambda: f"now in {one.found_in}: change the label's document",
        Status.CHANGED: lambda: (
            f"{one.likeness:.0f} % like it in {one.found_in}: {_short(one.like)}\n"
            "    If that answers as well, write it into the label; else write another one."
        ),
        Status.GONE: lambda: "nothing like it is there: write another label, or take it out",
    }
    return [head, quote, f"    {told[one.status]()}"]


def _short(text: str) -> str:
    line = fold(text)
    rest = "\u2026" if len(line) > _SHORT else ""
    return f"\u201c{line[:_SHORT]}{rest}\u201d"
