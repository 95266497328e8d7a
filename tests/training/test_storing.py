"""What is read is what was written, if it was made from the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.training.conftest import MakePassage
from training.examples import Example
from training.scoring import Read
from training.storing import read_examples, read_logits, write_examples, write_logits


def test_examples(two_twins: list[Example], stranger: MakePassage, tmp_path: Path) -> None:
    path, made_from = tmp_path / "work" / "examples.npz", {"version": 1, "files": {"q": "ab"}}
    one = two_twins[0]
    given = [
        *two_twins,
        Example("x", one.question, "9", "k", False, None, one.passages, (stranger("Strange é."),)),
    ]
    assert read_examples(path, made_from) is None
    write_examples(path, made_from, given)
    assert read_examples(path, made_from | {"version": 2}) is None
    found = read_examples(path, made_from)
    assert found is not None
    assert [(e.qid, e.twin_of, e.answerable) for e in found] == [
        (e.qid, e.twin_of, e.answerable) for e in given
    ]
    for read, was in zip(found, given, strict=True):
        parts = zip((*read.passages, *read.strangers), (*was.passages, *was.strangers), strict=True)
        for a, b in parts:
            assert (a.row, a.context, a.sentences) == (b.row, b.context, b.sentences)
            assert np.array_equal(a.labels, b.labels)
            assert np.array_equal(a.features, b.features)


def test_logits(tmp_path: Path) -> None:
    path = tmp_path / "fold.jsonl"
    given = {"q": [Read(2, np.array([0.1, -3.5], np.float32)), Read(0, np.zeros(1, np.float32))]}
    assert read_logits(path, {"fold": 0}) is None
    write_logits(path, {"fold": 0}, given)
    assert read_logits(path, {"fold": 1}) is None
    found = read_logits(path, {"fold": 0})
    assert found is not None
    assert [(one.index, one.logits.tolist()) for one in found["q"]] == [
        (one.index, one.logits.tolist()) for one in given["q"]
    ]
