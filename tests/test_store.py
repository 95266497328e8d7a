"""The file of feedback and questions: real SQLite files, and what happens when one is unusable."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest

from qa import store as store_module
from qa.errors import StoreError
from qa.store import Store
from tests.conftest import ROOT

WORD = "zebrafinch"
EMPTY = {"kind": "answer", "reason": "", "places": "[]", "generation": "g"}
FEEDBACK = {
    **EMPTY, "verdict": "helped", "note": "", "refusal": "", "question": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test is on one day, even if it begins a moment before midnight."""
    day = store_module.today()
    monkeypatch.setattr(store_module, "today", lambda: day)


def today() -> date:
    return store_module.today()


def question(text: str, **more: str) -> dict[str, str]:
    return EMPTY | {"question": text} | more


def days_ago(days: int) -> str:
    return (today() - timedelta(days=days)).isoformat()


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "records.sqlite3", keep_days=30)


def test_reading_makes_no_file(store: Store) -> None:
    assert store.rows("questions") == []
    assert store.count("feedback") == (0, "")
    store.expire()
    assert store.purge(everything=True) == {"questions": 0, "feedback": 0}
    assert not store.path.exists()


def test_what_is_kept_comes_back_with_its_day_and_nothing_else(store: Store) -> None:
    store.add("questions", question("what?"))
    assert store.rows("questions") == [{"day": today().isoformat(), **question("what?")}]
    assert store.count("questions") == (1, today().isoformat())
    assert store.count("feedback") == (0, "")


def test_only_its_owner_may_read_it_and_nothing_is_left_beside_it(store: Store) -> None:
    old = os.umask(0)
    try:
        store.add("questions", question("what?"))
    finally:
        os.umask(old)
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert [path.name for path in store.path.parent.iterdir()] == ["records.sqlite3"]


def test_a_file_that_others_could_read_is_made_private(store: Store) -> None:
    store.path.touch()
    store.path.chmod(0o644)
    store.add("questions", question("what?"))
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_the_rows_of_a_day_have_no_order(store: Store) -> None:
    for number in range(40):
        store.add("questions", question(str(number)))
    asked = [int(row["question"]) for row in store.rows("questions")]
    assert sorted(asked) == list(range(40))
    assert asked != sorted(asked)  # by chance once in 40! times


@pytest.mark.parametrize("everything", [True, False])
def test_what_is_purged_is_nowhere_in_the_folder(store: Store, everything: bool) -> None:
    day = today().isoformat() if everything else days_ago(30)
    for number in range(60):
        store.add("questions", question(f"{WORD} {number} " * 90, day=today().isoformat()))
        store.add("feedback", FEEDBACK | {"question": WORD, "day": today().isoformat()})
    with sqlite3.connect(store.path) as db:
        db.execute("UPDATE questions SET day = ?", (day,))
        db.execute("UPDATE feedback SET day = ?", (day,))
    db.close()
    assert WORD.encode() in everything_in(store.path.parent)
    size = store.path.stat().st_size
    done = store.purge(everything=everything)
    assert done == {"questions": 60, "feedback": 60 if everything else 0}
    assert WORD.encode() not in everything_in(store.path.parent)
    assert store.path.stat().st_size < size
    assert store.count("feedback")[0] == (0 if everything else 60)


def test_feedback_of_that_age_goes_where_it_is_asked_for(store: Store) -> None:
    store.add("feedback", FEEDBACK | {"day": days_ago(30)})
    store.add("feedback", FEEDBACK | {"day": days_ago(29)})
    assert store.purge()["feedback"] == 0
    assert store.purge(feedback=True)["feedback"] == 1
    assert store.count("feedback") == (1, days_ago(29))


def test_what_is_too_old_goes_at_opening_without_a_trace(store: Store) -> None:
    store.add("questions", question(WORD, day=days_ago(30)))
    store.add("questions", question("newer", day=days_ago(29)))
    Store(store.path, keep_days=30).expire()
    assert [row["question"] for row in store.rows("questions")] == ["newer"]
    assert WORD.encode() not in everything_in(store.path.parent)


def test_the_first_row_of_a_day_takes_out_what_is_too_old(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add("questions", question(WORD))
    store.add("feedback", FEEDBACK | {"question": WORD})
    then = today() + timedelta(days=30)
    monkeypatch.setattr(store_module, "today", lambda: then)
    store.add("feedback", FEEDBACK)
    assert store.count("questions") == (0, "")
    assert [row["question"] for row in store.rows("feedback")] == ["", ""]
    assert WORD.encode() not in everything_in(store.path.parent)


def test_what_is_too_old_is_neither_read_nor_counted_and_goes_when_it_is_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add("questions", question(WORD))
    store.add("feedback", FEEDBACK | {"question": WORD})
    then = today() + timedelta(days=200)
    monkeypatch.setattr(store_module, "today", lambda: then)
    assert store.count("questions") == (0, "")
    assert store.rows("questions") == []
    assert [row["question"] for row in store.rows("feedback")] == [""]
    assert WORD.encode() not in everything_in(store.path.parent)


def test_what_is_too_old_is_not_read_from_a_file_that_cannot_be_written(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add("questions", question(WORD))
    store.add("feedback", FEEDBACK | {"question": WORD})
    then = today() + timedelta(days=30)
    monkeypatch.setattr(store_module, "today", lambda: then)
    reader = Store(store.path, keep_days=30, wait_s=0.05)
    holder = sqlite3.connect(store.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")  # others may read, and none may write
    try:
        assert reader.count("questions") == (0, "")
        assert reader.rows("questions") == []
        assert [row["question"] for row in reader.rows("feedback")] == [""]
        assert reader.count("feedback")[0] == 1
    finally:
        holder.close()


def test_a_file_in_another_journal_mode_is_put_right(store: Store) -> None:
    store.add("questions", question(WORD))
    with sqlite3.connect(store.path) as db:
        assert db.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    db.close()
    store.add("questions", question("next"))
    store.purge(everything=True)
    assert [path.name for path in store.path.parent.iterdir()] == ["records.sqlite3"]
    assert WORD.encode() not in store.path.read_bytes()


def test_a_day_takes_so_many_rows_and_no_more(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "MOST_A_DAY", 3)
    for _ in range(3):
        store.add("feedback", FEEDBACK)
    with pytest.raises(StoreError, match="takes no more"):
        store.add("feedback", FEEDBACK)
    store.add("questions", question("another table"))
    assert store.count("feedback")[0] == 3


def test_threads_write_at_once(store: Store) -> None:
    patient = Store(store.path, keep_days=30, wait_s=120)
    threads = [
        threading.Thread(
            target=lambda: [patient.add("feedback", FEEDBACK) for _ in range(10)], daemon=True
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    assert patient.count("feedback")[0] == 80


WRITER = """
import sys
from pathlib import Path
from qa.store import Store
store = Store(Path(sys.argv[1]), keep_days=30, wait_s=120)
for number in range(40):
    store.add("questions", {"kind": "", "reason": "", "places": "[]", "generation": "",
                            "question": f"{sys.argv[2]} {number}"})
"""


def test_two_processes_begin_the_file_and_write_at_once(store: Store) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, store.path, name], env=environment)
        for name in ("one", "two")
    ]
    assert [writer.wait(300) for writer in writers] == [0, 0]
    asked = {row["question"] for row in store.rows("questions")}
    assert asked == {f"{name} {number}" for name in ("one", "two") for number in range(40)}


def unusable(store: Store) -> str:
    """What is said where a row cannot be kept; never the row."""
    with pytest.raises(StoreError) as caught:
        store.add("questions", question(WORD))
    assert str(store.path) in str(caught.value)
    assert WORD not in str(caught.value)
    assert caught.value.__cause__ is None
    return str(caught.value)


def test_a_locked_file(store: Store) -> None:
    store.add("questions", question("before"))
    quick = Store(store.path, keep_days=30, wait_s=0.05)
    holder = sqlite3.connect(store.path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        assert "locked" in unusable(quick)
    finally:
        holder.close()
    quick.add("questions", question("after"))


def test_a_damaged_file(store: Store) -> None:
    store.add("questions", question("x" * 9_000))
    whole = store.path.read_bytes()
    store.path.write_bytes(whole[:100] + b"\xff" * 4_000 + whole[4_100:])
    assert "damaged" in unusable(store)
    store.path.write_bytes(b"no database at all" * 100)
    assert "no SQLite database" in unusable(store)
    for reading in (store.rows, store.count):
        with pytest.raises(StoreError, match="no SQLite database"):
            reading("questions")


def test_a_damaged_file_of_which_sqlite_speaks_in_no_utf8(store: Store) -> None:
    store.add("questions", question("x"))
    whole = store.path.read_bytes()
    store.path.write_bytes(whole.replace(b"CREATE TABLE feedback", b"CREATE TABL\xef feedback"))
    assert "damaged" in unusable(store)


def test_a_folder_in_its_place_and_no_folder_for_it(tmp_path: Path) -> None:
    assert "directory" in unusable(Store(tmp_path, keep_days=30))
    assert "No such file" in unusable(Store(tmp_path / "none" / "records", keep_days=30))


def test_a_file_of_another_version_or_program(store: Store) -> None:
    store.add("questions", question("before"))
    with sqlite3.connect(store.path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    assert "another version of Quotewell (schema 99, this one knows 1)" in unusable(store)
    store.path.unlink()
    with sqlite3.connect(store.path) as db:
        db.execute("CREATE TABLE songs (title)")
    db.close()
    assert "another program" in unusable(store)
    with sqlite3.connect(store.path) as db:
        assert db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)
    db.close()


LIMITED = """
import resource, signal, sys
from pathlib import Path
from qa.errors import StoreError
from qa.store import Store
resource.setrlimit(resource.RLIMIT_FSIZE, (32_768, 32_768))
store = Store(Path(sys.argv[1]), keep_days=30)
row = {"kind": "", "reason": "", "places": "[]", "generation": "", "question": "zebrafinch " * 500}
try:
    for kept in range(100):
        store.add("questions", row)
except StoreError as error:
    print(kept, error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
def test_a_file_that_cannot_grow_keeps_what_it_had(store: Store) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, store.path],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    kept, said = done.stdout.split(" ", 1)
    assert str(store.path) in said
    assert WORD not in said + done.stderr
    assert 0 < int(kept) == store.count("questions")[0]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such rights")
def test_a_file_that_may_not_be_written(store: Store) -> None:
    store.add("questions", question("before"))
    store.path.chmod(0o400)
    as_somebody = "import os; os.geteuid() or os.setuid(65534)"  # rights do not bind root
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, (32_768, 32_768))"
    assert limit in LIMITED
    done = subprocess.run(
        [sys.executable, "-c", LIMITED.replace(limit, as_somebody), store.path],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("0 ")
    assert "Permission denied" in done.stdout
    assert store.count("questions")[0] == 1
