"""The gate before publishing: what a generation that is kept must be and do before patients get it.

It is whole, its chunks are cut as they should be, and the golden questions, where there are any,
are answered from it as well as a release must. Only files that are damaged stop it for good: a
server would not load them. For all else somebody may give a reason, which is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Protocol

from qa.evaluation import Asks, Figures, figures, judge, shortfalls
from qa.generation import check_files, inspect
from qa.golden import Golden, check_golden, parted
from qa.live import other_model
from qa.publishing import pointer_to
from qa.standing import Standing

__all__ = ["Measured", "Progress", "Stages", "Verdict", "damage_of", "measured", "verdict_of"]

Progress = Callable[[str, int, int], object]


class Stages(Asks, Protocol):
    """The part of a staged generation's assistant that the gate needs."""

    def standings(self) -> Mapping[str, Standing]: ...


@dataclass(frozen=True, slots=True)
class Measured:
    """What the golden questions showed."""

    figures: Figures
    misfits: tuple[str, ...] = ()
    """Questions whose expected words their document does not hold: they count as missed."""
    aside: tuple[tuple[Golden, Standing], ...] = ()
    """Questions that were not asked, since their document is not quoted now."""

    @property
    def counts(self) -> dict[str, tuple[int, int]]:
        """Each rate that something was asked for: how many of how many."""
        rates = {one.name: getattr(self.figures, one.name) for one in fields(Figures)}
        return {name: (rate.count, rate.of) for name, rate in rates.items() if rate.of}

    @property
    def below(self) -> tuple[str, ...]:
        """The rates that are under the floor, as people read them."""
        found = []
        if self.aside and not self.counts:
            found.append("no golden question could be asked: none of their documents is quoted now")
        return (*found, *shortfalls(self.figures))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What speaks against publishing a generation."""

    damage: tuple[str, ...]
    """Nothing gets past this."""
    faults: tuple[str, ...] = ()
    measured: Measured | None = None
    """None where nothing was asked."""
    foreign: str = ""
    """Why nothing was asked: the golden questions are about other documents."""

    @property
    def objections(self) -> tuple[str, ...]:
        """What only a reason gets past."""
        foreign = (self.foreign,) if self.foreign else ()
        return (*self.faults, *foreign, *(self.measured.below if self.measured else ()))


def verdict_of(index: Path, name: str, model: Mapping[str, str]) -> Verdict:
    """What speaks against a kept generation before it is asked anything.

    `model` is the identity of the embedding model in use. Raises MissingIndex where there is no
    such generation, PublishError where the history cannot be read.
    """
    found = inspect(index, name)
    return Verdict(found.damage or damage_of(index, name, model), found.faults)


def damage_of(index: Path, name: str, model: Mapping[str, str]) -> tuple[str, ...]:
    """Why a server could not answer from a kept generation; empty where it can.

    Checks hashes only, which takes a moment. `model` and what is raised are as in `verdict_of`.
    """
    pointer = pointer_to(index, name)
    manifest, problems = check_files(pointer.folder, pointer)
    if not problems and (other := other_model(manifest, model)):
        problems = [f"it was built {other}"]
    return tuple(problems)


def measured(
    golden: Sequence[Golden],
    assistant: Stages,
    progress: Progress = lambda _what, _done, _total: None,
) -> Measured:
    """Asks the golden questions but those whose document is not quoted now, as `qa test` does.

    One that no longer fits its document counts as missed, so that nothing is gained by taking out
    what was asked for.
    """
    asked, aside = parted(golden, assistant.standings())
    outcomes = []
    for one in asked:
        outcomes.append(judge(one, assistant))
        progress("Asking", len(outcomes), len(asked))
    misfits = check_golden(asked, assistant.document)
    return Measured(figures(outcomes, assistant.document), tuple(misfits), tuple(aside))
