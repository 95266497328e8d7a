"""Names and values of declarations that can hide text, alone or with others.

What a value does by itself is told here; what it does to an element with all else that is declared
for that, in `box_looks` and `looks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from qa.readers.style_numbers import (
    is_clear,
    is_faint,
    is_far,
    is_speck,
    is_tiny_type,
    shrinks_or_moves_away,
)

__all__ = ["AS_AROUND", "HIDING_NAMES", "SIDES", "cuts_all", "may_hide", "tiny_clip"]

_TINY_CLIP = re.compile(r"rect\((?:[01](?:px|em)?[, ]?){4}\)")
_EMPTY_CLIP = re.compile(r"(?:circle|ellipse)\(0|polygon\(0[a-z%]* 0[a-z%]*,0[a-z%]* 0")
_CUT = re.compile(r"inset\(([^()]*)\)")
SIDES = ("left", "top", "right", "bottom")
AS_AROUND = frozenset({"", "inherit", "unset", "revert", "revert-layer", "currentcolor"})
"""Values that say: as in the element around it."""

HIDING_NAMES = {
    "display": ("display",),
    "visibility": ("visibility",),
    "content-visibility": ("content-visibility", "display", "float", "position"),
    "clip": ("clip", "position"),
    "clip-path": ("clip-path",),
    **dict.fromkeys(SIDES, (*SIDES, "position")),
    "text-indent": ("text-indent", "display", "float", "position", "overflow", "white-space"),
    "margin-left": ("margin-left", "margin-top"),
    "margin-top": ("margin-left", "margin-top", "display", "float", "position"),
    **dict.fromkeys(
        ("transform", "scale", "translate", "rotate"),
        ("transform", "scale", "translate", "rotate", "display", "float", "position"),
    ),
    "filter": ("filter",),
    "opacity": ("opacity",),
    "zoom": ("zoom",),
    "font-size": ("font-size",),
    **dict.fromkeys(
        ("color", "-webkit-text-fill-color"),
        (
            *("color", "-webkit-text-fill-color", "background-clip", "text-shadow"),
            *("-webkit-text-stroke", "-webkit-text-stroke-width"),
        ),
    ),
    **dict.fromkeys(
        ("width", "height", "max-width", "max-height"),
        (
            *("width", "height", "max-width", "max-height", "min-width", "min-height"),
            *("overflow", "overflow-x", "overflow-y", "display", "float", "position"),
            *("padding", "padding-top", "padding-bottom"),
        ),
    ),
    "text-decoration-line": ("text-decoration-line",),
}
"""Names whose values can hide, each with those that decide with it whether they do."""


def may_hide(name: str, value: str) -> bool:
    """Whether a declaration can hide, alone or with others that `HIDING_NAMES` names."""
    test = _TESTS.get(name)
    return test is not None and bool(test(value))


def tiny_clip(clip: str) -> bool:
    """Whether a `clip` leaves at most a pixel of what it clips."""
    return bool(_TINY_CLIP.match(clip))


def _moves(value: str) -> bool:
    return any(is_far(word, offset=True) for word in value.split())


def cuts_all(path: str) -> bool:
    """Whether a `clip-path` leaves nothing of what it clips."""
    return bool(_EMPTY_CLIP.match(path)) or any(map(_leaves_nothing, _CUT.findall(path)))


def _leaves_nothing(inset: str) -> bool:
    """Whether the sides that `clip-path: inset()` cuts off meet."""
    words = inset.partition("round")[0].split()
    if any(map(is_far, words)):
        return True
    shares = [float(word[:-1]) if _is_share(word) else 0.0 for word in words]
    if not shares:
        return False
    top, right, bottom, left = (shares * 4)[:4] if len(shares) == 1 else _four(shares)
    return top + bottom >= 100 or right + left >= 100


def _is_share(word: str) -> bool:
    return word.endswith("%") and word[:-1].replace(".", "", 1).isdecimal()


def _four(shares: list[float]) -> list[float]:
    return [*shares, shares[0], shares[1]] if len(shares) == 2 else [*shares, shares[1]][:4]


_TESTS: Mapping[str, Callable[[str], object]] = {
    "display": "none".__eq__,
    "visibility": ("hidden", "collapse").__contains__,
    "content-visibility": "hidden".__eq__,
    "clip": tiny_clip,
    "clip-path": cuts_all,
    **dict.fromkeys((*SIDES, "text-indent", "margin-left", "margin-top", "translate"), _moves),
    "transform": shrinks_or_moves_away,
    "filter": shrinks_or_moves_away,
    "scale": lambda value: any(map(is_faint, value.split())),
    "rotate": str.strip,
    "opacity": is_faint,
    "zoom": is_faint,
    "font-size": is_tiny_type,
    **dict.fromkeys(("color", "-webkit-text-fill-color"), is_clear),
    **dict.fromkeys(("width", "height", "max-width", "max-height"), is_speck),
    "text-decoration-line": lambda value: "line-through" in value,
}
