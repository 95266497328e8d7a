"""A few steps with the real weights."""

from __future__ import annotations

import random

import pytest
import torch

from qa.evidence_model import bundled_encoder
from training.examples import Example
from training.learning import loss_of, step_limit, train
from training.packing import Packer
from training.recipe import Recipe
from training.sampling import batches
from training.scoring import score

RECIPE = Recipe(epochs=12, pairs=2, rank=4, rate=2e-3, head_rate=5e-3)


def test_the_loss_falls_on_two_twins_that_are_learnt_by_heart(
    two_twins: list[Example], packer: Packer
) -> None:
    told: list[str] = []
    network = train(two_twins, bundled_encoder(), packer, RECIPE, told.append, steps=12)
    untrained = train(two_twins, bundled_encoder(), packer, RECIPE, told.append, steps=1)
    [batch] = batches(two_twins, RECIPE, random.Random(0))
    with torch.inference_mode():
        after = loss_of(network, batch, packer, RECIPE).item()
        before = loss_of(untrained, batch, packer, RECIPE).item()
    assert after < before / 2
    assert not network.training
    assert [line.split()[:2] for line in told] == [["step", "12/13"], ["step", "1/13"]]
    logits = score(network, two_twins, packer)
    best = {qid: max(float(one.logits.max()) for one in read) for qid, read in logits.items()}
    assert best["s"] > best["st"]
    assert best["i"] > best["it"]


def test_steps_of_the_whole_training(two_twins: list[Example]) -> None:
    assert step_limit(two_twins, Recipe(epochs=2, pairs=1)) == 5


@pytest.mark.parametrize("strange", [1.0, 3.0])
def test_a_strange_sentence_counts_more(
    two_twins: list[Example], packer: Packer, strange: float
) -> None:
    torch.manual_seed(0)
    network = train(two_twins[:2], bundled_encoder(), packer, RECIPE, lambda _: None, steps=1)
    [[unit, _]] = batches(two_twins[:2], RECIPE, random.Random(0))
    alone = [unit]
    plain = loss_of(network, alone, packer, Recipe(listwise=0, pairwise=0)).item()
    unit.passages[0].labels[0] = -1
    recipe = Recipe(listwise=0, pairwise=0, strange=strange)
    more = loss_of(network, alone, packer, recipe).item()
    assert more == pytest.approx(plain) if strange == 1.0 else more > plain
