"""The stages of the command: examples of each set, training with held-out figures, the files.

Each stage takes from the work folder what an earlier run left there, if it was made from the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from qa.chunking import BuildOptions
from qa.comparison import prepare_index
from qa.confidence import NAMES
from qa.embedding import Embedder
from qa.evaluation_sets import every_nth, read_set
from qa.evidence_model import bundled_encoder
from qa.generation import file_sha256, load
from qa.publishing import replace_file
from training.asking import asked_of
from training.confidence import CONFIDENCE, fit, judged, write_confidence
from training.examples import make_examples
from training.export import RECORD, WEIGHTS, write_record, write_weights
from training.figures import figures
from training.folds import parted
from training.learning import train
from training.packing import load_packer
from training.plan import Material, Plan
from training.scoring import Logits, score
from training.storing import read_examples, read_logits, write_examples, write_logits
from training.strangers import Strangers

__all__ = ["make_material", "run_confidence", "run_fold", "write_reader"]

_VERSION = 1
"""Raised whenever the same sets would give other examples than before."""

Progress = Callable[[str, int, int], None]


def make_material(plan: Plan, folder: Path, embedder: Embedder, progress: Progress) -> Material:
    """The examples of the set in `folder`: of all questions, or of every so-many-th with its twin.

    Builds the set's index unless it is current. Raises CorpusError or QuestionError for the set,
    BuildError where the index cannot be written.
    """
    chosen = read_set(folder)
    index = prepare_index(chosen, plan.work, embedder, BuildOptions(), progress)
    generation = load(index)
    made_from = {
        "version": _VERSION,
        "files": {path.name: file_sha256(path) for path in _files(folder)},
        "generation": generation.name,
        "model": embedder.identity,
        "every": plan.every,
    }
    some = "" if plan.every == 1 else f"-every-{plan.every}"
    path = plan.folder / f"examples-{chosen.name}{some}.npz"
    examples = read_examples(path, made_from)
    if examples is None:
        asked = asked_of(chosen, chosen.questions)
        kept = {one.qid for one in every_nth(chosen.questions, plan.every)}
        strangers = Strangers(generation, asked)
        wanted = [one for one in asked if one.question.qid in kept]
        examples = list(make_examples(generation, wanted, embedder, strangers.of, progress))
        write_examples(path, made_from, examples)
    whole = all(one.within for one in chosen.questions)
    return Material(chosen.name, made_from, examples, whole)


def _files(folder: Path) -> list[Path]:
    """The set's two files, as they are read: packed ones only where there is no other."""
    found = []
    for name in ("corpus.jsonl", "questions.jsonl"):
        plain = folder / name
        found.append(plain if plain.is_file() else plain.with_name(f"{name}.gz"))
    return found


def run_fold(
    plan: Plan, fold: int, materials: Sequence[Material], say: Callable[[str], None]
) -> dict[str, dict[str, float]]:
    """Figures of the questions held out in a fold, by set; trains it unless that was done.

    Leaves their logits in `training/fold-*.jsonl` of the work folder, and beside it the network as
    the program would load it, so that the whole program can be asked the held-out questions.
    """
    path = plan.fold_file(fold, materials)
    made_from = _depends(plan, fold, materials)
    examples = [one for material in materials for one in material.examples]
    chosen, held = parted(examples, fold, plan.folds)
    logits = read_logits(path, made_from)
    if logits is None:
        say(f"{path.stem}: trained on {len(chosen)} questions, {len(held)} held out")
        packer = load_packer()
        network = train(chosen, bundled_encoder(), packer, plan.recipe, say, plan.steps)
        write_weights(path.with_suffix(".safetensors"), network, plan.recipe.blend)
        logits = score(network, held, packer)
        write_logits(path, made_from, logits)
    return _figures_by_set(materials, logits)


def _figures_by_set(materials: Sequence[Material], logits: Logits) -> dict[str, dict[str, float]]:
    made = {one.name: figures(one.examples, logits) for one in materials}
    return {name: found for name, found in made.items() if found["questions"]}


def write_reader(plan: Plan, fold: int, materials: Sequence[Material], out: Path) -> str:
    """Puts the weights of a finished fold and their record into `out`; gives their SHA-256.

    What ships has not seen the questions held out, so its figures are its own.
    """
    weights = plan.fold_file(fold, materials).with_suffix(".safetensors")
    sha256 = file_sha256(weights)
    sets = {
        one.name: {"questions": len(one.examples), "every": one.made_from["every"]}
        | {f"{name}_sha256": found for name, found in one.made_from["files"].items()}
        for one in materials
    }
    out.mkdir(parents=True, exist_ok=True)
    replace_file(out / WEIGHTS, weights.read_bytes())
    held = {"fold": fold, "folds": plan.folds}
    found = _finished_folds(plan, materials)
    write_record(out / RECORD, sha256, plan.recipe, sets, held, found, plan.steps)
    return sha256


def _finished_folds(plan: Plan, materials: Sequence[Material]) -> dict[str, Any]:
    """Figures of those folds that lie in the work folder."""
    made = {}
    for fold in range(plan.folds):
        made_from = _depends(plan, fold, materials)
        logits = read_logits(plan.fold_file(fold, materials), made_from)
        if logits is not None:
            made[f"fold-{fold}-of-{plan.folds}"] = _figures_by_set(materials, logits)
    return made


def _depends(plan: Plan, fold: int, materials: Sequence[Material]) -> dict[str, Any]:
    return {
        "recipe": asdict(plan.recipe),
        "steps": plan.steps,
        "fold": fold,
        "folds": plan.folds,
        "sets": {one.name: dict(one.made_from) for one in materials},
    }


def run_confidence(
    plan: Plan,
    fold: int,
    materials: Sequence[Material],
    out: Path,
    made_by: str,
    say: Callable[[str], None],
) -> None:
    """Fits confidence on what the fold held out of the sets of whole documents, into `out`.

    Questions judged by a paragraph are left out: other paragraphs may answer them as well.
    """
    logits = read_logits(plan.fold_file(fold, materials), _depends(plan, fold, materials)) or {}
    whole = [one for one in materials if one.whole_documents]
    held = [one for material in whole for one in material.examples if one.qid in logits]
    seen = [judged(one, logits[one.qid], plan.recipe.blend) for one in held]
    groups = [one.group for one in held]
    fitted = fit([one for one, _ in seen], [right for _, right in seen], groups, say)
    fitted_on = {"sets": [one.name for one in whole], "held-out questions": len(seen)}
    write_confidence(out / CONFIDENCE, NAMES, fitted, made_by, fitted_on)
