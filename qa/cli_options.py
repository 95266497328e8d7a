"""Options that most commands of `qa` take, and the settings they lead to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from qa.settings import Settings

__all__ = ["Config", "Corpus", "Index", "settings_of"]

Corpus = Annotated[
    Path | None, typer.Option("--corpus", help="Folder of documents [QA_CORPUS, qa.toml]")
]
Index = Annotated[
    Path | None, typer.Option("--index", help="Folder of the built index [QA_INDEX, qa.toml]")
]
Config = Annotated[Path | None, typer.Option("--config", help="Settings file [QA_CONFIG]")]


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
