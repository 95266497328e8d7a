"""Which language a message is in, by its small words."""

from __future__ import annotations

import dataclasses

import pytest

from qa.corpus import make_document
from qa.message_language import language_of, language_of_message


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


@pytest.mark.parametrize(
    ("written", "language"),
    [("", "en"), ("es", "es"), ("ES-mx", "es"), ("pt_BR", "pt"), ("fil", "fil"), ("english", "en"),
     ("e1", "en")],
)  # fmt: skip
def test_a_document_names_its_language_in_a_tag(written: str, language: str) -> None:
    document = make_document("a.md", b"# A\n\nText.\n")
    named = dataclasses.replace(document, meta=(("language", written),))
    assert language_of(named) == language
