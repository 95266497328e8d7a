"""`python -m training`: makes the trained reader again, from judged questions to weights.

    python -m training --work DIR                  trains, measures, writes the reader
    python -m training --work DIR --only-figures   the same, and leaves the program's reader alone
    python -m training --work DIR --fold 0         holds another part out
    python -m training --work DIR --sets patients  without SQuAD; see the model card
    python -m training --work DIR --every 40 --steps 3 --out DIR/reader    does it run?

One part in eight of the questions is held out, with all that belongs to their documents. What ships
has not seen them, so that the figures measured on them are its own, and so is its confidence.

Reads the evaluation sets in --data (see qa.evaluation_sets); a set may be named by its folder's
path too. Takes hours on two cores; what an interrupted run has finished is taken from --work by the
next.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from qa.comparison import default_work
from qa.embedding import SentenceEmbedder
from qa.errors import QuotewellError
from qa.generation import file_sha256
from qa.progress import drawn_progress
from training.confidence import CONFIDENCE
from training.plan import Plan
from training.recipe import Recipe
from training.stages import make_material, run_confidence, run_fold, write_reader

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("EVAL_DATA", ROOT.parent / "shared" / "eval"))
SETS = "patients,squad2dev"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; the exit code is 1 where something is wrong with sets, model or files."""
    given = _parser().parse_args(arguments)
    if not 0 <= given.fold < given.folds:
        print(f"--fold is from 0 to {given.folds - 1} with --folds {given.folds}.")
        return 2
    try:
        _run(given)
    except (QuotewellError, OSError, ValueError) as error:
        print(f"Training failed: {error}", file=sys.stderr)
        return 1
    return 0


def _run(given: argparse.Namespace) -> None:
    plan = Plan(given.work, Recipe(), given.folds, given.steps, given.every)
    embedder = SentenceEmbedder()
    with drawn_progress() as progress:
        materials = [
            make_material(plan, given.data / name, embedder, progress)
            for name in given.sets.split(",")
        ]
    for one in materials:
        _say(f"{one.name}: {len(one.examples)} examples")
    found = run_fold(plan, given.fold, materials, _say)
    _say(f"fold {given.fold} of {plan.folds}: {json.dumps(found, indent=2)}")
    if given.only_figures:
        return
    sha256 = write_reader(plan, given.fold, materials, given.out)
    made_by = f"python -m training --folds {given.folds} --fold {given.fold}"
    run_confidence(plan, given.fold, materials, given.out, made_by, _say)
    _say(f"Wrote {given.out}. The lines for qa/reader_weights.py and qa/confidence.py:")
    _say(f'READER_SHA256 = "{sha256}"')
    _say(f'CONFIDENCE_SHA256 = "{file_sha256(given.out / CONFIDENCE)}"')


def _say(line: str) -> None:
    print(line, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--data", type=Path, default=DATA, help="folder of the evaluation sets")
    add("--work", type=Path, default=default_work(), help="folder for indexes, examples and folds")
    add("--sets", default=SETS, help=f"names of sets, parted by commas (default: {SETS})")
    add("--folds", type=_positive, default=8, help="parts of which one is held out")
    add("--fold", type=int, default=1, help="the part that is held out, from 0 (default: 1)")
    add("--only-figures", action="store_true", help="do not write the reader")
    out = ROOT / "qa" / "data" / "reader"
    add("--out", type=Path, default=out, help="folder for the reader (default: qa/data/reader)")
    add("--steps", type=_positive, help="break each training off after so many steps")
    add("--every", type=_positive, default=1, help="every so-many-th question, with its twin")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


if __name__ == "__main__":
    sys.exit(main())
