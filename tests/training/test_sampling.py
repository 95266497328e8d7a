"""Batches hold twins side by side, evidence first, and repeat with the seed."""

from __future__ import annotations

import random

import pytest

from tests.training.conftest import MakeExample, MakePassage
from training.examples import Example
from training.recipe import Recipe
from training.sampling import batches, heads_of, nearest


@pytest.fixture
def examples(passage: MakePassage, example: MakeExample) -> list[Example]:
    made = []
    for number in range(20):
        wrong = [passage(f"No {number} {i}.", similar=0.3 + i / 20, row=i) for i in range(5)]
        right = [
            passage("No.", f"Yes {number} {i}.", evidence=[1], row=9 - i, similar=0.1)
            for i in range(3)
        ]
        made.append(example(f"{number}", *right, *wrong))
        made.append(example(f"{number}t", *wrong, twin_of=f"{number}"))
    made.append(example("lost", passage("Nothing here."), answerable=True))
    return made


def test_batches(examples: list[Example]) -> None:
    recipe = Recipe(pairs=4)
    found = list(batches(examples, recipe, random.Random(0)))
    units = [unit for batch in found for unit in batch]
    assert sorted(unit.example.qid for unit in units) == sorted(
        one.qid for one in examples if one.qid != "lost"
    )
    assert all(len(batch) <= 8 for batch in found)
    for batch in found:
        ids = [unit.example.qid for unit in batch]
        assert all(f"{qid}t" in ids for qid in ids if not qid.endswith("t"))
    for unit in units:
        marks = [one.has_evidence for one in unit.passages]
        assert marks == ([True, True, False] if unit.example.answerable else [False])


def test_the_same_seed_gives_the_same_batches(examples: list[Example]) -> None:
    def told(seed: int) -> list[list[tuple[str, list[int]]]]:
        found = batches(examples, Recipe(), random.Random(seed))
        return [[(u.example.qid, [p.row for p in u.passages]) for u in one] for one in found]

    assert told(3) == told(3) != told(4)


def test_the_nearest_come_first(examples: list[Example]) -> None:
    near = [examples[1].passages[at] for at in nearest(examples[1], 3)]
    best = [float(one.features.mean()) for one in near]
    assert len(near) == 3
    assert near[0].row in (3, 4)
    assert min(best) > 0.3


def test_a_twin_without_its_original_stands_for_itself(examples: list[Example]) -> None:
    assert [one.qid for one in heads_of(examples[1:4])] == ["0t", "1"]
