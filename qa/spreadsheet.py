"""Rows as a CSV file that a spreadsheet opens as it is, and in which no cell is a formula."""

from __future__ import annotations

import csv
import io
import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

from qa.errors import StoreError

__all__ = ["csv_text", "harmless", "write_csv"]

_FORMULA_BEGINS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")


def harmless(cell: str) -> str:
    """A cell that is text to a spreadsheet: one that could be a formula gets a `'` before it.

    See OWASP, "CSV Injection". Blanks in front do not count, since some programs take them off.
    """
    starts = cell.startswith(_FORMULA_BEGINS) or cell.lstrip().startswith(_FORMULA_BEGINS)
    return f"'{cell}" if starts else cell


def csv_text(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The text of such a file: a line of names and the rows, with a BOM in front."""
    made = io.StringIO(newline="")
    # All in quotation marks: some programs part cells at semicolons, too.
    writer = csv.writer(made, quoting=csv.QUOTE_ALL)
    writer.writerow(names)
    writer.writerows([harmless(str(cell)) for cell in row] for row in rows)
    return f"\ufeff{made.getvalue()}"


def write_csv(path: Path, names: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Writes a file that only its owner may read; with a BOM, by which Excel tells UTF-8.

    A file that is there already loses its contents, and the rights that others had to it.
    Raises StoreError where it cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            if os.name == "posix" and stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.fchmod(descriptor, 0o600)  # the mode above is for a new file only
            file.write(csv_text(names, rows))
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}. Take another.") from None
