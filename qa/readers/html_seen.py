"""What is seen of an element by its tag, attributes and styles, and of those in it.

Where a word in a sentence is hidden by what cannot be worked out, it is not safe to quote the
sentence with it, nor without it: then the page is refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from qa.errors import CorpusError
from qa.readers.box_looks import has_lines
from qa.readers.hidden import is_left_out, is_never_shown, is_silent
from qa.readers.html_elements import BLOCKS
from qa.readers.html_sentence import line_around, stands_in_sentence
from qa.readers.looks import Look, look

__all__ = ["Sight", "sight_of"]

_LINED_UP = frozenset({"flex", "grid", "inline-flex", "inline-grid", "-webkit-box", "-webkit-flex"})
_SIGNS = frozenset("%\u2030\u00b0-\u2010\u2011\u2012\u2013\u2212!?")
_SHOWN_LETTERS = 60
"""Letters of a word and of its sentence that an error tells."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What an element does with the text in it."""

    gone: bool = False
    """Nothing in it is seen."""
    veiled: bool = False
    tiny: bool = False
    clear_colour: bool = False
    clear_fill: bool | None = None
    painted: bool = False
    indented: bool = False
    shifted: bool = False
    """Whether the line that it begins, or is part of, begins out of sight."""
    lined_up: bool = False
    """Whether it arranges the elements right in it as blocks."""

    @property
    def shows_text(self) -> bool:
        """Whether text right in it is seen."""
        clear = self.clear_colour if self.clear_fill is None else self.clear_fill
        unseen = self.gone or self.veiled or self.tiny or self.shifted
        return not (unseen or (clear and not self.painted))


def sight_of(
    node: LexborNode,
    styles: Sequence[Mapping[str, str]],
    around: Sight,
    opened: frozenset[str],
    name: str,
) -> Sight:
    """What is seen of an element in one of which `around` is seen.

    `styles` is what counts for it, and then what perhaps does. `opened` are the ids of elements
    that a button opens: like a closed `<details>`, those are no secret. Raises CorpusError where
    it cannot be told whether a word within a sentence is seen.
    """
    tag, attributes = node.tag or "", node.attributes
    if is_never_shown(tag):
        return Sight(gone=True)
    if not attributes and len(styles) == 1 and not styles[0] and tag not in ("dialog", "mark"):
        if around.lined_up or (around.indented and tag in BLOCKS):
            return _within(around, Look(lines=True), {})
        return around
    if tag != "dialog" and (attributes.get("id") or "") in opened:
        return Sight()
    silent = is_silent(attributes)
    if is_left_out(attributes) or (silent and (_is_ornament(node) or _draws_formula(node))):
        return Sight(gone=True)
    first, *others = (
        _within(around, look(tag, attributes, style, lined_up=around.lined_up), style)
        for style in styles
    )
    doubted = any(first.shows_text != other.shows_text for other in others)
    shifted = "margin-left" in styles[0] and first.gone
    if (doubted or shifted) and _is_inline(tag, styles) and stands_in_sentence(node):
        raise CorpusError(_doubt(node, name))
    return first


def _within(around: Sight, own: Look, style: Mapping[str, str]) -> Sight:
    """What is seen of an element that looks so of itself, within another one."""
    indented = around.indented if own.indented is None else own.indented
    display = style.get("display", "")
    return Sight(
        gone=own.gone,
        veiled=around.veiled if own.veiled is None else own.veiled,
        tiny=around.tiny if own.tiny is None else own.tiny,
        clear_colour=around.clear_colour if own.clear_colour is None else own.clear_colour,
        clear_fill=around.clear_fill if own.clear_fill is None else own.clear_fill,
        painted=around.painted or own.painted,
        indented=indented,
        shifted=indented if own.lines else around.shifted,
        lined_up=around.lined_up if display == "contents" else display in _LINED_UP,
    )


def _is_inline(tag: str, styles: Sequence[Mapping[str, str]]) -> bool:
    """Whether an element is part of a line wherever it is shown."""
    return tag not in BLOCKS and not any(
        style.get("display") != "none" and has_lines(tag, style) for style in styles
    )


def _is_ornament(node: LexborNode) -> bool:
    """Whether an element says nothing: it has no letters, figures or signs that go with them."""
    todo = [node]
    while todo:
        one = todo.pop()
        if one.is_text_node and any(map(_tells, one.text_content or "")):
            return False
        todo += one.iter(include_text=True)
    return True


def _tells(letter: str) -> bool:
    signs = letter in _SIGNS or unicodedata.category(letter) in ("Sm", "Sc")
    return signs or letter.isalnum()


def _draws_formula(node: LexborNode) -> bool:
    """Whether an element only draws the formula that stands right beside it, and is read there."""
    beside = [_element(node, after=after) for after in (False, True)]
    return node.css_first("math") is None and any(
        one is not None and (one.tag == "math" or one.css_first("math") is not None)
        for one in beside
    )


def _element(node: LexborNode, *, after: bool) -> LexborNode | None:
    """The next element before or behind another one, over the white space between."""
    one = node.next if after else node.prev
    if one is not None and one.is_text_node and not (one.text_content or "").strip():
        one = one.next if after else one.prev
    return one if one is not None and one.is_element_node else None


def _doubt(node: LexborNode, name: str) -> str:
    words = " ".join(node.text().split())[:_SHOWN_LETTERS]
    line = line_around(node)[:_SHOWN_LETTERS]
    return (
        f"{name}: it cannot be told whether readers see “{words}” in “{line}”: the page's styles "
        "hide it on some screens or in some browsers only, or by rules that this program does not "
        "work out. Take the style away from these words, or print the page to a PDF from a browser "
        "and add that."
    )
