"""The flip test: golden questions asked as others would type them, and whose answer then changes.

A question flips under a kind of change where any variant of that kind turns a good answer into a
bad one or a bad one into a good one; both are judged with the same label. Where both are good and
the first quote stands in another place, it has moved, which is counted apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from qa.evaluation import Asks, Rate, judge
from qa.feedback import Place
from qa.golden import Golden, fold
from qa.staff.judgement import Result, judgement_of
from qa.staff.variants import Kind, Variant, variants_of

__all__ = ["ANY", "Change", "Seen", "Tally", "Trial", "flip_test", "rates_of", "tallies_of"]

ANY = "any of these"
"""The row over all kinds."""
_SHOWN = 400
"""Characters of a quote that are kept for the list."""

Progress = Callable[[str, int, int], object]


class Change(StrEnum):
    """What a variant did to the answer."""

    SAME = "the same"
    WORSE = "good became bad"
    BETTER = "bad became good"
    MOVED = "another quote first, both right"

    @property
    def flips(self) -> bool:
        """Whether the answer changed between good and bad."""
        return self in (Change.WORSE, Change.BETTER)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a question got."""

    result: Result
    reason: str
    """Why it was refused; empty where quotes were shown."""
    place: Place | None
    """Of the first quote that was shown."""
    quote: str
    """Its first words."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A golden question, one variant of it, and what both got."""

    line: int
    question: str
    expect: str
    held: bool
    kind: Kind
    change: str
    """What was done to the question."""
    asked: str
    """The variant."""
    before: Seen
    after: Seen

    @property
    def became(self) -> Change:
        """What the variant did to the answer."""
        if self.before.result.is_good != self.after.result.is_good:
            return Change.WORSE if self.before.result.is_good else Change.BETTER
        both = self.before.result.is_good and self.before.place and self.after.place
        return Change.MOVED if both and self.before.place != self.after.place else Change.SAME

    @property
    def misses_danger(self) -> bool:
        """Whether the variant alone got no notice of danger or advice."""
        return self.became is Change.WORSE and self.after.result is Result.NOT_NOTICED

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> Trial:
        """What `to_dict` gave. Raises TypeError, KeyError or ValueError for anything else."""
        return cls(
            **kept
            | {
                "kind": Kind(kept["kind"]),
                "before": _seen_from(kept["before"]),
                "after": _seen_from(kept["after"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions flip under one kind of change."""

    kind: str
    questions: int
    """Those that have a variant of the kind."""
    flipped: int
    worse: int
    better: int
    """`flipped` are those that became worse and those that became better."""
    moved: int
    """Questions that do not flip, but of which some variant has another quote first."""
    variants: int
    flipped_variants: int

    @property
    def rate(self) -> Rate:
        """Questions that flip."""
        return Rate(self.kind, self.flipped, self.questions)

    @property
    def variant_rate(self) -> Rate:
        """Variants that flip. Those of one question hang together, so its interval says little."""
        return Rate(self.kind, self.flipped_variants, self.variants)


def flip_test(
    golden: Sequence[Golden],
    assistant: Asks,
    synonyms: Mapping[str, str],
    progress: Progress = lambda _what, _done, _total: None,
) -> list[Trial]:
    """Asks each question and its variants; one trial a variant, in the order of the questions.

    `assistant` should answer from one generation throughout. What `progress` raises ends it.
    """
    trials: list[Trial] = []
    for done, one in enumerate(golden):
        progress("Asking as others would type it", done, len(golden))
        before = _seen(one, assistant, one.question)
        for variant in variants_of(one.question, synonyms):
            after = _seen(one, assistant, variant.question)
            trials.append(_trial(one, variant, before, after))
    progress("Asking as others would type it", len(golden), len(golden))
    return trials


def tallies_of(trials: Iterable[Trial], held: bool | None = None) -> list[Tally]:
    """A tally for each kind and one over all; of held questions, of the others, or of all."""
    counted = [one for one in trials if held in (None, one.held)]
    kinds = [(kind.value, [one for one in counted if one.kind is kind]) for kind in Kind]
    return [_tally(name, some) for name, some in (*kinds, (ANY, counted))]


def rates_of(trials: Sequence[Trial], held: bool | None = None) -> list[Rate]:
    """The rows of a table: questions that flip and that move by kind, then variants that flip."""
    tallies = tallies_of(trials, held)
    rows = [replace(one.rate, name=f"Questions that flip: {one.kind}") for one in tallies]
    every = tallies[-1]
    rows.append(Rate("of them good became bad", every.worse, every.questions))
    rows.append(
        Rate("Questions that do not flip, another quote first", every.moved, every.questions)
    )
    rows += [replace(one.variant_rate, name=f"Variants that flip: {one.kind}") for one in tallies]
    return rows


def _tally(kind: str, trials: Sequence[Trial]) -> Tally:
    became: dict[int, set[Change]] = {}
    for one in trials:
        became.setdefault(one.line, set()).add(one.became)
    worse = sum(Change.WORSE in changes for changes in became.values())
    better = sum(Change.BETTER in changes for changes in became.values())
    still = [changes for changes in became.values() if not any(one.flips for one in changes)]
    return Tally(
        kind=kind,
        questions=len(became),
        flipped=worse + better,  # a question is good or bad to begin with, so never both
        worse=worse,
        better=better,
        moved=sum(Change.MOVED in changes for changes in still),
        variants=len(trials),
        flipped_variants=sum(one.became.flips for one in trials),
    )


def _seen(golden: Golden, assistant: Asks, question: str) -> Seen:
    outcome = judge(replace(golden, question=question), assistant)
    judgement, quotes = judgement_of(outcome), outcome.answer.quotes
    first = quotes[0] if quotes else None
    return Seen(
        result=judgement.result,
        reason=judgement.reason,
        place=Place(first.document_id, first.start, first.end) if first else None,
        quote=fold(first.text)[:_SHOWN] if first else "",
    )


def _trial(golden: Golden, variant: Variant, before: Seen, after: Seen) -> Trial:
    return Trial(
        line=golden.line,
        question=golden.question,
        expect=golden.expect,
        held=golden.held,
        kind=variant.kind,
        change=variant.change,
        asked=variant.question,
        before=before,
        after=after,
    )


def _seen_from(kept: dict[str, Any]) -> Seen:
    place = kept["place"]
    return Seen(
        **kept | {"result": Result(kept["result"]), "place": Place(**place) if place else None}
    )
