"""Whether documents speak of a name: endings, order, accents, slips and synonyms."""

from __future__ import annotations

import pytest

from qa.lexical import Tokenizer
from qa.mentions import Mentions, held_in, known_in
from qa.spelling import Speller

TERMS_OF = Tokenizer().every
TEXT = """Cancer of the thyroid is rare. Hepatitis is a disease; hepatitis B is another.
M\u00e9ni\u00e8re\u2019s."""


@pytest.mark.parametrize(
    ("name", "has"),
    [
        ("thyroid cancer", True),
        ("Cancers", True),
        ("thyroid", True),
        ("hepatitis B", True),
        ("hepatitis A", False),
        ("hepatitis", True),
        ("thyroid disease", False),
        ("Meniere's", True),
        ("meniere", True),
        ("lupus", False),
        ("", False),
        ("***", False),
    ],
)
def test_a_document_has_a_name(name: str, has: bool) -> None:
    assert Mentions(TEXT, TERMS_OF).has(name) == has


def test_nothing_is_mentioned_by_nothing() -> None:
    assert not Mentions("", TERMS_OF).has("lupus")
    assert not known_in([], Speller([]).meant, {})("lupus")


def test_slips_and_synonyms_are_known_too() -> None:
    text = "Esketamine is a nasal spray."
    known = known_in(
        [Mentions("Nothing.", TERMS_OF), Mentions(text, TERMS_OF)],
        Speller([text]).meant,
        {"nose spray": "other | esketamine", "shot": "injection", "mist": "nasal esketamine drug"},
    )
    assert known("esketamine")
    assert known("Esketamin")
    assert known("Nose  spray")
    assert not known("shot")
    assert not known("mist"), "a synonym of several words is one name"
    assert not known("covid shot")


@pytest.mark.parametrize(
    ("phrase", "held"),
    [
        ("thyroid cancers", True),
        ("how long does it", True),
        ("throw up", False),
        ("give it b", True),
    ],
)
def test_a_phrase_is_held_by_its_telling_words(phrase: str, held: bool) -> None:
    assert held_in([Mentions("Nothing.", TERMS_OF), Mentions(TEXT, TERMS_OF)])(phrase) == held
