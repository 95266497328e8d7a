"""Marks that wait for a sentence."""

from __future__ import annotations

from pathlib import Path

from qa.staff.file import StaffFile
from qa.staff.open_marks import OpenMarks


def test_one_mark_a_question_until_it_is_settled(tmp_path: Path) -> None:
    marks = OpenMarks(StaffFile(tmp_path / "staff.sqlite3"))
    assert marks.all() == []
    marks.keep("May I drive?", "wrong_quote", "Nora")
    marks.keep("may i  DRIVE?", "should_answer", "Kim")
    marks.keep("May I swim?", "wrong_quote", "Nora")
    assert [(one.question, one.verdict, one.who) for one in marks.all()] == [
        ("may i  DRIVE?", "should_answer", "Kim"),
        ("May I swim?", "wrong_quote", "Nora"),
    ]
    assert marks.settle("May I Drive?")
    assert not marks.settle("May I drive?")
    assert len(marks.all()) == 1
