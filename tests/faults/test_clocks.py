"""A clock that jumps: generations keep their order, records their days, documents their terms."""

from __future__ import annotations

import ctypes.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.history import read_history
from qa.index import build
from qa.publishing import generations, live_generation, waiting
from tests.conftest import ROOT, MakeCorpus, need
from tests.faults.commands import check_index, environment, run_qa
from tests.faults.patients import Patients, texts_of
from tests.web.real_server import RealServer
from tests.word_hash import WordHashEmbedder

LIBRARY = "faketime/libfaketime.so.1"


@pytest.fixture(scope="module")
def library() -> str:
    """What stands between a program and its clock, if this machine has it."""
    for folder in sorted(Path("/usr/lib").glob("*-linux-gnu*")):
        if (folder / LIBRARY).is_file():
            return str(folder / LIBRARY)
    if found := ctypes.util.find_library("faketime"):
        return found
    need("libfaketime", "Install Debian's package faketime.")
    raise AssertionError


def at(library: str, when: str, **more: str) -> dict[str, str]:
    """Variables by which a program's clock says `when`: "-1h" or "@2028-02-29 12:00:00"."""
    # The steady clock goes on by itself, as where somebody sets the other one.
    return environment(LD_PRELOAD=library, FAKETIME=when, FAKETIME_DONT_FAKE_MONOTONIC="1", **more)


HISTORY = """
import sys
from pathlib import Path
from qa.history import Event, Signature, append
append(Path(sys.argv[1]), Event.now("built", sys.argv[2], Signature("Ana Ruiz")))
"""
DAYS = """
import json, sys
from pathlib import Path
from qa.store import Store
store = Store(Path(sys.argv[1]), keep_days=30)
if len(sys.argv) > 2:
    row = {"question": sys.argv[2], "kind": "answer", "reason": "", "places": "[]"}
    store.add("questions", row | {"generation": "g"})
print(json.dumps([[one["day"], one["question"]] for one in store.rows("questions")]))
"""


def python(text: str, *args: object, env: dict[str, str]) -> str:
    command = [sys.executable, "-c", text, *map(str, args)]
    return subprocess.run(
        command, env=env, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


def test_the_history_keeps_the_order_in_which_things_were_done(
    tmp_path: Path, library: str
) -> None:
    for name, when in (("first", "+1d"), ("second", "-1h"), ("third", "@2028-02-29 23:59:59")):
        python(HISTORY, tmp_path, name, env=at(library, when))
    events = read_history(tmp_path).events
    assert [one.generation for one in events] == ["first", "second", "third"]
    assert events[2].at.startswith("2028-02-29")


def test_questions_are_kept_by_the_day_and_no_jump_brings_one_back(
    tmp_path: Path, library: str
) -> None:
    """In whatever time zone the machine is: days are those of UTC."""
    path = tmp_path / "records.sqlite3"
    west = at(library, "@2028-02-29 20:00:00", TZ="Etc/GMT+8")  # which is the next day in UTC
    assert json.loads(python(DAYS, path, "one", env=west)) == [["2028-03-01", "one"]]
    back = at(library, "@2028-02-29 11:00:00", TZ="UTC")
    assert len(json.loads(python(DAYS, path, "two", env=back))) == 2
    year = at(library, "@2029-03-01 12:00:00", TZ="UTC")
    assert json.loads(python(DAYS, path, env=year)) == []
    assert json.loads(python(DAYS, path, env=back)) == [], "what was deleted stays so"


BUILD = """
import sys
from pathlib import Path
from qa.index import build
from tests.word_hash import WordHashEmbedder
build(Path(sys.argv[1]), Path(sys.argv[2]), WordHashEmbedder(), stage=True, anew=True)
"""


def test_what_is_built_after_the_clock_was_put_back_is_newer(
    corpus_folder: MakeCorpus, tmp_path: Path, library: str
) -> None:
    corpus, index = corpus_folder({"a.md": "# A\n\nBring a list.\n"}), tmp_path / "index"
    build(corpus, index, WordHashEmbedder())
    python(BUILD, corpus, index, env=at(library, "-1h"))
    newest, live = generations(index)
    assert live == live_generation(index)
    assert waiting(index) == [newest], "by its name it would be older, and never published"


@pytest.mark.nightly
def test_builds_while_the_clock_jumps(clinic: Path, library: str) -> None:
    """An hour or a year back: another name all the same, and what was built last is live."""
    index = clinic / "index"
    named = [live_generation(index)]
    for when in ("+1d", "-1h", "-1y", "@2028-02-29 12:00:00", "-1d"):
        (clinic / "corpus" / "more.md").write_text(f"# More\n\nBring {len(named)}.\n", "utf-8")
        done = run_qa(clinic, "build", env=at(library, when, QA_KEEP_GENERATIONS="9"))
        assert done.returncode == 0, done.stderr
        named.append(check_index(index))
    assert len(set(named)) == 6
    assert generations(index) == named[::-1], "in the order in which they were built"
    for one in named[-2::-1]:
        back = run_qa(clinic, "rollback", "--by", "Ana Ruiz", "--why", "a trial")
        assert back.returncode == 0, back.stderr
        assert live_generation(index) == one


@pytest.fixture
def jumping(own_server: RealServer, library: str) -> Iterator[tuple[RealServer, Path]]:
    """A server whose clock follows what is written into a file."""
    clock = own_server.folder / "clock"
    clock.write_text("+0\n", "utf-8")
    own_server.environment |= {
        "LD_PRELOAD": library,
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    document = own_server.folder / "corpus" / "ketamine-for-ptsd.md"
    text = document.read_text("utf-8")
    document.write_text(re.sub(r"(?m)^review_by: .*$", "review_by: 2028-02-28", text), "utf-8")
    assert run_qa(own_server.folder, "build").returncode == 0
    with own_server:
        yield own_server, clock


@pytest.mark.nightly
def test_a_server_while_its_clock_jumps(jumping: tuple[RealServer, Path]) -> None:
    """A document that has expired by the clock is not quoted, and is again once the clock is right:
    all else goes on."""
    server, clock = jumping
    patients = Patients(server.url, texts_of(server.folder / "index"))
    with patients:
        for when in ("-1h", "+1d", "-1d", "@2028-02-28 12:00:00", "+0"):
            set_clock(clock, when)
            assert patients.ask_once() == {"answer"}, when
            assert patients.health()["status"] == "ok"
    set_clock(clock, "@2028-02-29 12:00:00")
    assert patients.ask_once() == {"refusal"}
    set_clock(clock, "+0")
    patients.has_answers()
    assert patients.wrong == []
    assert "Traceback" not in server.said()


def set_clock(clock: Path, when: str) -> None:
    fresh = clock.with_name("clock.new")
    fresh.write_text(f"{when}\n", "utf-8")
    os.replace(fresh, clock)
