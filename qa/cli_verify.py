"""The command that checks an index, alone or against another: `qa verify`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli_options import Config, Corpus, Index, settings_of
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
    problems = [*verify_index(settings.index, generation), *altered(settings.models)]
    for problem in problems:
        print(f"- {problem}")
    what = f"Generation {generation}" if generation else "The index"
    print(f"{len(problems)} problems in {settings.index}." if problems else f"{what} is sound.")
    if problems:
        raise typer.Exit(1)
    if against is None:
        return
    from qa.reproduction import compare

    found = compare(settings.index, generation, against)
    print("\n".join(_lines(found)))
    if found.differing:
        raise typer.Exit(1)


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
