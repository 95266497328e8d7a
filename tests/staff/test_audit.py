"""The audit trail: found again by who and what, page by page, and never altered."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from qa.errors import StoreError
from qa.staff.audit import AuditTrail
from qa.staff.file import StaffFile


@pytest.fixture
def file(tmp_path: Path) -> StaffFile:
    return StaffFile(tmp_path / "staff.sqlite3")


@pytest.fixture
def audit(file: StaffFile) -> AuditTrail:
    audit = AuditTrail(file)
    for number in range(6):
        audit.note(f"P{number % 2}", "marked" if number % 3 else "published", f"q{number}")
    return audit


def test_newest_first_and_page_by_page(audit: AuditTrail) -> None:
    first = audit.entries(4)
    assert [one.about for one in first] == ["q5", "q4", "q3", "q2"]
    assert [one.about for one in audit.entries(4, before=first[-1].number)] == ["q1", "q0"]
    assert audit.entries(4, before=2**80) == first


def test_by_who_and_what(audit: AuditTrail) -> None:
    assert [one.about for one in audit.entries(who="P0")] == ["q4", "q2", "q0"]
    assert [one.about for one in audit.entries(what="published")] == ["q3", "q0"]
    assert [one.about for one in audit.entries(who="P0", what="published")] == ["q0"]
    assert audit.entries(who="' OR ''='") == []
    assert audit.choices() == (["P0", "P1"], ["marked", "published"])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET who = 'nobody'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit VALUES (1, '', 'nobody', '', '', '')",
    ],
)
def test_lines_are_only_ever_added(audit: AuditTrail, file: StaffFile, statement: str) -> None:
    before = audit.entries()
    with pytest.raises(StoreError, match="only ever added"), file.writing(()) as db:
        db.execute(statement)
    other = sqlite3.connect(file.path)
    with pytest.raises(sqlite3.IntegrityError):
        other.execute(statement)
    other.close()
    assert audit.entries() == before
