"""The grid: what became of each golden question in each of several runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.golden import Golden
from qa.staff.judgement import Judgement, Result
from qa.staff.run_book import Run
from qa.staff.run_changes import direction, what_changed

__all__ = [
    "OUTCOMES",
    "Column",
    "Row",
    "Wanted",
    "columns_of",
    "documents_of",
    "grid_of",
    "tags_of",
]

OUTCOMES: dict[str, tuple[str, frozenset[Result]]] = {
    "good": ("Went as it should", frozenset(one for one in Result if one.is_good)),
    "bad": ("Went wrong", frozenset(one for one in Result if not one.is_good)),
    **{one.name.lower(): (one.value.capitalize(), frozenset({one})) for one in Result},
}
"""What can be asked for, by a short name: its words, and which results it is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which questions are shown; what is empty asks for nothing."""

    outcome: str = ""
    """Of `OUTCOMES`; of the newest run that asked the question."""
    tag: str = ""
    document: str = ""
    text: str = ""
    """Words in the question, in any case."""
    changed: bool = False
    """Whether only those that went otherwise than the time before."""


@dataclass(frozen=True, slots=True)
class Column:
    """A run, newest first."""

    run: Run
    changed: str
    """What is not as in the next older run of the grid; empty where nothing is, or it is the
    oldest."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question, and what became of it in each run; None where a run did not ask it."""

    question: str
    cells: tuple[Judgement | None, ...]
    in_file: bool
    """Whether it is a golden question still."""

    @property
    def asked(self) -> tuple[Judgement, ...]:
        """The judgements there are, newest first."""
        return tuple(one for one in self.cells if one)

    @property
    def newest(self) -> int:
        """Which cell is that of the newest run that asked it."""
        return next(i for i, one in enumerate(self.cells) if one)

    @property
    def way(self) -> int:
        """1 where it went better than the time before, -1 where worse, 0 else."""
        return direction(self.asked[1], self.asked[0]) if len(self.asked) > 1 else 0

    @property
    def changed(self) -> bool:
        """Whether it had another result the time before."""
        return len(self.asked) > 1 and self.asked[0].result is not self.asked[1].result


def columns_of(runs: Sequence[Run]) -> list[Column]:
    """The runs, newest first, each with what changed since the one before."""
    older = [*runs[1:], None][: len(runs)]
    return [
        Column(run, what_changed(before, run) if before else "")
        for run, before in zip(runs, older, strict=True)
    ]


def grid_of(golden: Sequence[Golden], runs: Sequence[Run], wanted: Wanted) -> list[Row]:
    """The questions in the file's order and those that left it last, as far as they are wanted.

    `runs` are newest first. A question that none of them asked is left out.
    """
    judged = [{one.question: one for one in run.judgements} for run in runs]
    present = dict.fromkeys(one.question for one in golden)
    every = dict.fromkeys([*present, *(text for run in judged for text in run)])
    rows = (Row(text, tuple(run.get(text) for run in judged), text in present) for text in every)
    return [row for row in rows if row.asked and _is_wanted(row, wanted)]


def _is_wanted(row: Row, wanted: Wanted) -> bool:
    newest = row.asked[0]
    _, results = OUTCOMES.get(wanted.outcome, ("", frozenset(Result)))
    return (
        newest.result in results
        and wanted.tag in ("", *newest.tags)
        and wanted.document in ("", newest.document)
        and wanted.text.casefold() in row.question.casefold()
        and (row.changed or not wanted.changed)
    )


def tags_of(runs: Sequence[Run]) -> list[str]:
    """All tags of the questions, in order."""
    return sorted({tag for run in runs for one in run.judgements for tag in one.tags})


def documents_of(runs: Sequence[Run]) -> list[str]:
    """All documents that labels name, in order."""
    return sorted({one.document for run in runs for one in run.judgements if one.document})
