"""What fuzzing found once does not come back: the inputs of tests/data/fuzz, each read again.

In its index, `times` is how often what stands between double braces is repeated. Chapters of books
are put into one.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from tests.fuzz.reading import check_reading, outcome_of
from tests.fuzz.samples import BOOK
from tests.fuzz.strategies import packed

_FOLDER = Path(__file__).resolve().parents[1] / "data/fuzz"
with (_FOLDER / "index.csv").open(newline="", encoding="utf-8") as _table:
    _FOUND = list(csv.DictReader(_table))
_AGAIN = re.compile(rb"\{\{(.*?)\}\}", re.DOTALL)
_STYLES = b"a { display: none } " * 2_000


def _input(row: dict[str, str]) -> bytes:
    data = (_FOLDER / row["file"]).read_bytes()
    data = _AGAIN.sub(lambda part: part[1] * int(row["times"]), data)
    if row["read_as"].endswith(".epub"):
        return packed({**BOOK, "O/b.css": _STYLES, "O/one.xhtml": data})
    return data


@pytest.mark.parametrize("row", _FOUND, ids=[row["file"] for row in _FOUND])
def test_what_was_found_is_mended(row: dict[str, str]) -> None:
    outcome = check_reading(row["read_as"], _input(row))
    assert outcome.kind == row["expect"], outcome.told
    assert outcome.seconds < 6, "slow again, by far: each takes less than 2 s of a processor"


def test_each_input_is_in_the_index() -> None:
    there = {path.name for path in _FOLDER.iterdir()} - {"index.csv"}
    assert there == {row["file"] for row in _FOUND}


@pytest.mark.slow
def test_a_crash_and_a_write_would_be_told() -> None:
    """The process that reads may not write, and its death is an error of the test."""
    with pytest.raises(AssertionError, match="died"):
        outcome_of("kill", b"")
    assert "for writing" in outcome_of("write", b"").told
    assert "socket" in outcome_of("fetch", b"").told
    assert outcome_of("a.md", b"# A\n\nText.\n").kind == "document"
