"""Figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from qa import evidence_network
from tests.training.conftest import MakeExample, MakePassage
from training.examples import Example, PassageExample
from training.figures import SIMILAR, SIMILAR_BIAS, figures, right_sentences, style_gap, twins
from training.scoring import Read


def read(*logits: float) -> list[Read]:
    return [Read(0, np.array(logits, np.float32))]


def test_right_sentences(passage: MakePassage, example: MakeExample) -> None:
    examples = [
        example("first", passage("a", "b", "c", "d", evidence=[1])),
        example("third", passage("a", "b", "c", "d", evidence=[3])),
        example("last", passage("a", "b", "c", "d", evidence=[0])),
        example("none", passage("a", "b")),
    ]
    logits = {
        "first": read(0, 3, 1, 2),
        "third": read(2, 3, 0, 1),
        "last": read(0, 1, 2, 3),
        "none": read(5, 5),
    }
    found = right_sentences(examples, logits)
    assert found == pytest.approx({"right_first": 1 / 3, "right_in_three": 2 / 3})


def test_twins(two_twins: list[Example]) -> None:
    found = twins(two_twins, {"s": 2.0, "st": 1.0, "i": 0.5, "it": 0.5})
    assert found == pytest.approx({"twin_order": 0.75, "twin_auroc": 2.5 / 4})


def test_all_figures(two_twins: list[Example]) -> None:
    logits = {"s": read(0, 3, 0), "st": read(-1, -1), "i": read(2, 0, 0), "it": read(3, -9)}
    found = figures(two_twins, logits)
    assert (found["questions"], found["right_first"], found["twin_order"]) == (4, 1.0, 0.5)
    assert found["twin_auroc_evidence_removed"] == 2.5 / 4  # 3 > -1, 3 = 3, 2 > -1, 2 < 3
    assert "style_gap" not in found  # no sentence was written
    assert "wrong_subject_auroc" not in found


def test_a_written_sentence_that_gains_by_its_sound(
    passage: MakePassage, example: MakeExample
) -> None:
    written, own = "Written for t.", "The leaflet's own."
    level = np.full((2, 5), 0.3, np.float32)
    both = PassageExample(0, "", (written, own), np.zeros(2, np.int8), level)
    examples = [
        example("t", passage(written, evidence=[0]), kind="evidence_inserted"),
        example("other", both),
    ]
    logits = {"t": read(4.0), "other": read(2.5, -0.5)}
    assert style_gap(examples, logits) == pytest.approx(3.0)


def test_equal_similarity_is_measured_as_the_network_begins() -> None:
    assert SIMILAR == evidence_network._SIMILAR
    assert SIMILAR_BIAS == evidence_network._SIMILAR_BIAS
