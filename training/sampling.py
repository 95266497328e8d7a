"""Examples → batches: which passages a question is trained on, with its twin beside it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.reader import ReaderWeights
from training.examples import Example, PassageExample
from training.recipe import Recipe
from training.strangers import with_strangers

__all__ = ["NEAREST", "Unit", "batches", "heads_of", "nearest", "similarity"]

NEAREST = 6
"""Passages of a question that training draws from and scoring reads."""
_WITH_EVIDENCE = 2
"""Passages with evidence that a question is trained on at most in an epoch."""
_WEIGHTS = ReaderWeights()


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """One question's passages in a batch."""

    example: Example
    passages: tuple[PassageExample, ...]


def similarity(passage: PassageExample) -> float:
    """How near the passage is by plain similarity, as its best sentence tells."""
    f = passage.features
    sentence, chunk = f[:, :2].mean(1), f[:, 2:4].mean(1)
    parts = sentence * _WEIGHTS.sentence + chunk * _WEIGHTS.chunk + f[:, 4] * _WEIGHTS.terms
    return float(parts.max())


def nearest(example: Example, count: int = NEAREST) -> list[int]:
    """Which passages of an example are most similar to the question, best first."""
    order = range(len(example.passages))
    return sorted(order, key=lambda at: -similarity(example.passages[at]))[:count]


def heads_of(examples: Sequence[Example]) -> list[Example]:
    """The examples that are no twin of another among them."""
    known = {one.qid for one in examples}
    return [one for one in examples if one.twin_of not in known]


def batches(
    examples: Sequence[Example], recipe: Recipe, random_: random.Random
) -> Iterator[list[Unit]]:
    """One epoch: twins side by side, else in random order.

    Left out is an answerable question whose evidence was not found: it has nothing to point at.
    """
    heads = heads_of(examples)
    known = {one.qid for one in examples}
    twins = {one.twin_of: one for one in examples if one.twin_of in known}
    random_.shuffle(heads)
    batch: list[Unit] = []
    for number, head in enumerate(heads, 1):
        for one in (head, *([twins[head.qid]] if head.qid in twins else [])):
            if one.answerable and not any(p.has_evidence for p in one.passages):
                continue
            unit = _choose(one, recipe.negatives, random_)
            if unit.passages:
                batch.append(unit)
        if number % recipe.pairs == 0 and batch:
            yield batch
            batch = []
    if batch:
        yield batch


def _choose(example: Example, negatives: int, random_: random.Random) -> Unit:
    """The passages of a question in this epoch.

    With evidence: up to two, and near ones without. Unanswerable: one of the nearest three.
    """
    near = [example.passages[at] for at in nearest(example)]
    wrong = [passage for passage in near if not passage.has_evidence]
    if example.answerable:
        right = [passage for passage in example.passages if passage.has_evidence]
        few = len(right) <= _WITH_EVIDENCE
        kept = right if few else random_.sample(right, _WITH_EVIDENCE)
        pool = wrong[: negatives + 2]  # mostly the nearest, sometimes a farther one
        kept = kept + random_.sample(pool, min(negatives, len(pool)))
    else:
        kept = random_.sample(wrong[:3], min(1, len(wrong)))
    return Unit(example, tuple(with_strangers(one, example.strangers, random_) for one in kept))
