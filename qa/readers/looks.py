"""How an element looks by the declarations that count for it, as far as they can hide its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qa.readers.box_looks import clips, has_lines, shows_nothing
from qa.readers.hidden import is_closed
from qa.readers.hiding_values import AS_AROUND
from qa.readers.html_elements import BLOCKS
from qa.readers.style_numbers import is_clear, is_far, is_tiny_type

__all__ = ["Look", "look"]

_OWN_INK = frozenset({"mark", "button", "input", "select", "textarea"})
"""What browsers give a colour of its own, as they do links."""
_INHERITED = frozenset(
    {"display", "visibility", "font-size", "color", "-webkit-text-fill-color", "text-indent"}
)
"""Names that are looked at also where a value only says "as around"."""


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


_PLAIN = Look()
_BLOCK = Look(lines=True)
_LINK = Look(clear_colour=False)


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
    colour = style.get(
        "color", "black" if tag in _OWN_INK or (tag == "a" and "href" in attributes) else ""
    )
    return Look(
        gone=shows_nothing(tag, style, block=block),
        veiled=_kept_or(style.get("visibility", ""), ("hidden", "collapse"), "visible"),
        tiny=_tiny(style.get("font-size", "")),
        indented=_indented(style),
        lines=block and display != "contents",
        clear_colour=_clear(colour),
        clear_fill=_clear(style.get("-webkit-text-fill-color", "")),
        painted=_is_painted(style),
    )


def _indented(style: Mapping[str, str]) -> bool | None:
    indent = style.get("text-indent", "")
    if indent in AS_AROUND:
        return None
    clipped = "nowrap" in style.get("white-space", "") and clips(style)
    return is_far(indent, offset=True) and (indent.startswith("-") or clipped)


def _is_painted(style: Mapping[str, str]) -> bool:
    shadow, stroke = style.get("text-shadow", "none"), style.get("-webkit-text-stroke", "0")
    return (
        style.get("background-clip") == "text"
        or shadow not in ("none", *AS_AROUND)
        or bool(stroke.strip("0px ") or style.get("-webkit-text-stroke-width", "").strip("0px "))
    )


def _kept_or(value: str, hides: tuple[str, ...], shows: str) -> bool | None:
    return True if value in hides else False if value in (shows, "initial") else None


def _clear(colour: str) -> bool | None:
    return None if colour in AS_AROUND else is_clear(colour)


def _tiny(size: str) -> bool | None:
    if size in AS_AROUND:
        return None
    if is_tiny_type(size):
        return True
    relative = size in ("smaller", "larger") or size.endswith("%")
    return None if relative or (size.endswith("em") and not size.endswith("rem")) else False
