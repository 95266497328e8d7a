"""Options that most commands of `qa` take, and the settings they lead to."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from qa.settings import Settings

__all__ = ["Config", "Corpus", "Index", "settings_of", "with_folders"]

Corpus = Annotated[
    Path | None, typer.Option("--corpus", help="Folder of documents [QA_CORPUS, qa.toml]")
]
Index = Annotated[
    Path | None, typer.Option("--index", help="Folder of the built index [QA_INDEX, qa.toml]")
]
Config = Annotated[Path | None, typer.Option("--config", help="Settings file [QA_CONFIG]")]


_FOLDERS = ("--corpus", "--index", "--config")


def with_folders(advice: str, arguments: Sequence[str]) -> str:
    """A message whose `qa build` commands name the folders and settings that these arguments do.

    Otherwise whoever follows it would build another index than the one that it speaks of.
    """
    named: dict[str, str] = {}
    for place, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name in _FOLDERS:
            named[name] = value if equals else "".join(arguments[place + 1 : place + 2])
    options = "".join(f" {name} {shlex.quote(named[name])}" for name in _FOLDERS if named.get(name))
    return re.sub(r"(?<=`)(qa build)(?=[ `])", lambda found: f"{found[0]}{options}", advice)


def settings_of(
    corpus: Path | None = None,
    index: Path | None = None,
    config: Path | None = None,
    **serve: Any,
) -> Settings:
    """The settings that hold with these options; those of `serve` by name.

    Raises SettingsError where they are unsound.
    """
    from qa.settings import load_settings

    return load_settings(config=config, corpus=corpus, index=index, **serve)
