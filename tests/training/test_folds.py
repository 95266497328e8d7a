"""A group is held out as a whole, and every question once."""

from __future__ import annotations

import pytest

from tests.training.conftest import MakeExample
from training.folds import parted


@pytest.mark.parametrize("folds", [2, 3, 5])
def test_folds_never_share_a_group(example: MakeExample, folds: int) -> None:
    groups = [*map(str, range(12)), *(f"squad-{name}" for name in "ABCDEFGHIJ")]
    examples = [example(f"{group}/{i}", group=group) for group in groups for i in range(3)]
    held_out = []
    for fold in range(folds):
        train, held = parted(examples, fold, folds)
        assert not {one.group for one in train} & {one.group for one in held}
        assert len(train) + len(held) == len(examples)
        held_out += [one.qid for one in held]
    assert sorted(held_out) == sorted(one.qid for one in examples)
