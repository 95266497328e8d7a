"""Warnings that a document marks as such: "Warning: ...", "Caution!", "[!IMPORTANT]", a sign."""

from __future__ import annotations

import re
from functools import lru_cache

from qa.limits import SENTENCES, limits

__all__ = ["is_bare_mark", "is_marked"]

_NAME = (
    r"(?:(?:black )?box(?:ed)? warnings?|warnings?|cautions?|danger|attention|precautions?"
    r"|important(?: (?:safety )?(?:note|notice|information|warning))?"
    r"|safety (?:note|notice|information|warning|alert))"
)
_SIGN = "[\u26a0\u26d4\u2620\u2757\u203c\U0001f6ab\U0001f6d1\U0001f6a8]\ufe0f?"
_MARK = re.compile(
    rf"{_SIGN}\s*(?:{_NAME}\b)?\s*[:!.\u2013\u2014-]*\s*"
    rf"|\[!{_NAME}\]\s*"
    rf"|(?:!!!|:::)\s*{_NAME}\b\s*"
    # A colon, dash, mark or line end parts the name from what is said.
    rf"|\[?{_NAME}\]?\s*(?:[:!.]|\s[\u2013\u2014-]\s|[\u2013\u2014]|\n|\Z)\s*",
    re.IGNORECASE,
)
_BOLD = re.compile(rf"{_NAME}\s+(?=\S)", re.IGNORECASE)
"""What Markdown's "**Warning** Do not ..." becomes: the name, and a sentence that begins behind."""
_NOTE = re.compile(r"(?:please )?note(?: that\b|\s*[:!.\u2013\u2014-])\s*", re.IGNORECASE)
_OPENS = "\"'\u201c\u2018(*"


@lru_cache(maxsize=SENTENCES)
def is_marked(text: str) -> bool:
    """Whether a sentence, item or row begins with the mark of a warning.

    A name of a warning needs a colon, dash, exclamation mark, stop or line end behind it ("Warning
    signs are" has none), or a limit that begins with a capital; a "Note" needs a limit.
    """
    text = text.lstrip(_OPENS)
    if _MARK.match(text):
        return True
    bold = _BOLD.match(text)
    if bold and text[bold.end()].isupper():
        return limits(text[bold.end() :])
    note = _NOTE.match(text)
    return note is not None and limits(text[note.end() :])


@lru_cache(maxsize=SENTENCES)
def is_bare_mark(text: str) -> bool:
    """Whether a text is nothing but a mark, so that the warning is what comes behind it."""
    text = text.lstrip(_OPENS)
    found = _MARK.match(text)
    return found is not None and not any(map(str.isalnum, text[found.end() :]))
