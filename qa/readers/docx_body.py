"""A Word file's body as lines and tables, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from qa.errors import CorpusError
from qa.readers.counting import counted, whole
from qa.readers.docx_looks import Look, Place
from qa.readers.docx_numbering import Numbering
from qa.readers.docx_package import ALT, W, WordFile, is_on, value
from qa.readers.docx_runs import Inline, RunReader, branch, is_placeholder
from qa.readers.docx_styles import BODY_LEVEL, Style, Styles, outline_level
from qa.readers.flow import Cell, Line, Row, Table
from qa.readers.xml import Element

__all__ = ["BodyReader"]

_P, _TABLE, _CONTROL = f"{W}p", f"{W}tbl", f"{W}sdt"
_SEEN_THROUGH = frozenset(f"{W}{name}" for name in ("ins", "moveTo", "customXml", "smartTag"))
_ROWS_WITHIN = _SEEN_THROUGH | {_CONTROL, f"{W}sdtContent"}
_ELSEWHERE = frozenset({f"{W}altChunk", f"{W}subDoc"})
_CONTENTS = frozenset({"Table of Contents", "Table of Figures"})
_NOWHERE = Style()
"""The style of no table."""
_NOTE_STYLES = {"footnote": "decimal", "endnote": "lowerRoman"}


@dataclass(slots=True)
class _Paragraph:
    """A paragraph whose mark may have been deleted, so that the next one goes on with it."""

    element: Element
    text: str
    bold: bool
    runs_on: bool
    boxes: list[Element]
    notes: list[tuple[str, str, str]] = field(default_factory=list)

    def joined(self, after: _Paragraph) -> _Paragraph:
        """This and the next one as one, which looks as the next does, unless that is empty."""
        looks = after if after.text.strip() or not self.text.strip() else self
        bold = all(one.bold for one in (self, after) if one.text.strip())
        return _Paragraph(
            looks.element,
            self.text + after.text,
            bold,
            after.runs_on,
            self.boxes + after.boxes,
            self.notes + after.notes,
        )


class BodyReader:
    """Reads the body once; what it counts (lists, notes) it counts in that order."""

    def __init__(self, file: WordFile, name: str) -> None:
        self._name = name
        self._body = file.body
        self._styles = Styles(file.styles)
        self._numbering = Numbering(file.numbering, self._styles)
        self._notes = {
            "footnote": _by_id(file.footnotes, "footnote"),
            "endnote": _by_id(file.endnotes, "endnote"),
        }
        self._note_looks = {kind: _note_look(file, kind) for kind in _NOTE_STYLES}
        self._noted: dict[str, dict[str, str]] = {"footnote": {}, "endnote": {}}
        self._runs = RunReader(self._styles, self._number_note)

    def items(self) -> list[Line | Table]:
        """The lines and tables of the whole body."""
        return self._items(self._body)

    def language(self) -> str:
        """The language most of the text is in ("en"), or "" where the file does not say."""
        tag = max(self._runs.languages, key=self._runs.languages.__getitem__, default="")
        return tag.partition("-")[0].partition("_")[0].lower()

    def _items(self, container: Element, around: Style = _NOWHERE) -> list[Line | Table]:
        """The lines and tables in a container; `around` is the style of a cell's table."""
        found: list[Line | Table] = []
        held: _Paragraph | None = None
        for element in self._flow(container):
            if element.tag == _TABLE:
                found += self._lines(held) if held else []
                held = None
                found.append(self._table(element))
                continue
            paragraph = self._paragraph(element, around)
            held = held.joined(paragraph) if held else paragraph
            if not held.runs_on:
                found += self._lines(held)
                held = None
        return found + (self._lines(held) if held else [])

    def _flow(self, container: Element) -> Iterator[Element]:
        """The paragraphs and tables in a container that the final view shows."""
        for child in container:
            tag = child.tag
            if tag in (_P, _TABLE):
                yield child
            elif tag == _CONTROL:
                content = child.find(f"{W}sdtContent")
                contents = value(child, "sdtPr/docPartObj/docPartGallery") in _CONTENTS
                if content is not None and not contents and not is_placeholder(child):
                    yield from self._flow(content)
            elif tag in _SEEN_THROUGH:
                yield from self._flow(child)
            elif tag == ALT:
                chosen = branch(child)
                yield from self._flow(chosen) if chosen is not None else ()
            elif tag in _ELSEWHERE:
                raise CorpusError(
                    f"{self._name}: part of its text stands in another file within it, which "
                    "only Word can take in. Open it in Word, save it again and build again."
                )

    def _paragraph(self, element: Element, around: Style) -> _Paragraph:
        properties = element.find(f"{W}pPr")
        style = self._styles.of_paragraph(value(properties, "pStyle"))
        read: Inline = self._runs.read(element, style, around)
        if style.contents:
            read.text, read.notes = "", []
        return _Paragraph(
            element, read.text, read.bold, _runs_on(properties), read.boxes, read.notes
        )

    def _lines(self, paragraph: _Paragraph) -> list[Line | Table]:
        """The line of a paragraph, and what its text boxes hold."""
        properties = paragraph.element.find(f"{W}pPr")
        style_id = value(properties, "pStyle")
        own = outline_level(properties)
        level = (self._styles.of_paragraph(style_id).level if own is None else own) or BODY_LEVEL
        marker = self._numbering.marker(properties, style_id)
        line = Line(
            paragraph.text,
            level=level,
            item=bool(marker) and not level,
            marker=marker or "",
            bold=paragraph.bold,
            notes=tuple(self._note(*note) for note in paragraph.notes),
        )
        boxes = [item for box in paragraph.boxes for item in self._items(box)]
        return [line, *boxes] if paragraph.text.strip() else boxes

    def _number_note(self, kind: str, note_id: str) -> str:
        if note_id not in self._notes[kind]:
            return ""
        style, start = self._note_looks[kind]
        numbers = self._noted[kind]
        return numbers.setdefault(note_id, counted(start + len(numbers), style))

    def _note(self, kind: str, note_id: str, number: str) -> tuple[Line, ...]:
        # Taken out once read, so that a note that refers to itself does not go on for ever.
        element = self._notes[kind].pop(note_id, None)
        if element is None:
            return ()
        lines = [item for item in self._items(element) if isinstance(item, Line)]
        if lines and number:
            lines[0] = replace(lines[0], text=f"[{number}] {lines[0].text.lstrip()}")
        return tuple(lines)

    def _table(self, element: Element) -> Table:
        look = Look(self._styles, element)
        found = list(self._rows(element))
        rows = [
            self._row(row, look, not number, number == len(found) - 1)
            for number, row in enumerate(found)
            if not is_on(row.find(f"{W}trPr"), "hidden")
        ]
        if len(rows) > 1 and look.first_row_is_bold:
            rows[0] = Row(rows[0].cells, head=True)
        return Table(tuple(rows))

    def _rows(self, parent: Element) -> Iterator[Element]:
        for child in parent:
            properties = child.find(f"{W}trPr")
            gone = properties is not None and properties.find(f"{W}del") is not None
            if child.tag == f"{W}tr" and not gone:
                yield child
            elif child.tag in _ROWS_WITHIN and not is_placeholder(child):
                yield from self._rows(child)

    def _row(self, row: Element, look: Look, first: bool, last: bool) -> Row:
        properties = row.find(f"{W}trPr")
        skipped = whole(value(properties, "gridBefore")) or 0
        short = bool(whole(value(properties, "gridAfter")))
        found = list(self._cells(row, False))
        cells = [Cell(columns=skipped)] if 0 < skipped < 100 else []
        for number, (cell, prompt) in enumerate(found):
            begins, ends = not (number or skipped), number == len(found) - 1 and not short
            around = look.of(Place(first, last, begins, ends))
            cells.append(self._cell(cell, prompt, around))
        return Row(tuple(cells), bool(is_on(properties, "tblHeader")))

    def _cells(self, parent: Element, prompt: bool) -> Iterator[tuple[Element, bool]]:
        """The cells of a row, and whether each only holds a `prompt`."""
        for child in parent:
            if child.tag == f"{W}tc":
                properties = child.find(f"{W}tcPr")
                if properties is None or properties.find(f"{W}cellDel") is None:
                    yield child, prompt
            elif child.tag in _ROWS_WITHIN:
                yield from self._cells(child, prompt or is_placeholder(child))

    def _cell(self, cell: Element, prompt: bool, around: Style) -> Cell:
        """A cell; one that only holds a `prompt` is empty."""
        properties = cell.find(f"{W}tcPr")
        merged = None if properties is None else properties.find(f"{W}vMerge")
        continues = merged is not None and merged.get(f"{W}val") != "restart"
        columns = min(100, whole(value(properties, "gridSpan")) or 1)
        return Cell(() if prompt else tuple(self._items(cell, around)), columns, continues)


def _runs_on(properties: Element | None) -> bool:
    """Whether the mark at a paragraph's end is deleted or hidden, or it is one large first letter.

    What Word calls style separators is hidden as well, but parts a heading from its text.
    """
    mark = None if properties is None else properties.find(f"{W}rPr")
    frame = None if properties is None else properties.find(f"{W}framePr")
    if frame is not None and frame.get(f"{W}dropCap", "none") != "none":
        return True
    if mark is None:
        return False
    deleted = mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None
    return deleted or bool(is_on(mark, "vanish") and not is_on(mark, "specVanish"))


def _by_id(root: Element | None, kind: str) -> dict[str, Element]:
    """The notes of a part; those of a type are separators that Word draws."""
    notes = root.iterfind(f"{W}{kind}") if root is not None else ()
    return {
        one.get(f"{W}id", ""): one for one in notes if one.get(f"{W}type", "normal") == "normal"
    }


def _note_look(file: WordFile, kind: str) -> tuple[str, int]:
    """How notes are numbered and from which number on."""
    last = file.body.findall(f".//{W}sectPr")
    where = [last[-1] if last else None, file.settings]
    styles = (value(one, f"{kind}Pr/numFmt") for one in where)
    starts = (whole(value(one, f"{kind}Pr/numStart")) for one in where)
    style = next((one for one in styles if one), _NOTE_STYLES[kind])
    return style, next((one for one in starts if one is not None), 1)
