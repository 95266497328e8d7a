"""Teaching the danger model: what is read, and that what was taught is found again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.danger_model import DangerModel
from qa.safety import Danger
from training.danger import MESSAGES, Message, figures, fit, read_messages

SAID = {
    Danger.CRISIS: ("i want to end my life", "no reason to go on living"),
    Danger.EMERGENCY: ("she is not breathing", "i swallowed all the pills"),
    Danger.ADVICE: ("should i stop my tablets", "can i double my dose"),
    Danger.MENTION: ("does it lower suicide rates", "is overdose possible with it"),
    Danger.NONE: ("where do i park", "how long is a visit"),
}


def test_the_messages_of_this_project() -> None:
    messages = read_messages(MESSAGES)
    for danger in Danger:
        assert sum(one.danger is danger for one in messages) >= 150


def test_a_class_that_there_is_not(tmp_path: Path) -> None:
    file = tmp_path / "messages.csv"
    file.write_text("message,expect,voice\nhelp,panic,direct\n", encoding="utf-8")
    with pytest.raises(ValueError, match="panic"):
        read_messages(file)


def test_what_was_taught_is_found_again() -> None:
    messages = [
        Message(text, danger, "third" if text.startswith("she") else "direct")
        for danger, texts in SAID.items()
        for text in texts
    ]
    numbers = np.random.default_rng(4).normal(size=(len(messages), 8))
    vectors = numbers / np.linalg.norm(numbers, axis=1, keepdims=True)
    model = DangerModel(dict(fit(messages, vectors)))
    assessed = [
        (one, model.assess(one.text, vector)) for one, vector in zip(messages, vectors, strict=True)
    ]
    for message, found in assessed:
        if message.danger in (Danger.CRISIS, Danger.EMERGENCY):
            assert found.danger is message.danger
            assert found.third_person == (message.voice == "third")
        else:
            assert found.danger not in (Danger.CRISIS, Danger.EMERGENCY)
    assert "crisis     direct         2  grave 1.000  own class 1.000" in figures(assessed)
