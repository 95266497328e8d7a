"""A process of its own: its limits, its end, and the one that comes after it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qa.apart import Apart, Broken, Busy, Ended, Limits, Refused, limits_of
from tests.conftest import ROOT
from tests.word_files import leaflet_docx

ROOMY = Limits(memory=64 << 20, seconds=30.0, clock=300.0)
MEGABYTE = 1 << 20
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limits are Linux' own")


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    made = Apart("tests.apart_works")
    yield made
    made.stop()


def works(apart: Apart) -> bool:
    facts, data = apart.ask("echo", {"a": "ü\ud800"}, b"\0\xff", ROOMY)
    return (facts["a"], data) == ("ü\ud800", b"\0\xff")


def test_one_process_does_one_work_after_another(apart: Apart) -> None:
    processes = {apart.ask("echo", {}, b"", ROOMY)[0]["process"] for _ in range(5)}
    assert processes == {apart.process_id}
    assert os.getpid() not in processes


def test_what_is_refused_or_breaks_is_told_and_the_process_stays(apart: Apart) -> None:
    before = apart.ask("echo", {}, b"", ROOMY)[0]["process"]
    with pytest.raises(Refused, match=r"^no such page$"):
        apart.ask("refuse", {"why": "no such page"}, b"", ROOMY)
    with pytest.raises(Broken, match=r"^IndexError at apart_works\.py:\d+: index out of range$"):
        apart.ask("break", {}, b"short", ROOMY)
    assert apart.ask("echo", {}, b"", ROOMY)[0]["process"] == before


def test_what_a_library_prints_is_no_reply(apart: Apart) -> None:
    assert apart.ask("print", {}, b"made", ROOMY) == ({}, b"made")


def test_time_of_a_processor_has_an_end_in_a_library_that_never_returns(apart: Apart) -> None:
    began = time.monotonic()
    with pytest.raises(Ended, match=r"^took more than 1 seconds of a processor$"):
        apart.ask("spin", {}, b"", replace(ROOMY, seconds=1.0))
    assert time.monotonic() - began < 100
    assert works(apart)


@pytest.mark.slow
def test_time_that_others_took_before_does_not_count(apart: Apart) -> None:
    """The kernel counts a process's whole life."""
    apart.stop()
    for _ in range(3):
        apart.ask("toil", {"seconds": 0.8}, b"", replace(ROOMY, seconds=1.0))


def test_the_clock_has_an_end_too(apart: Apart) -> None:
    with pytest.raises(Ended, match=r"^did not end within 1 seconds$"):
        apart.ask("sleep", {"seconds": 60}, b"", replace(ROOMY, clock=1.0))
    assert works(apart)


def test_memory_has_an_end(apart: Apart) -> None:
    assert apart.ask("grow", {"bytes": 40 * MEGABYTE}, b"", ROOMY)
    for much in (100 * MEGABYTE, 1_000 * MEGABYTE):
        with pytest.raises(Ended, match=r"^took more than 67 MB of memory$"):
            apart.ask("grow", {"bytes": much}, b"", ROOMY)
    assert works(apart)


def test_a_library_that_hides_what_it_did_not_get_is_found_out(apart: Apart) -> None:
    """What it made without may lack words."""
    with pytest.raises(Ended, match="67 MB of memory"):
        apart.ask("hide", {"bytes": MEGABYTE}, b"", ROOMY)
    assert works(apart)


def test_a_crash_is_told_with_its_signal(apart: Apart) -> None:
    with pytest.raises(Ended, match=r"memory, or met damage \(SIGSEGV\)$"):
        apart.ask("crash", {}, b"", ROOMY)
    assert works(apart)


def test_a_process_that_was_killed_meanwhile_is_started_anew(apart: Apart) -> None:
    assert works(apart)
    assert apart.process_id
    killed = apart.process_id
    os.kill(killed, signal.SIGKILL)
    until(lambda: not is_running(killed), "it goes on")
    assert works(apart)


def test_threads_wait_for_one_another_as_long_as_they_like(apart: Apart, tmp_path: Path) -> None:
    begun, go_on = tmp_path / "begun", tmp_path / "go on"
    facts = {"begun": str(begun), "until": str(go_on)}
    slow = threading.Thread(target=apart.ask, args=("linger", facts, b"", ROOMY))
    slow.start()
    until(begun.exists, "it does not begin")
    with pytest.raises(Busy):
        apart.ask("echo", {}, b"", ROOMY, patience=0.01)
    threading.Timer(0.2, go_on.touch).start()
    assert works(apart)
    assert go_on.exists(), "it was waited for"
    slow.join()


def test_a_fork_has_a_process_of_its_own(apart: Apart) -> None:
    assert works(apart)
    mine = apart.process_id
    child = os.fork()
    if not child:
        good = works(apart) and apart.process_id != mine
        apart.stop()
        os._exit(0 if good else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert works(apart)
    assert apart.process_id == mine


def test_a_module_that_cannot_be_loaded_is_told() -> None:
    with pytest.raises(MemoryError, match=r"no_such_module could not be started: exit code 1"):
        Apart("no_such_module").ask("echo", {}, b"", ROOMY)


def test_nothing_is_loaded_from_the_folder_it_was_started_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There may lie anything, such as documents."""
    (tmp_path / "json.py").write_text("raise SystemExit(3)", "utf-8")
    monkeypatch.chdir(tmp_path)
    made = Apart("tests.apart_works")
    assert works(made)
    made.stop()


_ASKING = """
import sys
from qa.apart import Apart, Limits
apart = Apart("tests.apart_works")
apart.ask("echo", {}, b"", Limits(64 << 20, 30.0, 300.0))
print(apart.process_id, flush=True)
if sys.argv[1] == "idle":
    input()
apart.ask(sys.argv[1], {"seconds": 600}, b"", Limits(64 << 20, 600.0, 600.0))
"""


@pytest.mark.parametrize("doing", ["idle", "sleep", "spin"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_it_does_not_outlive_who_asked(doing: str, how: signal.Signals) -> None:
    """Not even in a library that never returns."""
    with subprocess.Popen(
        [sys.executable, "-c", _ASKING, doing],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as asking:
        assert asking.stdout
        process = int(asking.stdout.readline())
        time.sleep(0.3)
        assert is_running(process)
        asking.send_signal(how)
        asking.wait()
        until(lambda: not is_running(process), "it goes on")


def until(holds: Callable[[], bool], otherwise: str) -> None:
    """Waits for what takes no time on a machine that has nothing else to do."""
    deadline = time.monotonic() + 90
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)


def is_running(process: int) -> bool:
    """Whether there is such a process, and it is not one that nobody has taken note of the end
    of."""
    try:
        state = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def test_limits_grow_with_the_file_and_with_what_a_zip_file_holds() -> None:
    small, large = limits_of(b"x"), limits_of(b"x" * MEGABYTE)
    assert large.memory - small.memory == 1_000 * (MEGABYTE - 1)
    assert large.seconds > small.seconds
    assert limits_of(b"x" * 10 * MEGABYTE).memory == 4 << 30
    packed = leaflet_docx()
    assert limits_of(packed).memory > limits_of(b"x" * len(packed)).memory
    assert limits_of(b"PK\3\4 no zip file") == limits_of(b"x" * 16)
