"""The text within a Word paragraph as its final view shows it.

Left out are deleted and struck-out text, comments, hidden text, field codes and the prompts of
content controls that nobody has filled in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from qa.readers.counting import whole
from qa.readers.docx_fields import Fields
from qa.readers.docx_math import formula
from qa.readers.docx_package import ALT, M, W, is_on, value
from qa.readers.docx_styles import Style, Styles, is_hidden
from qa.readers.symbols import UNKNOWN, lowered, raised, replace_private, symbol
from qa.readers.xml import Element

__all__ = ["Inline", "RunReader", "branch", "is_placeholder"]

_RAISED_BY = 4
"""Half points off its line by which text counts as raised or lowered, as by "Superscript"."""
_TEXT_BOX = f"{W}txbxContent"
_SEEN_THROUGH = frozenset(
    f"{W}{name}"
    for name in ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "bdo", "dir", "fldSimple")
)
"""Elements whose content is text like any other. What is not listed, such as `del`, is left out."""
_FORMULAS = (f"{M}oMath", f"{M}oMathPara")
_DRAWN = (f"{W}drawing", f"{W}pict", f"{W}object")
_HAS_TEXT = (f"{W}t", f"{W}sym", _TEXT_BOX, f"{M}t")
_SIGNS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    # The sign that Word shows is an ordinary hyphen, and people type one when they search.
    f"{W}noBreakHyphen": "-",
}
_FROM_EAST_ASIA = ("\u3040", "\u9fff"), ("\uac00", "\ud7a3")

_SetAt = Callable[[str], str]
"""Writes text that is set at a height: on its line, raised or lowered."""
NumberNote = Callable[[str, str], str]
"""Takes "footnote" or "endnote" and the note's id; gives the number shown, "" if there is none."""


@dataclass(slots=True)
class Inline:
    """What stands in a paragraph: its text, and what is anchored in it."""

    text: str = ""
    bold: bool = False
    """Whether all words are bold."""
    boxes: list[Element] = field(default_factory=list)
    """The contents of its text boxes."""
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    """Kind, id and number of the notes that it refers to."""


def branch(alternatives: Element) -> Element | None:
    """The one of several versions of the same content that is read: the first with text in it."""
    for one in alternatives:
        if next(one.iter(*_HAS_TEXT), None) is not None:
            return one
    return None


def is_placeholder(control: Element) -> bool:
    """Whether a content control shows a prompt ("Click here to enter text") and no text."""
    return bool(is_on(control, "sdtPr/showingPlcHdr"))


class RunReader:
    """Reads paragraphs in order: fields may begin in one and end in another."""

    def __init__(self, styles: Styles, number_note: NumberNote) -> None:
        self._styles = styles
        self._number_note = number_note
        self._fields = Fields()
        self.languages: Counter[str] = Counter()
        """Letters in each language tag of the runs that were read."""
        self._made = Inline()
        self._parts: list[str] = []
        self._style = self._around = Style()
        self._plain = self._bold = 0

    def read(self, paragraph: Element, style: Style, around: Style) -> Inline:
        """The text of a paragraph in that style; `around` is the style of its table."""
        self._made, self._parts, self._style, self._around = Inline(), [], style, around
        self._plain = self._bold = 0
        self._walk(paragraph)
        self._fields.end_paragraph()
        self._made.text = "".join(self._parts)
        self._made.bold = bool(self._bold) and not self._plain
        return self._made

    def _walk(self, parent: Element) -> None:
        for child in parent:
            tag = child.tag
            if tag == f"{W}r":
                self._run(child)
            elif tag in _SEEN_THROUGH:
                self._walk(child)
            elif tag == f"{W}sdt":
                content = child.find(f"{W}sdtContent")
                if content is not None and not is_placeholder(child):
                    self._walk(content)
            elif tag == ALT:
                chosen = branch(child)
                if chosen is not None:
                    self._walk(chosen)
            elif tag in _FORMULAS and self._fields.shown and not self._hides(None):
                self._parts.append(formula(child))

    def _run(self, run: Element) -> None:
        properties = run.find(f"{W}rPr")
        style = self._styles.of(value(properties, "rStyle"))
        shown = not (
            self._hides(is_hidden(properties), style.hidden)
            or self._strikes(is_on(properties, "strike"), style.struck)
            or is_on(properties, "dstrike")
        )
        before = len(self._parts)
        self._content(run, properties, shown, _set_at(properties, style))
        added = "".join(self._parts[before:])
        letters = sum(letter.isalnum() for letter in added)
        if letters:
            bold = _first(is_on(properties, "b"), style.bold, self._style.bold)
            self._bold += letters if bold else 0
            self._plain += 0 if bold else letters
            language = self._language(properties, style, added)
            if language:
                self.languages[language] += letters

    def _hides(self, *nearest: bool | None) -> bool:
        """Whether text is hidden of which that is said by its own properties and style."""
        surroundings = (self._style, self._around, self._styles.defaults)
        return _first(*nearest, *(one.hidden for one in surroundings))

    def _strikes(self, *nearest: bool | None) -> bool:
        surroundings = (self._style, self._around, self._styles.defaults)
        return _first(*nearest, *(one.struck for one in surroundings))

    def _content(
        self, run: Element, properties: Element | None, shown: bool, set_at: _SetAt
    ) -> None:
        for child in run:
            tag = child.tag
            if tag == f"{W}fldChar":
                drawn = self._fields.mark(child)
                self._parts.append(drawn if shown else "")
            elif tag == f"{W}instrText":
                self._fields.code(child.text or "")
            elif not shown or not self._fields.shown:
                continue
            elif tag == f"{W}t":
                text = _written(child.text or "", properties)
                self._parts.append(set_at(text))
            elif tag == f"{W}sym":
                code, font = child.get(f"{W}char", ""), child.get(f"{W}font", "")
                self._parts.append(_symbol(code, font))
            elif tag in _SIGNS:
                self._parts.append(_SIGNS[tag])
            elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
                self._note(child)
            elif tag == f"{W}ruby":
                base = child.find(f"{W}rubyBase")
                self._walk(base if base is not None else ())
            elif tag in _DRAWN:
                self._made.boxes += _text_boxes(child)
            elif tag == ALT:
                chosen = branch(child)
                if chosen is not None:
                    self._content(chosen, properties, shown, set_at)

    def _note(self, reference: Element) -> None:
        kind = "footnote" if reference.tag == f"{W}footnoteReference" else "endnote"
        note_id = reference.get(f"{W}id", "")
        own_mark = reference.get(f"{W}customMarkFollows", "0").lower() in ("1", "true", "on")
        number = "" if own_mark else self._number_note(kind, note_id)
        # Brackets keep a number apart from the word or dose before it.
        self._parts.append(f"[{number}]" if number else "")
        self._made.notes.append((kind, note_id, number))

    def _language(self, properties: Element | None, style: Style, text: str) -> str | None:
        found = None if properties is None else properties.find(f"{W}lang")
        if found is None:
            return style.language or self._style.language or self._styles.language
        first = next(letter for letter in text if letter.isalnum())
        if any(low <= first <= high for low, high in _FROM_EAST_ASIA):
            return str(found.get(f"{W}eastAsia", ""))
        if is_on(properties, "rtl"):
            return str(found.get(f"{W}bidi", ""))
        return found.get(f"{W}val") or self._style.language or self._styles.language


def _set_at(properties: Element | None, style: Style) -> _SetAt:
    """What writes a run's text at its height."""
    aligned = value(properties, "vertAlign") or style.vertical
    position = value(properties, "position") or ""
    if aligned == "superscript" or (whole(position) or 0) >= _RAISED_BY:
        return raised
    below = whole(position.removeprefix("-")) or 0
    return lowered if aligned == "subscript" or below >= _RAISED_BY else str


def _first(*answers: bool | None) -> bool:
    """The first answer that says something: a run's own, its style's, its paragraph's, its
    table's, the document's."""
    return next((one for one in answers if one is not None), False)


def _written(text: str, properties: Element | None) -> str:
    """A run's text, with codes of symbol fonts turned into signs."""
    if any("\ue000" <= letter <= "\uf8ff" for letter in text):
        fonts = None if properties is None else properties.find(f"{W}rFonts")
        text = replace_private(text, "" if fonts is None else fonts.get(f"{W}ascii", ""))
    return text


def _symbol(code: str, font: str) -> str:
    try:
        return symbol(int(code, 16), font)
    except ValueError:
        return UNKNOWN


def _text_boxes(drawn: Element) -> Iterator[Element]:
    """The contents of the text boxes in a drawing, each once, and none within another."""
    for child in drawn:
        if child.tag == _TEXT_BOX:
            yield child
        elif child.tag == ALT:
            chosen = branch(child)
            if chosen is not None:
                yield from _text_boxes(chosen)
        else:
            yield from _text_boxes(child)
