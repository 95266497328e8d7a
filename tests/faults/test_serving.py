"""Faults of files while a server runs: patients go on, staff are told, and it mends by itself."""

from __future__ import annotations

import fcntl
import itertools
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from qa.generation import files_of, verify
from qa.publishing import read_pointer
from tests.faults.patients import Patients
from tests.faults.places import limited, resource
from tests.web.real_server import RealServer

pytestmark = pytest.mark.slow

Fault = Callable[[Path], Any]
UNDER_LOAD = [pytest.param(False, id="idle"),
              pytest.param(True, id="load", marks=pytest.mark.nightly)]  # fmt: skip


def daily(faults: Iterable[str], *chosen: str) -> list[Any]:
    """All of them, those that are not chosen at night only."""
    return [
        one if one in chosen else pytest.param(one, marks=pytest.mark.nightly) for one in faults
    ]


@contextmanager
def gone(path: Path) -> Iterator[None]:
    """A file or folder is somewhere else for a while."""
    elsewhere = path.with_name(f"{path.name}.elsewhere")
    path.rename(elsewhere)
    try:
        yield
    finally:
        elsewhere.rename(path)


@contextmanager
def unreadable(path: Path) -> Iterator[None]:
    """Nobody may use it for a while."""
    mode = path.stat().st_mode
    path.chmod(0)
    try:
        yield
    finally:
        path.chmod(mode)


@contextmanager
def altered(path: Path, change: Callable[[bytes], bytes]) -> Iterator[None]:
    """Other bytes in the same file, written in place, for a while."""
    before = path.read_bytes()
    path.write_bytes(change(before))
    try:
        yield
    finally:
        path.write_bytes(before)


@contextmanager
def piped(path: Path) -> Iterator[None]:
    """A pipe stands in its place for a while, on which whoever opens it would wait."""
    with gone(path):
        os.mkfifo(path)
        try:
            yield
        finally:
            path.unlink()


@contextmanager
def hanging(path: Path) -> Iterator[None]:
    """Whoever opens it waits, as on a share whose server is away: it is on lease (fcntl(2)), which
    holds up everybody else, for 45 seconds at most."""
    held = os.open(path, os.O_RDWR)
    try:
        # Else a process that is asked to give a lease back dies of SIGIO; SIGURG does nothing.
        fcntl.fcntl(held, fcntl.F_SETSIG, signal.SIGURG)
        _lease(held)
        yield
    finally:
        os.close(held)  # which ends it


def _lease(held: int) -> None:
    """Takes the lease as soon as nobody else has the file open."""
    for _ in range(1_000):
        with suppress(BlockingIOError):
            fcntl.fcntl(held, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            return
        time.sleep(0.001)
    raise AssertionError("somebody keeps the file open")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program has the database to itself."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        yield


def flipped(data: bytes) -> bytes:
    """One bit in the middle is another."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def current(folder: Path) -> Path:
    return folder / "index" / "CURRENT"


def generation(folder: Path) -> Path:
    return read_pointer(folder / "index").folder


SEEN: dict[str, Fault] = {
    "pointer gone": lambda folder: gone(current(folder)),
    "pointer altered": lambda folder: altered(current(folder), lambda data: b"\xff" + data[1:]),
    "pointer unreadable": lambda folder: unreadable(current(folder)),
    "index gone": lambda folder: gone(folder / "index"),
    "index unreadable": lambda folder: unreadable(folder / "index"),
    "pointer a pipe": lambda folder: piped(current(folder)),
    "generation gone": lambda folder: gone(generation(folder)),
}
"""Those that /health and the log tell of."""
UNSEEN: dict[str, Fault] = {
    "corpus gone": lambda folder: gone(folder / "corpus"),
    "corpus unreadable": lambda folder: unreadable(folder / "corpus"),
    "settings gone": lambda folder: gone(folder / "qa.toml"),
    "settings unreadable": lambda folder: unreadable(folder / "qa.toml"),
    "temporary folder gone": lambda folder: gone(folder / "temporary"),
    "generation unreadable": lambda folder: unreadable(generation(folder)),
    "share hangs": lambda folder: hanging(current(folder)),
}
"""Those that concern nobody until the next start or build."""


@pytest.mark.parametrize("load", UNDER_LOAD)
@pytest.mark.parametrize("what", daily(SEEN, "pointer altered", "index gone", "generation gone"))
def test_a_fault_of_the_index_is_told_and_patients_get_answers(
    server: RealServer, patients: Patients, what: str, load: bool
) -> None:
    before = len(server.said())
    with patients if load else nullcontext():
        with SEEN[what](server.folder):
            told = patients.waits_for("stale")
            assert patients.ask_once(ways=3 if load else 2) == {"answer"}
        patients.waits_for("ok")
    assert told["stale_since"]
    assert "what is loaded goes on" in server.said()[before:]
    assert set(patients.kinds) <= {"answer", "refusal"}


@pytest.mark.parametrize("load", UNDER_LOAD)
@pytest.mark.parametrize("what", daily(UNSEEN, "corpus gone", "share hangs"))
def test_a_fault_beside_what_is_loaded_changes_nothing(
    server: RealServer, patients: Patients, what: str, load: bool
) -> None:
    with patients if load else nullcontext(), UNSEEN[what](server.folder):
        time.sleep(0.7 if not load else 2.0)
        assert patients.ask_once() == {"answer"}
        assert patients.health()["status"] == "ok"
    assert set(patients.kinds) <= {"answer", "refusal"}


@pytest.mark.parametrize("load", UNDER_LOAD)
def test_a_bit_of_each_file_is_another_while_it_is_served(
    server: RealServer, patients: Patients, load: bool
) -> None:
    folder = generation(server.folder)
    with patients if load else nullcontext(), ExitStack() as stack:
        for path in files_of(folder):
            stack.enter_context(altered(path, flipped))
            if load:
                assert patients.ask_once() == {"answer"}, path.name
        assert patients.ask_once() == {"answer"}
        assert len(verify(server.folder / "index")) >= 1
    assert set(patients.kinds) <= {"answer", "refusal"}


def keep_feedback(server: RealServer) -> httpx.Response:
    """Sends feedback as the page does."""
    form = {"verdict": "helped", "kind": "answer", "generation": generation(server.folder).name}
    headers = {"accept": "application/json", "origin": server.url, "sec-fetch-site": "same-origin"}
    return httpx.post(f"{server.url}/feedback", data=form, headers=headers, timeout=60)


RECORDS: dict[str, tuple[Fault, str]] = {
    "locked": (locked, "another program has it locked"),
    "damaged": (lambda path: altered(path, lambda data: b"x" * len(data)), "damaged"),
    "cut short": (lambda path: altered(path, lambda data: data[:5000]), "it is damaged"),
    "unreadable": (unreadable, "Permission denied"),
    "folder unwritable": (lambda path: only_read(path.parent), "it may not be written"),
}


@contextmanager
def only_read(folder: Path) -> Iterator[None]:
    """A folder that takes no files for a while."""
    mode = folder.stat().st_mode
    folder.chmod(0o555)
    try:
        yield
    finally:
        folder.chmod(mode)


@pytest.mark.parametrize("load", UNDER_LOAD)
@pytest.mark.parametrize("what", daily(RECORDS, "locked", "damaged"))
def test_records_that_cannot_be_kept_keep_nobody_from_an_answer(
    server: RealServer, patients: Patients, what: str, load: bool
) -> None:
    fault, words = RECORDS[what]
    assert keep_feedback(server).json() == {"kept": True}
    before = len(server.said())
    with patients if load else nullcontext(), fault(server.folder / "records.sqlite3"):
        assert patients.ask_once(ways=1) == {"answer"}
        refused = keep_feedback(server)
    assert refused.status_code == 503
    assert "could not be kept" in refused.json()["error"]
    for kept in ("feedback was not kept", "a question was not logged"):
        assert kept in server.said()[before:]
    assert words in server.said()[before:]
    assert keep_feedback(server).json() == {"kept": True}


@pytest.mark.parametrize("load", UNDER_LOAD)
def test_records_that_are_deleted_are_begun_anew(
    server: RealServer, patients: Patients, load: bool
) -> None:
    assert keep_feedback(server).json() == {"kept": True}
    with patients if load else nullcontext():
        (server.folder / "records.sqlite3").unlink()
        assert patients.ask_once() == {"answer"}
        assert keep_feedback(server).json() == {"kept": True}


def least_free(pid: int) -> int:
    """The least number that the next file of a process may get, once those who asked before have
    hung up; numbers of files that are open for a moment only count as free."""
    free: list[int] = []
    while min(free[-20:], default=0) < min(free[:-20], default=1 << 20):  # for a second it fell
        held = {int(name) for name in os.listdir(f"/proc/{pid}/fd")}
        free.append(next(number for number in itertools.count() if number not in held))
        time.sleep(0.05)
    return min(free)


@pytest.mark.parametrize("load", UNDER_LOAD)
def test_no_more_files_can_be_opened(server: RealServer, patients: Patients, load: bool) -> None:
    """Nobody can connect; one line says so, not a traceback a connection; then all goes on."""
    pid, before = server.process.pid, len(server.said())
    none_free = least_free(pid)
    with patients if load else nullcontext(), limited(pid, resource.RLIMIT_NOFILE, none_free):
        for _ in range(4 if load else 2):
            with pytest.raises(httpx.TransportError):
                httpx.get(f"{server.url}/health", timeout=1.5)
    patients.has_answers(ways=1)
    said = server.said()[before:]
    assert said.count("no more connections can be taken: too many files are open") <= 1
    assert "too many files" in server.said()
    assert len(said) < 4_000


@pytest.mark.parametrize("load", UNDER_LOAD)
@pytest.mark.parametrize("what", daily(["RLIMIT_FSIZE", "RLIMIT_AS"], "RLIMIT_FSIZE"))
def test_no_file_may_grow_or_no_memory_is_left(
    server: RealServer, patients: Patients, what: str, load: bool
) -> None:
    pid = server.process.pid
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    held = int(status.split("VmSize:")[1].split()[0]) * 1024
    least = 0 if what == "RLIMIT_FSIZE" else held + (1 << 20)
    with limited(pid, getattr(resource, what), least):
        with patients if load else nullcontext():
            time.sleep(2.0 if load else 0.2)
            kinds = patients.ask_once()
        kept = keep_feedback(server).status_code if what == "RLIMIT_FSIZE" else 503
    assert kinds <= {"answer", "unavailable"}
    assert kept == 503
    assert keep_feedback(server).json() == {"kept": True}
