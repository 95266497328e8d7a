"""Options that most commands of `qa` take, and the settings they lead to."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from qa.settings import Settings

__all__ = ["Config", "Corpus", "Index", "put", "settings_of", "tell", "with_folders"]

Corpus = Annotated[
    Path | None, typer.Option("--corpus", help="Folder of documents [QA_CORPUS, qa.toml]")
]
Index = Annotated[
    Path | None, typer.Option("--index", help="Folder of the built index [QA_INDEX, qa.toml]")
]
Config = Annotated[Path | None, typer.Option("--config", help="Settings file [QA_CONFIG]")]


_FOLDERS = ("--corpus", "--index", "--config")
_TAKES = {
    **dict.fromkeys(("rollback", "generations", "prune"), ("--index", "--config")),
    **dict.fromkeys(("purge", "feedback", "questions", "eval"), ("--config",)),
    **dict.fromkeys(("user add", "user list", "user remove"), ("--config",)),
}
"""What a command takes of them that does not take all three."""
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]")
"""Control characters but tab and line end, and what turns the direction of the text around it."""
_COMMAND = re.compile(r"(?<=`)qa ((?:user )?[a-z]+)(?=[ `])")


def with_folders(advice: str, arguments: Sequence[str]) -> str:
    """A message whose `qa ...` commands name the folders and settings that these arguments do.

    Otherwise whoever follows it would work on another index than the one that it speaks of.
    """
    named: dict[str, str] = {}
    for place, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name in _FOLDERS:
            named[name] = value if equals else "".join(arguments[place + 1 : place + 2])

    def with_options(found: re.Match[str]) -> str:
        takes = _TAKES.get(found[1], _FOLDERS)
        given = [name for name in _FOLDERS if name in takes and named.get(name)]
        return found[0] + "".join(f" {name} {_quoted(named[name])}" for name in given)

    return _COMMAND.sub(with_options, advice)


def _quoted(path: str) -> str:
    """As the shell wants it; Windows' own knows no single quotation marks."""
    return subprocess.list2cmdline([path]) if os.name == "nt" else shlex.quote(path)


def tell(text: str) -> None:
    """Prints a message whose commands name the folders in use."""
    put(with_folders(text, sys.argv))


def put(text: object = "", **how: Any) -> None:
    """Prints a text in which nothing steers the terminal; `how` is as for `print`.

    A title or a file's name may hold orders to the terminal, or turn what follows around. They are
    written as `\\u001b`, which in JSON is the character itself.
    """
    print(_STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", str(text)), **how)


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
