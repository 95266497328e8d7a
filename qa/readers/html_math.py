"""Formulas of web pages (MathML) in one line of text.

Their letters alone would turn one half into 12, and ten to the third into 103.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set

from selectolax.lexbor import LexborNode

from qa.readers.hidden import is_hidden
from qa.readers.symbols import UNKNOWN, grouped, power, raised

__all__ = ["formula"]

_DEEPEST = 60
_SPACED = frozenset("=<>\u2264\u2265\u2248\u2260+\u2212\u00b1\u00d7\u22c5\u00b7\u2192")
"""Signs with a blank on both sides."""


def formula(node: LexborNode, left_out: Set[int], depth: int = 0) -> str:
    """The text of a `math` element or of a part of one, without elements in `left_out`.

    What is nested more than 60 deep shows as "\ufffd".
    """
    if depth > _DEEPEST:
        return UNKNOWN
    children = [
        child
        for child in node.iter()
        if child.mem_id not in left_out and not is_hidden(child.tag or "", child.attributes)
    ]
    tag = node.tag or ""
    if tag in ("mphantom", "annotation", "annotation-xml"):
        return ""
    if not children:
        text = " ".join((node.text() or "").split())
        return f" {text} " if tag == "mo" and text in _SPACED else text
    if tag == "semantics":
        children = children[:1]
    parts = [formula(child, left_out, depth + 1) for child in children]
    shape = _SHAPES.get(tag)
    whole = shape is not None and (len(parts) > 1 or shape is _square_root)
    return shape(parts) if shape and whole else "".join(parts).strip()


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
