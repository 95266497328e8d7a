"""Signs that word processors hold as a code in a symbol font, or as raised digits.

"\u2265" typed by Word's Symbol font is stored as the code F0B3 of that font, and the 9 of
"10\u2079/L" as an ordinary 9 that is set higher: read as they are stored they would be lost, or
read as 109.
"""

from __future__ import annotations

import re

__all__ = [
    "MEANINGFUL",
    "UNKNOWN",
    "bullet",
    "grouped",
    "lowered",
    "power",
    "raised",
    "replace_private",
    "symbol",
]

UNKNOWN = "\ufffd"
"""Stands for a sign that is not known: something is there, and what it says cannot be told."""
_GREEK = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖαβχδεφγηιϕκλμνοπθρστυϖωξψζ",
        strict=True,
    )
)
_SYMBOL = {ord(latin): greek for latin, greek in _GREEK.items()} | {
    0x22: "∀",
    0x24: "∃",
    0x2A: "∗",
    0x2D: "−",
    0x40: "≅",
    0xA2: "′",
    0xA3: "≤",
    0xA5: "∞",
    0xAB: "↔",
    0xAC: "←",
    0xAD: "↑",
    0xAE: "→",
    0xAF: "↓",
    0xB0: "°",
    0xB1: "±",
    0xB2: "″",
    0xB3: "≥",
    0xB4: "×",
    0xB5: "∝",
    0xB7: "•",
    0xB8: "÷",
    0xB9: "≠",
    0xBA: "≡",
    0xBB: "≈",
    0xBC: "…",
    0xD2: "®",
    0xD3: "©",
    0xD4: "™",
    0xD6: "√",
    0xD7: "⋅",
    0xE2: "®",
    0xE3: "©",
    0xE4: "™",
    0xE5: "∑",
}
"""The Symbol font's encoding, as Adobe published it; other ASCII signs stand for themselves."""
_WINGDINGS = {
    0x28: "☎",
    0x2A: "✉",
    0x4A: "☺",
    0x4C: "☹",
    0x6C: "●",
    0x6E: "■",
    0x6F: "☐",
    0x71: "☐",
    0x72: "☐",
    0x76: "❖",
    0x9E: "·",
    0x9F: "•",
    0xA7: "▪",
    0xA8: "☐",
    0xD8: "➢",
    0xDF: "←",
    0xE0: "→",
    0xE1: "↑",
    0xE2: "↓",
    0xE8: "➔",
    0xFB: "✗",
    0xFC: "✓",
    0xFD: "☒",
    0xFE: "☑",
}
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0xA3: "☐"}
_WEBDINGS = {0x61: "✔", 0x63: "☐", 0x67: "■", 0x6E: "●", 0x72: "✖"}
_FONTS = {
    "symbol": _SYMBOL,
    "webdings": _WEBDINGS,
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
}
_PRIVATE = re.compile("[\ue000-\uf8ff]")
MEANINGFUL = frozenset("☑☒✓✔✅✗✘✕✖❌❎")
"""Signs that say yes or no: before "drink alcohol" a cross turns the item into its opposite."""
_SHOWN_AS_BULLETS = MEANINGFUL | frozenset("☐➢→")
_FIGURES = "0123456789+-\u2212\u2013=()"
_RAISED = str.maketrans(f"{_FIGURES}n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans(_FIGURES, "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")


def symbol(code: int, font: str) -> str:
    """The sign that a font shows for a code, or `UNKNOWN`.

    Codes of symbol fonts may be given as they are or moved up to F000, as Word stores them.
    """
    table = _FONTS.get(font.strip().casefold())
    low = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    private = 0xE000 <= code <= 0xF8FF
    if table is None and private:
        table = _SYMBOL
    if table is not None and low <= 0xFF:
        plain = chr(low) if table is _SYMBOL and 0x20 <= low < 0x7F else UNKNOWN
        return table.get(low, plain)
    return chr(code) if 0x20 <= code < 0xD800 or 0xF900 <= code <= 0x10FFFF else UNKNOWN


def replace_private(text: str, font: str) -> str:
    """Text with the codes of a symbol font within it turned into the signs that it shows."""
    return _PRIVATE.sub(lambda found: symbol(ord(found.group()), font), text)


def raised(text: str) -> str:
    """Text set higher than its line: digits, signs and a lone n as raised ones, words as they
    are."""
    word = any(letter.isalpha() and letter != "n" for letter in text)
    return text if word else text.translate(_RAISED)


def lowered(text: str) -> str:
    """Text set lower than its line, as `raised` has what is set higher: log₁₀5 is not log105."""
    return text if any(letter.isalpha() for letter in text) else text.translate(_LOWERED)


def grouped(text: str) -> str:
    """A part of a formula, in brackets where it is more than one number or word."""
    return text if text.replace(".", "").isalnum() else f"({text})"


def power(text: str) -> str:
    """What stands raised in a formula: raised figures, or anything else behind a "^"."""
    up = raised(text)
    return up if up != text or not text else f"^{grouped(text)}"


def bullet(sign: str, font: str) -> str:
    """The bullet to show for a list's sign: a box, tick or arrow as it is, else a round one."""
    if len(sign) == 1 and font.strip().casefold() in _FONTS:
        shown = symbol(ord(sign), font)
    else:
        shown = replace_private(sign, font).strip()
    return shown if shown in _SHOWN_AS_BULLETS else "\u2022"
