"""The command that builds: `qa build`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli_options import Config, Corpus, Index, settings_of, tell, with_folders
from qa.cli_options import put as print  # noqa: A004 - nothing printed steers the terminal
from qa.errors import BuildError, CorpusError, ModelError, SettingsError, VectorStoreError

if TYPE_CHECKING:
    from qa.build_plan import Plan
    from qa.chunking import BuildOptions
    from qa.embedding import Embedder
    from qa.index import BuildReport
    from qa.vector_store import Engine

__all__ = ["build"]

_Run = Callable[[bool, bool], None]
"""Builds: from nothing if the first is true; silent about an index that is up to date if the second
is."""
_MOST_NAMES = 20
"""Names of a list that are shown; --json has all."""


def build(
    address: Annotated[
        str,
        typer.Argument(
            help="With --ray: a cluster, as auto or ray://host:10001; else this machine's cores",
            show_default=False,
        ),
    ] = "",
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Only say what would be read, kept and dropped."),
    ] = False,
    stage: Annotated[
        bool,
        typer.Option(
            "--stage",
            help="Leave the new generation beside the live one; patients get the old one still.",
        ),
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on, and build whenever a document changes.")
    ] = False,
    skip_unreadable: Annotated[
        bool,
        typer.Option("--skip-unreadable", help="Build without documents that cannot be read."),
    ] = False,
    wait: Annotated[
        bool | None,
        typer.Option(
            "--wait/--no-wait",
            help="Wait for another build until it is done, or not at all; else 60 seconds.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Build everything from nothing, even if up to date.")
    ] = False,
    download: Annotated[
        bool, typer.Option("--download", help="Allow fetching a model that qa.toml names.")
    ] = False,
    ray: Annotated[
        bool, typer.Option("--ray", help="Embed on a Ray cluster: docs/scale.md says how.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what was done, or would be, as JSON.")
    ] = False,
) -> None:
    """Build the index of the documents, unless it is up to date.

    Only new and changed documents are read. Until the build is done and found whole, patients get
    the index as it was; a build that fails or is stopped changes nothing.
    """
    settings = settings_of(corpus, index, config)
    if watch and dry_run:
        raise SettingsError("--watch and --dry-run do not go together. Leave one of them out.")
    if address and not ray:
        raise SettingsError(f"{address} is taken for a cluster's address, which goes with --ray.")
    options, where = settings.build_options(), settings.index
    if ray:  # told of at once where it is missing, also by --dry-run, which needs no cluster
        from qa.ray_cluster import require_ray

        require_ray()
    if dry_run:
        from qa.build_plan import plan_build
        from qa.embedding import identify

        model = identify(settings.embedding.model, settings.embedding.backend)
        plan = plan_build(
            settings.corpus,
            where,
            model,
            options,
            anew=force,
            stage=stage,
            skip_unreadable=skip_unreadable,
        )
        _say_plan(plan, where, as_json)
        return
    from qa.assembly import engine_of, reading_of

    # First: once a model of this machine is loaded, the libraries stay offline.
    try:
        reading_of(settings, download=download).prepare()
    except ModelError as error:
        if download:
            raise
        _say(f"The index needs no reader, but answering will: {error}")
    run = _builder(
        settings.corpus,
        where,
        _embedding(
            settings.embedding.model,
            settings.embedding.backend,
            settings.models,
            download,
            address if ray else None,
        ),
        options,
        stage,
        settings.keep_generations,
        skip_unreadable,
        wait,
        as_json,
        engine_of(settings),
    )
    if watch:
        _keep_building(settings.corpus, run, force)
    else:
        run(force, False)


def _embedding(
    model: str, backend: str, models: Path, download: bool, address: str | None
) -> AbstractContextManager[Embedder]:
    """What embeds, to be entered for each build: this process, or a Ray cluster at an address,
    which is this machine's own cores where the address is empty."""
    from qa.embedding_export import embedder_for

    make = partial(embedder_for, model, backend, models.resolve())
    local = make(download=download)
    if address is None:
        return nullcontext(local)
    from qa.ray_embedding import RayEmbedder

    # A worker has one core; a model that was downloaded here must be on its machine already.
    return RayEmbedder(local, partial(make, threads=1), address, say=_say)


def _builder(
    corpus: Path,
    index: Path,
    embedding: AbstractContextManager[Embedder],
    options: BuildOptions,
    stage: bool,
    keep_generations: int,
    skip_unreadable: bool,
    wait: bool | None,
    as_json: bool,
    engine: Engine,
) -> _Run:
    """Gives a function that builds and tells of it."""
    from qa.building import WAIT_S
    from qa.index import build as build_index
    from qa.progress import drawn_progress

    wait_s = WAIT_S if wait is None else None if wait else 0.0

    def run(anew: bool, quiet: bool) -> None:
        with embedding as embedder, drawn_progress() as progress:
            report = build_index(
                corpus,
                index,
                embedder,
                options,
                progress,
                say=_say,
                unless_current=not anew,
                anew=anew,
                stage=stage,
                keep_generations=keep_generations,
                skip_unreadable=skip_unreadable,
                wait_s=wait_s,
                what=" ".join(["qa", *sys.argv[1:]]),
                engine=engine,
            )
        if report.built or report.filled or not quiet:
            _say_report(index, report, as_json)
            sys.stdout.flush()  # with --watch the end is far away, and a log is to tell of it now

    return run


def _keep_building(corpus: Path, run: _Run, force: bool) -> None:
    """Builds, and again whenever something changes, until Ctrl-C.

    What cannot be built is said; it is tried again after the next change, or after a while where
    no document is at fault but a full disk or another build.
    """
    from qa.watching import changes

    said = ""

    def attempt(anew: bool, quiet: bool) -> bool:
        nonlocal said
        try:
            run(anew, quiet)
        except (BuildError, CorpusError, VectorStoreError) as error:
            if str(error) != said:
                _say(f"qa: {error}")
            said = str(error)
            return not isinstance(error, CorpusError)
        said = ""
        return False

    again = attempt(force, quiet=False)
    _say(f"Watching {corpus}. Press Ctrl-C to stop.")
    for changed in changes(corpus):
        if changed or again:
            again = attempt(False, quiet=True)


def _say_plan(plan: Plan, index: Path, as_json: bool) -> None:
    if as_json:
        print(json.dumps(asdict(plan) | {"read": plan.read}, ensure_ascii=False, indent=2))
        return
    for line in _plan_lines(index, plan):
        print(line)


def _plan_lines(index: Path, plan: Plan) -> list[str]:
    lists = (
        ("New", plan.new),
        ("Changed", plan.changed),
        ("Dropped", plan.dropped),
        ("Could not be read before and are as they were", plan.unreadable),
        ("Passed over (no reader for this kind of file)", plan.passed_over),
    )
    lines = []
    for name, ids in lists:
        if ids:
            lines.append(f"{name}: {len(ids):,}")
            lines += [f"  {one}" for one in ids[:_MOST_NAMES]]
            if len(ids) > _MOST_NAMES:
                lines.append(f"  … and {len(ids) - _MOST_NAMES:,} more (--json lists all)")
    again = () if plan.up_to_date else plan.everything
    if plan.unchanged:
        what = "read again" if again else "kept as they are"
        lines.append(f"Unchanged: {len(plan.unchanged):,}, {what}")
    lines += [f"Everything is read, since {reason}." for reason in again]
    if plan.withdrawn:
        lines.append(with_folders(plan.withdrawn, sys.argv))
    elif plan.up_to_date:
        lines.append(f"The index at {index} is up to date: nothing would be built.")
    else:
        lines.append(f"{_many(plan.read, 'document')} would be read. Nothing was written.")
    return lines


def _say_report(index: Path, report: BuildReport, as_json: bool) -> None:
    """The report on stdout, and on stderr what somebody should look at."""
    for name in report.passed_over if report.built else ():
        _say(f"Passed over: {name} (no reader for this kind of file)")
    for remark in report.remarks:
        _say(f"Note: {remark}")
    for name, pages in report.unsearchable:
        _say(f"{name}: {_pages(pages)} no text and cannot be searched.")
    for name, encoding in report.encodings:
        _say(f"{name}: read as {encoding}. Save it as UTF-8, so that nothing is guessed.")
    if report.skipped:
        are = "is" if len(report.skipped) == 1 else "are"
        count = _many(len(report.skipped), "document")
        _say(f"Warning: {count} cannot be read and {are} not in the index:")
    for _, error in report.skipped:
        _say(f"  - {error}")
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=2))
        return
    if report.filled:
        print(f"Milvus was given the generation {report.generation}. No document was read.")
    if report.withdrawn:
        print(with_folders(report.withdrawn, sys.argv))
        return
    if not report.built:
        print(
            f"{report.generation} at {index} is staged already and up to date."
            if report.staged
            else f"The index at {index} is up to date."
        )
        _say_next(index, report)
        return
    unchanged = f" ({report.unchanged:,} unchanged)" if report.unchanged else ""
    print(
        f"{'Staged' if report.staged else 'Built'} {report.generation}: "
        f"{_many(report.documents, 'document')}{unchanged}, "
        f"{_many(report.chunks, 'chunk')}, {_many(report.sentences, 'sentence')}."
    )
    _say_next(index, report)


def _say_next(index: Path, report: BuildReport) -> None:
    """What to do with a generation that is staged."""
    from qa.publishing import live_generation

    if not report.staged:
        return
    if live_generation(index):
        tell("See what would change: `qa diff`. Then: `qa publish --by NAME`")
    else:
        tell("Nothing is live yet. To make it live: `qa publish --by NAME`")


def _many(count: int, what: str) -> str:
    """ "1 document", "2 documents" """
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _pages(pages: tuple[int, ...]) -> str:
    """ "page 3 has", "pages 3 and 7 have" """
    if len(pages) == 1:
        return f"page {pages[0]} has"
    return f"pages {', '.join(map(str, pages[:-1]))} and {pages[-1]} have"


def _say(text: str) -> None:
    print(with_folders(text, sys.argv), file=sys.stderr, flush=True)
