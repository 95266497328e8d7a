"""Golden questions as a CSV file that a spreadsheet opens, and such a file read back.

Written as Excel knows it anywhere: UTF-8 with a BOM, CRLF, all cells in quotation marks, and
none of them a formula. Read as Excel saves it: commas, semicolons or tabs; UTF-8, UTF-16 or
Windows-1252.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from qa.errors import QuestionError
from qa.spreadsheet import harmless
from qa.staff.golden_text import Label

__all__ = ["COLUMNS", "Line", "Table", "read_table", "table_of"]

COLUMNS = tuple(one.name for one in fields(Label))
_NEEDED = ("question", "expect")
_LONGEST_CELL = 100_000
_MOST_LINES = 20_000
_SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""Excel's own first line, which names the sign between cells."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table."""

    number: int
    """The line on which it ends, as editors and spreadsheets without broken cells count."""
    cells: dict[str, str]
    """The columns that the table has, of those that are known."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds."""

    lines: tuple[Line, ...]
    remarks: tuple[str, ...]
    """What whoever sent the file should know of how it was read."""


def table_of(labels: Iterable[Label]) -> bytes:
    """The file, which `read_table` reads back to the same cells."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_defused(cell) for cell in label.cells().values()] for label in labels)
    return codecs.BOM_UTF8 + written.getvalue().encode()


def read_table(data: bytes) -> Table:
    """The lines of a file. Raises QuestionError, with the line, where it cannot be read."""
    text, remarks = _decoded(data)
    named = _SEPARATOR.match(text)
    skipped = 1 if named else 0
    text = text[named.end() :] if named else text
    sign = named[1] if named else _sign_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            if any(len(cell) > _LONGEST_CELL for cell in row):
                # The reader's own limit is one of the whole process, and others set it higher.
                raise csv.Error(f"a cell has more than {_LONGEST_CELL:,} characters")
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num + skipped, row))
            if len(rows) > _MOST_LINES:
                raise QuestionError(f"The file has more than {_MOST_LINES:,} lines. Part it.")
    except csv.Error as error:
        raise QuestionError(f"Line {reader.line_num + skipped} cannot be read: {error}.") from None
    if not rows:
        raise QuestionError("The file is empty.")
    header = [cell.strip().casefold() for cell in rows[0][1]]
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise QuestionError(
            f"Line {rows[0][0]}: the column \u201c{missing[0]}\u201d is missing. The first line "
            f"names the columns: {', '.join(COLUMNS)}."
        )
    twice = [name for name in COLUMNS if header.count(name) > 1]
    if twice:
        raise QuestionError(f"Line {rows[0][0]}: the column \u201c{twice[0]}\u201d is there twice.")
    unknown = [name for name in header if name and name not in COLUMNS]
    if unknown:
        remarks.append(f"Columns that are not known here were passed over: {', '.join(unknown)}.")
    return Table(tuple(Line(at, _cells(header, row)) for at, row in rows[1:]), tuple(remarks))


def _cells(header: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    there = dict(zip(header, [*row, *[""] * (len(header) - len(row))], strict=False))
    cells = {name: _undone(there[name].strip()) for name in COLUMNS if name in there}
    cells["expect"] = cells["expect"].casefold()
    return cells


def _defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; `_undone` gives it back to the letter."""
    bare = cell.lstrip("'")
    return cell if harmless(bare) == bare else f"'{cell}"


def _undone(cell: str) -> str:
    bare = cell.lstrip("'")
    return cell[1:] if cell.startswith("'") and harmless(bare) != bare else cell


def _decoded(data: bytes) -> tuple[str, list[str]]:
    """The text, and what is to be said of how it was read."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding), []
            except UnicodeDecodeError as error:
                raise QuestionError(
                    f"The file is UTF-16, but byte {error.start} is not. Save it anew."
                ) from None
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise QuestionError(
            f"Line {line}: byte {error.start} is neither UTF-8 nor Windows-1252. In Excel choose "
            "\u201cCSV UTF-8\u201d when you save the file."
        ) from None
    remark = "The file is not UTF-8 and was read as Windows-1252: look whether accents are right."
    return text, [remark]


def _sign_of(text: str) -> str:
    """The sign between the cells of the first line: comma, semicolon or tab."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    outside = re.sub(r'"[^"]*"', "", head)
    return max((",", ";", "\t"), key=outside.count)
