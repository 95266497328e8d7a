"""The commands that measure: `qa test`, `qa calibrate` and `qa eval`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli_options import Config, Corpus, Index, settings_of
from qa.cli_options import put as print  # noqa: A004 - nothing printed steers the terminal

if TYPE_CHECKING:  # they are heavy
    from qa.assistant import Assistant
    from qa.golden import Golden

__all__ = ["calibrate", "evaluate", "test"]


def test(
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
    questions: Annotated[
        Path | None, typer.Option(help="Golden questions; else questions.csv in the corpus")
    ] = None,
    misses: Annotated[bool, typer.Option(help="List the questions that went wrong.")] = False,
    sweep: Annotated[
        bool, typer.Option(help="Show what other thresholds would do to the tuned questions.")
    ] = False,
    flips: Annotated[
        bool,
        typer.Option(help="Ask each question with slips, in capitals and in other words instead."),
    ] = False,
    danger: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Ask the probe messages of this file instead (tests/data/danger.csv).",
        ),
    ] = None,
) -> None:
    """Ask the golden questions; exit code 1 where the figures are under the floor."""
    if danger:
        _test_danger(danger, misses, corpus, index, config)
        return
    from qa.assembly import assistant_of
    from qa.errors import QuestionError
    from qa.evaluation import FLOOR, figures, judge_all
    from qa.golden import GOLDEN_FILE, of_another_corpus, parted, read_golden
    from qa.progress import drawn_progress
    from qa.report import aside_text, figures_table, miss_text, sweep_table

    settings = settings_of(corpus, index, config)
    path = questions or settings.corpus / GOLDEN_FILE
    every, assistant = read_golden(path), assistant_of(settings)
    if foreign := of_another_corpus(every, assistant.document, path):
        raise QuestionError(foreign)
    golden, aside = parted(every, assistant.standings())
    if flips:
        _test_flips(golden, assistant, misses)
        return
    with drawn_progress() as progress:
        outcomes = judge_all(golden, assistant, progress)
    parts = {
        "tuned": [one for one in outcomes if not one.golden.held],
        "held": [one for one in outcomes if one.golden.held],
        "all": outcomes,
    }
    rates = {name: figures(part, assistant.document) for name, part in parts.items()}
    print(figures_table(rates, None if sys.stdout.isatty() else 132))
    if sweep:
        print(sweep_table(parts["tuned"]))
    if misses:
        print("\n".join(miss_text(one) for one in outcomes if not one.passed))
    if aside:
        print(aside_text(aside))
    below = rates["all"].below(FLOOR)
    for name in below:
        rate = getattr(rates["all"], name)
        print(f"Under the floor: {rate.name} {rate.share:.0%}, floor {getattr(FLOOR, name):.0%}.")
    if below or not golden:
        raise typer.Exit(1)


def _test_flips(golden: Sequence[Golden], assistant: Assistant, misses: bool) -> None:
    from qa.progress import drawn_progress
    from qa.report import rates_table
    from qa.staff.flipping import flip_test, rates_of

    with drawn_progress() as progress:
        trials = flip_test(golden, assistant, assistant.live.current().synonyms, progress)
    rates = {
        "tuned": rates_of(trials, held=False),
        "held": rates_of(trials, held=True),
        "all": rates_of(trials),
    }
    width = None if sys.stdout.isatty() else 132
    print(rates_table("Golden questions asked otherwise", rates, width))
    if misses:
        for one in trials:
            if one.became.flips:
                print(f"line {one.line}: {one.question}\n    {one.kind}: {one.asked}")
                print(f"    {one.before.result} -> {one.after.result}")


def _test_danger(
    path: Path, misses: bool, corpus: Path | None, index: Path | None, config: Path | None
) -> None:
    from qa.assembly import assistant_of
    from qa.probes import HALVES, LANGUAGES, noticed, probe_all, read_probes
    from qa.progress import drawn_progress
    from qa.report import rates_table

    probes = read_probes(path)
    assistant = assistant_of(settings_of(corpus, index, config))
    with drawn_progress() as progress:
        probed = probe_all(probes, assistant.ask, progress)
    for language, name in LANGUAGES.items():
        asked = [one for one in probed if one.probe.language == language]
        rates = {half: noticed([one for one in asked if one.probe.half == half]) for half in HALVES}
        width = None if sys.stdout.isatty() else 120
        print(rates_table(f"Probe messages in {name}", rates, width))
    if misses:
        for one in probed:
            if one.alarm != one.probe.grave:
                print(f"line {one.probe.line}: {one.probe.expect.value} -> {one.kind.value}")


def calibrate(
    questions: Annotated[
        Path | None, typer.Argument(help="Judged questions; else questions.csv in the corpus")
    ] = None,
    wrong_at_most: Annotated[
        float | None,
        typer.Option(
            min=0.001,
            max=0.999,
            help="Choose the threshold for this share of wrong answers; else answer.wrong_at_most",
        ),
    ] = None,
    corpus: Corpus = None,
    index: Index = None,
    config: Config = None,
) -> None:
    """State how often answers are wrong, by judged questions; exit code 1 where that cannot be."""
    from qa.assembly import assistant_of, present_fingerprint
    from qa.calibrating import Questions, calibrate_index
    from qa.evaluation import judge_all
    from qa.generation import file_sha256, load
    from qa.golden import GOLDEN_FILE, parted, read_golden
    from qa.progress import drawn_progress
    from qa.report import aside_text

    settings = settings_of(corpus, index, config)
    path, policy = questions or settings.corpus / GOLDEN_FILE, settings.policy()
    every, sha256 = read_golden(path), file_sha256(path)
    now = present_fingerprint(settings, load(settings.index))
    assistant = assistant_of(settings, replace(policy, threshold=0.0))
    golden, aside = parted(every, assistant.standings())
    with drawn_progress() as progress:
        asked = Questions(judge_all(golden, assistant, progress), sha256)
    target = wrong_at_most or settings.answer.wrong_at_most
    lines, done = calibrate_index(settings.index, asked, now, policy.threshold, target)
    print("\n".join([*lines, *([aside_text(aside)] if aside else [])]))
    if not done:
        raise typer.Exit(1)


def evaluate(
    set_folder: Annotated[Path, typer.Argument(help="Folder of an evaluation set.")],
    work: Annotated[
        Path | None, typer.Option(help="Where its index is kept; else a temporary folder")
    ] = None,
    every: Annotated[int, typer.Option(min=1, help="Ask only every n-th question.")] = 1,
    as_json: Annotated[
        typer.FileTextWrite | None,
        typer.Option("--json", metavar="FILE", lazy=False, help="Write the figures there too."),
    ] = None,
    config: Config = None,
) -> None:
    """Measure answers on an evaluation set, beside BM25 and other simple systems."""
    from qa.assembly import assistant_of, embedder_of
    from qa.comparison import default_work, run_set
    from qa.progress import drawn_progress
    from qa.report import comparison_table

    settings = settings_of(config=config)
    settings.safety_texts().validate()  # before hours of building
    embedder = embedder_of(settings)
    with drawn_progress() as progress:
        made = run_set(
            set_folder,
            work or default_work(),
            every,
            embedder,
            settings.build_options(),
            lambda index: assistant_of(
                settings.model_copy(update={"index": index}), embedder=embedder
            ),
            progress,
        )
    print(comparison_table(made, None if sys.stdout.isatty() else 160))
    if as_json:
        json.dump(made.to_dict(), as_json, indent=1)
