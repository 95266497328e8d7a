"""Short forms of text messages."""

from __future__ import annotations

import pytest

from qa.shorthand import spelt_out


@pytest.mark.parametrize(
    ("word", "before", "meant"),
    [
        ("u", "does it make ", "you"),
        ("r", "when ", "are"),
        ("Pls", "", "please"),
        ("b4", "eat ", "before"),
        ("2day", "", "today"),
        ("hrs", "for 4 ", "hours"),
        ("U", "", ""),
        ("PLS", "", ""),
        ("u", "take 10 ", ""),
        ("r", "type ", ""),
        ("ketamine", "", ""),
    ],
)
def test_short_forms_are_spelt_out(word: str, before: str, meant: str) -> None:
    assert spelt_out(word, before) == meant
