"""Formulas of web pages (MathML) in one line of text.

Their letters alone would turn one half into 12, and ten to the third into 103.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set

from selectolax.lexbor import LexborNode

from qa.readers.symbols import UNKNOWN, grouped, lowered, power, raised

__all__ = ["MATHML", "Formulas", "formula"]

_DEEPEST = 60
_SPACED = frozenset("=<>\u2264\u2265\u2248\u2260+\u2212\u00b1\u00d7\u22c5\u00b7\u2192")
"""Signs with a blank on both sides."""
_WHITE = re.compile(r"\s+")
_NO_TEXT_TAGS = "mphantom annotation annotation-xml select textarea progress meter"
_NO_TEXT = frozenset(_NO_TEXT_TAGS.split())
_WORDS = frozenset(("mi", "mn", "mo", "ms", "mtext"))
"""Elements of formulas that hold text, and HTML."""
_BUILT_TAGS = (
    "math maction menclose merror mfenced mfrac mlabeledtr mmultiscripts mover mpadded mphantom"
    " mroot mrow mspace msqrt mstyle msub msubsup msup mtable mtd mtr munder munderover none"
    " semantics annotation annotation-xml mprescripts"
)
_BUILT = frozenset(_BUILT_TAGS.split())
"""Elements of formulas that only hold others."""
MATHML = _WORDS | _BUILT
"""The names of the elements of formulas (MathML Core, and the older ones that pages still have)."""


class Formulas:
    """The formulas of a page, of which some hold whole paragraphs: a page that does not end one has
    all that follows in it."""

    def __init__(self, blocks: Set[str], left_out: Set[int]) -> None:
        """`blocks` are the tags of what stands on lines of its own."""
        self._blocks = blocks
        self._left_out = left_out
        self._seen: set[int] = set()
        self._open: set[int] = set()
        """Elements in formulas, and formulas, with blocks in them."""

    def parts(self, node: LexborNode) -> list[LexborNode | str] | None:
        """What to read in place of an element that is named as in `MATHML`: the text of a formula,
        or, where it holds blocks, its parts in turn. None where it stands in no formula."""
        if node.tag == "math" and node.mem_id not in self._seen:
            self._look_through(node)
        if node.mem_id not in self._open:
            return [formula(node, self._left_out)] if node.tag == "math" else None
        if node.tag in _NO_TEXT:
            return []
        found: list[LexborNode | str] = ["\u221a"] if node.tag == "msqrt" else []
        before = False
        for child in node.iter(include_text=True):
            if child.mem_id in self._left_out:
                continue
            if child.is_element_node and before and node.tag in _SHAPES:
                found.append(_BETWEEN.get(node.tag or "", UNKNOWN))
            before = before or bool(child.is_element_node)
            whole = child.tag in MATHML and child.mem_id not in self._open
            found.append(formula(child, self._left_out) if whole else child)
        return found

    def _look_through(self, math: LexborNode) -> None:
        """Finds what holds blocks in a formula, and in those within it, in one go."""
        above: dict[int, int] = {math.mem_id: 0}
        todo = [math]
        while todo:
            node = todo.pop()
            if node.tag == "math":
                self._seen.add(node.mem_id)
            if node.tag in self._blocks:
                one = node.mem_id
                while one and one not in self._open:
                    self._open.add(one)
                    one = above[one]
            for child in node.iter():
                if child.mem_id not in self._left_out:
                    above[child.mem_id] = node.mem_id
                    todo.append(child)


def formula(node: LexborNode, left_out: Set[int], depth: int = 0) -> str:
    """The text of a `math` element or of a part of one, without elements in `left_out`.

    What is nested more than 60 deep shows as "\ufffd".
    """
    if depth > _DEEPEST:
        return UNKNOWN
    tag = node.tag or ""
    if tag in _NO_TEXT:
        return ""
    if tag == "br":
        return " "
    children = [
        child
        for child in node.iter(include_text=True)
        if (child.is_text_node or child.is_element_node) and child.mem_id not in left_out
    ]
    if tag == "semantics":
        children = [child for child in children if child.is_element_node][:1]
    if tag in _BUILT:
        return _built(tag, children, left_out, depth)
    text = "".join(
        (child.text_content or "") if child.is_text_node else formula(child, left_out, depth + 1)
        for child in children
    )
    if tag not in _WORDS:
        text = _WHITE.sub(" ", text)
        return raised(text) if tag == "sup" else lowered(text) if tag == "sub" else text
    text = " ".join(text.split())
    return f" {text} " if tag == "mo" and text in _SPACED else text


def _built(tag: str, children: Sequence[LexborNode], left_out: Set[int], depth: int) -> str:
    """What an element says that holds others. Text beside these has no place there, and is kept."""
    parts, in_order, loose = [], [], []
    for child in children:
        if child.is_text_node:
            text = " ".join((child.text_content or "").split())
            loose += [text] if text else []
            in_order.append(f" {text} " if text else "")
        else:
            parts.append(formula(child, left_out, depth + 1))
            in_order.append(parts[-1])
    shape = _SHAPES.get(tag)
    if not shape or (len(parts) < 2 and shape is not _square_root):
        return "".join(in_order).strip()
    most = _PARTS.get(tag, len(parts))
    return " ".join((*loose, shape(parts[:most]), *parts[most:]))


def _fraction(parts: Sequence[str]) -> str:
    return f"{grouped(parts[0].strip())}/{grouped(parts[1].strip())}"


def _raised(parts: Sequence[str]) -> str:
    return parts[0] + power("".join(parts[1].split()))


def _both(parts: Sequence[str]) -> str:
    return parts[0] + parts[1] + (power("".join(parts[2].split())) if len(parts) > 2 else "")


def _root(parts: Sequence[str]) -> str:
    return f"{raised(parts[1])}\u221a{grouped(parts[0].strip())}"


def _square_root(parts: Sequence[str]) -> str:
    return f"\u221a{grouped(''.join(parts).strip())}"


_SHAPES: dict[str, Callable[[Sequence[str]], str]] = {
    "mfrac": _fraction,
    "msup": _raised,
    "mover": _raised,
    "msubsup": _both,
    "munderover": _both,
    "mroot": _root,
    "msqrt": _square_root,
    "mtr": "  ".join,
    "mtable": "; ".join,
}
"""Elements whose parts cannot just stand behind each other."""
_PARTS = {"mfrac": 2, "msup": 2, "mover": 2, "mroot": 2, "msubsup": 3, "munderover": 3}
"""How many parts such an element has. More are what follows one that the page does not end."""
_BETWEEN = {"mtr": "  ", "mtable": "; ", "msqrt": ""}
"""What parts the parts of an element that holds blocks, where they may stand behind each other."""
