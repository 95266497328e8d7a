"""Judgements and runs as they are kept."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from qa.errors import StoreError
from qa.feedback import Place
from qa.staff.file import StaffFile
from qa.staff.judgement import Judgement, Result
from qa.staff.run_book import Run, RunBook

JUDGED = Judgement(
    question="can i drive home",
    expect="quote",
    tags=("held", "plain"),
    document="leaflet.md",
    result=Result.RIGHT_FIRST,
    confidence=0.81,
    rank=1,
    shown=True,
    settled=False,
    reason="",
    places=(Place("leaflet.md", 10, 42),),
)
RUN = Run("2026-11-26T10:15:00Z", 8.5, "Nora", "20261126-a", "ab12", 0.44, "cd34", True, (JUDGED,))


def test_a_run_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    book = RunBook(StaffFile(tmp_path / "staff.sqlite3"))
    assert (book.latest(), book.find(1)) == (None, None)
    number = book.keep(RUN)
    found = book.find(number)
    assert found
    assert found.judgements == (JUDGED,)
    assert (found.who, found.whole, found.threshold) == ("Nora", True, 0.44)
    assert book.latest() == found
    assert JUDGED.held


def test_a_run_of_another_version_is_told_of(tmp_path: Path) -> None:
    file = StaffFile(tmp_path / "staff.sqlite3")
    number = RunBook(file).keep(RUN)
    with sqlite3.connect(file.path) as db:
        db.execute("""UPDATE runs SET judgements = '[{"odd": 1}]'""")
    with pytest.raises(StoreError, match=f"Run {number} in "):
        RunBook(file).find(number)


def test_the_newest_run_is_found_by_what_it_is_of(tmp_path: Path) -> None:
    book = RunBook(StaffFile(tmp_path / "staff.sqlite3"))
    first = book.keep(RUN)
    second = book.keep(replace(RUN, generation="other", parts={"model": "1"}, texts={"a": "f"}))
    third = book.keep(replace(RUN, whole=False, which="held", wanted=7, note="Two set aside."))
    assert [one.id for one in book.runs()] == [third, second, first]
    assert [one.id for one in book.runs(generation="other")] == [second]
    assert book.generations() == ["other", RUN.generation]
    latest = book.latest(), book.latest(whole=False), book.latest(before=second)
    assert [one and one.id for one in latest] == [second, third, first]
    assert book.latest(generation="nothing") is None
    part, other = book.find(third), book.find(second)
    assert part
    assert other
    assert (part.which, part.wanted, part.note) == ("held", 7, "Two set aside.")
    assert (other.parts, other.texts) == ({"model": "1"}, {"a": "f"})
    [listed, *_] = book.listed()
    assert (listed.run.id, listed.run.judgements, listed.asked, listed.good) == (third, (), 1, 1)
    assert book.remove(third)
    assert not book.remove(third)


def test_only_so_many_runs_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.staff.run_book.KEPT", 2)
    book = RunBook(StaffFile(tmp_path / "staff.sqlite3"))
    numbers = [book.keep(RUN) for _ in range(3)]
    assert [one.run.id for one in book.listed()] == numbers[:0:-1]
