"""Unicode's normal forms in a time that grows with the text, whatever the text is.

Python sorts the marks that stand on one letter by moving each past those before it, so that a
hundred thousand marks on one letter take minutes. No writing puts more than a few there: Unicode's
stream-safe form (UAX #15, section 13) allows 30, and parts longer runs by a joiner that is not
seen. So is done here.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

__all__ = ["normal_form", "without_accents"]

_MOST_MARKS = 30
_MARKS = re.compile(rf"([^\w\s\x00-\x7f]{{{_MOST_MARKS}}})(?=[^\w\s\x00-\x7f])")
_JOINER = "\u034f"


def normal_form(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """The text in a normal form; in a run of more than 30 marks a joiner (U+034F) stands behind
    each 30th."""
    if text.isascii():
        return text
    return unicodedata.normalize(form, _MARKS.sub(_parted, text))


def without_accents(text: str) -> str:
    """The text in form NFKD without marks on its letters, which people leave out as they type."""
    if text.isascii():
        return text
    return "".join(c for c in normal_form("NFKD", text) if not unicodedata.combining(c))


def _parted(run: re.Match[str]) -> str:
    """A run that may be parted anywhere, since nothing is sorted over a joiner."""
    return f"{run[1]}{_JOINER}" if unicodedata.combining(run[1][-1]) else run[1]
