"""Options that most commands take, and advice that names them."""

from __future__ import annotations

from typing import Any

import typer

from qa.cli import app
from qa.cli_options import with_folders

FOLDERS = {"--corpus", "--index", "--config"}


def test_advice_gives_each_command_what_it_takes() -> None:
    """Whoever copies a command from a message must not be told that it has no such option."""
    commands: Any = typer.main.get_command(app)
    groups = {name: one for name, one in commands.commands.items() if hasattr(one, "commands")}
    single = {name: one for name, one in commands.commands.items() if name not in groups}
    for group, one in groups.items():
        single |= {f"{group} {name}": command for name, command in one.commands.items()}
    for name, command in single.items():
        takes = {one for option in command.params for one in option.opts} & FOLDERS
        given = [part for folder in sorted(FOLDERS) for part in (folder, "x")]
        advised = with_folders(f"Run `qa {name}`.", ["qa", "status", *given])
        assert {one for one in FOLDERS if one in advised} == takes, name
