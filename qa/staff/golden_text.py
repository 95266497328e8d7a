"""The text of a file of golden questions, with some of its lines written anew.

The rest of it stays to the last byte: byte order mark, line ends, quotation marks, order, blank
lines, and columns that are not known here.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields

from qa.errors import QuestionError
from qa.golden import fold
from qa.golden_cells import Record, records_of

__all__ = ["NEW_FILE", "GoldenText", "Kept", "Label", "same_question"]

_BOM = "\ufeff"
_NEED_MARKS = frozenset(',"\r\n')
_DIGEST_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Label:
    """What a golden question says, as the cells of its line have it; see `qa.golden`."""

    question: str
    expect: str
    quote: str = ""
    document: str = ""
    tags: str = ""
    note: str = ""
    spans: str = ""

    def cells(self) -> dict[str, str]:
        """Each column's text by its name."""
        return asdict(self)


_COLUMNS = tuple(one.name for one in fields(Label))
NEW_FILE = (",".join(_COLUMNS) + "\n").encode()
"""A file without questions."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A golden question as it stands in the file."""

    number: int
    """Its place among the questions, from 1."""
    line: int
    """The line on which it ends, as editors count."""
    digest: str
    """Tells whether the line is still the one that somebody saw: of its bytes, SHA-256."""
    label: Label
    others: Mapping[str, str] = field(default_factory=dict)
    """Cells of columns that are not known here, by name."""


def same_question(one: str, other: str) -> bool:
    """Whether two questions differ in capitals and white space at most."""
    return fold(one).casefold() == fold(other).casefold()


class GoldenText:
    """A file's text, and where its questions stand in it."""

    def __init__(self, data: bytes, name: str) -> None:
        """`name` is what messages call the file.

        Raises QuestionError, with the line, where it cannot be read or be written back safely.
        """
        self._name = name
        text = _decoded(data, name)
        self._bom = _BOM if text.startswith(_BOM) else ""
        self._text = text.removeprefix(_BOM)
        self._rows, lines = self._read(self._text)
        self._records = records_of(self._text)
        self._check(lines)
        self._header = self._rows[0]
        self.kept = tuple(self._kept(number, lines[number]) for number in range(1, len(self._rows)))

    def edited(
        self,
        changes: Mapping[int, Label | None],
        added: Sequence[Label] = (),
        others: Mapping[str, str] | None = None,
    ) -> bytes:
        """The file with the questions of some numbers changed (None: taken out) and others added.

        What is added has `others` in columns that are not known here.

        Raises QuestionError where the result would not read as it should.
        """
        parts, done = [], 0
        expected = [self._header]
        for number, record in enumerate(self._records[1:], 1):
            begin, end = record.cells[0][0], record.end
            label = changes.get(number)
            if number not in changes:
                expected.append(self._rows[number])
                continue
            parts.append(self._text[done:begin])
            if label is None:
                done = self._after_line_end(end)
                continue
            made, row = self._changed(number, record, label)
            parts.append(made)
            expected.append(row)
            done = end
        text = "".join([*parts, self._text[done:]])
        for label in added:
            made, row = self._added(label, others or {})
            gap = "" if not text or text[-1] in "\r\n" else self._line_end
            text += f"{gap}{made}{self._line_end}"
            expected.append(row)
        if self._read(text)[0] != expected:
            raise QuestionError(f"{self._name} could not be written safely, and was left as it is.")
        return (self._bom + text).encode()

    def _changed(self, number: int, record: Record, label: Label) -> tuple[str, list[str]]:
        """A line's new text and cells: only the cells that say something else are written."""
        wanted, old = label.cells(), self._rows[number]
        pieces: list[str] = []
        row: list[str] = []
        for place, column in enumerate(self._header):
            is_there = place < len(record.cells)
            before = old[place] if is_there else ""
            value = wanted.get(column, before)
            if value == before.strip():
                value = before
            begin, end = record.cells[place] if is_there else (0, 0)
            raw = self._text[begin:end]
            pieces.append(raw if value == before else _cell(value, raw.startswith('"')))
            row.append(value)
        return ",".join(pieces), row

    def _added(self, label: Label, others: Mapping[str, str]) -> tuple[str, list[str]]:
        values = {**others, **label.cells()}
        row = [values.get(column, "") for column in self._header]
        marked = all(self._text[begin : begin + 1] == '"' for begin, _ in self._records[0].cells)
        return ",".join(_cell(value, marked) for value in row), row

    @property
    def _line_end(self) -> str:
        end = self._records[0].end
        return self._text[end : self._after_line_end(end)] or "\n"

    def _after_line_end(self, at: int) -> int:
        return at + (2 if self._text[at : at + 2] == "\r\n" else 1)

    def _kept(self, number: int, line: int) -> Kept:
        record, row = self._records[number], self._rows[number]
        raw = self._text[record.cells[0][0] : record.end]
        digest = hashlib.sha256(raw.encode()).hexdigest()[:_DIGEST_DIGITS]
        values = dict(zip(self._header, row, strict=False))
        label = Label(**{name: values.get(name, "").strip() for name in _COLUMNS})
        others = {name: text for name, text in values.items() if name not in _COLUMNS}
        return Kept(number, line, digest, label, others)

    def _read(self, text: str) -> tuple[list[list[str]], list[int]]:
        """The rows that are not blank, and the line on which each ends."""
        reader = csv.reader(io.StringIO(text, newline=""))
        rows, lines = [], []
        try:
            for row in reader:
                if row:
                    rows.append(row)
                    lines.append(reader.line_num)
        except csv.Error as error:
            raise QuestionError(f"{self._name}: line {reader.line_num}: {error}.") from None
        return rows, lines

    def _check(self, lines: Sequence[int]) -> None:
        rows, records = self._rows, self._records
        missing = [name for name in _COLUMNS[:-1] if not rows or name not in rows[0]]
        if missing:
            raise QuestionError(f"{self._name}: line 1: the column {missing[0]!r} is missing.")
        if [len(row) for row in rows] != [len(one.cells) for one in records]:
            raise QuestionError(
                f"{self._name}: its cells cannot be told apart. Save it anew as CSV (UTF-8)."
            )
        for row, line in zip(rows, lines, strict=True):
            if len(row) > len(rows[0]):
                raise QuestionError(
                    f"{self._name}: line {line}: {row[0][:40]!r} has more cells than there are "
                    "columns. Put text with commas into quotation marks."
                )
        last = self._text[slice(*records[-1].cells[-1])]
        if last.startswith('"') and last.count('"') % 2:
            raise QuestionError(
                f"{self._name}: line {lines[-1]}: a quotation mark is not closed. Close it where "
                f"the question {rows[-1][0][:40]!r} ends."
            )


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise QuestionError(
            f"{name}: line {line}: byte {error.start} is not UTF-8. Save the file as UTF-8."
        ) from None


def _cell(value: str, marked: bool) -> str:
    """A cell's text, in quotation marks where it needs them or the old one had them."""
    if marked or _NEED_MARKS & set(value) or value != value.strip():
        doubled = value.replace('"', '""')
        return f'"{doubled}"'
    return value
