"""What patients would be told otherwise: two answers to a question, and what became of them.

It goes by words and places alone: scores, confidence and time are no difference to a patient.
Nothing is asked here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qa.alignment import Places
from qa.document import Document
from qa.evaluation import Figures, shortfalls
from qa.golden import fold
from qa.types import Answer, AnswerKind

__all__ = [
    "WORST_FIRST",
    "Change",
    "Changed",
    "Difference",
    "Documents",
    "Side",
    "compare",
]

_GRAVE = frozenset({AnswerKind.CRISIS, AnswerKind.EMERGENCY})


class Change(StrEnum):
    """What became of the answer to a question."""

    DANGER_CHANGED = "danger_changed"
    NOW_WRONG = "now_wrong"
    NEWLY_REFUSED = "newly_refused"
    REWORDED = "reworded"
    NEWLY_ANSWERED = "newly_answered"
    NOW_RIGHT = "now_right"
    ELSEWHERE = "elsewhere"
    SAME = "same"


WORST_FIRST = tuple(Change)
"""The order of a report: what may harm first, what is as it was last."""


@dataclass(frozen=True, slots=True)
class Side:
    """A generation's answer to a question."""

    answer: Answer
    right: bool | None = None
    """How a golden question judges it; None where it cannot be judged."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A question with its two answers."""

    question: str
    old: Side
    new: Side
    changes: tuple[Change, ...]
    """All that apply, worst first: one can be newly refused and so now wrong."""
    line: int | None = None
    """Of the golden questions' file; None for one that was logged."""
    unjudged: str = ""
    """Why it cannot be judged: which words of its label one generation does not hold."""
    gone: bool = False
    """Whether the new generation does not hold its label's words: `qa publish` counts it as
    missed."""

    @property
    def change(self) -> Change:
        """The worst of them, by which it is listed and counted."""
        return self.changes[0]

    def to_dict(self) -> dict[str, Any]:
        """Both answers whole, and what became of them."""
        sides = {"old": self.old, "new": self.new}
        return {
            "question": self.question,
            "line": self.line,
            "logged": self.line is None,
            "change": self.change.value,
            "changes": [one.value for one in self.changes],
            "unjudged": self.unjudged,
            "gone": self.gone,
            **{name: {"right": s.right, "answer": s.answer.to_dict()} for name, s in sides.items()},
        }


@dataclass(frozen=True, slots=True)
class Documents:
    """Which documents a generation has that another has not, and which it has otherwise."""

    added: tuple[Document, ...]
    removed: tuple[Document, ...]
    changed: tuple[Document, ...]
    """As they are now; their text is another."""
    described: tuple[Document, ...]
    """As they are now; the same text under another title, reviewed day or the like."""
    unchanged: int

    def to_dict(self) -> dict[str, Any]:
        """Ids and titles."""
        groups = ("added", "removed", "changed", "described")
        made = {
            name: [{"document_id": one.id, "title": one.title} for one in getattr(self, name)]
            for name in groups
        }
        return {**made, "unchanged": self.unchanged}


@dataclass(frozen=True, slots=True)
class Difference:
    """All that is told otherwise by one generation than by another."""

    old: str
    new: str
    documents: Documents
    questions: tuple[Changed, ...]
    """Worst first; of like ones in the order in which they were asked."""
    figures: tuple[Figures, Figures] | None
    """Of the golden questions that can be judged on both sides; None where there are none."""
    gate: Figures | None = None
    """Of the new generation, as `qa publish` measures it: labels whose words are gone count as
    missed. None where no golden question was asked."""
    foreign: str = ""
    """Why the golden questions were not asked: they are about other documents."""

    @property
    def counts(self) -> dict[Change, int]:
        """How many questions are listed as what, worst first."""
        return {one: sum(q.change is one for q in self.questions) for one in WORST_FIRST}

    @property
    def logged(self) -> int:
        """How many of the questions were logged ones."""
        return sum(one.line is None for one in self.questions)

    @property
    def unjudged(self) -> list[Changed]:
        """Golden questions that cannot be judged, but those whose words are gone."""
        return [one for one in self.questions if one.unjudged and not one.gone]

    @property
    def gone(self) -> list[Changed]:
        """Golden questions whose words are gone from the new generation, in the file's order."""
        return sorted((q for q in self.questions if q.gone), key=lambda one: one.line or 0)

    @property
    def objections(self) -> tuple[str, ...] | None:
        """Why `qa publish` would refuse the new generation by the golden questions; empty where it
        would not, None where none was asked."""
        if self.foreign:
            return (self.foreign,)
        return None if self.gate is None else shortfalls(self.gate)

    def any_of(self, changes: Collection[Change]) -> int:
        """How many questions one of these applies to, listed as it or as something worse."""
        return sum(bool(set(changes) & set(one.changes)) for one in self.questions)

    def to_dict(self) -> dict[str, Any]:
        """All of it, for JSON."""
        return {
            "old": self.old,
            "new": self.new,
            "documents": self.documents.to_dict(),
            "counts": {change.value: count for change, count in self.counts.items()},
            "logged": self.logged,
            "figures": _figures_dict(self.figures),
            "publish": {
                "words_gone": [one.line for one in self.gone],
                "objections": None if self.objections is None else list(self.objections),
                "figures": None if self.gate is None else _rates_dict(self.gate),
            },
            "questions": [one.to_dict() for one in self.questions],
        }


def _rates_dict(measured: Figures) -> dict[str, dict[str, int]]:
    return {one.name: {"count": one.count, "of": one.of} for one in measured.all() if one.of}


def _figures_dict(both: tuple[Figures, Figures] | None) -> list[dict[str, Any]] | None:
    if both is None:
        return None
    pairs = zip(both[0].all(), both[1].all(), strict=True)
    return [
        {
            "name": old.name,
            **{
                side: {"count": rate.count, "of": rate.of, "interval": list(rate.interval)}
                for side, rate in (("old", old), ("new", new))
                if rate.of
            },
        }
        for old, new in pairs
    ]


def compare(old: Side, new: Side, places: Places) -> tuple[Change, ...]:
    """What became of an answer: all that applies, worst first."""
    changes = {_of_words(old.answer, new.answer, places)}
    kinds = {old.answer.kind, new.answer.kind}
    if len(kinds) == 2 and kinds & _GRAVE:
        changes.add(Change.DANGER_CHANGED)
    if (old.right, new.right) == (True, False):
        changes.add(Change.NOW_WRONG)
    if (old.right, new.right) == (False, True):
        changes.add(Change.NOW_RIGHT)
    # A refusal that was wanted is no loss, nor an answer that is wrong a gain.
    if Change.NOW_RIGHT in changes:
        changes -= {Change.NEWLY_REFUSED, Change.REWORDED, Change.NEWLY_ANSWERED}
    if len(changes) > 1:
        changes -= {Change.SAME}
    return tuple(one for one in WORST_FIRST if one in changes)


def _of_words(old: Answer, new: Answer, places: Places) -> Change:
    if not old.quotes or not new.quotes:
        if old.quotes:
            return Change.NEWLY_REFUSED
        return Change.NEWLY_ANSWERED if new.quotes else Change.SAME
    if [(fold(q.text), q.role) for q in old.quotes] != [(fold(q.text), q.role) for q in new.quotes]:
        return Change.REWORDED
    pairs = zip(old.quotes, new.quotes, strict=True)
    return Change.SAME if all(places.same(*pair) for pair in pairs) else Change.ELSEWHERE
