"""The figures of a run, and of its held questions apart, each with what it means in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.evaluation import FLOOR, Rate
from qa.staff.judgement import Judgement, Result
from qa.staff.run_book import Run

__all__ = ["FIGURES", "GROUPS", "Compared", "Figure", "compared"]

GROUPS: dict[str, Callable[[Judgement], bool]] = {
    "All": lambda _: True,
    "Held": lambda one: one.held,
    "Others": lambda one: not one.held,
}
"""Held questions are apart, since nothing was tuned on them: theirs are the figures to believe."""
_OFF_TOPIC = "off_topic"


@dataclass(frozen=True, slots=True)
class Figure:
    """A share that is taken of judgements."""

    name: str
    meaning: str
    of: Callable[[Judgement], bool]
    """Which judgements it is a share of."""
    counts: Callable[[Judgement], bool]
    """Which of those count."""
    floor: float | None = None
    """What a release must reach on all questions, between 0 and 1."""
    lower_is_better: bool = False

    def rate(self, judgements: Sequence[Judgement]) -> Rate:
        """The share, with its 95 % interval."""
        those = [one for one in judgements if self.of(one)]
        return Rate(self.name, sum(map(self.counts, those)), len(those))


def _answerable(one: Judgement) -> bool:
    return one.expect == "quote"


def _within(places: int) -> Callable[[Judgement], bool]:
    return lambda one: one.shown and one.rank is not None and one.rank <= places


def _found_in_two(one: Judgement) -> bool:
    return one.rank is not None and one.rank <= 2


FIGURES = (
    Figure(
        "Right quote first",
        "Of the questions that the documents answer: the first quote shown answers.",
        _answerable,
        _within(1),
    ),
    Figure(
        "Right quote first or second",
        "The same, where the second quote may be the one that answers.",
        _answerable,
        _within(2),
        FLOOR.right_in_two,
    ),
    Figure(
        "Right quote in three",
        "The same, where any of the first three quotes shown may be the one that answers.",
        _answerable,
        _within(3),
    ),
    Figure(
        "Right quote found in two, shown or not",
        "Of the same questions: the right quote was first or second, even where the answer was "
        "held back as too unsure.",
        _answerable,
        _found_in_two,
        FLOOR.found_in_two,
    ),
    Figure(
        "Refused rightly, on the topic",
        "Of the questions about the documents' topic that they do not answer: refused, as they "
        "should be.",
        lambda one: one.expect == "refuse" and _OFF_TOPIC not in one.tags,
        lambda one: not one.shown,
        FLOOR.on_topic_refused,
    ),
    Figure(
        "Refused rightly, off the topic",
        "Of the questions about something else altogether: refused, as they should be.",
        lambda one: one.expect == "refuse" and _OFF_TOPIC in one.tags,
        lambda one: not one.shown,
        FLOOR.off_topic_refused,
    ),
    Figure(
        "Answered wrongly",
        "Of the answers shown: they should have been refused, or begin with a quote that does not "
        "answer. Lower is better.",
        lambda one: one.shown and one.expect in ("quote", "refuse"),
        lambda one: one.rank != 1,
        lower_is_better=True,
    ),
    Figure(
        "Danger noticed",
        "Of the messages that tell of danger or ask for personal advice: the right notice was "
        "shown.",
        lambda one: one.expect not in ("quote", "refuse"),
        lambda one: one.result is Result.NOTICED,
        FLOOR.danger_noticed,
    ),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of a run beside that of a run before it."""

    figure: Figure
    rows: tuple[tuple[str, Rate, Rate | None], ...]
    """For each of `GROUPS` its name and the shares now and before, if there is a run before."""
    under: bool
    """Whether it is under the floor of a release, which is of all questions."""


def compared(now: Run, before: Run | None) -> list[Compared]:
    """All figures of a run, beside those of the run before; a part beside the same questions."""
    asked = {one.question for one in now.judgements}
    earlier = [
        one for one in (before.judgements if before else ()) if now.whole or one.question in asked
    ]
    made = []
    for figure in FIGURES:
        rows = tuple(
            (
                name,
                _rate(figure, now.judgements, belongs),
                _rate(figure, earlier, belongs) if before else None,
            )
            for name, belongs in GROUPS.items()
        )
        every = rows[0][1]
        under = figure.floor is not None and bool(every.of) and every.share < figure.floor
        made.append(Compared(figure, rows, under))
    return made


def _rate(
    figure: Figure, judgements: Sequence[Judgement], belongs: Callable[[Judgement], bool]
) -> Rate:
    return figure.rate([one for one in judgements if belongs(one)])
