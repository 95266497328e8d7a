"""The exported reader: what it points at, and that nothing beside a passage changes a bit of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from qa.chunking import chunk_document
from qa.corpus import make_document
from qa.embedding import Embedder
from qa.evidence_export import evidence_for
from qa.evidence_session import OnnxEvidence
from qa.reader_weights import bundled_reader
from qa.types import Passage
from tests.bundled import EXPORTED

TEXT = b"""# Ear drops

## After the drops

Lie on your side for ten minutes. Your hearing may be dull until the evening. The bottle keeps for
four weeks once it is open.

## Before the drops

Wash your hands, and warm the bottle in them.
"""
FIRST = "how long do i have to lie down"


@pytest.fixture(scope="module")
def passages(bundled: Embedder) -> list[Passage]:
    document = make_document("drops.md", TEXT)
    made = []
    for chunk in chunk_document(document, bundled.count_tokens):
        texts = [document.text[s.start : s.end] for s in chunk.sentences]
        vectors = bundled.encode([document.text[chunk.start : chunk.end], *texts])
        made.append(Passage(document, chunk, vectors[0], vectors[1:]))
    assert len(made) == 2
    return made


@pytest.fixture(scope="module")
def evidence(bundled: Embedder) -> OnnxEvidence:
    return evidence_for(bundled_reader(), EXPORTED)


def features(passages: list[Passage]) -> list[np.ndarray]:
    """The same for all sentences, so that what differs was read."""
    return [np.full((len(one.chunk.sentences), 5), 0.3, np.float32) for one in passages]


@pytest.mark.parametrize(
    ("question", "best"),
    [
        (FIRST, 0),
        ("i hear so badly since i took them, is that normal?", 1),
        ("can i still use the bottle i opened last month", 2),
    ],
)
def test_it_points_at_the_sentence_that_answers(
    evidence: OnnxEvidence, passages: list[Passage], question: str, best: int
) -> None:
    [found] = evidence.read(question, passages[:1], features(passages[:1]))
    assert int(np.argmax(found)) == best


def test_what_is_read_beside_a_passage_changes_no_bit(
    evidence: OnnxEvidence, passages: list[Passage]
) -> None:
    alone = [evidence.read(FIRST, [one], features([one]))[0] for one in passages]
    for order in ([0, 1], [1, 0], [0, 0, 1, 1, 1]):
        shown = [passages[at] for at in order]
        found = evidence.read(FIRST, shown, features(shown))
        assert [one.tobytes() for one in found] == [alone[at].tobytes() for at in order]
    assert evidence.read(FIRST, [], []) == []


def test_questions_that_are_asked_at_once_get_what_they_get_alone(
    evidence: OnnxEvidence, passages: list[Passage]
) -> None:
    questions = [f"{FIRST} {'really ' * n}?" for n in range(8)]

    def read(question: str) -> list[bytes]:
        return [one.tobytes() for one in evidence.read(question, passages, features(passages))]

    alone = [read(question) for question in questions]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(read, questions * 3)) == alone * 3
