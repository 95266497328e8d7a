"""One column of a CSV file written anew, and every other byte of it left as it was.

Line ends, quotation marks, order, blank lines and a BOM stay: a file that people keep in a
spreadsheet or under version control shows only what really changed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.errors import QuestionError

__all__ = ["Record", "records_of", "with_column"]

_BOM = "\ufeff"
# As Python's csv reads it: marks count at the beginning of a cell only, and after the closing one
# whatever follows belongs to the cell.
_CELL = re.compile(r'"(?:[^"]|"")*+"?+[^,\r\n]*+|[^,\r\n]*+')


@dataclass(frozen=True, slots=True)
class Record:
    """Where the cells of one record stand in the text, marks included."""

    cells: tuple[tuple[int, int], ...]

    @property
    def end(self) -> int:
        return self.cells[-1][1]


def with_column(data: bytes, column: str, values: Sequence[str | None], name: str) -> bytes:
    """The file with one cell of each record under the header set; None leaves a cell as it is.

    `values` are in the order of the records that are not blank; a column that is missing is added
    as the last one. `data` is UTF-8, `name` is what messages call the file. A value must need no
    quotation marks: no comma, mark or line end.

    Raises QuestionError where the file is not one that can be written back safely.
    """
    text = data.decode("utf-8")
    bom = _BOM if text.startswith(_BOM) else ""
    text = text.removeprefix(_BOM)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    records = records_of(text)
    rows = [row for row in rows if row]
    if [len(row) for row in rows] != [len(one.cells) for one in records]:
        raise QuestionError(f"{name}: its cells cannot be told apart. Save it anew as CSV (UTF-8).")
    if len(records) != len(values) + 1:
        raise QuestionError(f"{name} has been changed meanwhile. Run it again.")
    header = rows[0]
    too_long = next((n for n, row in enumerate(rows[1:], 1) if len(row) > len(header)), None)
    if too_long:
        raise QuestionError(
            f"{name}: record {too_long} below the header, {rows[too_long][0][:40]!r}, has more "
            "cells than there are columns. Put text with commas into quotation marks."
        )
    made = _edited(text, records, header, column, values)
    _hold_to(made, rows, column, values, name)
    return (bom + made).encode()


def _edited(
    text: str,
    records: Sequence[Record],
    header: Sequence[str],
    column: str,
    values: Sequence[str | None],
) -> str:
    added = column not in header
    place = len(header) if added else header.index(column)
    begin, _ = records[0].cells[-1 if added else place]
    mark = '"' if text[begin : begin + 1] == '"' else ""  # a file in which all cells have marks
    parts, done = [], 0
    if added:
        parts, done = [text[: records[0].end], f",{mark}{column}{mark}"], records[0].end
    for record, value in zip(records[1:], values, strict=True):
        if value is None and not added:
            continue
        cell = f"{mark}{value or ''}{mark}"
        missing = place - len(record.cells)
        if missing >= 0:  # a record that ends before the column
            parts += [text[done : record.end], "," * (missing + 1), cell]
            done = record.end
        else:
            begin, end = record.cells[place]
            parts += [text[done:begin], cell]
            done = end
    return "".join([*parts, text[done:]])


def _hold_to(
    made: str, rows: Sequence[Sequence[str]], column: str, values: Sequence[str | None], name: str
) -> None:
    """Raises QuestionError unless the new text reads as the old rows with the column's values."""
    fresh = [row for row in csv.reader(io.StringIO(made, newline="")) if row]
    unsafe = QuestionError(f"{name} could not be written safely, and was left as it is.")
    header = fresh[0]
    if len(fresh) != len(rows) or column not in header:  # a mark is never closed, perhaps
        raise unsafe
    place = header.index(column)
    for at, (old, new) in enumerate(zip(rows, fresh, strict=True)):
        before = [*old, *[""] * (len(header) - len(old))]
        after = [*new, *[""] * (len(header) - len(new))]
        value = column if at == 0 else values[at - 1]
        if value is not None:
            before[place] = value
        if before != after:
            raise unsafe


def records_of(text: str) -> list[Record]:
    """The records of a CSV text that are not blank."""
    found: list[Record] = []
    cells: list[tuple[int, int]] = []
    at = 0
    while at < len(text) or cells:
        cell = _CELL.match(text, at)
        assert cell  # noqa: S101  # it matches nothing at all, too
        cells.append(cell.span())
        at = cell.end()
        if text[at : at + 1] == ",":
            at += 1
            continue
        if cells != [(at, at)]:
            found.append(Record(tuple(cells)))
        cells = []
        at += 2 if text[at : at + 2] == "\r\n" else 1
    return found
