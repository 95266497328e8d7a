"""What OpenDocument styles say of the text in them, as far as reading it needs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.readers.xml import Element

__all__ = ["FO", "STYLE", "TABLE", "TEXT", "Style", "Styles"]

_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:"
TEXT = f"{_NAMES}text:1.0}}"
STYLE = f"{_NAMES}style:1.0}}"
TABLE = f"{_NAMES}table:1.0}}"
FO = f"{_NAMES}xsl-fo-compatible:1.0}}"
_BOLD = frozenset({"bold", "600", "700", "800", "900"})
_MAX_CHAIN = 50
_LOWERED = re.compile(r"sub|-0*[1-9][\d.]*%")
_RAISED = re.compile(r"super|\+?0*[1-9][\d.]*%")
"""Raised by the usual height, or by a share of the line's."""


@dataclass(frozen=True, slots=True)
class Style:
    """A style with what it takes from those it is based on."""

    title: bool = False
    hidden: bool | None = None
    """Of text, or of a table as a whole; None where nothing is said."""
    struck: bool | None = None
    bold: bool | None = None
    raised: bool = False
    lowered: bool = False


class Styles:
    """The styles of a file by family ("paragraph", "text", "section", "table") and name."""

    def __init__(self, roots: list[Element]) -> None:
        self._elements: dict[tuple[str, str], Element] = {}
        self._resolved: dict[tuple[str, str], Style] = {}
        self._defaults: dict[str, Element] = {}
        self.lists: dict[str, Element] = {}
        self.outline: Element | None = None
        self.language = ""
        for root in roots:
            for one in root.iter(f"{STYLE}style"):
                key = (one.get(f"{STYLE}family", ""), one.get(f"{STYLE}name", ""))
                self._elements.setdefault(key, one)
            for one in root.iter(f"{TEXT}list-style"):
                self.lists.setdefault(one.get(f"{STYLE}name", ""), one)
            for one in root.iter(f"{TEXT}outline-style"):
                self.outline = one
            for one in root.iter(f"{STYLE}default-style"):
                self._defaults.setdefault(one.get(f"{STYLE}family", ""), one)
                if one.get(f"{STYLE}family") == "paragraph":
                    self.language = _text_property(one, f"{FO}language")

    def of(self, family: str, name: str | None) -> Style:
        """The style of that family and name, or the family's default where there is none."""
        key = (family, name or "")
        if key not in self._elements:
            key = (family, "")
        if key not in self._resolved:
            self._resolved[key] = self._resolve(key)
        return self._resolved[key]

    def _resolve(self, key: tuple[str, str]) -> Style:
        family = key[0]
        chain: list[Element] = []
        names: list[str] = []
        while key in self._elements and key[1] not in names and len(chain) < _MAX_CHAIN:
            names.append(key[1])
            chain.append(self._elements[key])
            key = (family, chain[-1].get(f"{STYLE}parent-style-name", ""))
        last = [self._defaults[family]] if family in self._defaults else []

        def said(name: str) -> str:
            return next((text for one in chain if (text := _text_property(one, name))), "")

        def held(name: str, kind: str = "text") -> str | None:
            found = (_property(one, kind, name) for one in (*chain, *last))
            return next((text for text in found if text), None)

        weight, display = said(f"{FO}font-weight"), held(f"{TEXT}display")
        struck, table = held(f"{STYLE}text-line-through-style"), held(f"{TABLE}display", "table")
        hidden = None if display is None else display == "none"
        if family == "table":
            hidden = None if table is None else table == "false"
        return Style(
            title="Title" in names,
            hidden=None if family == "section" else hidden,
            struck=None if struck is None else struck != "none",
            bold=weight in _BOLD if weight else None,
            raised=bool(_RAISED.match(said(f"{STYLE}text-position"))),
            lowered=bool(_LOWERED.match(said(f"{STYLE}text-position"))),
        )


def _text_property(element: Element, name: str) -> str:
    return _property(element, "text", name)


def _property(element: Element, kind: str, name: str) -> str:
    properties = element.find(f"{STYLE}{kind}-properties")
    return "" if properties is None else str(properties.get(name, ""))
