"""Marks within lines of a page: those that only point to a note, and figures set high or low."""

from __future__ import annotations

import re
from collections.abc import Set

from selectolax.lexbor import LexborNode

from qa.readers.style_values import declarations
from qa.readers.symbols import lowered, raised

__all__ = ["mark_of"]

_FIGURES = re.compile(r"(?=.{0,9}[0-9n])[0-9n+\-\u2212\u2013., ]{1,30}")
_NOTE_MARK = re.compile(r"\[?(?:\d{1,3}|[a-z]|[ivx]{1,4}|[*\u2020\u2021\u00a7\u00b6])\]?")
_LINK_MARK = re.compile(r"\[\d{1,3}\]|[\u21a9\u2191\u21b5^]\ufe0e?")
_MAX_MARK = 6
"""Characters of a mark that points to a note."""


def mark_of(node: LexborNode, tag: str, left_out: Set[int]) -> str | None:
    """What is written for a mark: nothing for one that points to a note; None for what is none.

    Elements and texts whose `mem_id` is in `left_out` are not seen.
    """
    if tag == "sub" and _FIGURES.fullmatch(low := _shown(node, left_out).strip()):
        return lowered(low)
    high = tag == "sup" or _is_set_high(node)
    if not high and tag != "a":
        return None
    text = node.text().strip()
    if tag == "a" and not high:
        address = node.attributes.get("href") or ""
        points = len(text) <= _MAX_MARK and "#" in address and _LINK_MARK.fullmatch(text)
        return "" if points else None
    linked = len(text) <= _MAX_MARK and node.css_first('a[href*="#"]') is not None
    if linked and _NOTE_MARK.fullmatch(text):
        return ""
    shown = _shown(node, left_out).strip()
    return raised(shown) if _FIGURES.fullmatch(shown) else None


def _shown(node: LexborNode, left_out: Set[int]) -> str:
    """The text of an element without what is left out."""
    found: list[str] = []
    todo = [node]
    while todo:
        one = todo.pop()
        if one.mem_id in left_out:
            continue
        if one.is_text_node:
            found.append(one.text_content or "")
        else:
            todo += reversed(list(one.iter(include_text=True)))
    return "".join(found)


def _is_set_high(node: LexborNode) -> bool:
    """Whether an element's own style raises it as `sup` does."""
    style = node.attributes.get("style")
    if not style or "vertical-align" not in style.lower():
        return False
    return declarations(style).get("vertical-align", "") in ("super", "text-top")
