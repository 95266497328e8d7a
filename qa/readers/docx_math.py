"""Formulas of Word in one line of text.

Fractions, roots and raised numbers are written out: the letters alone would turn one half into 12.
"""

from __future__ import annotations

from collections.abc import Callable

from qa.readers.docx_package import M, W
from qa.readers.docx_styles import is_hidden
from qa.readers.symbols import grouped, power, raised
from qa.readers.xml import Element

__all__ = ["formula"]

_SKIPPED = frozenset({f"{W}del", f"{W}moveFrom"})


def formula(element: Element) -> str:
    """The text of a formula or of a part of one; deleted and hidden parts are left out."""
    tag = element.tag
    if tag in _SKIPPED or tag.endswith("Pr") or is_hidden(element.find(f"{W}rPr")):
        return ""
    if tag == f"{M}t":
        return element.text or ""
    shape = _SHAPES.get(tag)
    return shape(element) if shape else "".join(formula(child) for child in element)


def _fraction(element: Element) -> str:
    return f"{grouped(_part(element, 'num'))}/{grouped(_part(element, 'den'))}"


def _scripts(element: Element) -> str:
    return _part(element, "e") + _part(element, "sub") + power(_part(element, "sup"))


def _root(element: Element) -> str:
    return f"{raised(_part(element, 'deg'))}√{grouped(_part(element, 'e'))}"


def _brackets(element: Element) -> str:
    inner = ", ".join(formula(one) for one in element.iterfind(f"{M}e"))
    return f"{_sign(element, 'begChr', '(')}{inner}{_sign(element, 'endChr', ')')}"


def _sum(element: Element) -> str:
    limits = f"{_part(element, 'sub')}…{_part(element, 'sup')}".strip("…")
    return f"{_sign(element, 'chr', '∫')}{limits} {_part(element, 'e')}"


def _part(element: Element, name: str) -> str:
    found = element.find(f"{M}{name}")
    return "" if found is None else "".join(formula(child) for child in found)


def _sign(element: Element, name: str, usual: str) -> str:
    properties = element.find(f"{M}{element.tag.rpartition('}')[2]}Pr/{M}{name}")
    return usual if properties is None else str(properties.get(f"{M}val", ""))


_SHAPES: dict[str, Callable[[Element], str]] = {
    f"{M}f": _fraction,
    f"{M}sSup": _scripts,
    f"{M}sSubSup": _scripts,
    f"{M}rad": _root,
    f"{M}d": _brackets,
    f"{M}nary": _sum,
}
"""Elements whose parts cannot just stand behind each other."""
