"""A judgement tells at which thresholds an answer is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from qa.answer import Policy
from qa.assistant import Assistant
from qa.embedding import Embedder
from qa.evaluation import judge
from qa.golden import Golden, read_golden
from qa.notices import SafetyTexts
from qa.staff.judgement import judgement_of
from tests.conftest import ROOT

Ask = Callable[[Sequence[Golden], Sequence[float]], None]
QUESTIONS = (
    "can i drive home after ketamine",
    "do i have to skip breakfast before a ketamine infusion",
    "side effects of metformin",
    "what time does the DMV open",
    "how does zolgensma work",
    "should I stop my sertraline before the infusion?",
    "should I sell my house?",
    "I want to kill myself",
    "I want to kill myself. does ketamine help with suicidal thoughts?",
    "my husband took all his pills and cannot be woken",
    "???",
)


@pytest.fixture
def agree(
    first_document: Assistant,
    real_index: Path,
    bundled: Embedder,
    safety_texts: SafetyTexts,
) -> Ask:
    """Holds judgements at the shipped threshold against asking again at others."""

    def check(golden: Sequence[Golden], thresholds: Sequence[float]) -> None:
        judged = [judgement_of(judge(one, first_document)) for one in golden]
        for threshold in thresholds:
            policy = Policy(threshold=threshold)
            other = Assistant(real_index, bundled, safety_texts, policy, calibrated=False)
            for one in judged:
                shown = bool(other.ask(one.question).quotes)
                predicted = not one.settled and one.confidence >= threshold
                assert predicted is shown, (one.question, threshold, one)

    return check


def _golden(question: str) -> Golden:
    return Golden(1, question, "refuse", (), "", frozenset(), "")


@pytest.mark.slow
def test_what_another_threshold_would_show_is_known(agree: Ask) -> None:
    agree([_golden(one) for one in QUESTIONS], (0.0, 0.7))


@pytest.mark.nightly
def test_it_is_known_of_every_shipped_question(agree: Ask) -> None:
    agree(read_golden(ROOT / "corpus" / "questions.csv"), (0.0, 0.3, 0.8))
