"""One builds at a time, others learn who does, and nothing half-made stays."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from qa.building import WAIT_S, building, holder
from qa.errors import BuildError
from qa.publishing import generations, keep, publish, read_pointer
from tests.conftest import ROOT, need

HOLD = """
import signal, sys
from pathlib import Path
from qa.building import building
# Whatever runs the tests may itself have been started without an ear for Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
with building(Path(sys.argv[1]), what="qa build --watch"):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(index: Path) -> subprocess.Popen[str]:
    """A process of its own that holds the lock until its standard input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(index)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def make(index: Path, name: str) -> None:
    with building(index) as folder:
        (folder / "manifest.json").write_text("{}", "utf-8")
        keep(index, folder, name)
        publish(index, name)


def test_a_build_that_fails_leaves_nothing(tmp_path: Path) -> None:
    make(tmp_path, "g1")

    def fail() -> None:
        with building(tmp_path) as folder:
            (folder / "manifest.json").write_text("half", "utf-8")
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        fail()
    assert read_pointer(tmp_path).generation == "g1"
    assert [path.name for path in (tmp_path / "generations").iterdir()] == ["g1"]
    assert not (tmp_path / "build.lock.json").exists()


def test_what_a_killed_build_left_is_swept_away(tmp_path: Path) -> None:
    left = tmp_path / "generations" / ".building-left"
    left.mkdir(parents=True)
    (left / "x").write_bytes(b"x")
    make(tmp_path, "g1")
    assert [path.name for path in (tmp_path / "generations").iterdir()] == ["g1"]


def test_a_second_build_at_once_is_refused(tmp_path: Path) -> None:
    said: list[str] = []
    with building(tmp_path) as folder:
        with (
            pytest.raises(
                BuildError, match=r"Another build is writing to .*: process \d+ of .*qa build"
            ),
            building(tmp_path, say=said.append),
        ):
            pass
        assert folder.is_dir()
    assert said == []
    make(tmp_path, "g3")
    assert generations(tmp_path) == ["g3"]


def test_who_holds_the_lock_is_said(tmp_path: Path) -> None:
    process = hold(tmp_path)
    try:
        said = holder(tmp_path)
        wanted = (
            rf"process {process.pid} of \S+ on {re.escape(socket.gethostname())} "
            r"\(qa build --watch\), since \d\d:\d\d:\d\d, \d+ s ago"
        )
        assert re.fullmatch(wanted, said)
        with pytest.raises(BuildError) as caught, building(tmp_path):
            pass
        assert said.split(", since")[0] in str(caught.value)
        assert "--wait" in str(caught.value)
    finally:
        process.kill()
        process.communicate()
    make(tmp_path, "g1")  # the lock went with its process


def test_what_a_killed_holder_left_is_not_believed(tmp_path: Path) -> None:
    """Neither with the next holder before it has written, nor if somebody wrote nonsense."""
    process = hold(tmp_path)
    process.kill()
    process.communicate()
    assert (tmp_path / "build.lock.json").exists()
    assert holder(tmp_path) == ""
    for nonsense in (b"", b"[]", b'{"pid": "x"}', b"\xff"):
        (tmp_path / "build.lock.json").write_bytes(nonsense)
        assert holder(tmp_path) == ""
    with building(tmp_path):
        held = json.loads((tmp_path / "build.lock.json").read_bytes())
        assert held["pid"] == os.getpid()
    assert not (tmp_path / "build.lock.json").exists()


def test_another_build_is_waited_for(tmp_path: Path) -> None:
    for wait_s, words in ((90.0, "for up to 90 s"), (None, "until it is done")):
        process = hold(tmp_path)
        said: list[str] = []

        def let_go(text: str, said: list[str] = said, process: Any = process) -> None:
            """Only now, so that it was waited for however slow this process is."""
            said.append(text)
            process.stdin.close()
            process.stdin = None  # which `communicate` would write out again

        with building(tmp_path, wait_s=wait_s, say=let_go) as folder:
            assert folder.is_dir()
        process.communicate()
        [text] = said
        assert f"Waiting {words}" in text
        assert f"process {process.pid}" in text


def test_but_not_for_longer(tmp_path: Path) -> None:
    began = time.monotonic()
    with (
        building(tmp_path),
        pytest.raises(BuildError, match="Nothing was changed"),
        building(tmp_path, wait_s=0.3),
    ):
        pass
    assert 0.3 <= time.monotonic() - began < WAIT_S / 2, "not as long as where nothing is said"


def test_threads_take_turns(tmp_path: Path) -> None:
    inside: list[str] = []

    def one() -> None:
        with building(tmp_path, wait_s=120):
            inside.append("in")
            time.sleep(0.02)
            inside.append("out")

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert inside == ["in", "out"] * 4


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for place in (tmp_path / "file", tmp_path / "file" / "index"):
        with pytest.raises(BuildError, match=r"cannot be written.*as a user who may"):
            make(place, "g1")


def _build_as_nobody(index: Path, answers: Any) -> None:
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    try:
        make(index, "g2")
    except Exception as error:
        answers.put(f"{type(error).__name__}: {error}")
    else:
        answers.put("built")


@pytest.mark.parametrize("closed", [".", "generations"])
def test_a_read_only_folder(tmp_path: Path, closed: str) -> None:
    """As a user without rights: root may write anywhere."""
    if not hasattr(os, "setuid"):
        need("os.setuid", "Run the tests on Linux or macOS.")
    index = tmp_path / "index"
    make(index, "g1")
    for folder in tmp_path.parents[:2]:
        folder.chmod(0o755)  # for the other user to get here
    for path in (tmp_path, index, index / "generations"):
        path.chmod(0o777)
    (index / "build.lock").chmod(0o666)
    (index / closed).chmod(0o555)
    try:
        spawn = multiprocessing.get_context("spawn")
        answers: Any = spawn.SimpleQueue()
        child = spawn.Process(target=_build_as_nobody, args=(index, answers))
        child.start()
        child.join()
        said = answers.get()
    finally:
        (index / closed).chmod(0o755)
    assert said.startswith(f"BuildError: {index}")
    assert "cannot be written (Permission denied)" in said
    assert "Nothing was changed" in said
    assert read_pointer(index).generation == "g1"
    assert generations(index) == ["g1"]


def test_a_built_folder_may_be_read_by_whom_the_user_lets(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with building(tmp_path) as folder:
            assert folder.stat().st_mode & 0o777 == 0o755
    finally:
        os.umask(before)


def test_a_stopped_build_tidies_up(tmp_path: Path) -> None:
    process = hold(tmp_path)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) != 0, "it was interrupted, not let go"
    process.communicate()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["build.lock", "generations"]
    assert list((tmp_path / "generations").iterdir()) == []
