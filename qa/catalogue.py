"""The catalogue: a table in the corpus that says what files cannot say about themselves.

`catalogue.csv` has the column `file` and any of `qa.metadata.FIELDS`, and one line a file. It may
be parted by commas or by semicolons, as spreadsheets save it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from qa.errors import CatalogueError, CorpusError
from qa.metadata import FIELDS, field_name, normalised
from qa.unicode_forms import normal_form

__all__ = ["CATALOGUE_FILE", "Entry", "entry_key", "read_catalogue", "unmatched"]

CATALOGUE_FILE = "catalogue.csv"
"""Its name within a corpus."""
_MISNAMED = frozenset(
    f"{stem}.{suffix}"
    for stem in ("catalogue", "catalog")
    for suffix in ("csv", "tsv", "xls", "xlsx", "ods")
)
"""What somebody may call it, or its sheet, who means the catalogue; a name in capitals too."""
_UNKNOWN = "?"
"""Stands for a column that cannot be used, and is no field's name."""
_HOLDS_BACK = ("no_quote", "review_by", "effective")
"""Fields that keep text from patients, besides the audience `staff`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the catalogue."""

    file: str
    """As it is written there."""
    line: int
    """Counted from 1; the first of several lines."""
    fields: tuple[tuple[str, str], ...]
    """Names and checked values of what it says, in the order of `FIELDS`."""


def entry_key(file: str) -> str:
    """What a file is looked up by: its path in the corpus, however the catalogue writes it."""
    path = normal_form("NFC", file.strip()).replace("\\", "/")
    return path.removeprefix("./")


def read_catalogue(folder: Path) -> dict[str, Entry]:
    """The lines of a corpus' catalogue by `entry_key`; none where it has no catalogue.

    Raises CorpusError where there is no reading it at all, and CatalogueError with every line that
    cannot be understood.
    """
    path = folder / CATALOGUE_FILE
    for other in sorted(folder.iterdir()):
        if other.name.lower() in _MISNAMED and other.name != CATALOGUE_FILE:
            raise CorpusError(
                f"{other} is not read as the catalogue of these documents. Save it as CSV (UTF-8) "
                f"under the name {CATALOGUE_FILE}, or call it something else."
            )
    if not path.is_file():
        return {}
    problems: list[str] = []
    found: dict[str, Entry] = {}
    try:
        _read_rows(path, found, problems)
    except csv.Error as error:
        problems.append(str(error))
    if problems:
        raise CatalogueError(str(path), problems)
    return found


def _read_rows(path: Path, found: dict[str, Entry], problems: list[str]) -> None:
    """Adds the entries and the mistakes; csv.Error says where the rest is no table."""
    rows = _rows(path)
    number, header = next(rows, (1, []))
    columns = _columns(header, f"{path}: line {number}", problems)
    if "file" not in columns:
        return
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        entry = _entry(columns, cells, f"{path}: line {number}", number, problems)
        earlier = found.setdefault(entry_key(entry.file), entry) if entry.file else entry
        if earlier is not entry:
            problems.append(
                f"{path}: lines {earlier.line} and {number} are both about {entry.file}. "
                "Make one line of them."
            )


def unmatched(entries: Mapping[str, Entry], ids: Iterable[str], folder: Path) -> tuple[str, ...]:
    """What to tell of lines whose file is not among the documents of these `ids`.

    Raises CatalogueError with each such line that keeps text from patients, where a file of a like
    name has no line: that file would be quoted for want of a letter.
    """
    present = {entry_key(one): one for one in ids}
    unlisted = {key.casefold(): one for key, one in present.items() if key not in entries}
    told: list[str] = []
    problems: list[str] = []
    for key, entry in entries.items():
        if key in present:
            continue
        where = f"{folder / CATALOGUE_FILE}: line {entry.line}"
        [near] = get_close_matches(key.casefold(), unlisted, 1, 0.8) or [""]
        if near and _holds_back(entry):
            problems.append(
                f"{where}: there is no {entry.file}, but {unlisted[near]} has no line. If it is "
                "the same file, correct the name, so that what the line says holds for it. If "
                "not, delete the line."
            )
        told.append(f"{where}: there is no document {entry.file}. Correct its name or delete it.")
    if problems:
        raise CatalogueError(str(folder / CATALOGUE_FILE), problems)
    return tuple(told)


def _holds_back(entry: Entry) -> bool:
    fields = dict(entry.fields)
    return fields.get("audience") == "staff" or any(name in fields for name in _HOLDS_BACK)


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line it begins in.

    Raises CorpusError where the file cannot be read, csv.Error naming file and line where it is no
    table from some line on.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CorpusError(f"{path}: {error.strerror}. Make the file readable.") from None
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{path}: byte {error.start} is not UTF-8. Save it as UTF-8; spreadsheets call that "
            "“CSV UTF-8”."
        ) from None
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise csv.Error(
            f"{path}: line {begins}: {error}. Look for a quotation mark that is not closed."
        ) from None


def _columns(header: list[str], where: str, problems: list[str]) -> list[str]:
    """The columns' names; those that cannot be used are empty, and added to the problems."""
    columns: list[str] = []
    known = ", ".join(("file", *FIELDS))
    for written in header:
        column = field_name(written)
        if column and column not in ("file", *FIELDS):
            problems.append(
                f"{where}: {written.strip()!r} is no column of a catalogue. "
                f"The columns are {known}."
            )
            column = _UNKNOWN
        elif column and column in columns:
            problems.append(f"{where}: the column {column!r} is there twice. Delete one of them.")
            column = _UNKNOWN
        columns.append(column)
    if "file" not in columns:
        problems.append(f"{where}: the column `file` is missing. The columns are {known}.")
    return columns


def _entry(
    columns: list[str], cells: list[str], where: str, number: int, problems: list[str]
) -> Entry:
    """A line's entry; what is wrong in it is left out, and added to the problems."""
    row = dict.fromkeys(columns, "")
    for at, cell in enumerate(cells):
        name = columns[at] if at < len(columns) else ""
        if name:
            row[name] = cell
        elif cell.strip():
            problems.append(
                f"{where}: {cell.strip()!r} stands under no column. Put a text that holds commas "
                "or semicolons in quotation marks."
            )
    if not row["file"].strip():
        problems.append(f"{where}: the file is not named. Write its name, or delete the line.")
    made = {}
    for field in FIELDS:
        try:
            value = normalised(field, row.get(field, ""))
        except ValueError as error:
            problems.append(f"{where}: {error}.")
            continue
        if value:
            made[field] = value
    return Entry(row["file"].strip(), number, tuple(made.items()))
