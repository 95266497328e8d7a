"""Attribute selectors, such as `[lang|=en]`: which values fit."""

from __future__ import annotations

from collections.abc import Mapping

from qa.readers.selector_parts import Attribute

__all__ = ["with_attribute"]


def with_attribute(selector: Attribute, values: Mapping[int, str]) -> frozenset[int]:
    """Those elements, named by their places, whose value of the attribute fits the selector."""
    if not selector.sign:
        return frozenset(values)
    wanted = selector.value.lower() if selector.fold else selector.value
    return frozenset(
        place
        for place, value in values.items()
        if _fits(selector.sign, value.lower() if selector.fold else value, wanted)
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
