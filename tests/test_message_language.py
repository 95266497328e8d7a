"""Which language a message is in, by its small words."""

from __future__ import annotations

import pytest

from qa.message_language import language_of_message


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I dont want to be here anymore", "en"),
        ("quiero morirme, ya no puedo más", "es"),
        ("Ya no kiero vivir", "es"),
        ("no sé qué hacer con mi vida", "es"),
        ("my husband took all of his pills", "en"),
        ("me", ""),
        ("ketamine", ""),
        ("", ""),
        ("¿?", ""),
    ],
)
def test_a_message_is_told_by_its_small_words(text: str, language: str) -> None:
    assert language_of_message(text) == language
