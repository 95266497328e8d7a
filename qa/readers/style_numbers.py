"""Lengths, colours and transformations of styles, as far as they can put text out of sight."""

from __future__ import annotations

import re

__all__ = [
    "is_clear",
    "is_faint",
    "is_far",
    "is_nothing",
    "is_speck",
    "is_tiny_type",
    "shrinks_or_moves_away",
]

_NUMBER = re.compile(r"([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?)([a-z%]*)")
_PIXELS = {
    **{"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78},
    **{"em": 16.0, "rem": 16.0, "lh": 20.0, "rlh": 20.0, "ch": 8.0, "ex": 8.0, "%": 10.0},
    **dict.fromkeys(("vw", "vh", "vmin", "vmax", "svw", "svh", "dvw", "dvh", "lvw", "lvh"), 10.0),
}
"""CSS pixels of each unit, for type of the usual size and a window of 1000 pixels."""
_FAR = 1_000.0
"""Pixels: a window's width, so that 100 % and 100vw are far."""
_OFF = re.compile(r"-\d{3,}(?:\.\d+)?px")
"""Offsets that style sheets use to keep folded menus beside the page."""
_FUNCTION = re.compile(r"(?<![a-z0-9])([a-z0-9]+)\(([^()]*)\)")
_CLEAR_HEX = re.compile(r"#(?:[0-9a-f]{3}0|[0-9a-f]{6}00)")
_COLOUR = re.compile(r"(?:rgb|hsl)a?\(([^()]*)\)|(?:hwb|lab|lch|oklab|oklch|color)\(([^()]*)\)")
_FAINT = 0.05
"""Share of a colour from which on its text can be made out at all on white, by eye."""
_TINY = 1.0
_QUARTERS = {"deg": 90.0, "grad": 100.0, "turn": 0.25}


def _pixels(value: str) -> float | None:
    found = _NUMBER.fullmatch(value)
    unit = _PIXELS.get(found[2]) if found else None
    return float(found[1]) * unit if found and unit is not None else None


def is_nothing(value: str) -> bool:
    """Whether a length, share or number is zero."""
    found = _NUMBER.fullmatch(value)
    return found is not None and float(found[1]) == 0


def is_faint(value: str) -> bool:
    """Whether a share or number leaves nothing to be seen of what it scales."""
    found = _NUMBER.fullmatch(value)
    if found is None or found[2] not in ("", "%"):
        return False
    return abs(float(found[1])) / (100 if found[2] == "%" else 1) < _FAINT


def is_speck(value: str) -> bool:
    """Whether a length is at most one pixel, not less than nothing."""
    pixels = None if value.endswith("%") and not is_nothing(value) else _pixels(value)
    return pixels is not None and 0 <= pixels <= 1


def is_tiny_type(value: str) -> bool:
    """Whether type of this size cannot be read: of no size, or at most a pixel high."""
    pixels = None if value.endswith(("%", "em")) else _pixels(value)
    return is_nothing(value) or (pixels is not None and 0 <= pixels <= _TINY)


def is_far(value: str, *, offset: bool = False) -> bool:
    """Whether a length leads out of the window; as an `offset`, -100px does."""
    pixels = _pixels(value)
    far = pixels is not None and abs(pixels) >= _FAR
    return far or (offset and bool(_OFF.fullmatch(value)))


def is_clear(colour: str) -> bool:
    """Whether nothing is seen of what has this colour."""
    if colour == "transparent" or _CLEAR_HEX.fullmatch(colour):
        return True
    found = _COLOUR.fullmatch(colour)
    if found is None:
        return False
    parts, slash, alpha = (found[1] or found[2] or "").partition("/")
    old = parts.split(",")
    if not slash and len(old) == 4:
        alpha = old[3]
    return is_faint(alpha.strip())


def shrinks_or_moves_away(transform: str) -> bool:
    """Whether a `transform`, or a `filter` by its opacity, leaves nothing in sight."""
    return any(_vanishes(name, inside) for name, inside in _FUNCTION.findall(transform))


def _vanishes(name: str, inside: str) -> bool:
    words = [word.strip() for word in inside.split(",")]
    if name.startswith("scale") or name == "opacity":
        return any(map(is_faint, words))
    if name.startswith("translate"):
        # A share is one of the element itself, which can well be beside its usual place.
        return any(is_far(word) for word in words if not word.endswith("%"))
    if name in ("rotatex", "rotatey"):
        return _stands_on_edge(words[0])
    if name == "matrix" and len(words) == 6:
        a, b, c, d, x, y = (_pixels(word) or 0.0 for word in words)
        return abs(a * d - b * c) < 1e-6 or max(abs(x), abs(y)) >= _FAR
    return False


def _stands_on_edge(angle: str) -> bool:
    found = _NUMBER.fullmatch(angle)
    quarter = _QUARTERS.get(found[2]) if found else None
    return bool(found and quarter) and (float(found[1]) / quarter) % 2 == 1  # type: ignore[index,operator]
