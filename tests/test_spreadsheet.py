"""CSV files that a spreadsheet opens and runs nothing of."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest

from qa.errors import StoreError
from qa.spreadsheet import csv_text, harmless, write_csv


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1", "=", "\u00a0=1",
     "=cmd|' /C calc'!A0", '=HYPERLINK("https://evil.example","x")'],
)  # fmt: skip
def test_a_formula_becomes_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "1", "a=1", "2026-11-26", "[name] - no", "'=1", "\u2013 x"])
def test_text_stays(cell: str) -> None:
    assert harmless(cell) == cell


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    rows = [["=1;=2", 'say "hi"', "a,b;c"], ["é ñ", "two\nlines", 3]]
    write_csv(path, ["one", "two", "three"], rows)
    raw = path.read_bytes()
    assert raw.startswith(b'\xef\xbb\xbf"one",')
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.reader(file))
    assert read == [
        ["one", "two", "three"], ["'=1;=2", 'say "hi"', "a,b;c"], ["é ñ", "two\nlines", "3"],
    ]  # fmt: skip
    write_csv(path, ["short"], [])
    assert path.read_text("utf-8-sig") == '"short"\n' or path.read_bytes().endswith(b'"short"\r\n')


def test_a_file_that_others_could_read_is_made_private(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.touch()
    path.chmod(0o644)
    write_csv(path, ["one"], [])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        write_csv(tmp_path / "none" / "out.csv", ["one"], [])


def test_the_same_as_text() -> None:
    assert csv_text(["one"], [["=1"], [2]]) == '\ufeff"one"\r\n"\'=1"\r\n"2"\r\n'
