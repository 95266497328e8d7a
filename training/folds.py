"""Cross-validation by group: what must not be parted is held out together."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from training.examples import Example

__all__ = ["fold_of", "parted"]


def fold_of(example: Example, folds: int) -> int:
    """The fold in which an example is held out, the same in every run.

    By its group's number where that is one (`patients`: a leaflet with its variants), else by the
    CRC-32 of its name (`squad2dev`: an article).
    """
    group = example.group
    number = int(group) if group.isdecimal() else zlib.crc32(group.encode())
    return number % folds


def parted(
    examples: Sequence[Example], fold: int, folds: int
) -> tuple[list[Example], list[Example]]:
    """The examples to train on and those that are held out."""
    held = [fold_of(one, folds) == fold for one in examples]
    train = [one for one, out in zip(examples, held, strict=True) if not out]
    return train, [one for one, out in zip(examples, held, strict=True) if out]
