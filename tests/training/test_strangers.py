"""Strangers are put in, and nothing else changes."""

from __future__ import annotations

import random

import numpy as np

from tests.training.conftest import MakePassage
from training.examples import EVIDENCE, STRANGE
from training.strangers import with_strangers


def test_strangers_never_displace_evidence_nor_alter_its_label(
    passage: MakePassage, stranger: MakePassage
) -> None:
    own = passage("One is so.", "Two is the answer.", "Three is not.", evidence=[1])
    strangers = [stranger(f"Stranger {number} says so.") for number in range(4)]
    random_ = random.Random(1)
    counts, places = [], set()
    for _ in range(300):
        made = with_strangers(own, strangers, random_)
        kept = made.labels != STRANGE
        assert [t for t, k in zip(made.sentences, kept, strict=True) if k] == list(own.sentences)
        assert np.array_equal(made.labels[kept], own.labels)
        assert np.array_equal(made.features[kept], own.features)
        [evidence] = np.flatnonzero(made.labels == EVIDENCE)
        assert made.sentences[evidence] == "Two is the answer."
        assert len(made.sentences) == len(made.labels) == len(made.features)
        # a stranger stands in this chunk now, so it has this chunk's similarity
        assert (made.features[~kept][:, 2:4] == own.features[0, 2:4]).all()
        counts.append(int((~kept).sum()))
        places |= set(np.flatnonzero(~kept).tolist())
    assert set(counts) == {0, 1, 2}
    assert 0.4 < counts.count(0) / 300 < 0.6
    assert places >= {0, 1, 2, 3}  # before, between and behind its own


def test_what_stands_there_already_is_no_stranger(
    passage: MakePassage, stranger: MakePassage
) -> None:
    own = passage("One is so.", "Two is the answer.", evidence=[1])
    same = [stranger("Two is the answer.")]
    for seed in range(20):
        made = with_strangers(own, same, random.Random(seed))
        assert made.sentences == own.sentences
        assert made.labels.tolist() == [0, EVIDENCE]


def test_without_strangers_a_passage_stays_as_it_is(passage: MakePassage) -> None:
    own = passage("One is so.", evidence=[0])
    made = with_strangers(own, [], random.Random(0))
    assert (made.sentences, made.labels.tolist()) == (own.sentences, [EVIDENCE])
