"""Edits of golden questions are taken back whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import QuestionError
from qa.staff.audit import AuditTrail
from qa.staff.file import StaffFile
from qa.staff.golden_book import GoldenBook, Label
from qa.staff.golden_ledger import GoldenLedger


def test_a_deleted_question_comes_back_with_columns_that_are_not_known_here(tmp_path: Path) -> None:
    path, file = tmp_path / "questions.csv", StaffFile(tmp_path / "staff.sqlite3")
    written = (
        "\ufeffquestion,owner,expect,quote,document,tags,note,spans\r\n"
        "where is parking,Ward 3,refuse,,,held,,\r\n"
        'is it far,"a ""b""",refuse,,,,,\r\n'
    ).encode()
    path.write_bytes(written)
    ledger = GoldenLedger(GoldenBook(path), file, AuditTrail(file))
    seen = ledger.book.find("is it far")
    assert seen
    done = ledger.delete("Nora", seen)
    assert b"is it far" not in path.read_bytes()
    ledger.undo("Nora", done.id)
    assert path.read_bytes() == written


def test_an_edit_that_failed_is_not_left_in_the_trail_as_done(tmp_path: Path) -> None:
    file = StaffFile(tmp_path / "staff.sqlite3")
    trail = AuditTrail(file)
    ledger = GoldenLedger(GoldenBook(tmp_path / "questions.csv"), file, trail)
    ledger.add("Nora", Label("is there parking", "refuse"))
    with pytest.raises(QuestionError, match="asks this already"):
        ledger.add("Kim", Label("Is there  parking", "refuse"))
    newest = trail.entries(1)[0]
    assert (newest.who, newest.about) == ("Kim", "Is there  parking")
    assert newest.why == "It did not come to it: nothing was changed."
