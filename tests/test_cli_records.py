"""`qa purge`, `qa feedback`, `qa questions`, and what `qa status` says of what is kept."""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from qa.cli_records import status_rows
from qa.feedback import Feedback, Place, Verdict
from qa.question_log import QuestionLog
from qa.store import Store, today
from tests.warm_cli import WarmCli
from tests.web.stand_in import CARE_DOCUMENT, StandIn, book_of

WORD = "zebrafinch"
Qa = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def qa(tmp_path: Path, warm_cli: WarmCli) -> Qa:
    (tmp_path / "qa.toml").write_text("[privacy]\nlog_questions = true\nkeep_days = 10", "utf-8")
    return lambda *args: warm_cli.run(*args, cwd=tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "records.sqlite3", keep_days=10)


def fill(store: Store) -> None:
    log = QuestionLog(store, str)
    log.keep(StandIn().ask(f"{WORD} side effects"))
    log.keep(StandIn().ask(f"old {WORD}"))
    with sqlite3.connect(store.path) as db:
        old = (today() - timedelta(days=10)).isoformat()
        db.execute("UPDATE questions SET day = ? WHERE question LIKE 'old%'", (old,))
    db.close()
    book = book_of(store, str, with_questions=True)
    place = (Place(CARE_DOCUMENT.id, 1, 20),)
    note = f"=HYPERLINK(1) [name] {WORD}"
    book.keep(Feedback(Verdict.WAS_WRONG, "out_of_date", note, "answer", places=place))
    book.keep(Feedback(Verdict.HELPED, kind="answer", question=WORD))


def test_where_nothing_is_kept(qa: Qa, store: Store) -> None:
    assert qa("purge").stdout == f"Nothing is kept: there is no {store.path}.\n"
    assert qa("feedback").stdout.startswith("Feedback: 0 (helped 0, did not help 0, was wrong 0).")
    assert qa("questions").stdout == (
        "Questions are logged and kept for 10 days. Kept now: 0.\n"
    )  # fmt: skip
    assert not store.path.exists()


def test_purging_by_age_and_altogether(qa: Qa, store: Store) -> None:
    fill(store)
    done = qa("purge")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Deleted 1 questions and 0 rows of feedback.\n")
    assert done.stdout.endswith(": 1 and 2.\n")
    assert f"old {WORD}".encode() not in store.path.read_bytes()
    assert "Deleted 0 questions and 0 rows" in qa("purge", "--feedback").stdout
    assert "Deleted 1 questions and 2 rows" in qa("purge", "--all").stdout
    assert [path.name for path in store.path.parent.glob("rec*")] == ["records.sqlite3"]
    assert WORD.encode() not in store.path.read_bytes()


def test_feedback_for_people_and_programs(qa: Qa, store: Store, tmp_path: Path) -> None:
    begun = today()
    fill(store)
    shown = qa("feedback").stdout
    assert shown.startswith("Feedback: 2 (helped 1, did not help 0, was wrong 1).\n")
    assert "[name]" in shown
    assert "care.md:1-20" in shown
    made = json.loads(qa("feedback", "--json").stdout)
    assert made["totals"] == {"helped": 1, "did_not_help": 0, "was_wrong": 1}
    [wrong] = [one for one in made["feedback"] if one["verdict"] == "was_wrong"]
    assert wrong["day"] in {begun.isoformat(), today().isoformat()}
    assert wrong["places"] == [[CARE_DOCUMENT.id, 1, 20]]
    assert "2 rows are in out.csv" in qa("feedback", "--csv", "out.csv").stdout
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["note"] for row in rows} == {"", f"'=HYPERLINK(1) [name] {WORD}"}
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_questions_for_people_and_spreadsheets(qa: Qa, store: Store, tmp_path: Path) -> None:
    fill(store)
    shown = qa("questions").stdout
    assert "Kept now: 1." in shown  # the other is too old
    assert f"{WORD} side effects" in shown
    assert qa("questions", "--csv", "out.csv").stdout.endswith("1 rows are in out.csv.\n")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["question"] for row in rows} == {f"{WORD} side effects"}
    assert {row["kind"] for row in rows} == {"answer"}


def test_a_file_that_cannot_be_used_is_explained(qa: Qa, store: Store) -> None:
    store.path.write_bytes(b"no database" * 100)
    for command in ("purge", "feedback", "questions"):
        done = qa(command)
        assert done.returncode == 2
        assert "no SQLite database" in done.stderr
        assert "Traceback" not in done.stderr


def test_what_the_status_says(store: Store) -> None:
    assert status_rows(store, False, True) == {
        "Questions logged": "no, none kept", "Feedback taken": "yes, none kept",
    }  # fmt: skip
    begun = today()
    fill(store)
    told = status_rows(store, True, False)
    assert told in [
        {
            "Questions logged": f"yes (for 10 days), 1 kept since {day.isoformat()}",
            "Feedback taken": f"no, 2 kept since {day.isoformat()}",
        }
        for day in (begun, today())
    ]
    store.path.write_bytes(b"no database" * 100)
    assert "no SQLite database" in status_rows(store, True, True)["Questions logged"]
