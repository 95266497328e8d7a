"""The commands that carry an index to another machine: `qa export` and `qa import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qa.cli_options import Config, Corpus, Index, settings_of, tell
from qa.cli_options import put as print  # noqa: A004 - nothing printed steers the terminal
from qa.errors import TransferError

__all__ = ["export", "import_"]


def export(
    file: Annotated[Path, typer.Argument(help="The file to write, such as clinic.zip.")],
    generation: Annotated[
        str, typer.Option(help="A kept generation; `qa generations` lists them; else the live one")
    ] = "",
    documents: Annotated[
        bool, typer.Option(help="With the documents it was built of, or the index alone.")
    ] = True,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """Write a generation and its documents into one file, to be served on another machine."""
    from qa.publishing import read_pointer
    from qa.transfer import export_to

    settings = settings_of(corpus, index, config)
    if file.exists() and not force:
        raise TransferError(f"{file} is there already. Name another file, or give --force.")
    name = generation or read_pointer(settings.index).generation
    size = export_to(file, settings.index, settings.corpus if documents else None, name)
    print(f"Wrote {name} to {file} ({size / 1e6:.1f} MB). There: `qa import {file.name}`")


def import_(
    file: Annotated[Path, typer.Argument(help="A file that `qa export` wrote.")],
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="Overwrite documents here that say something else."),
    ] = False,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """Take in what `qa export` wrote: checked, and served at once where nothing is yet."""
    from qa.assembly import engine_of
    from qa.embedding import identify
    from qa.errors import MissingIndex
    from qa.publishing import publish, read_pointer
    from qa.transfer import IMPORT, import_from

    settings = settings_of(corpus, index, config)
    model = identify(settings.embedding.model, settings.embedding.backend)
    engine = engine_of(settings)
    brought = import_from(file, settings.index, settings.corpus, model, overwrite, engine)
    print(f"Took in {brought.generation}: {brought.documents} documents, all as they were written.")
    try:
        live = read_pointer(settings.index).generation
    except MissingIndex:
        publish(settings.index, brought.generation, IMPORT)
        engine.show(brought.generation)
        tell("Nothing was served here yet, so it is live now. Serve it: `qa serve`")
        return
    if live == brought.generation:
        print("It is live here already.")
    else:
        name = brought.generation
        tell(
            f"It is not live yet ({live} is). See what would change: `qa diff {live} {name}`\n"
            f"Then: `qa publish {name} --by NAME`"
        )
