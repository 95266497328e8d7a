"""The names of subjects: how they are read, folded and mended; the bundled ones are sound."""

from __future__ import annotations

import pytest

from qa.lexicon import bundled_lexicon, read_lexicon, words_in

LINES = (
    "# Remark",
    "",
    "Crohn's disease | regional enteritis",
    "dialysis | ~hemodialysis   # remark",
    "hemodialysis",
    "AIDS | hiv",
    "type 2 diabetes | diabetes",
    "diabetes",
    "- medicine routine",
)


def folded(text: str) -> tuple[str, ...]:
    return tuple(word.folded for word in words_in(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Crohn\u2019s, crohns and Crohn's", ("crohn", "crohn", "and", "crohn")),
        ("Guillain-Barr\u00e9", ("guillain", "barre")),
        ("allergies stones arthritis", ("allergy", "stone", "arthritis")),
        ("lupus abscess", ("lupus", "abscess")),
        ("its gas", ("its", "gas")),
        ("", ()),
    ],
)  # fmt: skip
def test_words_are_folded(text: str, words: tuple[str, ...]) -> None:
    assert folded(text) == words


def test_a_word_knows_its_place() -> None:
    [_, word] = words_in("my Crohn's.")
    assert (word.text, word.start, word.end) == ("Crohn's", 3, 10)


def test_names_of_a_subject() -> None:
    lexicon = read_lexicon(LINES)
    assert lexicon.names_of(folded("crohns disease")) == ("Crohn's disease", "regional enteritis")
    assert lexicon.names_of(("dialysis",)) == ("dialysis", "hemodialysis")
    assert lexicon.names_of(("hemodialysis",)) == ("hemodialysis",)
    assert lexicon.names_of(folded("diabetes")) == ("type 2 diabetes", "diabetes")
    assert lexicon.names_of(("lupus",)) == ()
    assert lexicon.capitals == {"aid"}
    assert lexicon.everyday == {"medicine", "routine"}
    assert lexicon.longest == 3


def test_a_long_word_may_be_one_slip_away() -> None:
    lexicon = read_lexicon(LINES)
    assert lexicon.meant("hemodialisis") == "hemodialysis"
    assert lexicon.meant("hemodialisiss") == "hemodialisiss"
    assert lexicon.meant("crohm") == "crohm"
    assert lexicon.meant("dialysis") == "dialysis"


def test_the_bundled_names_are_sound() -> None:
    lexicon = bundled_lexicon()
    assert len(lexicon.subjects) > 500
    assert lexicon.longest <= 6
    assert all(name and all(name) for name in lexicon.by_name)
    assert all(
        "|" not in name and name == name.strip() for names in lexicon.subjects for name in names
    )
    lines = [names[0].casefold() for names in lexicon.subjects]
    assert sorted({one for one in lines if lines.count(one) > 1}) == []
    assert not lexicon.everyday & {name[0] for name in lexicon.by_name if len(name) == 1}
