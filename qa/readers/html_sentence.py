"""Whether an element is words of a sentence, which without them would say another thing."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from qa.readers.hidden import is_never_shown
from qa.readers.html_elements import BLOCKS

__all__ = ["lies_between_words", "line_around", "stands_in_sentence"]

_CONTROLS = frozenset({"a", "button", "label", "select", "textarea", "nav"})
_AROUND_PAGE = frozenset({"nav", "button", "select"})
_MAX_NEIGHBOURS = 200
"""Nodes on one side that are looked at for words; no sentence has so many parts without one."""
_ROLES = frozenset({"navigation", "menu", "menubar", "search", "toolbar", "tablist", "button"})


def stands_in_sentence(node: LexborNode) -> bool:
    """Whether an inline element has letters or digits, and others stand beside it in its line.

    Words of links and buttons beside it make no sentence, nor is there one in a menu or button.
    """
    if not _has_words(node.text()):
        return False
    inner, outer = node, node.parent
    found = False
    while outer is not None:
        tag = outer.tag or ""
        if tag in _AROUND_PAGE or (outer.attributes.get("role") or "").lower() in _ROLES:
            return False
        found = found or any(map(_is_word, _beside(inner)))
        if tag in BLOCKS:
            break
        inner, outer = outer, outer.parent
    while outer is not None:
        if outer.tag in _AROUND_PAGE or (outer.attributes.get("role") or "").lower() in _ROLES:
            return False
        outer = outer.parent
    return found


def lies_between_words(node: LexborNode) -> bool:
    """Whether words of a sentence stand right before and right behind an element."""
    before, behind = (map(_is_word, _neighbours(node, after=after)) for after in (False, True))
    return _has_words(node.text()) and any(before) and any(behind)


def _beside(node: LexborNode) -> Iterator[LexborNode]:
    yield from _neighbours(node, after=False)
    yield from _neighbours(node, after=True)


def _neighbours(node: LexborNode, *, after: bool) -> Iterator[LexborNode]:
    """Nodes before or behind an element under the same parent, from the nearest on."""
    one = node.next if after else node.prev
    for _ in range(_MAX_NEIGHBOURS):
        if one is None:
            return
        yield one
        one = one.next if after else one.prev


def line_around(node: LexborNode) -> str:
    """The text of the block that an element stands in, with single blanks."""
    outer = node
    while outer.parent is not None and outer.tag not in BLOCKS:
        outer = outer.parent
    return " ".join(outer.text().split())


def _is_word(node: LexborNode) -> bool:
    """Whether a node beside the element is words of a sentence."""
    if node.is_text_node:
        return _has_words(node.text_content or "")
    tag = node.tag or ""
    if not node.is_element_node or tag in BLOCKS or tag in _CONTROLS or is_never_shown(tag):
        return False
    return _has_words(node.text())


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))
