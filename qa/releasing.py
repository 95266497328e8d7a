"""Deciding what patients get: which generation is checked, what it takes to publish it, and where
going back leads.

The command line and the staff's page both go by this, so that neither does what the other refuses.
Nothing is printed here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from qa.errors import PublishError, VectorStoreDown
from qa.filling import fill_kept
from qa.gate import Progress, Stages, Verdict, damage_of, measured, verdict_of
from qa.golden import of_another_corpus, read_golden
from qa.history import Counts, Signature
from qa.publishing import going_back_to, live_generation, publish, staged, waiting
from qa.vector_store import IN_GENERATION, Engine

__all__ = [
    "Findings",
    "Target",
    "check",
    "go_back",
    "newest_staged",
    "release",
    "target_of",
    "to_publish",
    "writable",
]


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Findings:
    """What the checks of a generation say of publishing it."""

    damage: tuple[str, ...] = ()
    """Nothing gets past this."""
    objections: tuple[str, ...] = ()
    """What only a reason gets past."""
    figures: Counts = field(default_factory=dict)
    """The golden questions' rates, which are kept with the signature."""

    @classmethod
    def of(cls, verdict: Verdict) -> Findings:
        """Those of a verdict."""
        figures = verdict.measured.counts if verdict.measured else {}
        return cls(verdict.damage, verdict.objections, figures)


@dataclass(frozen=True, slots=True)
class Target:
    """A generation to go back to."""

    name: str
    live: str
    """The one that is live now; empty where none is."""
    problems: tuple[str, ...]
    """Why a server could not answer from it; empty where it can."""
    others: tuple[str, ...]
    """Where it cannot: those that were live before and are whole, nearest first."""


def newest_staged(index: Path) -> str:
    """The newest generation that waits to be published. Raises PublishError where none does."""
    if found := waiting(index):
        return found[0]
    found = staged(index)
    if not found:
        raise PublishError("Nothing is staged. `qa build --stage` makes a generation to publish.")
    raise PublishError(
        f"The newest staged generation, {found[0]}, is older than the live one. Name it to "
        "publish it all the same, or make a new one with `qa build --stage`."
    )


def to_publish(index: Path, name: str = "") -> str:
    """The generation to check and publish: `name`, or the newest staged one where it is empty.

    Raises PublishError where there is none, or it is live already.
    """
    name = name or newest_staged(index)
    if name == live_generation(index):
        raise PublishError(f"{name} is live already.")
    return name


def check(
    index: Path,
    name: str,
    model: Mapping[str, str],
    golden: Path,
    load: Callable[[], Stages],
    progress: Progress = lambda _what, _done, _total: None,
    engine: Engine = IN_GENERATION,
) -> Verdict:
    """What speaks against publishing a kept generation: its files, its chunks, and the golden
    questions of the file `golden`, asked of the assistant that `load` gives.

    Where files are damaged, or there is no such file of questions, nothing is loaded; where the
    questions are about other documents, nothing is asked. The `engine` is given the generation if
    it lacks it. `model` and what is raised are as in `verdict_of` and `fill_kept`; QuestionError
    where the questions cannot be read, and what `load` raises.
    """
    verdict = verdict_of(index, name, model)
    if verdict.damage:
        return verdict
    fill_kept(engine, index, name, progress)
    if not golden.is_file():
        return verdict
    questions, assistant = read_golden(golden), load()
    if foreign := of_another_corpus(questions, assistant.document, golden):
        return replace(verdict, foreign=foreign)
    return replace(verdict, measured=measured(questions, assistant, progress))


def release(
    index: Path,
    name: str,
    findings: Findings,
    signature: Signature,
    *,
    force: bool = False,
    instead_of: str | None = None,
    engine: Engine = IN_GENERATION,
) -> None:
    """Makes a checked generation live, signed with the figures that it was measured to have.

    `findings` are those of just this generation. `force` gets past objections, with a reason.
    `instead_of` is as in `publish`; the `engine` has the generation before it goes live. Raises
    PublishError where the findings refuse it, and as `fill_kept`, `publish` and `writable` do: then
    what was live stays live.
    """
    if findings.damage:
        raise PublishError(
            f"{name} is damaged, and a server would not load it. No reason gets past this. Build "
            "it anew: `qa build --stage`"
        )
    if findings.objections and not force:
        raise PublishError(f"The checks speak against {name}: {'; '.join(findings.objections)}")
    if findings.objections and not signature.why.strip():
        raise PublishError("Publishing against the checks needs a reason, which is kept.")
    forced = bool(findings.objections)
    with writable(index):
        signature = replace(signature, forced=forced, figures=findings.figures)
        fill_kept(engine, index, name)
        publish(index, name, signature, instead_of=instead_of)
    engine.show(name)


def target_of(index: Path, model: Mapping[str, str], name: str = "") -> Target:
    """Where going back leads: to `name`, or to the generation that was live before where it is
    empty.

    `model` is the identity of the embedding model in use. Raises PublishError where there is none,
    it is live already, or it never was live; MissingIndex where it is not kept.
    """
    live, line = live_generation(index), going_back_to(index)
    if not name and not line:
        raise PublishError(
            "No generation that was live before is kept, so there is none to go back to. "
            "`qa generations` lists those that are kept."
        )
    name = name or line[0]
    if name == live:
        raise PublishError(f"{name} is live already.")
    problems = damage_of(index, name, model)
    if name in staged(index):
        raise PublishError(f"{name} was never live: `qa publish {name}` checks and publishes it.")
    others = _whole(index, [one for one in line if one != name], model) if problems else ()
    return Target(name, live, problems, others)


def _whole(index: Path, names: Sequence[str], model: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(one for one in names if not damage_of(index, one, model))


def go_back(
    index: Path,
    target: Target,
    signature: Signature,
    *,
    instead_of: str | None = None,
    engine: Engine = IN_GENERATION,
) -> str:
    """Makes a generation that was live before live again. Tells why servers do not take it yet;
    empty where they do.

    `instead_of` is as in `publish`. An `engine` that does not answer does not hold it up, since a
    wrong leaflet must go at once: nothing is answered meanwhile, and a server takes the target when
    the engine is back. Raises PublishError where the target cannot be served, and as `publish` and
    `writable` do: then what was live stays live.
    """
    if target.problems:
        raise PublishError(
            f"{target.name} cannot be served: {'; '.join(target.problems)}. Nothing was changed."
        )
    down = ""
    with writable(index):
        try:
            fill_kept(engine, index, target.name)
        except VectorStoreDown as error:
            log.warning("%s is live again, but: %s", target.name, error)
            down = str(error)
        publish(index, target.name, signature, "rolled_back", instead_of=instead_of)
    engine.show(target.name)
    return down


@contextmanager
def writable(index: Path) -> Iterator[None]:
    """A disk that is full, or a folder of somebody else's, in words: PublishError for OSError."""
    try:
        yield
    except OSError as error:
        raise PublishError(
            f"{index} cannot be written ({error.strerror or error}). What was live stays live."
        ) from error
