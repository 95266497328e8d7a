"""Whether an element is a box of its own, and whether that box shows nothing of what is in it."""

from __future__ import annotations

from collections.abc import Mapping

from qa.readers.hiding_values import AS_AROUND, SIDES, cuts_all, tiny_clip
from qa.readers.html_elements import BLOCKS
from qa.readers.style_numbers import (
    is_faint,
    is_far,
    is_nothing,
    is_speck,
    shrinks_or_moves_away,
)

__all__ = ["clips", "has_lines", "shows_nothing"]

_KEEPS_NO_SIZE = frozenset({"td", "th", "tr", "table", "tbody", "thead", "tfoot", "caption"})
"""What grows with its content whatever size it is given."""
_PARTS_OF_LINES = frozenset({"inline", "contents", "ruby", "ruby-base", "ruby-text"})


def has_lines(tag: str, style: Mapping[str, str]) -> bool:
    """Whether an element is a box of its own rather than a part of a line."""
    if style.get("position", "") in ("absolute", "fixed"):
        return True
    if style.get("float", "none") not in ("none", *AS_AROUND):
        return True
    display = style.get("display", "")
    if display in ("initial", "unset"):
        return False
    return tag in BLOCKS if display in AS_AROUND else display not in _PARTS_OF_LINES


def shows_nothing(tag: str, style: Mapping[str, str], *, block: bool) -> bool:
    """Whether nothing is seen of an element; `block` says that it is a box of its own."""
    display = style.get("display", "")
    if display in ("none", "contents"):
        # An element of which only the contents are shown has no place, and no size.
        return display == "none"
    return (
        _is_cut_away(style)
        or _is_moved_away(style, block=block)
        or _is_faded(style, block=block)
        or (block and tag not in _KEEPS_NO_SIZE and _has_no_room(style))
    )


def _is_cut_away(style: Mapping[str, str]) -> bool:
    placed = style.get("position", "") in ("absolute", "fixed")
    if placed and tiny_clip(style.get("clip", "")):
        return True
    return cuts_all(style.get("clip-path", ""))


def _is_moved_away(style: Mapping[str, str], *, block: bool) -> bool:
    if style.get("position", "") in ("absolute", "fixed", "relative") and any(
        is_far(style.get(side, ""), offset=True) for side in SIDES
    ):
        return True
    return is_far(style.get("margin-left", "")) or (block and is_far(style.get("margin-top", "")))


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


def clips(style: Mapping[str, str]) -> bool:
    """Whether an element cuts off what does not fit into it."""
    values = " ".join(style.get(name, "") for name in ("overflow", "overflow-x", "overflow-y"))
    return not {"hidden", "clip"}.isdisjoint(values.split())


def _has_no_room(style: Mapping[str, str]) -> bool:
    """Whether what does not fit into a box is cut off, and nothing fits into it.

    A box without height but with a padding has that for room, as frames around films do.
    """
    if not clips(style):
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
