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


class Held:
    """The bundled model, which stops while the gate is shut."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.gate = threading.Event()

    def encode(self, texts: Sequence[str]) -> Vectors:
        assert self.gate.wait(30)
        return self._embedder.encode(texts)

    def __getattr__(self, name: str) -> object:
        return getattr(self._embedder, name)


def test_the_learnt_model_looks_at_what_is_not_answered(
    first_document: Assistant,
) -> None:
    assert assess(DESPAIR).danger is Danger.NONE
    assert first_document.first_notices(DESPAIR)[0].kind == "crisis"
    assert [one.kind for one in first_document.first_notices("May I drive?")] == [
        "disclaimer",
        "crisis_line",
    ]


def test_both_ends_of_a_long_message_are_looked_at(first_document: Assistant) -> None:
    filler = "The clinic opens at nine and closes at five every day. " * 500
    for text in (f"{DESPAIR}. {filler}", f"{filler} {DESPAIR}", f"{filler} I want to kill myself"):
        assert first_document.first_notices(text)[0].kind == "crisis"


def test_nobody_waits_for_a_model_that_hangs(bundled: Embedder) -> None:
    held = Held(bundled)
    brief = BriefDetector(DangerDetector(held), longest_s=0.2)  # type: ignore[arg-type]
    for longest in (1.0, 0.1, 0.1):
        began = time.monotonic()
        assert brief.assess(DESPAIR).danger is Danger.NONE
        assert time.monotonic() - began < longest
        assert brief.assess("quiero matarme").danger is Danger.CRISIS, "by patterns"
    held.gate.set()
    end = time.monotonic() + 10
    while brief.assess(DESPAIR).danger is not Danger.CRISIS:
        assert time.monotonic() < end
        time.sleep(0.01)


def test_many_at_a_time_are_all_told_something(bundled: Embedder) -> None:
    brief = BriefDetector(DangerDetector(bundled))
    found: list[Danger] = []
    askers = [
        threading.Thread(target=lambda: found.append(brief.assess(DESPAIR).danger))
        for _ in range(64)
    ]
    for one in askers:
        one.start()
    for one in askers:
        one.join(20)
    assert len(found) == 64
    assert Danger.CRISIS in found
    assert brief.assess(DESPAIR).danger is Danger.CRISIS, "all places are free again"


@pytest.mark.parametrize("text", ["", "?", "x" * 50_000])
def test_any_text_is_looked_at(bundled: Embedder, text: str) -> None:
    assert BriefDetector(DangerDetector(bundled)).assess(text).danger is Danger.NONE
