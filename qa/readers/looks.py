"""How an element looks by the declarations that count for it, as far as they can hide its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from qa.readers.hidden import is_closed
from qa.readers.html_elements import BLOCKS
from qa.readers.style_numbers import (
    is_clear,
    is_faint,
    is_far,
    is_nothing,
    is_speck,
    is_tiny_type,
    shrinks_or_moves_away,
)

__all__ = ["HIDING_NAMES", "Look", "has_lines", "look", "may_hide"]

_TINY_CLIP = re.compile(r"rect\((?:[01](?:px|em)?[, ]?){4}\)")
_EMPTY_CLIP = re.compile(r"(?:circle|ellipse)\(0|polygon\(0[a-z%]* 0[a-z%]*,0[a-z%]* 0")
_CUT = re.compile(r"inset\(([^()]*)\)")
_SIDES = ("left", "top", "right", "bottom")
_KEEPS_NO_SIZE = frozenset({"td", "th", "tr", "table", "tbody", "thead", "tfoot", "caption"})
"""What grows with its content whatever size it is given."""
_PARTS_OF_LINES = frozenset({"inline", "contents", "ruby", "ruby-base", "ruby-text"})
_OWN_INK = frozenset({"mark", "button", "input", "select", "textarea"})
"""What browsers give a colour of its own, as they do links."""

HIDING_NAMES = {
    "display": ("display",),
    "visibility": ("visibility",),
    "content-visibility": ("content-visibility", "display", "float", "position"),
    "clip": ("clip", "position"),
    "clip-path": ("clip-path",),
    **dict.fromkeys(_SIDES, (*_SIDES, "position")),
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


@dataclass(frozen=True, slots=True)
class Look:
    """How an element shows what is in it. None means: as the element around it does."""

    gone: bool = False
    """Nothing in it is shown, whatever is said of that."""
    veiled: bool | None = None
    """By `visibility`."""
    tiny: bool | None = None
    indented: bool | None = None
    """Whether the first line of each block in it begins out of sight."""
    lines: bool | None = None
    """Whether it has lines of its own."""
    clear_colour: bool | None = None
    clear_fill: bool | None = None
    painted: bool = False
    """Whether its text is seen otherwise than by its colour: as a cut-out, outline or shadow."""


def look(
    tag: str, attributes: Mapping[str, str | None], style: Mapping[str, str], *, lined_up: bool
) -> Look:
    """How an element looks by its attributes and by the `style` that counts for it.

    `lined_up` says that the element around it arranges it as a block, as `display: flex` does.
    """
    display = style.get("display", "")
    if is_closed(tag, attributes, display):
        return Look(gone=True)
    if not style:
        if (tag == "a" and "href" in attributes) or tag in _OWN_INK:
            return _LINK
        return _BLOCK if tag in BLOCKS or lined_up else _PLAIN
    style = {
        name: value
        for name, value in style.items()
        if name in _INHERITED or value not in ("unset", "initial", "revert", "revert-layer")
    }
    block = has_lines(tag, style) or lined_up
    gone = display == "none" or (
        # An element of which only the contents are shown has no place, and no size.
        display != "contents"
        and (
            _is_cut_away(style)
            or _is_moved_away(style, block=block)
            or _is_faded(style, block=block)
            or (block and tag not in _KEEPS_NO_SIZE and _has_no_room(style))
        )
    )
    colour = style.get(
        "color", "black" if tag in _OWN_INK or (tag == "a" and "href" in attributes) else ""
    )
    return Look(
        gone=gone,
        veiled=_kept_or(style.get("visibility", ""), ("hidden", "collapse"), "visible"),
        tiny=_tiny(style.get("font-size", "")),
        indented=_indented(style),
        lines=block and display != "contents",
        clear_colour=_clear(colour),
        clear_fill=_clear(style.get("-webkit-text-fill-color", "")),
        painted=_is_painted(style),
    )


def may_hide(name: str, value: str) -> bool:
    """Whether a declaration can hide, alone or with others that `HIDING_NAMES` names."""
    test = _TESTS.get(name)
    return test is not None and bool(test(value))


def _moves(value: str) -> bool:
    return any(is_far(word, offset=True) for word in value.split())


def _cuts(path: str) -> bool:
    return bool(_EMPTY_CLIP.match(path)) or any(map(_leaves_nothing, _CUT.findall(path)))


_PLAIN = Look()
_BLOCK = Look(lines=True)
_LINK = Look(clear_colour=False)
_AS_AROUND = frozenset({"", "inherit", "unset", "revert", "revert-layer", "currentcolor"})


_INHERITED = frozenset(
    {"display", "visibility", "font-size", "color", "-webkit-text-fill-color", "text-indent"}
)
"""Names that are looked at also where a value only says "as around"."""


def has_lines(tag: str, style: Mapping[str, str]) -> bool:
    """Whether an element is a box of its own rather than a part of a line."""
    if style.get("position", "") in ("absolute", "fixed"):
        return True
    if style.get("float", "none") not in ("none", *_AS_AROUND):
        return True
    display = style.get("display", "")
    if display in ("initial", "unset"):
        return False
    return tag in BLOCKS if display in _AS_AROUND else display not in _PARTS_OF_LINES


def _is_cut_away(style: Mapping[str, str]) -> bool:
    placed = style.get("position", "") in ("absolute", "fixed")
    if placed and _TINY_CLIP.match(style.get("clip", "")):
        return True
    return _cuts(style.get("clip-path", ""))


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


def _is_moved_away(style: Mapping[str, str], *, block: bool) -> bool:
    if style.get("position", "") in ("absolute", "fixed", "relative") and any(
        is_far(style.get(side, ""), offset=True) for side in _SIDES
    ):
        return True
    return is_far(style.get("margin-left", "")) or (block and is_far(style.get("margin-top", "")))


def _indented(style: Mapping[str, str]) -> bool | None:
    indent = style.get("text-indent", "")
    if indent in _AS_AROUND:
        return None
    clipped = "nowrap" in style.get("white-space", "") and _clips(style)
    return is_far(indent, offset=True) and (indent.startswith("-") or clipped)


def _is_faded(style: Mapping[str, str], *, block: bool) -> bool:
    """Whether an element is nothing to see: struck, let through all light, or shrunk to nothing."""
    if (
        is_faint(style.get("opacity", ""))
        or ("opacity(" in style.get("filter", "") and shrinks_or_moves_away(style["filter"]))
        or "line-through" in style.get("text-decoration-line", "")
    ):
        return True
    zoom = style.get("zoom", "")
    if is_faint(zoom) and not is_nothing(zoom):
        return True
    if not block:
        return False
    moved = style.get("translate", "").split()
    turned = style.get("rotate", "")
    return (
        style.get("content-visibility") == "hidden"
        or shrinks_or_moves_away(style.get("transform", ""))
        or any(map(is_faint, style.get("scale", "").split()))
        or any(is_far(word) for word in moved if not word.endswith("%"))
        or shrinks_or_moves_away(f"rotate{turned[:1]}({turned[2:]})" if turned else "")
    )


def _clips(style: Mapping[str, str]) -> bool:
    values = " ".join(style.get(name, "") for name in ("overflow", "overflow-x", "overflow-y"))
    return not {"hidden", "clip"}.isdisjoint(values.split())


def _has_no_room(style: Mapping[str, str]) -> bool:
    """Whether what does not fit into a box is cut off, and nothing fits into it.

    A box without height but with a padding has that for room, as frames around films do.
    """
    if not _clips(style):
        return False
    narrow, flat = (
        [style.get(f"max-{side}", ""), style.get(side, "")] for side in ("width", "height")
    )
    least = [style.get(f"min-{side}", "0") for side in ("width", "height")]
    padded = any(
        style.get(name, "0").strip("0px ") for name in ("padding", "padding-top", "padding-bottom")
    )
    no_width = any(map(is_nothing, narrow)) and is_nothing(least[0])
    no_height = any(map(is_nothing, flat)) and is_nothing(least[1]) and not padded
    speck = any(map(is_speck, narrow)) and any(map(is_speck, flat))
    return no_width or no_height or speck


def _is_painted(style: Mapping[str, str]) -> bool:
    shadow, stroke = style.get("text-shadow", "none"), style.get("-webkit-text-stroke", "0")
    return (
        style.get("background-clip") == "text"
        or shadow not in ("none", *_AS_AROUND)
        or bool(stroke.strip("0px ") or style.get("-webkit-text-stroke-width", "").strip("0px "))
    )


def _kept_or(value: str, hides: tuple[str, ...], shows: str) -> bool | None:
    return True if value in hides else False if value in (shows, "initial") else None


def _clear(colour: str) -> bool | None:
    return None if colour in _AS_AROUND else is_clear(colour)


def _tiny(size: str) -> bool | None:
    if size in _AS_AROUND:
        return None
    if is_tiny_type(size):
        return True
    relative = size in ("smaller", "larger") or size.endswith("%")
    return None if relative or (size.endswith("em") and not size.endswith("rem")) else False


_TESTS: Mapping[str, Callable[[str], object]] = {
    "display": "none".__eq__,
    "visibility": ("hidden", "collapse").__contains__,
    "content-visibility": "hidden".__eq__,
    "clip": _TINY_CLIP.match,
    "clip-path": _cuts,
    **dict.fromkeys((*_SIDES, "text-indent", "margin-left", "margin-top", "translate"), _moves),
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
