"""Measures answers on the public evaluation sets through the real program.

    python tests/benchmarks/quality.py covidfaq patients        beside the baselines, on these sets
    python tests/benchmarks/quality.py patients --ablate        and with each part taken away
    python tests/benchmarks/quality.py patients --sweep reader  with other reader weights
    python tests/benchmarks/quality.py patients --sweep chunk   with other chunk sizes
    python tests/benchmarks/quality.py covidfaq --document docs/quality.md   writes the page anew

They read with the reader that qa.toml or QA_READING__MODEL names; see docs/readers.md.
The sets lie outside the project, in the folder EVAL_DATA (default: ../shared/eval beside the
checkout). Prints one line of JSON a run. Indexes are kept in --work between runs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from quality_page import page

from qa.answer import Policy
from qa.assembly import reading_of
from qa.assistant import Assistant
from qa.chunking import BuildOptions
from qa.comparison import (
    PROGRAM,
    Comparison,
    Figures,
    ask_program,
    compare,
    default_work,
    figures_of,
    prepare_index,
)
from qa.embedding import SentenceEmbedder
from qa.errors import QuotewellError
from qa.evaluation_sets import EvaluationSet, SetQuestion, every_nth, part_of, read_set
from qa.generation import load
from qa.reader import ReaderWeights
from qa.reading import BUNDLED, by_similarity
from qa.search import Parts
from qa.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("EVAL_DATA", ROOT.parent / "shared" / "eval"))
_TRAINING = json.loads((ROOT / "qa" / "data" / "reader" / "training.json").read_text("utf-8"))
_WEIGHTS = (
    ReaderWeights(0.45, 0.25, 0.3),
    ReaderWeights(0.5, 0.25, 0.25),
    ReaderWeights(0.45, 0.2, 0.35),
    ReaderWeights(0.55, 0.2, 0.25),
    ReaderWeights(0.45, 0.35, 0.2),
    ReaderWeights(0.4, 0.3, 0.3),
    ReaderWeights(0.67, 0.33, 0.0),
    ReaderWeights(1.0, 0.0, 0.0),
)


def _weights_without(part: str) -> ReaderWeights:
    """The reader's weights with one at nothing and the others in its place, their sum still 1."""
    left = replace(ReaderWeights(), **{part: 0.0})
    total = left.sentence + left.chunk + left.terms
    return ReaderWeights(left.sentence / total, left.chunk / total, left.terms / total)


ABLATIONS: Mapping[str, Mapping[str, Any]] = {
    "search without vectors": {"parts": Parts(vectors=False)},
    "search without terms": {"parts": Parts(terms=False)},
    "no synonyms, no spelling": {"parts": Parts(added_words=False)},
    "untrained reader, without sentence similarity": {
        "reader": by_similarity(_weights_without("sentence"))
    },
    "untrained reader, without chunk similarity": {
        "reader": by_similarity(_weights_without("chunk"))
    },
    "untrained reader, without shared terms": {"reader": by_similarity(_weights_without("terms"))},
    "reader by similarity, untrained": {"reader": by_similarity()},
    "neighbouring quotes not joined": {"policy": Policy(max_words=0)},
    "no refusal by similarity": {"policy": Policy(off_corpus=0.0)},
}
"""What is taken away → arguments of Assistant that take it away. Whatever else is given to an
Assistant, such as another reader, is one more line here."""


def main() -> None:
    """Reads the command line, runs, prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "sets",
        nargs="+",
        metavar="SET[:N]",
        help="folders in EVAL_DATA; of SET:N every n-th question",
    )
    parser.add_argument("--sweep", choices=("reader", "chunk"))
    parser.add_argument("--ablate", action="store_true", help="take each part away in turn")
    parser.add_argument("--document", type=Path, help="write the figures as a page of Markdown")
    parser.add_argument("--every", type=int, default=1, help="ask only every n-th question")
    parser.add_argument(
        "--fold",
        metavar="K/N",
        help="ask only part K of N; by default, of sets that the bundled reader was trained on, "
        "the part that was held out",
    )
    parser.add_argument("--work", type=Path, default=default_work())
    options = parser.parse_args()
    if options.sweep and options.document:
        parser.error("--document is for runs without --sweep")
    sets = [_set_and_step(one, options.every) for one in options.sets]
    missing = [name for name, _ in sets if not (DATA / name).is_dir()]
    if missing:
        sys.exit(f"There is no {DATA / missing[0]}. Set EVAL_DATA to the folder of the sets.")
    embedder = SentenceEmbedder()
    compared: list[Comparison] = []
    ablated: dict[str, dict[str, Figures]] = {}
    for name, every in sets:
        chosen = read_set(DATA / name)
        questions = every_nth(_held_out(chosen, options.fold), every)
        if options.sweep:
            _sweep(chosen, questions, options.sweep, options.work, embedder)
            continue
        index = prepare_index(chosen, options.work, embedder, BuildOptions(), _show)
        assistant = _assistant(index, embedder)
        made = compare(chosen, questions, assistant, load(index), embedder, _show)
        print(json.dumps({"variant": "as shipped"} | made.to_dict()), flush=True)
        compared.append(made)
        ablated[name] = {}
        for label, changes in ABLATIONS.items() if options.ablate else ():
            found = _figures(_assistant(index, embedder, **changes), questions, label)
            print(json.dumps(_line(chosen, label, found)), flush=True)
            ablated[name][label] = found
    if options.document:
        reader = load_settings().reading.model
        named = Path(reader).name if reader.endswith(".safetensors") else reader
        text = page(compared, ablated, _command(options), named, date.today())
        options.document.write_text(text, encoding="utf-8")


def _set_and_step(given: str, every: int) -> tuple[str, int]:
    """`patients:9` → the set and the step of its questions, which otherwise is `every`."""
    name, _, step = given.partition(":")
    return name, int(step or every)


def _held_out(chosen: EvaluationSet, part: str | None) -> list[SetQuestion]:
    """The questions of a part; of sets that the reader in use has seen, those it has not seen."""
    if part:
        kept, parts = (int(number) for number in part.split("/"))
    elif load_settings().reading.model == BUNDLED and chosen.name in _TRAINING["sets"]:
        kept, parts = _TRAINING["held_out"]["fold"], _TRAINING["held_out"]["folds"]
    else:
        return list(chosen.questions)
    return [one for one in chosen.questions if part_of(one.about, parts) == kept]


def _show(what: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{what}: {done}/{total}\x1b[K", end="", file=sys.stderr, flush=True)


def _assistant(index: Path, embedder: SentenceEmbedder, **changes: Any) -> Assistant:
    settings = load_settings()
    arguments = {"policy": Policy(), "reader": reading_of(settings)} | changes
    return Assistant(index, embedder, settings.safety_texts(), **arguments)


def _figures(assistant: Assistant, questions: Sequence[SetQuestion], label: str) -> Figures:
    return figures_of(questions, ask_program(assistant, questions, _show, label))


def _line(chosen: EvaluationSet, label: str, figures: Figures) -> dict[str, Any]:
    shown = {name: round(figure.value, 4) for name, figure in figures.items()}
    return {"variant": label, "name": chosen.name} | shown


def _sweep(
    chosen: EvaluationSet,
    questions: Sequence[SetQuestion],
    what: str,
    work: Path,
    embedder: SentenceEmbedder,
) -> None:
    for label, build_options, changes in _variants(what):
        index = prepare_index(chosen, work, embedder, build_options, _show)
        found = _figures(_assistant(index, embedder, **changes), questions, label)
        print(json.dumps(_line(chosen, label, found)), flush=True)


def _variants(what: str) -> Iterator[tuple[str, BuildOptions, Mapping[str, Any]]]:
    if what == "reader":
        for weights in _WEIGHTS:
            yield str(weights), BuildOptions(), {"reader": by_similarity(weights)}
    else:
        for target in (60, 110, 160, 220):
            yield f"chunks of {target} tokens", BuildOptions(target_tokens=target), {}


def _command(options: argparse.Namespace) -> str:
    """What was typed, without folders of this machine."""
    parts = ["python tests/benchmarks/quality.py", *options.sets]
    parts += ["--ablate"] if options.ablate else []
    parts += [f"--every {options.every}"] if options.every > 1 else []
    parts += [f"--fold {options.fold}"] if options.fold else []
    return " ".join([*parts, "--document docs/quality.md"])


if __name__ == "__main__":
    try:
        main()
    except QuotewellError as error:
        sys.exit(f"{PROGRAM}: {error}")
