"""What Word's styles say of the text in them, as far as reading it needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.readers.counting import whole
from qa.readers.docx_package import W, is_on, value
from qa.readers.xml import Element

__all__ = ["BODY_LEVEL", "Style", "Styles", "is_hidden", "outline_level"]

BODY_LEVEL = 0
"""The level of what was explicitly made ordinary text."""
_HEADING = re.compile(r"heading ([1-9])")
_CONTENTS = re.compile(r"toc (?:heading|[1-9])|table of (?:figures|authorities)|index [1-9]")
_MAX_CHAIN = 50
_WORDS_BODY = 9
"""Word's outline level of ordinary text; 0 to 8 are headings."""


@dataclass(frozen=True, slots=True)
class Style:
    """A style with what it takes from those it is based on; None where none of them says."""

    level: int | None = None
    """Of a heading, from 1; `BODY_LEVEL` where it is none although it is based on one."""
    contents: bool = False
    """Whether it is a style of tables of contents, which only repeat headings."""
    hidden: bool | None = None
    struck: bool | None = None
    bold: bool | None = None
    language: str | None = None
    vertical: str | None = None
    """superscript or subscript where text in it stands raised or lowered."""
    list_id: str | None = None
    list_level: str | None = None
    ids: tuple[str, ...] = ()
    """Its own id, and those of the styles that it is based on."""


class Styles:
    """The styles of a file by their ids."""

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._resolved: dict[str, Style] = {}
        self.language: str | None = None
        self.defaults = Style()
        """What holds for text of which no style says anything."""
        self._default = self._default_table = ""
        if root is None:
            return
        self.defaults = _of_text([root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")])
        self.language = self.defaults.language
        for element in root.iterfind(f"{W}style"):
            key = element.get(f"{W}styleId", "")
            self._elements.setdefault(key, element)
            default = element.get(f"{W}default", "0").lower() in ("1", "true", "on")
            if default and element.get(f"{W}type") == "paragraph":
                self._default = key
            if default and element.get(f"{W}type") == "table":
                self._default_table = key

    def of(self, style_id: str | None) -> Style:
        """The style of that id, or one that says nothing where there is none."""
        if style_id not in self._elements:
            return Style()
        if style_id not in self._resolved:
            self._resolved[style_id] = self._resolve(style_id)
        return self._resolved[style_id]

    def of_paragraph(self, style_id: str | None) -> Style:
        """The style of a paragraph, which is the default one where it names none that exists."""
        return self.of(style_id if style_id in self._elements else self._default)

    def of_table(self, style_id: str | None) -> Style:
        """The style of a table, which is the default one where it names none that exists."""
        return self.of(style_id if style_id in self._elements else self._default_table)

    def part_of_table(self, style_id: str | None, part: str) -> Style:
        """What a table's style says of the text in a part of it ("firstRow")."""
        chain = self._chain(style_id if style_id in self._elements else self._default_table)
        parts = (one for element in chain for one in element.iterfind(f"{W}tblStylePr"))
        return _of_text([one.find(f"{W}rPr") for one in parts if one.get(f"{W}type") == part])

    def numbering_link(self, style_id: str) -> str | None:
        """The list that a numbering style stands for."""
        return value(self._elements.get(style_id), "pPr/numPr/numId")

    def _chain(self, style_id: str | None) -> list[Element]:
        chain: list[Element] = []
        seen: set[str] = set()
        while style_id in self._elements and style_id not in seen and len(chain) < _MAX_CHAIN:
            seen.add(style_id)
            chain.append(self._elements[style_id])
            style_id = value(chain[-1], "basedOn")
        return chain

    def _resolve(self, style_id: str) -> Style:
        level: int | None = None
        list_id = list_level = None
        chain = self._chain(style_id)
        for element in chain:
            level = _own_level(element) if level is None else level
            list_id = list_id or value(element, "pPr/numPr/numId")
            list_level = list_level or value(element, "pPr/numPr/ilvl")
        return replace(
            _of_text([element.find(f"{W}rPr") for element in chain]),
            level=level,
            contents=bool(_CONTENTS.fullmatch(_name(chain[0]))),
            list_id=list_id,
            list_level=list_level,
            ids=tuple(element.get(f"{W}styleId", "") for element in chain),
        )


def _of_text(said: Sequence[Element | None]) -> Style:
    """What properties of text say together; the first that says something holds."""
    hidden = struck = bold = None
    language = vertical = None
    for properties in said:
        hidden = is_hidden(properties) if hidden is None else hidden
        struck = _is_struck(properties) if struck is None else struck
        bold = is_on(properties, "b") if bold is None else bold
        language = language or value(properties, "lang")
        vertical = vertical or value(properties, "vertAlign")
    return Style(hidden=hidden, struck=struck, bold=bold, language=language, vertical=vertical)


def is_hidden(properties: Element | None) -> bool | None:
    """Whether a run's properties hide it, in print or on screens; None where they do not say."""
    found = [is_on(properties, name) for name in ("vanish", "webHidden", "specVanish")]
    return True if any(found) else None if all(one is None for one in found) else False


def outline_level(element: Element | None) -> int | None:
    """The heading level that paragraph properties give, or None where they give none."""
    written = whole(value(element, "outlineLvl"))
    if written is None:
        return None
    return written + 1 if written < _WORDS_BODY else BODY_LEVEL


def _is_struck(properties: Element | None) -> bool | None:
    found = [is_on(properties, name) for name in ("strike", "dstrike")]
    return True if any(found) else None if all(one is None for one in found) else False


def _own_level(element: Element) -> int | None:
    """The level of a style by itself: Word names its own in English in every language."""
    name = _name(element)
    if name == "title":
        return 1
    heading = _HEADING.fullmatch(name)
    return int(heading.group(1)) if heading else outline_level(element.find(f"{W}pPr"))


def _name(element: Element) -> str:
    return " ".join((value(element, "name") or "").casefold().split())
