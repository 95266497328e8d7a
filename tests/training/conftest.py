"""A small leaflet set written for these tests, and the real bundled model."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from qa.embedding import Embedder
from training.examples import EVIDENCE, STRANGE, Example, PassageExample
from training.packing import Packer, load_packer

MakePassage = Callable[..., PassageExample]
MakeExample = Callable[..., Example]


@pytest.fixture
def passage() -> MakePassage:
    """Makes a passage; the sentences numbered in `evidence` are labelled so."""

    def make(
        *sentences: str, evidence: Sequence[int] = (), similar: float = 0.4, row: int = 0
    ) -> PassageExample:
        labels = np.zeros(len(sentences), np.int8)
        labels[list(evidence)] = EVIDENCE
        numbers = random.Random(" ".join(sentences))
        features = [[similar + numbers.uniform(-0.1, 0.1) for _ in range(5)] for _ in sentences]
        return PassageExample(
            row, "Plaster casts. At home", sentences, labels, np.array(features, np.float32)
        )

    return make


@pytest.fixture
def example() -> MakeExample:
    """Makes an example of passages; it is answerable if one of them has evidence."""

    def make(qid: str, *passages: PassageExample, **more: object) -> Example:
        given = {"question": "Can I shower with the cast on?", "group": "0", "kind": "answerable"}
        answerable = any(one.has_evidence for one in passages)
        made = given | {"answerable": answerable, "twin_of": None, "strangers": ()} | more
        return Example(qid=qid, passages=passages, **made)  # type: ignore[arg-type]

    return make


@pytest.fixture
def stranger() -> MakePassage:
    """Makes a strange sentence, as `training.examples` does."""

    def make(text: str) -> PassageExample:
        return PassageExample(
            -1, "", (text,), np.full(1, STRANGE, np.int8), np.full((1, 5), 0.3, np.float32)
        )

    return make


@pytest.fixture(scope="session")
def packer(bundled: Embedder) -> Packer:
    """With the real tokenizer; skips where the bundled model is not installed."""
    return load_packer()


@pytest.fixture
def two_twins(passage: MakePassage, example: MakeExample) -> list[Example]:
    """Two questions, each with the twin whose leaflet lacks the answer."""
    dry = "Keep the cast dry, and put a plastic bag over it when you shower."
    itch = "Never push anything down inside the cast to scratch."
    others = ("A cast holds the broken bone still.", "Most casts stay on for six weeks.")
    ask = "What do I do if it itches?"
    return [
        example("s", passage(others[0], dry, others[1], evidence=[1])),
        example("st", passage(*others), twin_of="s", kind="evidence_removed"),
        example("i", passage(itch, *others, evidence=[0]), question=ask, group="1"),
        example(
            "it", passage(*others), question=ask, twin_of="i", kind="evidence_removed", group="1"
        ),
    ]
