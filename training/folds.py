"""Cross-validation by group: what must not be parted is held out together."""

from __future__ import annotations

from collections.abc import Sequence

from qa.evaluation_sets import part_of
from training.examples import Example

__all__ = ["parted"]


def parted(
    examples: Sequence[Example], fold: int, folds: int
) -> tuple[list[Example], list[Example]]:
    """The examples to train on and those that are held out."""
    held = [part_of(one.group, folds) == fold for one in examples]
    train = [one for one, out in zip(examples, held, strict=True) if not out]
    return train, [one for one, out in zip(examples, held, strict=True) if out]
