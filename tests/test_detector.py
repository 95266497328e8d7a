"""Both layers together: nothing that happens to a question stands between a message and help."""

from __future__ import annotations

import numpy as np
import pytest

from qa.detector import DangerDetector
from qa.embedding import Embedder
from qa.safety import Danger, assess, looked_at
from qa.types import Vectors

OBLIQUE = "i cant see a reason to wake up tomorrow"
"""Noticed by the model alone."""


@pytest.fixture(scope="module")
def detector(bundled: Embedder) -> DangerDetector:
    return DangerDetector(bundled)


def test_what_only_the_model_notices_is_found(detector: DangerDetector) -> None:
    assert assess(OBLIQUE).danger is Danger.NONE
    assert detector.assess(OBLIQUE).danger is Danger.CRISIS
    assert detector.assess("What are the side effects of ketamine?").danger is Danger.NONE
    assert detector.assess("").danger is Danger.NONE


@pytest.mark.parametrize("before", [0, 900, 5_000, 18_000])
def test_danger_within_a_long_message_is_found(detector: DangerDetector, before: int) -> None:
    filler = "what happens at a visit and how long do they take. " * 400
    assert detector.assess(f"{filler[:before]} {OBLIQUE}. {filler[:300]}").danger is Danger.CRISIS


@pytest.mark.slow
@pytest.mark.parametrize(
    ("danger", "length"), [(OBLIQUE, 20_001), ("I want to kill myself tonight", 60_000)]
)
def test_both_ends_of_a_very_long_message_are_looked_at(
    detector: DangerDetector, danger: str, length: int
) -> None:
    filler = ("what happens at a visit and how long do they take. " * 1_300)[:length]
    for text in (f"{danger}. {filler}", f"{filler} {danger}"):
        assert detector.assess(text).danger is Danger.CRISIS


def test_what_is_left_out_of_a_very_long_message_lies_in_its_middle() -> None:
    assert looked_at("x" * 20_000) == "x" * 20_000
    assert (
        looked_at("a" * 10_000 + "b" * 9_999 + "c" * 10_000) == "a" * 10_000 + "\n" + "c" * 10_000
    )
    assert looked_at("abcde", 4) == "ab\nde"


def test_line_ends_part_sentences(detector: DangerDetector) -> None:
    mixed = "what are the side effects of ketamine\n{}\nhow long does it last"
    assert detector.assess(mixed.format(OBLIQUE)).danger is Danger.CRISIS
    assert detector.assess(mixed.format("can I drive")).danger is Danger.NONE


class Broken:
    """An embedder whose model fails."""

    dimension = 384

    def __init__(self, identity: dict[str, str]) -> None:
        self.identity = identity

    def encode(self, texts: list[str]) -> Vectors:
        raise RuntimeError("no memory")


def test_without_vectors_the_patterns_stand_alone(
    bundled: Embedder, caplog: pytest.LogCaptureFixture
) -> None:
    detector = DangerDetector(Broken(dict(bundled.identity)))  # type: ignore[arg-type]
    assert detector.assess("I want to kill myself, zebra").danger is Danger.CRISIS
    assert detector.assess(OBLIQUE).danger is Danger.NONE
    assert "RuntimeError" in caplog.text
    assert "zebra" not in caplog.text


def test_vectors_of_another_model_are_not_read(detector: DangerDetector) -> None:
    other = DangerDetector(Broken({"model": "another"}))  # type: ignore[arg-type]
    vector = np.zeros(384, np.float32)
    assert other.with_vector(OBLIQUE, vector, assess(OBLIQUE)) == assess(OBLIQUE)
