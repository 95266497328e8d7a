"""The measures of reading ease, on words and texts counted by hand."""

from __future__ import annotations

import pytest

from qa.readability import grade, perspicuity, spanish_syllables


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("día", 2),
        ("aquí", 2),
        ("quien", 1),
        ("guerra", 2),
        ("pingüino", 3),
        ("ahora", 3),
        ("leer", 2),
        ("ciudad", 2),
        ("país", 2),
        ("muy", 1),
        ("mayo", 2),
        ("averiguáis", 4),
        ("automática", 5),
        ("y", 1),
    ],
)
def test_spanish_syllables(word: str, syllables: int) -> None:
    assert spanish_syllables(word) == syllables


def test_ease_is_that_of_the_formulas() -> None:
    # Two sentences of two words, nine syllables.
    assert perspicuity("Llame ahora. No espere.") == pytest.approx(206.835 - 62.3 * 9 / 4 - 2)
    # One sentence of three words, three syllables.
    assert grade("Call me now.") == pytest.approx(0.39 * 3 + 11.8 - 15.59)
