"""What stands before the text of a list item in a PDF: bullets, tick boxes, numbers, letters."""

from __future__ import annotations

import re

__all__ = ["begins_item", "is_marker", "marker_of"]

_SIGNS = (
    "\u2022\u00b7\u25cf\u25cb\u25e6\u25aa\u25ab\u25a0\u25a1\u2023\u2043\u2219\u27a2\u27a4\u25ba\u25b6\u2756\u2666\u25c6"
    "\u2610\u2611\u2612\u2713\u2714\u2705\u2715\u2716\u2717\u2718\u274c\u274e\u274f\u2751\u2752\u2794\u2192\uf0b7\uf0a7\uf0a8\uf06f\uf071\uf0d8\uf0fc\uf0fe\uf0e0\uf02d\uf0a3"
)
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_DASHES = "-\u2013\u2014*"
_SIGN = re.compile(f"(?:[{_SIGNS}]|[{_DASHES}](?!\\S))")
_NUMBER = re.compile(
    r"(?:\(?\d{1,3}[.)]|\(?[a-z][.)]|\(?[A-Z]\)|\(?(?:ii|iii|iv|vi|vii|viii|ix|xi|xii)[.)])(?!\S)"
)
"""A capital and a full stop are somebody's initial."""
_TICK_BOXES = {"\uf0a8", "\uf06f", "\uf071", "\uf0a3"}
_TICKS = {"\uf0fc", "\uf0fe"}


def begins_item(line: str) -> bool:
    """Whether a line begins with a bullet, a tick box or a number in a list."""
    return bool(_SIGN.match(line) or _NUMBER.match(line))


def is_marker(text: str) -> bool:
    """Whether a text is nothing but what stands before a list item."""
    return bool(_SIGN.fullmatch(text) or _NUMBER.fullmatch(text))


def is_sign(text: str) -> bool:
    """Whether a text is nothing but a bullet, a dash or a tick box."""
    return bool(_SIGN.fullmatch(text))


def marker_of(word: str) -> tuple[str, str]:
    """A line's first word parted into what stands before the item, as shown, and its own text.

    Bullets of symbol fonts, which have letters of private use, become the signs they look like.
    """
    match = _NUMBER.match(word) or _SIGN.match(word)
    if not match:
        return "", word
    sign, rest = match.group(), word[match.end() :]
    if sign in _TICK_BOXES:
        sign = "\u2610"
    elif sign in _TICKS:
        sign = "\u2713"
    elif _PRIVATE.fullmatch(sign):
        sign = "\u2022"
    return sign, rest
