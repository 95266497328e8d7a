"""What a page holds and no reader sees: elements, attributes and style declarations that hide text.

One notion for every format that holds HTML. A closed `<details>` is not hidden: a reader opens it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["FOR_SCREEN_READERS", "declarations", "hides", "hides_inline", "is_hidden"]

_NEVER_SHOWN_TAGS = (
    "script style template noscript title head iframe object embed video audio canvas svg map"
    " datalist noframes noembed rt rp rtc annotation annotation-xml area applet frameset"
)
_NEVER_SHOWN = frozenset(_NEVER_SHOWN_TAGS.split())
_STRUCK = frozenset({"del", "s", "strike"})
"""Struck out: what stands there is no longer said."""
_SCREEN_READER_CLASSES = (
    "sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only show-for-sr"
    " element-invisible u-visually-hidden a11y-hidden assistive-text govuk-visually-hidden"
    " nhsuk-u-visually-hidden"
)
FOR_SCREEN_READERS = frozenset(_SCREEN_READER_CLASSES.split())
"""Class names that widely used style sheets hide, which a saved page often comes without."""
_TINY_CLIP = re.compile(r"rect\((?:[01](?:px|em)?,?){4}\)")
_EMPTY_CLIP = re.compile(r"inset\((?:50|100)%|circle\(0|polygon\(00,00")
_FAR_AWAY = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|r?em|pt|vw|%)")
_NOTHING = re.compile(r"(?:0++(?:\.0++)?|\.0++)(?:px|r?em|pt|%)?")
_NO_SCALE = re.compile(r"(?:scale|opacity)\((?:0++(?:\.0++)?|\.0++)%?[,)]")
_SPECK = re.compile(r"[01](?:px)?")
_FAR_SIDES = ("left", "top", "right", "text-indent")


def is_hidden(
    tag: str, attributes: Mapping[str, str | None], opened: frozenset[str] = frozenset()
) -> bool:
    """Whether an element is not shown, as far as it says so itself.

    `opened` are the ids of elements that a button on the page opens: like a closed `<details>`,
    those are no secret.
    """
    if tag in _NEVER_SHOWN or tag in _STRUCK or (tag == "dialog" and "open" not in attributes):
        return True
    if not attributes or (opened and (attributes.get("id") or "") in opened):
        return False
    if "hidden" in attributes and (attributes["hidden"] or "").lower() != "until-found":
        return True
    if (attributes.get("aria-hidden") or "").strip().lower() == "true" or "popover" in attributes:
        return True
    classes = attributes.get("class")
    if classes and not FOR_SCREEN_READERS.isdisjoint(classes.lower().split()):
        return True
    style = attributes.get("style")
    return bool(style) and hides_inline(declarations(style or ""))


def declarations(style: str) -> dict[str, str]:
    """Names and values of a style, in small letters and without white space; the last one counts.

    `!important` stays at the end of a value.
    """
    found = {}
    for part in style.lower().split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip()] = "".join(value.split())
    return found


def hides(style: Mapping[str, str]) -> bool:
    """Whether declarations hide an element, in a style sheet or in its own `style`."""
    plain = {name: value.removesuffix("!important") for name, value in style.items()}
    if plain.get("display") == "none" or plain.get("visibility") in ("hidden", "collapse"):
        return True
    if plain.get("mso-hide") == "all" or plain.get("content-visibility") == "hidden":
        return True
    if _TINY_CLIP.match(plain.get("clip", "")) or _EMPTY_CLIP.match(plain.get("clip-path", "")):
        return True
    if any(_FAR_AWAY.fullmatch(plain.get(side, "")) for side in _FAR_SIDES):
        return True
    return plain.get("overflow") in ("hidden", "clip") and all(
        _SPECK.fullmatch(plain.get(side, "")) for side in ("width", "height")
    )


def hides_inline(style: Mapping[str, str]) -> bool:
    """Whether an element's own `style` hides it or strikes it out.

    Style sheets say `opacity: 0` of what a script fades in, so there it hides nothing.
    """
    if hides(style):
        return True
    plain = {name: value.removesuffix("!important") for name, value in style.items()}
    line = plain.get("text-decoration", "") + plain.get("text-decoration-line", "")
    return (
        bool(_NOTHING.fullmatch(plain.get("opacity", "")))
        or bool(_NOTHING.fullmatch(plain.get("font-size", "")))
        or plain.get("color") == "transparent"
        or _NO_SCALE.search(plain.get("transform", "") + plain.get("filter", "")) is not None
        or "line-through" in line
        or (
            plain.get("overflow") in ("hidden", "clip")
            and any(_NOTHING.fullmatch(plain.get(side, "")) for side in ("width", "height"))
        )
    )
