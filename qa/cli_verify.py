"""The command that checks an index, alone or against another: `qa verify`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli_options import Config, Corpus, Index, settings_of, with_folders
from qa.cli_options import put as print  # noqa: A004 - nothing printed steers the terminal

if TYPE_CHECKING:
    from qa.reproduction import Comparison

__all__ = ["verify"]


def verify(
    generation: Annotated[
        str, typer.Argument(help="Which generation; else the live one", show_default=False)
    ] = "",
    against: Annotated[
        Path | None,
        typer.Option(
            help="Another index, or the folder of a generation, that it should be the same as.",
            show_default=False,
        ),
    ] = None,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """Check every file, hash, chunk and vector of the index, and the exported models.

    With --against it tells whether another index is the same to the last byte, and if not, why.
    Exit code 1 if anything is wrong, or differs.
    """
    from qa.exported import altered
    from qa.generation import verify as verify_index

    settings = settings_of(corpus, index, config)
    problems = verify_index(settings.index, generation)
    exported = altered(settings.models)
    what = f"Generation {generation}" if generation else "The index"
    if problems or exported:
        count = len(problems) + len(exported)
        print(f"{what} is not sound: {count} problem{'s' * (count > 1)} in {settings.index}.")
        for problem in [*problems, *exported]:
            print(f"- {problem}")
        if problems:
            print(with_folders(_way_out(settings.index, generation), sys.argv))
        raise typer.Exit(1)
    print(f"{what} is sound.")
    if against is None:
        return
    from qa.reproduction import compare

    found = compare(settings.index, generation, against)
    print("\n".join(_lines(found)))
    if found.differing:
        raise typer.Exit(1)


def _way_out(index: Path, generation: str) -> str:
    """What to do about a generation that is not sound: the live one, or one that was named."""
    from qa.cli_publish import way_back
    from qa.publishing import live_generation

    if generation and generation != live_generation(index):
        return "Patients are not answered from it, and it cannot be published as it is."
    return f"Run `qa build --force` to make it anew. {way_back(index)}"


def _lines(found: Comparison) -> list[str]:
    """What was compared, what differs, and why."""
    which = f"{found.one} and {found.other}"
    if not found.differing:
        return [f"{which} are the same to the last byte: all {found.files} files."]
    lines = [f"{which} differ; {found.files} of their files are the same."]
    lines += [f"- {one}" for one in found.differing]
    if found.reasons:
        return [*lines, "Why: the second was made with", *(f"- {one}" for one in found.reasons)]
    return [
        *lines,
        "Nothing that the manifests record explains it: please report this, with both manifests.",
    ]
