"""The catalogue: a table in the corpus that says what files cannot say about themselves.

`catalogue.csv` has the column `file` and any of `qa.metadata.FIELDS`, and one line a file. It may
be parted by commas or by semicolons, as spreadsheets save it.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from qa.errors import CorpusError
from qa.metadata import FIELDS, field_name, normalised

__all__ = ["CATALOGUE_FILE", "Entry", "entry_key", "read_catalogue", "unmatched"]

CATALOGUE_FILE = "catalogue.csv"
"""Its name within a corpus."""
_MISNAMED = frozenset(
    f"{stem}.{suffix}"
    for stem in ("catalogue", "catalog")
    for suffix in ("csv", "tsv", "xls", "xlsx", "ods")
)
"""What somebody may call it, or its sheet, who means the catalogue; a name in capitals too."""
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
    path = unicodedata.normalize("NFC", file.strip()).replace("\\", "/")
    return path.removeprefix("./")


def read_catalogue(folder: Path) -> dict[str, Entry]:
    """The lines of a corpus' catalogue by `entry_key`; none where it has no catalogue.

    Raises CorpusError naming file and line where something in it cannot be understood.
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
    rows = _rows(path)
    number, header = next(rows, (1, []))
    columns = _columns(header, path, number)
    found: dict[str, Entry] = {}
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        entry = _entry(columns, cells, f"{path}: line {number}", number)
        earlier = found.setdefault(entry_key(entry.file), entry)
        if earlier is not entry:
            raise CorpusError(
                f"{path}: lines {earlier.line} and {number} are both about {entry.file}. "
                "Make one line of them."
            )
    return found


def unmatched(entries: Mapping[str, Entry], ids: Iterable[str], folder: Path) -> tuple[str, ...]:
    """What to tell of lines whose file is not among the documents of these `ids`.

    Raises CorpusError for such a line that keeps text from patients, where a file of a like name
    has no line: that file would be quoted for want of a letter.
    """
    present = {entry_key(one): one for one in ids}
    unlisted = {key.casefold(): one for key, one in present.items() if key not in entries}
    told = []
    for key, entry in entries.items():
        if key in present:
            continue
        where = f"{folder / CATALOGUE_FILE}: line {entry.line}"
        [near] = get_close_matches(key.casefold(), unlisted, 1, 0.8) or [""]
        if near and _holds_back(entry):
            raise CorpusError(
                f"{where}: there is no {entry.file}, but {unlisted[near]} has no line. If it is "
                "the same file, correct the name, so that what the line says holds for it. If "
                "not, delete the line."
            )
        told.append(f"{where}: there is no document {entry.file}. Correct its name or delete it.")
    return tuple(told)


def _holds_back(entry: Entry) -> bool:
    fields = dict(entry.fields)
    return fields.get("audience") == "staff" or any(name in fields for name in _HOLDS_BACK)


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line it begins in."""
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
        raise CorpusError(
            f"{path}: line {begins}: {error}. Look for a quotation mark that is not closed."
        ) from None


def _columns(header: list[str], path: Path, number: int) -> list[str]:
    columns = [field_name(cell) for cell in header]
    named = [column for column in columns if column]
    known = ", ".join(("file", *FIELDS))
    for column, written in zip(columns, header, strict=True):
        if column and column not in ("file", *FIELDS):
            raise CorpusError(
                f"{path}: line {number}: {written.strip()!r} is no column of a catalogue. "
                f"The columns are {known}."
            )
        if column and named.count(column) > 1:
            raise CorpusError(f"{path}: line {number}: the column {column!r} is there twice.")
    if "file" not in columns:
        raise CorpusError(
            f"{path}: line {number}: the column `file` is missing. The columns are {known}."
        )
    return columns


def _entry(columns: list[str], cells: list[str], where: str, number: int) -> Entry:
    row = dict.fromkeys(columns, "")
    for at, cell in enumerate(cells):
        name = columns[at] if at < len(columns) else ""
        if name:
            row[name] = cell
        elif cell.strip():
            raise CorpusError(
                f"{where}: {cell.strip()!r} stands under no column. Put a text that holds commas "
                "or semicolons in quotation marks."
            )
    if not row["file"].strip():
        raise CorpusError(f"{where}: the file is not named.")
    made = {}
    for field in FIELDS:
        try:
            value = normalised(field, row.get(field, ""))
        except ValueError as error:
            raise CorpusError(f"{where}: {error}.") from None
        if value:
            made[field] = value
    return Entry(row["file"].strip(), number, tuple(made.items()))
