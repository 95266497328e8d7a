"""How the reader is trained: the numbers that were chosen, in one place."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Recipe"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """The recipe of the bundled reader. A change of any number makes another reader."""

    epochs: int = 2
    pairs: int = 8
    """Questions a batch, each with its twin where it has one."""
    negatives: int = 1
    """Passages without evidence beside those with, for an answerable question."""
    rate: float = 5e-4
    """Learning rate of the low-rank matrices; they begin at nothing and bear a high one."""
    head_rate: float = 1e-3
    rank: int = 32
    frozen: int = 1
    """Layers of the encoder, counted from the lowest, that get no addition."""
    seed: int = 7
    warmup: float = 0.06
    """Share of the steps in which the rate rises; it falls to a fiftieth in the rest."""
    listwise: float = 1.0
    """Weight of the loss that ranks a question's sentences against each other."""
    pairwise: float = 0.5
    """Weight of the loss that ranks a question above its unanswered twin."""
    strange: float = 2.0
    """Weight of a strange sentence in the sentence loss; `training.strangers` says what it is."""
    blend: float = 0.5
    """How much of similarity is mixed into the trained logits; see `training.blending`."""
