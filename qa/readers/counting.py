"""Numbers as word processors show them before list items, headings and notes."""

from __future__ import annotations

__all__ = ["counted", "whole"]

_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_MAX_ROMAN = 3999
_MAX_LETTERS = 780
"""Word and LibreOffice begin at "a" again after thirty rounds of the alphabet."""


def counted(number: int, style: str) -> str:
    """`number` in a style by its name in Word (`decimal`, `lowerLetter`, `upperRoman` …).

    Letters behind "z" are doubled ("aa", "bb"). Styles that are not known, and numbers that a
    style has no sign for, are given in digits.
    """
    match style:
        case "lowerRoman" | "upperRoman" if 0 < number <= _MAX_ROMAN:
            written = _roman(number)
        case "lowerLetter" | "upperLetter" if number > 0:
            rounds, letter = divmod((number - 1) % _MAX_LETTERS, 26)
            written = chr(ord("a") + letter) * (rounds + 1)
        case "decimalZero":
            return f"{number:02d}"
        case "ordinal":
            return f"{number}{_ordinal_end(number)}"
        case _:
            return str(number)
    return written.upper() if style.startswith("upper") else written


def whole(written: str | None) -> int | None:
    """A number as files give it, or None where it is none or beyond what a document counts to."""
    return int(written) if written and written.isdecimal() and len(written) < 7 else None


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        while number >= value:
            written += letters
            number -= value
    return written


def _ordinal_end(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
