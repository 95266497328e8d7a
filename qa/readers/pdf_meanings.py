"""Whether what a PDF's font says of a glyph can be what the glyph shows."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from qa.readers.symbols import UNKNOWN
from qa.unicode_forms import normal_form

__all__ = ["SOFT_HYPHEN", "UNSEEN", "can_be_one_glyph", "contradicts", "is_unseen", "seen_letters"]

UNSEEN = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e")
SOFT_HYPHEN = "\u00ad"

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("`\u00b4\u2018\u2019\u201b\u02bc\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
        **dict.fromkeys("\u00b7\u2219\u22c5\u25cf", "\u2022"),
        **dict.fromkeys("\u2044\u2215", "/"),
        **dict(zip("\u2206\u00d0\u015e\u015f\u0162\u0163", "\u0394\u0110ȘșȚț", strict=True)),
        **dict(zip("\u02c6\u02dc\u02c9", "^~\u00af", strict=True)),
    }
)
"""Signs that fonts and files name in several ways for one look."""
_LATIN_LIGATURE = re.compile(
    "ff?[a-zà-ÿ]|ff|tt?[fhityz]|tt|T[hi]|c[hkt]|ck|s[hpst]|\u017f[a-z]|g[giyj]|Qu|[Ii]j|IJ|[AaOo][Ee]"
)
"""Letters that printers' fonts draw as one; those that Unicode has are looked up beside."""
_FIRST_JOINED_SCRIPT = 0x0530
"""From here on stand the scripts that form many letters into one shape, and pictures."""


def can_be_one_glyph(text: str) -> bool:
    """Whether one glyph can show several characters: a ligature, a letter with its accents.

    Figures are never drawn so, but for fractions: of "5" a font may say that it means "50".
    """
    if len(normal_form("NFC", text)) == 1:
        return True
    if any(letter.isdecimal() for letter in text):
        return text.translate(_ALIKE) in _fractions()
    if _LATIN_LIGATURE.fullmatch(text) or text in _compatible():
        return True
    return all(
        ord(letter) >= _FIRST_JOINED_SCRIPT
        and (
            unicodedata.category(letter)[0] in "LM" or unicodedata.category(letter) in ("So", "Sk")
        )
        for letter in text
    )


def contradicts(said: str, drawn: str, *, ornaments: bool = False) -> bool:
    """Whether a font that draws `drawn` says of it that it means `said`.

    It does not where one of both is not known, or both are the same in another form: a ligature
    and its letters, hyphens, blanks. With `ornaments` the font's pictures are not known by their
    codes, and only letters and figures contradict them.
    """
    if said == drawn or not _is_known(said) or not _is_known(drawn):
        return False
    if ornaments and not any(letter.isalnum() for letter in said):
        return False
    return _look(said) != _look(drawn)


def is_unseen(letter: str) -> bool:
    """Whether a letter makes no part of a word: a blank, a sign that joins or turns others."""
    return letter.isspace() or letter in UNSEEN or letter == SOFT_HYPHEN


def seen_letters(text: str) -> str:
    """What one glyph says, without blanks and the like, the same in whichever direction it is
    written."""
    return "".join(sorted(letter for letter in text if not is_unseen(letter)))


def _is_known(text: str) -> bool:
    """Whether a text is letters that mean something by themselves, or blanks, seen or not."""
    return bool(text) and not any(
        letter == UNKNOWN
        or unicodedata.category(letter) in ("Co", "Cs")
        or (unicodedata.category(letter) == "Cc" and not letter.isspace())
        for letter in text
    )


def _look(text: str) -> str:
    """The text in a form that is the same for what looks the same; raised figures stay raised."""
    return "".join(map(_look_of, text.translate(_ALIKE))).translate(_ALIKE)


def _look_of(letter: str) -> str:
    if letter.isspace():
        return " "
    if letter.isdigit() and not letter.isdecimal():
        return letter
    return normal_form("NFKC", letter)


@cache
def _compatible() -> frozenset[str]:
    """What Unicode has one sign for, and takes for the same as several: "...", "No", "\u00b0C"."""
    forms = (normal_form("NFKC", chr(code)) for code in range(0xA0, 0xFFFD) if not _is_half(code))
    return frozenset(form for form in forms if len(form) > 1)


@cache
def _fractions() -> frozenset[str]:
    forms = (form.translate(_ALIKE) for form in _compatible())
    return frozenset(form for form in forms if "/" in form)


def _is_half(code: int) -> bool:
    return 0xD800 <= code < 0xE000
