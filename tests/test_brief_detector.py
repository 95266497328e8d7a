"""Danger in messages that are not answered: the model looks too, unless it keeps people waiting."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import pytest

from qa.assistant import Assistant
from qa.brief_detector import BriefDetector
from qa.detector import DangerDetector
from qa.embedding import Embedder
from qa.safety import Danger, assess
from qa.types import Vectors

DESPAIR = "I have everything ready for tonight and wrote the letters"
"""The patterns do not know it."""
PATIENT_S = 120.0
"""For what comes at once where no other program has the processor."""
HANGS_S = 2.0
"""Seconds that the first one waits for a model that hangs."""


class Held:
    """The bundled model, which stops while the gate is shut."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.gate = threading.Event()

    def encode(self, texts: Sequence[str]) -> Vectors:
        assert self.gate.wait(PATIENT_S)
        return self._embedder.encode(texts)

    def __getattr__(self, name: str) -> object:
        return getattr(self._embedder, name)


@pytest.fixture
def patient(first_document: Assistant, monkeypatch: pytest.MonkeyPatch) -> Assistant:
    """One that waits for the model however long other programs keep the processor from it."""
    monkeypatch.setattr(first_document._brief, "_longest_s", PATIENT_S)
    return first_document


def test_the_learnt_model_looks_at_what_is_not_answered(patient: Assistant) -> None:
    assert assess(DESPAIR).danger is Danger.NONE
    assert patient.first_notices(DESPAIR)[0].kind == "crisis"
    assert [one.kind for one in patient.first_notices("May I drive?")] == [
        "disclaimer",
        "crisis_line",
    ]


def test_both_ends_of_a_long_message_are_looked_at(patient: Assistant) -> None:
    filler = "The clinic opens at nine and closes at five every day. " * 500
    for text in (f"{DESPAIR}. {filler}", f"{filler} {DESPAIR}", f"{filler} I want to kill myself"):
        assert patient.first_notices(text)[0].kind == "crisis"


def test_nobody_waits_for_a_model_that_hangs(bundled: Embedder) -> None:
    held = Held(bundled)
    brief = BriefDetector(DangerDetector(held), longest_s=HANGS_S)  # type: ignore[arg-type]
    # Whoever comes after the first does not even wait for that long.
    for longest in (PATIENT_S / 2, HANGS_S, HANGS_S):
        began = time.monotonic()
        assert brief.assess(DESPAIR).danger is Danger.NONE
        assert time.monotonic() - began < longest
        assert brief.assess("quiero matarme").danger is Danger.CRISIS, "by patterns"
    held.gate.set()
    assert looks_again(brief)


def looks_again(brief: BriefDetector) -> bool:
    """Whether the model looks again: a place is given back a moment after its message was told."""
    end = time.monotonic() + PATIENT_S
    while brief.assess(DESPAIR).danger is not Danger.CRISIS:
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def test_many_at_a_time_are_all_told_something(bundled: Embedder) -> None:
    brief = BriefDetector(DangerDetector(bundled), longest_s=PATIENT_S)
    found: list[Danger] = []
    askers = [
        threading.Thread(target=lambda: found.append(brief.assess(DESPAIR).danger))
        for _ in range(64)
    ]
    for one in askers:
        one.start()
    for one in askers:
        one.join(PATIENT_S)
    assert len(found) == 64
    assert Danger.CRISIS in found
    for _ in range(20):  # more than there are places
        assert looks_again(brief), "all places are free again"


@pytest.mark.parametrize("text", ["", "?", "x" * 50_000])
def test_any_text_is_looked_at(bundled: Embedder, text: str) -> None:
    assert BriefDetector(DangerDetector(bundled)).assess(text).danger is Danger.NONE
