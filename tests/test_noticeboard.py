"""Notices by page and message: help is read in both languages where they differ."""

from __future__ import annotations

import pytest

from qa.errors import SettingsError
from qa.noticeboard import Noticeboard
from qa.notices import Line, SafetyTexts
from qa.safety import Assessment, Danger
from qa.wording import load_wording

ENGLISH, SPANISH = load_wording("en"), load_wording("es")
TEXTS = SafetyTexts(
    country="US",
    emergency="911",
    lines=(
        Line("Lifeline", "988", language="en"),
        Line("Línea 988", "988 y oprima 2", language="es"),
    ),
)
BOARD = Noticeboard(TEXTS, [ENGLISH, SPANISH])
CRISIS = Assessment(Danger.CRISIS)


@pytest.mark.parametrize(
    ("message", "page", "starts"),
    [
        ("I want to die", "en", ["If you may", "This is an automated"]),
        ("quiero morirme", "es", ["Si usted", "Este es un sistema"]),
        ("quiero morirme, ya no puedo", "en", ["If you may", "Si usted", "This is an automated"]),
        ("I want to die", "es", ["Si usted", "If you may", "Este es un sistema"]),
        ("morir", "en", ["If you may", "This is an automated"]),
        ("I want to die", "fr", ["If you may", "This is an automated"]),
    ],
)
def test_help_comes_in_both_languages(message: str, page: str, starts: list[str]) -> None:
    texts = [notice.text for notice in BOARD.notices(CRISIS, message, page)]
    for text, start in zip(texts, starts, strict=False):
        assert text.startswith(start)


def test_each_language_has_its_lines() -> None:
    english, spanish = BOARD.notices(CRISIS, "quiero morirme, ya no puedo", "en")[:2]
    assert "988 y oprima 2" not in english.text
    assert "988 y oprima 2" in spanish.text


def test_what_calls_for_no_help_is_said_in_the_pages_language_alone() -> None:
    notices = BOARD.notices(Assessment(Danger.ADVICE), "debo dejar mi medicina", "en")
    assert [notice.kind for notice in notices] == ["advice", "disclaimer", "crisis_line"]
    assert notices[1:] == BOARD.standing("en")


def test_no_board_without_numbers() -> None:
    with pytest.raises(SettingsError):
        Noticeboard(SafetyTexts(country="US", emergency="", lines=()))
