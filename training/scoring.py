"""Logits of held-out questions: what a network says of what it was not trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from qa.evidence_network import EvidenceNetwork, collate
from training.examples import Example
from training.packing import Packer
from training.sampling import nearest

__all__ = ["Logits", "Read", "score"]

_BATCH = 24


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A passage that was read."""

    index: int
    """Into the example's passages."""
    logits: NDArray[np.float32]
    """Of its sentences, in order."""


Logits = Mapping[str, Sequence[Read]]
"""By question."""


@torch.no_grad()
def score(network: EvidenceNetwork, examples: Sequence[Example], packer: Packer) -> Logits:
    """Reads the nearest passages of each question, without strangers."""
    jobs = [
        (packer(one.question, one.passages[at]), one.qid, at)
        for one in examples
        for at in nearest(one)
    ]
    jobs.sort(key=lambda job: len(job[0].ids))  # chunks of like length waste no padding
    found: dict[str, list[Read]] = {}
    for begin in range(0, len(jobs), _BATCH):
        part = jobs[begin : begin + _BATCH]
        with torch.autocast("cpu", torch.bfloat16):
            logits = network(collate([packed for packed, _, _ in part])).float().numpy()
        ends = np.cumsum([len(packed.features) for packed, _, _ in part])
        for (_, qid, at), own in zip(part, np.split(logits, ends[:-1]), strict=True):
            found.setdefault(qid, []).append(Read(at, own))
    return found
