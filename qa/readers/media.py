"""Whether a media query holds for everybody who reads a page on a screen.

https://www.w3.org/TR/mediaqueries-4/
"""

from __future__ import annotations

import re
from enum import IntEnum

__all__ = ["Holds", "media_holds"]


class Holds(IntEnum):
    """For which readers something counts."""

    NEVER = 0
    """On paper, or for voices, only."""
    SOMETIMES = 1
    """On some screens, or where it cannot be told."""
    ALWAYS = 2


_NARROWEST = 320.0
"""CSS pixels to which no page need be narrower, as WCAG 2.2 (1.4.10) has it."""
_WIDEST = 10_000.0
_LENGTH = re.compile(r"(\d+(?:\.\d+)?|\.\d+)(px|r?em|pt|)")
_PIXELS = {"px": 1.0, "em": 16.0, "rem": 16.0, "pt": 4 / 3, "": 1.0}
_FEATURE = re.compile(r"\(\s*([-\w]+)\s*(?::([^()]+))?\)")
_RANGE = re.compile(r"\(\s*(width|height)\s*([<>]=?)([^()<>]+)\)")
_TYPES = {"all": Holds.ALWAYS, "screen": Holds.ALWAYS}
"""Any other kind of medium is none that somebody reads a page on."""
_COLOURED = {"color": Holds.ALWAYS, "monochrome": Holds.NEVER}


def media_holds(queries: str) -> Holds:
    """For whom a list of media queries, as behind `@media`, holds; for all if it is empty."""
    found = [_query(query.strip()) for query in " ".join(queries.lower().split()).split(",")]
    return max(found)


def _query(query: str) -> Holds:
    if not query:
        return Holds.ALWAYS
    negated = bool(re.match(r"not[\s(]", query))
    parts = re.split(r"\s+and\s+", re.sub(r"^(?:not|only)\s+", "", query))
    holds = min(map(_part, parts))
    return Holds(Holds.ALWAYS - holds) if negated else holds


def _part(part: str) -> Holds:
    if not part.startswith("("):
        return _TYPES.get(part, Holds.NEVER) if part.isalpha() else Holds.SOMETIMES
    if ranged := _RANGE.fullmatch(part):
        edge = "min" if ranged[2].startswith(">") else "max"
        return _bound(f"{edge}-{ranged[1]}", ranged[3].strip())
    feature = _FEATURE.fullmatch(part)
    if feature is None:
        return Holds.SOMETIMES
    name, value = feature.groups()
    if name in _COLOURED and value is None:
        return _COLOURED[name]
    return _bound(name, (value or "").strip())


def _bound(name: str, value: str) -> Holds:
    length = _LENGTH.fullmatch(value)
    if length is None:
        return Holds.SOMETIMES
    pixels = float(length[1]) * _PIXELS[length[2]]
    if name in ("min-width", "min-device-width"):
        return Holds.ALWAYS if pixels <= _NARROWEST else Holds.SOMETIMES
    if name == "min-height":
        return Holds.ALWAYS if pixels <= 1 else Holds.SOMETIMES
    if name in ("max-width", "max-height", "max-device-width"):
        if pixels >= _WIDEST:
            return Holds.ALWAYS
        return Holds.NEVER if pixels <= 1 else Holds.SOMETIMES
    return Holds.SOMETIMES
