"""OpenDocument texts (.odt), as LibreOffice writes them: what a reader of them sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from qa.document import BlockKind
from qa.errors import CorpusError
from qa.readers.archive import Archive, open_archive
from qa.readers.counting import whole
from qa.readers.draft import Draft
from qa.readers.flow import Cell, Line, Row, Table, write_flow
from qa.readers.odt_columns import Columns, is_unseen, repeats
from qa.readers.odt_lists import Count, items_of, level_of
from qa.readers.odt_styles import TABLE, TEXT, Styles
from qa.readers.odt_text import InlineReader
from qa.readers.properties import as_front_matter, own_title
from qa.readers.xml import Element, parse_xml

__all__ = ["read_odt"]

_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE = f"{_NAMES}office:1.0}}"
_DRAW = f"{_NAMES}drawing:1.0}}"
_META = f"{_NAMES}meta:1.0}}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_MANIFEST = "META-INF/manifest.xml"
_LINES = (f"{TEXT}p", f"{TEXT}h")
_INDEXES = frozenset(
    f"{TEXT}{name}"
    for name in (
        "table-of-content",
        "alphabetical-index",
        "illustration-index",
        "object-index",
        "table-index",
        "user-index",
    )
)
"""They repeat headings and words with the numbers of pages."""
_LEFT_OUT = _INDEXES | {
    f"{TEXT}tracked-changes",
    f"{_OFFICE}forms",
    f"{_OFFICE}annotation",
    f"{_OFFICE}event-listeners",
}
_MAX_COLUMNS = 100


def read_odt(data: bytes, name: str) -> Draft:
    """Reads an OpenDocument text's bytes; `name` is what messages call the file.

    User-defined properties named as front matter, and the language, go into `meta`. Raises
    CorpusError where it is no such file, is protected with a password, damaged, or made to do harm.
    """
    archive = open_archive(data, name)
    _check_kind(archive, name)
    roots = [
        parse_xml(archive.read(part), f"{name}: {part}")
        for part in ("content.xml", "styles.xml", "meta.xml")
        if part in archive.names or part == "content.xml"
    ]
    text = roots[0].find(f"{_OFFICE}body/{_OFFICE}text")
    if text is None:
        raise CorpusError(
            f"{name}: it holds no text document. If it is a spreadsheet or slides, save its text "
            "as .odt; else open the file in LibreOffice and save it again."
        )
    styles = Styles(roots)
    try:
        builder = write_flow(list(_Body(styles).items(text)))
    except RecursionError:
        raise CorpusError(
            f"{name}: its tables, lists or frames stand in each other too deeply to be read. "
            "Write them beside each other, or take the file out."
        ) from None
    meta, title = _properties(roots, styles)
    first = next((one for one in builder.blocks if one.kind is BlockKind.HEADING), None)
    if not title and first and first.level == 1:
        title = " ".join(builder.text[first.start : first.end].split())
    return Draft(title, builder.text, tuple(builder.blocks), meta)


def _check_kind(archive: Archive, name: str) -> None:
    if "word/document.xml" in archive.names:
        raise CorpusError(f"{name}: this is a Word file. Give it a name that ends in .docx.")
    if _MANIFEST in archive.names:
        manifest = parse_xml(archive.read(_MANIFEST), f"{name}: {_MANIFEST}")
        if any(one.tag.endswith("}encryption-data") for one in manifest.iter()):
            raise CorpusError(
                f"{name}: the file is protected with a password. Open it in LibreOffice, save it "
                "under a new name with the password unticked and build again."
            )


def _properties(roots: list[Element], styles: Styles) -> tuple[tuple[tuple[str, str], ...], str]:
    """Front matter, and the title that somebody wrote."""
    defined = (one for root in roots for one in root.iter(f"{_META}user-defined"))
    meta = dict(as_front_matter((one.get(f"{_META}name", ""), one.text or "") for one in defined))
    found = {
        key: next((one.text or "" for root in roots for one in root.iter(f"{_DC}{key}")), "")
        for key in ("title", "language")
    }
    language = (found["language"] or styles.language).partition("-")[0].lower()
    if language and language != "none":
        meta.setdefault("language", language)
    return tuple(meta.items()), meta.get("title") or own_title(found["title"])


def _is_hidden(section: Element) -> bool:
    """Whether a section is not shown; of one that depends on a condition the last state is kept."""
    display = str(section.get(f"{TEXT}display", "true"))
    held = str(section.get(f"{TEXT}is-hidden")) != "false"
    return display == "none" or (display == "condition" and held)


class _Body:
    """Goes through the text once; lists and headings are counted in that order."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._inline = InlineReader(styles)
        self._headings = Count(styles.outline, bare="")
        self._counts: dict[str, Count] = {}
        """How far the lists have counted, by their ids and by the names of their styles."""

    def items(self, container: Element) -> Iterator[Line | Table]:
        """The lines and tables that are shown in a container."""
        for child in container:
            tag = child.tag
            if tag in _LINES:
                yield from self._line(child)
            elif tag == f"{TEXT}list":
                yield from self._list(child, 1, "", None)
            elif tag == f"{TABLE}table":
                yield from self._table(child)
            elif tag == f"{TEXT}section" and _is_hidden(child):
                continue
            elif tag.startswith(_DRAW):
                yield from self._drawn(child)
            elif tag not in _LEFT_OUT:
                yield from self.items(child)

    def _line(self, element: Element, marker: str | None = None) -> Iterator[Line | Table]:
        """A paragraph or heading and what is anchored in it; `marker` where a list gives it one."""
        read = self._inline.read(element)
        style = self._styles.of("paragraph", element.get(f"{TEXT}style-name"))
        if read.hidden:
            return
        level = 0
        if element.tag == f"{TEXT}h":
            level = level_of(element)
            if marker is None and element.get(f"{TEXT}is-list-header") != "true":
                restart = element.get(f"{TEXT}restart-numbering") == "true"
                start = whole(element.get(f"{TEXT}start-value")) if restart else None
                marker = self._headings.next(level, start)
        elif style.title:
            level = 1
        notes = tuple(self._note(note) for note in read.notes)
        item = marker is not None and not level
        if read.text.strip():
            yield Line(read.text, level, item, (marker or "").strip(), read.bold, notes)
        for drawn in read.drawn:
            yield from self._drawn(drawn)

    def _note(self, note: Element) -> tuple[Line, ...]:
        body, citation = note.find(f"{TEXT}note-body"), note.find(f"{TEXT}note-citation")
        items = self.items(body) if body is not None else ()
        lines = [item for item in items if isinstance(item, Line)]
        if lines and citation is not None:
            number = "".join(citation.itertext()).strip()
            lines[0] = replace(lines[0], text=f"[{number}] {lines[0].text.lstrip()}")
        return tuple(lines)

    def _drawn(self, element: Element) -> Iterator[Line | Table]:
        """The text of a frame or shape; its title and description are not shown."""
        for child in element:
            if child.tag in _LINES or child.tag in (f"{TEXT}list", f"{TABLE}table"):
                yield from self.items(element)
                return
            if child.tag.startswith(_DRAW):
                yield from self._drawn(child)

    def _list(
        self, element: Element, level: int, style: str, count: Count | None
    ) -> Iterator[Line | Table]:
        own = element.get(f"{TEXT}style-name") or style
        if count is None:
            count = self._count_of(element, own)
        for item in items_of(element):
            numbered = item.tag == f"{TEXT}list-item"
            waiting = numbered
            for child in item:
                if child.tag in _LINES:
                    start = whole(item.get(f"{TEXT}start-value")) if waiting else None
                    marker = count.next(level, start) if waiting else ""
                    waiting = False
                    yield from self._line(child, marker)
                elif child.tag == f"{TEXT}list":
                    yield from self._list(child, level + 1, own, count)
                elif child.tag not in _LEFT_OUT and child.tag != f"{TEXT}number":
                    yield from self.items([child])

    def _count_of(self, element: Element, style: str) -> Count:
        """The count that a list goes on with, or a new one."""
        before = element.get(f"{TEXT}continue-list")
        if before is None and element.get(f"{TEXT}continue-numbering") == "true":
            before = style
        count = self._counts.get(before or "") or Count(self._styles.lists.get(style))
        list_id = element.get("{http://www.w3.org/XML/1998/namespace}id")
        self._counts |= {key: count for key in (style, list_id) if key}
        return count

    def _table(self, element: Element) -> Iterator[Table]:
        if not self._styles.of("table", element.get(f"{TABLE}style-name")).hidden:
            yield Table(tuple(self._rows(element, Columns(element), head=False)))

    def _rows(self, element: Element, columns: Columns, head: bool) -> Iterator[Row]:
        for child in element:
            if is_unseen(child):
                continue
            if child.tag == f"{TABLE}table-row":
                yield Row(tuple(self._cells(child, columns)), head)
            elif child.tag.startswith(f"{TABLE}table-") and "column" not in child.tag:
                yield from self._rows(child, columns, child.tag == f"{TABLE}table-header-rows")

    def _cells(self, row: Element, columns: Columns) -> Iterator[Cell]:
        place = covered = 0
        for child in row:
            if child.tag == f"{TABLE}table-cell":
                spanned = max(1, whole(child.get(f"{TABLE}number-columns-spanned")) or 1)
                covered = spanned - 1
                # One that is there several times is read once, as merged ones are.
                count = repeats(child)
                shown = columns.shown(place, max(count, spanned))
                place += count
                if shown:
                    yield Cell(tuple(self.items(child)), min(_MAX_COLUMNS, shown))
            elif child.tag == f"{TABLE}covered-table-cell":
                # Either the cell before it covers it, or the one above.
                count = repeats(child)
                aside = min(covered, count)
                covered -= aside
                shown = columns.shown(place + aside, count - aside)
                place += count
                if shown:
                    yield Cell(columns=min(_MAX_COLUMNS, shown), continues=True)
