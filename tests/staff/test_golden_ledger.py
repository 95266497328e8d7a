"""Edits of golden questions are taken back whole."""

from __future__ import annotations

from pathlib import Path

from qa.staff.audit import AuditTrail
from qa.staff.file import StaffFile
from qa.staff.golden_book import GoldenBook
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
