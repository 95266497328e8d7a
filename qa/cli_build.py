"""The command that builds: `qa build`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from qa.cli_options import Config, Corpus, Index, settings_of

__all__ = ["build"]


def build(
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
    force: Annotated[bool, typer.Option(help="Build even if nothing has changed.")] = False,
    download: Annotated[
        bool, typer.Option(help="Allow fetching a model that qa.toml names.")
    ] = False,
) -> None:
    """Build the index of the documents, unless it is up to date."""
    from qa.embedding import SentenceEmbedder
    from qa.index import build as build_index
    from qa.index import is_current
    from qa.progress import drawn_progress
    from qa.reading import reading

    settings = settings_of(corpus, index, config)
    options = settings.build_options()
    if download:  # first: once a model of this machine is loaded, the libraries stay offline
        reading(settings.reading.model, download=True)
    embedder = SentenceEmbedder(**settings.embedding.model_dump(), download=download)
    if not force and is_current(settings.corpus, settings.index, embedder.identity, options):
        print(f"The index at {settings.index} is up to date.")
        return
    with drawn_progress() as progress:
        report = build_index(settings.corpus, settings.index, embedder, options, progress)
    for name in report.passed_over:
        print(f"Passed over: {name} (no reader for this kind of file)", file=sys.stderr)
    for remark in report.remarks:
        print(f"Note: {remark}", file=sys.stderr)
    print(
        f"Built {report.generation}: {report.documents} documents, {report.chunks} chunks, "
        f"{report.sentences} sentences."
    )
