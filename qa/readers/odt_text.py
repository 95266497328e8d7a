"""The text within an OpenDocument paragraph as it is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from qa.readers.counting import whole
from qa.readers.odt_styles import TEXT, Style, Styles
from qa.readers.symbols import lowered, raised, replace_private
from qa.readers.xml import Element

__all__ = ["Inline", "InlineReader"]

_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE = f"{_NAMES}office:1.0}}"
_DRAW = f"{_NAMES}drawing:1.0}}"
_PLACEHOLDER = "showing-place-holder"
_LEFT_OUT = frozenset(
    {
        f"{_OFFICE}annotation",
        f"{_OFFICE}annotation-end",
        f"{_OFFICE}event-listeners",
        f"{TEXT}hidden-text",
        f"{TEXT}placeholder",
        f"{TEXT}ruby-text",
        f"{TEXT}script",
        f"{TEXT}tracked-changes",
    }
)
"""Comments, hidden text, prompts that nobody has filled in, and deleted text."""
_BLANK = re.compile(r"[ \t\r\n]+")
_MAX_BLANKS = 100


@dataclass(slots=True)
class Inline:
    """What stands in a paragraph: its text, and what is anchored in it."""

    text: str = ""
    bold: bool = False
    hidden: bool = False
    """Whether the paragraph is not shown at all."""
    drawn: list[Element] = field(default_factory=list)
    notes: list[Element] = field(default_factory=list)


class InlineReader:
    """Reads the paragraphs of one file."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._made = Inline()
        self._parts: list[str] = []
        self._plain = self._bold = 0

    def read(self, paragraph: Element) -> Inline:
        """The text of a paragraph or heading."""
        self._made, self._parts = Inline(), []
        self._plain = self._bold = 0
        style = self._styles.of("paragraph", paragraph.get(f"{TEXT}style-name"))
        self._inside(paragraph, style, bool(style.bold))
        self._made.text = "".join(self._parts)
        self._made.bold = bool(self._bold) and not self._plain
        return self._made

    def _inside(self, element: Element, style: Style, bold: bool) -> None:
        self._put(element.text, style, bold)
        for child in element:
            self._child(child, style, bold)
            self._put(child.tail, style, bold)

    def _child(self, child: Element, style: Style, bold: bool) -> None:
        tag = child.tag
        shown = not (style.hidden or style.struck)
        if tag in _LEFT_OUT or _is_prompt(child):
            return
        if tag == f"{TEXT}span":
            own = self._styles.of("text", child.get(f"{TEXT}style-name"))
            within = Style(
                hidden=style.hidden if own.hidden is None else own.hidden,
                struck=style.struck if own.struck is None else own.struck,
                raised=style.raised or own.raised,
                lowered=style.lowered or own.lowered,
            )
            self._inside(child, within, bold if own.bold is None else own.bold)
        elif tag == f"{TEXT}hidden-paragraph":
            self._made.hidden |= child.get(f"{TEXT}is-hidden") == "true"
        elif tag == f"{TEXT}note":
            if shown:
                citation = child.find(f"{TEXT}note-citation")
                number = "" if citation is None else "".join(citation.itertext()).strip()
                self._parts.append(f"[{number}]" if number else "")
                self._made.notes.append(child)
        elif tag.startswith(_DRAW):
            if shown:
                self._made.drawn.append(child)
        elif tag == f"{TEXT}s":
            count = whole(child.get(f"{TEXT}c"))
            self._sign(" " * min(_MAX_BLANKS, 1 if count is None else count), shown)
        elif tag == f"{TEXT}tab":
            self._sign("\t", shown)
        elif tag == f"{TEXT}line-break":
            self._sign("\n", shown)
        else:
            self._inside(child, style, bold)

    def _sign(self, sign: str, shown: bool) -> None:
        if shown:
            self._parts.append(sign)

    def _put(self, text: str | None, style: Style, bold: bool) -> None:
        if not text or style.hidden or style.struck:
            return
        written = replace_private(_BLANK.sub(" ", text), "")
        set_at = raised if style.raised else lowered if style.lowered else str
        self._parts.append(set_at(written))
        letters = sum(letter.isalnum() for letter in text)
        self._bold += letters if bold else 0
        self._plain += 0 if bold else letters


def _is_prompt(element: Element) -> bool:
    """Whether a content control shows a prompt; its name space is LibreOffice's own."""
    return any(
        name.endswith(f"}}{_PLACEHOLDER}") and text == "true"
        for name, text in element.attrib.items()
    )
