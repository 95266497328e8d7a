"""Attribute selectors, such as `[lang|=en]`: which values fit."""

from __future__ import annotations

import re
from collections.abc import Mapping

from qa.readers.selector_text import plain_name

__all__ = ["attribute_of", "with_attribute"]

_PARTS = re.compile(
    r"\[\s*(?P<name>(?:[-\w]|[^\x00-\x7f]|\\.)+)\s*"
    r"(?:(?P<sign>[~|^$*]?=)\s*(?P<value>\"[^\"]*\"|'[^']*'|[^\s\"'\]]+)\s*(?P<case>[iIsS])?\s*)?\]"
)


def attribute_of(selector: str) -> str | None:
    """The name of the attribute that a selector asks for; None where it is not understood."""
    found = _PARTS.fullmatch(selector)
    return plain_name(found["name"]).lower() if found else None


def with_attribute(selector: str, values: Mapping[int, str]) -> frozenset[int]:
    """Those elements, named by their places, whose value of the attribute fits the selector.

    The selector is one that `attribute_of` understands.
    """
    found = _PARTS.fullmatch(selector)
    if found is None or not found["sign"]:
        return frozenset(values)
    text = found["value"]
    wanted = plain_name(text[1:-1] if text[0] in "\"'" else text)
    fold = (found["case"] or "").lower() == "i"
    wanted = wanted.lower() if fold else wanted
    return frozenset(
        place
        for place, value in values.items()
        if _fits(found["sign"], value.lower() if fold else value, wanted)
    )


def _fits(sign: str, value: str, wanted: str) -> bool:
    match sign:
        case "=":
            return value == wanted
        case "~=":
            return wanted in value.split()
        case "|=":
            return value == wanted or value.startswith(wanted + "-")
        case "^=":
            return bool(wanted) and value.startswith(wanted)
        case "$=":
            return bool(wanted) and value.endswith(wanted)
        case _:
            return bool(wanted) and wanted in value
