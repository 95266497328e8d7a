"""Trains the evidence network: losses of sentences, of a question's sentences, and of twins."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from qa.evidence_network import EvidenceNetwork, collate
from qa.packing import Packed
from training.examples import EVIDENCE, STRANGE, Example
from training.lowrank import add_low_rank
from training.packing import Packer
from training.recipe import Recipe
from training.sampling import Unit, batches, heads_of

__all__ = ["loss_of", "make_network", "step_limit", "train"]

_BUCKET = 8
"""Chunks that go through the network together."""
_SHOWN_EVERY = 25
"""Steps."""


def make_network(encoder: Any, recipe: Recipe) -> EvidenceNetwork:
    """An untrained network around the encoder, which gets its low-rank additions.

    Begins at the same random numbers for the same seed.
    """
    torch.manual_seed(recipe.seed)
    add_low_rank(encoder, recipe.rank, recipe.frozen)
    return EvidenceNetwork(encoder)


def step_limit(examples: Sequence[Example], recipe: Recipe) -> int:
    """Steps of the whole training, by which the learning rate falls."""
    return int(recipe.epochs * len(heads_of(examples)) / recipe.pairs) + 1


def train(
    examples: Sequence[Example],
    encoder: Any,
    packer: Packer,
    recipe: Recipe,
    say: Callable[[str], None] = print,
    steps: int | None = None,
) -> EvidenceNetwork:
    """Trains a network on the examples and gives it ready for reading.

    Repeats itself on the same machine with the same number of threads. `steps` breaks off early,
    for trying whether it runs; the rates are those of the whole training.
    """
    network = make_network(encoder, recipe)
    network.train()
    optimizer, schedule = _optimizer(network, recipe, step_limit(examples, recipe))
    began, losses = time.monotonic(), []
    for number, batch in enumerate(_all_batches(examples, recipe), 1):
        with torch.autocast("cpu", torch.bfloat16):
            loss = loss_of(network, batch, packer, recipe)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        if number % _SHOWN_EVERY == 0 or number == steps:
            recent = float(np.mean(losses[-_SHOWN_EVERY:]))
            took = time.monotonic() - began
            say(f"step {number}/{step_limit(examples, recipe)} loss {recent:.3f} {took:.0f} s")
        if number == steps:
            break
    return network.eval()


def _all_batches(examples: Sequence[Example], recipe: Recipe) -> Iterator[list[Unit]]:
    random_ = random.Random(recipe.seed)
    for _ in range(recipe.epochs):
        yield from batches(examples, recipe, random_)


def _optimizer(
    network: EvidenceNetwork, recipe: Recipe, steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """AdamW with a rate that rises, then falls along a line."""
    body = list(network.encoder.parameters())
    ids = {id(parameter) for parameter in body}
    head = [parameter for parameter in network.parameters() if id(parameter) not in ids]
    optimizer = torch.optim.AdamW(
        [
            {"params": [one for one in body if one.requires_grad], "lr": recipe.rate},
            {"params": head, "lr": recipe.head_rate},
        ],
        weight_decay=0.01,
    )
    warm = max(1, int(recipe.warmup * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda s: min((s + 1) / warm, max(0.02, (steps - s) / max(1, steps - warm))),
    )
    return optimizer, schedule


def loss_of(
    network: EvidenceNetwork, batch: Sequence[Unit], packer: Packer, recipe: Recipe
) -> Tensor:
    """The loss of a batch: its sentences', its questions' and its twins' together."""
    packed = [packer(unit.example.question, one) for unit in batch for one in unit.passages]
    logits = _in_buckets(network, packed)
    marks = np.concatenate([one.labels for unit in batch for one in unit.passages])
    labels = torch.from_numpy((marks == EVIDENCE).astype(np.float32))
    counted = torch.from_numpy(np.where(marks == STRANGE, recipe.strange, 1.0).astype(np.float32))
    each = nn.functional.binary_cross_entropy_with_logits(logits, labels, reduction="none")
    total = (each * counted).sum() / len(batch)
    sizes = [sum(len(one.labels) for one in unit.passages) for unit in batch]
    scores = dict(
        zip((unit.example.qid for unit in batch), torch.split(logits, sizes), strict=True)
    )
    ranking = _ranking(batch, scores, torch.split(labels, sizes))
    if ranking:
        total = total + recipe.listwise * torch.stack(ranking).mean()
    twins = _twins(batch, {qid: one.logsumexp(0) for qid, one in scores.items()})
    if twins:
        total = total + recipe.pairwise * torch.stack(twins).mean()
    return total


def _ranking(
    batch: Sequence[Unit], scores: dict[str, Tensor], labels: Sequence[Tensor]
) -> list[Tensor]:
    """Of each answered question: minus the logarithm of the share that softmax gives evidence."""
    made = []
    for unit, marks in zip(batch, labels, strict=True):
        if unit.example.answerable and marks.any():
            own = scores[unit.example.qid]
            made.append(own.logsumexp(0) - own[marks > 0].logsumexp(0))
    return made


def _twins(batch: Sequence[Unit], tops: dict[str, Tensor]) -> list[Tensor]:
    """Of each pair: how far the answered one's soft maximum is not above the other's.

    The logistic loss of a difference, after Burges and others, "Learning to Rank using Gradient
    Descent", ICML 2005.
    """
    made = []
    for unit in batch:
        other = unit.example.twin_of
        if other in tops:
            sign = 1.0 if unit.example.answerable else -1.0
            difference = tops[unit.example.qid] - tops[other]
            made.append(nn.functional.softplus(-sign * difference))
    return made


def _in_buckets(network: EvidenceNetwork, packed: Sequence[Packed]) -> Tensor:
    """Logits of all sentences in order; chunks of like length go through the network together."""
    order = sorted(range(len(packed)), key=lambda at: len(packed[at].ids))
    parts: dict[int, Tensor] = {}
    for begin in range(0, len(order), _BUCKET):
        members = order[begin : begin + _BUCKET]
        logits = network(collate([packed[at] for at in members]))
        sizes = [len(packed[at].features) for at in members]
        parts.update(zip(members, torch.split(logits, sizes), strict=True))
    return torch.cat([parts[at] for at in range(len(packed))])
