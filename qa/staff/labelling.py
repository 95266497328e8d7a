"""Labels of golden questions made of what a member chose: sentences, expectation, tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from qa.document import BlockKind, Document, Sentence
from qa.errors import QuestionError
from qa.golden import fold, spans_cell
from qa.staff.golden_text import Label

__all__ = ["EXPECTATIONS", "note_of", "placed", "sentences_within", "tags_with"]

EXPECTATIONS = ("quote", "refuse", "crisis", "emergency", "advice")
_PARTED = " || "
_OWN_TAGS = frozenset({"tuned", "held", "on_topic", "off_topic"})


def placed(
    label: Label, document: Document, spans: Sequence[tuple[int, int]], kept: Sequence[str] = ()
) -> Label:
    """The label with the words of sentences, any of which answers, and where they stand.

    `spans` are start and end in code points of the document's text; `kept` are words that it had
    before, whose places are looked for. Raises QuestionError where the words cannot be written.
    """
    words: dict[str, tuple[int, int] | None] = {one: _only_place(one, document) for one in kept}
    for start, end in sorted(spans):
        words.setdefault(fold(document.text[start:end]), (start, end))
    if any(_PARTED.strip() in one for one in words):
        raise QuestionError(
            f"A sentence of {document.id} has \u201c||\u201d in it, which parts sentences in the "
            "file of golden questions. Choose another one."
        )
    cells = label.cells() | {
        "quote": _PARTED.join(words),
        "document": document.id,
        "spans": spans_cell(tuple(words.values()), document.sha256),
    }
    return Label(**cells)


def _only_place(words: str, document: Document) -> tuple[int, int] | None:
    """Where words stand in a document, where that is one place and they are written so."""
    start = document.text.find(words)
    alone = start >= 0 and document.text.find(words, start + 1) < 0
    return (start, start + len(words)) if alone else None


def sentences_within(
    document: Document,
    sentences: Sequence[Sentence],
    span: tuple[int, int],
    evidence: Mapping[tuple[int, int], float],
    share: float,
) -> list[tuple[int, int]]:
    """The spans of the sentences within a quote that answer by themselves, as far as can be told.

    No lead-in of a list and no head of a table is among them, and none with less than `share` of
    the `evidence` that the best one has: a list is quoted whole, and what stands beside the answer
    answers nothing. Where nothing is left of that, all do.
    """
    inside = [one for one in sentences if span[0] <= one.start and one.end <= span[1]]
    telling = [
        one
        for one in inside
        if one.kind is not BlockKind.TABLE_HEAD and document.text[one.end - 1] != ":"
    ]
    spans = [(one.start, one.end) for one in telling or inside]
    least = share * max((evidence.get(one, 0.0) for one in spans), default=0.0)
    return [one for one in spans if evidence.get(one, 0.0) >= least] or [span]


def tags_with(old: str, *, held: bool, off_topic: bool | None) -> str:
    """Tags with the choice of what the question may be used for; all others stay.

    `off_topic` tells of a refusal whether its question is about something else than the documents
    are; None of anything but a refusal.
    """
    others = [tag for tag in old.split() if tag not in _OWN_TAGS]
    topic: list[str] = []
    if off_topic:
        topic = ["off_topic"]
    elif off_topic is False and "wrong_subject" not in others:
        topic = ["on_topic"]
    return " ".join(["held" if held else "tuned", *topic, *others])


def note_of(who: str, day: date) -> str:
    """What is noted of a question that somebody marked."""
    return f"marked by {who} on {day.isoformat()}"
