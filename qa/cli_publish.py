"""The commands that decide what patients get: `qa publish`, `qa rollback`, `qa generations` and
`qa prune`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli_options import Config, Corpus, Index, settings_of, tell, with_folders
from qa.cli_options import put as print  # noqa: A004 - nothing printed steers the terminal
from qa.errors import DamagedIndex, QuotewellError

if TYPE_CHECKING:
    from qa.chunking import BuildOptions

__all__ = [
    "generations",
    "prune",
    "publish",
    "publishing_rows",
    "rollback",
    "told_way_back",
    "warn_if_stale",
    "way_back",
]

Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for the history.")]
Name = Annotated[
    str, typer.Option("--by", metavar="NAME", help="Who does it, for the history.")
]  # fmt: skip


def publish(
    generation: Annotated[
        str, typer.Argument(help="Which generation; else the newest staged one", show_default=False)
    ] = "",
    by: Name = "",
    why: Why = "",
    force: Annotated[
        bool, typer.Option("--force", help="Publish against the checks; needs --why.")
    ] = False,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """Check a staged generation and make it live; exit code 1 where the checks refuse it."""
    from qa.assembly import assistant_of, engine_of
    from qa.embedding import identify
    from qa.errors import PublishError
    from qa.golden import GOLDEN_FILE
    from qa.history import Signature
    from qa.progress import drawn_progress
    from qa.publishing import live_generation
    from qa.publishing_report import listed, verdict_text
    from qa.releasing import Findings, check, release, to_publish

    settings = settings_of(corpus, index, config)
    signature = Signature(by, why)
    if force and not why.strip():
        raise PublishError("--force needs a reason, which is kept: add --why and the reason.")
    live, name = live_generation(settings.index), to_publish(settings.index, generation)
    model = identify(settings.embedding.model, settings.embedding.backend)
    load = partial(assistant_of, settings, generation=name)
    with drawn_progress() as progress:
        engine, golden = engine_of(settings), settings.corpus / GOLDEN_FILE
        verdict = check(settings.index, name, model, golden, load, progress, engine)
    tell(f"Generation: {name}\n{verdict_text(verdict)}")
    if verdict.damage:
        tell(
            "Not published. No reason gets past this: a server would not load it.\n"
            "Build it anew: `qa build --stage`"
        )
        raise typer.Exit(1)
    if verdict.objections and not force:
        print(f"Not published:\n{listed(verdict.objections)}")
        print("To publish it all the same add --force, and --why with a reason, which is kept.")
        raise typer.Exit(1)
    findings = Findings.of(verdict)
    release(settings.index, name, findings, signature, force=force, engine=engine)
    print("Published. A server that runs takes it within two seconds.")
    if live:
        tell(f"The way back to {live}: `qa rollback`")
    warn_if_stale(settings.corpus, settings.index, model, settings.build_options())


def rollback(
    generation: Annotated[
        str,
        typer.Argument(help="Which generation; else the one live before this", show_default=False),
    ] = "",
    by: Name = "qa rollback",
    why: Why = "",
    index: Index = None,
    config: Config = None,
) -> None:
    """Go back to the generation that was live before; again, and it goes one further back."""
    from qa.assembly import engine_of
    from qa.embedding import identify
    from qa.errors import PublishError
    from qa.history import Signature
    from qa.publishing_report import listed
    from qa.releasing import go_back, target_of

    settings = settings_of(index=index, config=config)
    signature = Signature(by, why)
    model = identify(settings.embedding.model, settings.embedding.backend)
    target = target_of(settings.index, model, generation)
    if target.problems:
        others = target.others
        raise PublishError(
            f"{target.name} cannot be served:\n{listed(target.problems)}\nNothing was changed. "
            + (f"Go back to another: `qa rollback {others[0]}`" if others else "No other is whole.")
        )
    down = go_back(settings.index, target, signature, engine=engine_of(settings))
    print(f"Live again: {target.name}")
    if target.live:
        print(f"In place of {target.live}")
    print(
        f"A server that runs takes it when the vector store is back, and refuses questions until "
        f"then: {down}"
        if down
        else "A server that runs takes it within two seconds."
    )


def generations(
    as_json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False,
    index: Index = None,
    config: Config = None,
) -> None:
    """List the kept generations: who published what, when and why."""
    from qa.history import HISTORY, read_history
    from qa.kept import kept_generations
    from qa.publishing_report import generations_text

    settings = settings_of(index=index, config=config)
    kept = kept_generations(settings.index)
    if as_json:
        print(json.dumps([one.to_dict() for one in kept], ensure_ascii=False, indent=2))
        return
    tell(generations_text(kept) if kept else "None was built yet: run `qa build`.")
    for number in read_history(settings.index).unreadable:
        print(f"Line {number} of {settings.index / HISTORY} cannot be read and is passed over.")


def prune(
    keep: Annotated[
        int | None,
        typer.Option(min=0, help="How many to keep beside the live one; else keep_generations"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be removed.")
    ] = False,
    by: Name = "qa prune",
    why: Why = "",
    index: Index = None,
    config: Config = None,
) -> None:
    """Remove old generations. The live one stays, and the one `qa rollback` leads to is the first
    of those that are kept; then come the newest, staged ones too."""
    from qa.assembly import engine_of
    from qa.building import building
    from qa.history import Signature
    from qa.pruning import bytes_of, superfluous
    from qa.pruning import prune as remove
    from qa.publishing import staged
    from qa.publishing_report import megabytes, removed_text
    from qa.releasing import writable

    settings = settings_of(index=index, config=config)
    number = settings.keep_generations if keep is None else keep
    if dry_run:
        names = superfluous(settings.index, number)
        never_live = staged(settings.index)
        shown = [
            f"{name} (staged, never published)" if name in never_live else name for name in names
        ]
        size = bytes_of([settings.index / "generations" / name for name in names])
        print("\n".join([*shown, f"{len(names)} would be removed, freeing {megabytes(size)}."]))
        return
    # The lock of a build, which also sweeps away what a killed one left behind.
    with writable(settings.index), building(settings.index, "qa prune"):
        engine = engine_of(settings)
        removed = remove(settings.index, number, Signature(by, why), engine=engine)
    print(removed_text(removed))


def publishing_rows(index: Path) -> dict[str, object]:
    """What `qa status` says of publishing."""
    from qa.history import read_history, took_effect
    from qa.publishing import live_generation, waiting
    from qa.publishing_report import signed_text

    live = live_generation(index)
    done = [one for one in took_effect(read_history(index).events, live) if one.generation == live]
    to_publish = waiting(index)
    return {
        "Published": signed_text(done[-1], live).removeprefix("published ")
        if done
        else "by nobody the history knows of",
        "Staged": ", ".join(to_publish) if to_publish else "none",
    }


def way_back(index: Path) -> str:
    """What to do where the live generation is damaged: the nearest whole one before it."""
    from qa.generation_files import check_files
    from qa.publishing import going_back_to, pointer_to

    stays = "A server that runs already stays with what it has loaded."
    for place, name in enumerate(going_back_to(index)):
        pointer = pointer_to(index, name)
        if not check_files(pointer.folder, pointer)[1]:
            command = f"qa rollback {name}" if place else "qa rollback"
            return f"{stays} `{command}` goes back to {name}."
    return stays


@contextmanager
def told_way_back(index: Path) -> Iterator[None]:
    """Adds to a DamagedIndex of the block what leads out of it at once; raises QuotewellError."""
    try:
        yield
    except DamagedIndex as error:
        raise QuotewellError(f"{error}\n{way_back(index)}") from error


def warn_if_stale(corpus: Path, index: Path, model: dict[str, str], options: BuildOptions) -> None:
    """Says on standard error that patients are answered from documents older than the folder's.

    `model` and `options` are those of the settings.
    """
    from qa.build_plan import compared, withdrawn
    from qa.publishing import live_generation

    if not live_generation(index):
        return  # which is said by whoever loads it
    if gone_back := withdrawn(corpus, index, model, options):
        print(f"WARNING: {with_folders(gone_back, sys.argv)}", file=sys.stderr)
    elif compared(corpus, index, model, options) is False:  # a damaged one is told of as such
        print(
            with_folders(
                f"WARNING: the documents in {corpus}, or the settings, are not those that the "
                "index was built from. Patients are answered from the older ones until you run "
                "`qa build`, or publish a staged generation with `qa publish`.",
                sys.argv,
            ),
            file=sys.stderr,
        )
