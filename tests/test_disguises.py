"""Words of danger are found behind what hides them, and no others are changed."""

from __future__ import annotations

import pytest

from qa.disguises import readings, starred, taken_apart
from qa.safety import assess


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("iwanttodie", "i want to die"),
        ("killmyself", "kill myself"),
        ("selfharm", "self harm"),
        ("iwannaendmylife", "i wanna end my life"),
        ("deadline", "deadline"),
        ("weekend", "weekend"),
        ("hangover", "hangover"),
        ("iwantto", "iwantto"),
        ("lifetime", "lifetime"),
        ("itemisation", "itemisation"),
        ("goingtothe", "goingtothe"),
        ("killmyselfnowxyz", "killmyselfnowxyz"),
        ("kill" * 11, "kill" * 11),
        ("", ""),
    ],
)
def test_a_word_is_taken_apart_where_all_its_parts_are_known(word: str, words: str) -> None:
    assert taken_apart(word) == words


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("s*icide", "suicide"),
        ("su**ide", "suicide"),
        ("k*ll", "kill"),
        ("f***", "f***"),
        ("s***", "s***"),
        ("*elf", "*elf"),
        ("2*3", "2*3"),
        ("", ""),
    ],
)
def test_stars_stand_for_letters(word: str, meant: str) -> None:
    assert starred(word) == meant


def test_other_readings() -> None:
    assert list(readings("Can I drive?\n")) == ["Can I drive?\n"]
    assert list(readings("i\u3164am")) == ["i\u3164am", "i am"]
    assert list(readings("\u202ecba"))[-1] == "abc "
    assert list(readings("ma\u00f1ana, fa\u00e7ade")) == ["ma\u00f1ana, fa\u00e7ade"]


@pytest.mark.parametrize(
    "message",
    [
        *("iwanttodie", "#iwanttodie", "i wanttokillmyself", "killmyself", "i want2die"),
        *("want 2 die", "im going 2 kill myself", "selfharm helps me", "i want to d*e"),
        *("i want to commit s*icide", "thinking of sui cide all day, i want to die"),
        *("i want to kill my self", "i wanna sewer slide", "\u202eeid ot tnaw I"),
        *("i\u3164want\u3164to\u3164die", "i\u115fwant\u115fto\u115fdie"),
    ],
)
def test_danger_is_found(message: str) -> None:
    assert assess(message).danger.is_grave


@pytest.mark.parametrize(
    "message",
    [
        "What about the weekend, is there a deadline?",
        "I need 2 tablets, how long do they last?",
        "Can I go 2 hours before?",
        "\u2067Can I drive home?\u2069",
        "Is it a f*** placebo?",
        "Do I have to go by myself?",
    ],
)
def test_other_messages_raise_no_alarm(message: str) -> None:
    assert not assess(message).danger.is_grave
