"""What is read of a question, and that no answer depends on what need not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from numpy.typing import NDArray

from qa.assistant import Assistant
from qa.confidence import bundled_confidence
from qa.embedding import Embedder
from qa.evidence_export import evidence_for
from qa.golden import read_golden
from qa.notices import SafetyTexts
from qa.reader_weights import bundled_reader
from qa.reading import Reading, reading_beside
from qa.trained_reader import TrainedReader
from qa.types import Answer, AnswerKind, Passage
from tests.bundled import EXPORTED

GOLDEN = read_golden(Path(__file__).resolve().parents[1] / "corpus" / "questions.csv")
OFF_TOPIC = "what time does the DMV open on Saturday?"
EMERGENCY = "I took all my pills at once and I cannot breathe"
DESPAIR = "I want to kill myself"
FOREIGN = "does metformin lower blood sugar?"
USUAL = "Can I drive home after a treatment?"


class Counting:
    """The real network, which counts how often it reads."""

    def __init__(self) -> None:
        self._network = evidence_for(bundled_reader(), EXPORTED)
        self.times = 0

    def read(
        self, question: str, passages: Sequence[Passage], features: Sequence[NDArray]
    ) -> list[NDArray]:
        self.times += 1
        return self._network.read(question, passages, features)


@pytest.fixture(scope="module")
def counting(bundled: Embedder) -> Counting:
    return Counting()


@pytest.fixture(scope="module")
def assistant(
    counting: Counting, real_index: Path, bundled: Embedder, safety_texts: SafetyTexts
) -> Assistant:
    reader = replace(
        reading_beside(bundled),
        make=lambda terms: TrainedReader(counting, bundled_confidence(), terms),
    )
    assert isinstance(reader, Reading)
    return Assistant(real_index, bundled, safety_texts, reader=reader)


def read_times(assistant: Assistant, counting: Counting, question: str, trace: bool) -> int:
    before = counting.times
    assistant.ask(question, trace=trace)
    return counting.times - before


@pytest.mark.parametrize("question", [OFF_TOPIC, EMERGENCY, DESPAIR, FOREIGN])
def test_nothing_is_read_where_no_evidence_could_show_a_quote(
    assistant: Assistant, counting: Counting, question: str
) -> None:
    assert read_times(assistant, counting, question, trace=False) == 0
    assert assistant.ask(question).confidence == 0
    # Whoever wants to see all evidence gets it.
    assert read_times(assistant, counting, question, trace=True) == 1
    assert assistant.examine(question)[1].passages


def test_all_else_is_read_once(assistant: Assistant, counting: Counting) -> None:
    assert read_times(assistant, counting, USUAL, trace=False) == 1
    assert read_times(assistant, counting, f"{DESPAIR}. Does ketamine help?", trace=False) == 1


@pytest.mark.slow
def test_no_answer_depends_on_what_was_not_read(assistant: Assistant, counting: Counting) -> None:
    chosen = [one for one in GOLDEN if one.expect != "quote" and "on_topic" not in one.tags]
    before, unread = counting.times, 0
    for golden in [*chosen[::4], *GOLDEN[::30]]:
        short, whole = assistant.ask(golden.question), assistant.ask(golden.question, trace=True)
        assert shown(short) == shown(whole), golden.question
        if short.kind is AnswerKind.ANSWER:
            assert short.confidence == whole.confidence
        unread += 1
    asked = counting.times - before
    assert unread < asked < 2 * unread  # some were not read, all were with a trace


def shown(answer: Answer) -> Answer:
    """What a patient sees."""
    return replace(answer, confidence=0.0, held_back=(), took_ms=0.0, trace=(), receipt="")
