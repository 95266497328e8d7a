"""The command `qa doctor`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli_options import Config, Corpus, Index, settings_of
from qa.cli_options import put as print  # noqa: A004 - nothing printed steers the terminal
from qa.doctor.finding import Area

if TYPE_CHECKING:
    from qa.doctor.finding import Finding
    from qa.doctor.setup import Setup

__all__ = ["doctor"]


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    only: Annotated[
        list[Area] | None, typer.Option(help="Look at this area only; may be repeated.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Show all findings of a kind, however many.")
    ] = False,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """Look for what is wrong, from settings to documents, and say how to mend it; changes nothing.

    Exit code 1 if there are errors. Nothing is fetched either.
    """
    from qa.doctor.checkup import check_up, looked_at
    from qa.doctor.finding import Severity, in_order
    from qa.doctor.report import findings_text, record

    areas = only or []
    setup, unsound = _setup(corpus, index, config)
    findings = in_order([*unsound, *check_up(setup, areas)])
    looked = looked_at(areas, setup)
    if as_json:
        print(json.dumps(record(findings, looked), ensure_ascii=False, indent=2))
    else:
        print(findings_text(findings, looked, everything=everything))
    if any(one.severity is Severity.ERROR for one in findings):
        raise typer.Exit(1)


def _setup(
    corpus: Path | None, index: Path | None, config: Path | None
) -> tuple[Setup | None, list[Finding]]:
    """The settings, or what is wrong with them."""
    from qa.assembly import engine_of, present_fingerprint
    from qa.doctor.finding import Finding, Place, Severity
    from qa.doctor.setup import Setup
    from qa.errors import SettingsError

    try:
        settings = settings_of(corpus, index, config)
    except SettingsError as error:
        mend = "Correct it and run `qa doctor` again: nothing else was looked at without settings."
        where = (Place(file=str(config or "")),)
        found = Finding(Severity.ERROR, Area.SETTINGS, "settings", where, str(error), mend)
        return None, [found]
    page = settings.page
    texts = {"page.title": page.title, "page.scope": page.scope}
    for language, own in page.translations.items():
        texts[f"page.translations.{language}.title"] = own.title
        texts[f"page.translations.{language}.scope"] = own.scope
    setup = Setup(
        config=settings.config,
        corpus=settings.corpus,
        index=settings.index,
        store=settings.privacy.store,
        texts=settings.safety_texts,
        check_wordings=page.wordings,
        fingerprint=lambda generation: present_fingerprint(settings, generation),
        require_vectors=lambda generation: engine_of(settings).open(
            generation.name, generation.folder, generation.vectors
        ),
        options=settings.build_options(),
        embedding=settings.embedding.model,
        backend=settings.embedding.backend,
        reading=settings.reading.model,
        models=settings.models if settings.embedding.backend == "onnx" else None,
        threshold=settings.answer.threshold,
        wrong_at_most=settings.answer.wrong_at_most,
        host=settings.serve.host,
        allowed_hosts=settings.serve.allowed_hosts,
        trusted_proxies=_trusted(settings.serve.trusted_proxies),
        metrics_from=settings.serve.metrics_from,
        questions_per_minute=settings.serve.questions_per_minute,
        languages=page.languages,
        page_texts=texts,
    )
    return setup, []


def _trusted(setting: tuple[str, ...] | None) -> tuple[str, ...]:
    """The proxies that `qa serve` would believe, without this machine's own addresses."""
    named = os.environ.get("FORWARDED_ALLOW_IPS", "")
    return tuple(filter(None, map(str.strip, named.split(",")))) if setting is None else setting
