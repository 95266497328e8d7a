"""The run that figures are taken from, and whether they still hold."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from qa.staff.desk import Desk
from qa.staff.file import StaffFile
from qa.staff.latest_run import measured
from qa.staff.run_book import Run, RunBook
from tests.staff.test_risk import judgement

GOLDEN = b"question,expect\n"


def test_the_newest_whole_run_is_taken_and_its_age_told(tmp_path: Path) -> None:
    golden = tmp_path / "questions.csv"
    golden.write_bytes(GOLDEN)
    assistant = SimpleNamespace(generation="g1")
    file = StaffFile(tmp_path / "staff.sqlite3")
    desk = cast("Desk", SimpleNamespace(assistant=assistant, file=file, golden=golden))
    assert measured(desk) is None
    judgements = (
        judgement("quote", 1),
        judgement("refuse", None, "held"),
        judgement("crisis", None),
    )
    run = Run("2026-11-26T10:15:00Z", 8.5, "Nora", "g1", "s", 0.44, "", True, judgements)
    run = replace(run, golden_sha256=hashlib.sha256(GOLDEN).hexdigest())
    first = RunBook(file).keep(run)
    RunBook(file).keep(replace(run, whole=False))
    found = measured(desk)
    assert found
    assert (found.run.id, len(found.others), len(found.held), found.left_out) == (first, 1, 1, 1)
    assert found.changes(desk) == ()
    # A run of a staged generation tells nothing of what patients get.
    RunBook(file).keep(replace(run, generation="staged"))
    again = measured(desk)
    assert again
    assert again.run.id == first
    assistant.generation = "g2"
    assert measured(desk) is None
    golden.unlink()
    documents, questions = found.changes(desk)
    assert "documents are live" in documents
    assert "golden questions was changed" in questions
    assert measured(desk, 77) is None
