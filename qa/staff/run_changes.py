"""Two runs set side by side: what they rest on, and which questions went better or worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.bounds import sign_test
from qa.staff.judgement import Judgement, Result
from qa.staff.run_book import Run

__all__ = [
    "PART_WORDS",
    "Change",
    "Changes",
    "changes_between",
    "direction",
    "verdict",
    "what_changed",
]

_CHANCE = 0.05
"""A split that is less probable than this is not put down to chance."""
_GRADE = {
    # A wrong quote may be believed; an undue refusal costs a telephone call.
    Result.RIGHT_FIRST: 3,
    Result.RIGHT_IN_THREE: 2,
    Result.HELD_BACK: 1,
    Result.NOT_FOUND: 1,
    Result.WRONG_QUOTE: 0,
    Result.REFUSED_RIGHTLY: 1,
    Result.ANSWERED_WRONGLY: 0,
    Result.NOTICED: 1,
    Result.NOT_NOTICED: 0,
}
"""Which of two results of the same question serves a patient better."""
PART_WORDS = {
    "corpus": "the documents or synonyms",
    "model": "the embedding model",
    "settings": "the settings",
    "reader": "the reader",
    "program": "the program",
}
"""The parts of `qa.staff.running`, as people call them."""


@dataclass(frozen=True, slots=True)
class Change:
    """A question that went otherwise."""

    question: str
    before: Judgement
    after: Judgement
    why: str = ""
    """What changed where the results do not tell."""


@dataclass(frozen=True, slots=True)
class Changes:
    """All that both runs asked, by how it went."""

    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    other: tuple[Change, ...]
    same: int
    only_before: int
    """Questions that only the run before asked."""
    only_after: int

    @property
    def judgement(self) -> str:
        """Whether the split is more than chance, in words."""
        return verdict(len(self.better), len(self.worse))


def changes_between(before: Run, after: Run) -> Changes:
    """The questions that went better, worse or just otherwise in the second of two runs."""
    earlier = {one.question: one for one in before.judgements}
    found: dict[int, list[Change]] = {1: [], -1: [], 0: []}
    same = 0
    comparable = before.texts == after.texts  # offsets into another text tell nothing
    shared = [one for one in after.judgements if one.question in earlier]
    for one in shared:
        was = earlier[one.question]
        why = _otherwise(was, one, comparable)
        way = direction(was, one)
        if way or why:
            found[way].append(Change(one.question, was, one, why))
        else:
            same += 1
    return Changes(
        better=tuple(found[1]),
        worse=tuple(found[-1]),
        other=tuple(found[0]),
        same=same,
        only_before=len(earlier) - len(shared),
        only_after=len(after.judgements) - len(shared),
    )


def direction(before: Judgement, after: Judgement) -> int:
    """1 where a question went better, -1 where it went worse, 0 where neither can be said."""
    if before.expect != after.expect:
        return 0
    grades = _GRADE[before.result], _GRADE[after.result]
    return (grades[1] > grades[0]) - (grades[1] < grades[0])


def _otherwise(before: Judgement, after: Judgement, comparable: bool) -> str:
    """What is not the same, where it is neither better nor worse; empty where nothing is."""
    if before.expect != after.expect:
        return "another answer is expected of it now"
    if direction(before, after):
        return ""
    if before.result is not after.result:
        return "refused for another reason"
    shown = before.shown or after.shown
    return (
        "other passages are quoted"
        if shown and comparable and (before.places != after.places)
        else ""
    )


def verdict(better: int, worse: int) -> str:
    """What the sign test makes of so many better and worse ones, in words."""
    if not better + worse:
        return "No question went better or worse."
    chance = sign_test(better, worse)
    told = "p < 0.001" if chance < 0.001 else f"p = {chance:.2g}"
    counts = f"{better} better, {worse} worse"
    if chance < _CHANCE:
        return f"{counts}: more than chance explains ({told})."
    return f"{counts}: too few to tell from chance ({told})."


def what_changed(before: Run, after: Run) -> str:
    """What two runs do not share of what their answers rest on; empty where it is the same."""
    found = [
        words
        for name, words in PART_WORDS.items()
        if before.parts.get(name) != after.parts.get(name)
    ]
    if before.threshold != after.threshold:
        found.append(f"the threshold ({before.threshold:g} → {after.threshold:g})")
    if before.golden_sha256 != after.golden_sha256:
        found.append("the golden questions")
    if not found and before.generation != after.generation:
        found.append("the generation, of the same documents")
    return _listed(found)


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
