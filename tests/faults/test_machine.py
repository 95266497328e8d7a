"""Surroundings that are not as a program expects: streams, folders, languages, limits, networks."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from qa.index import build
from qa.publishing import generations, live_generation
from qa.transfer import export_to
from tests.conftest import ROOT, MakeCorpus
from tests.faults.commands import check_index, environment, run_qa
from tests.faults.patients import Patients, texts_of
from tests.faults.places import heeding_modes, limited, mounted, remounted, resource
from tests.faults.test_serving import gone, hanging, keep_feedback
from tests.web.real_server import RealServer
from tests.word_hash import WordHashEmbedder

ASK = ("ask", "What is ketamine?")


def within(what: int, most: int) -> Callable[[], None]:
    """Sets a limit in a process that is about to start."""
    return lambda: resource.setrlimit(what, (most, most))


def test_a_folder_that_may_not_be_looked_into_is_not_passed_over(
    corpus_folder: MakeCorpus,
) -> None:
    """Its documents would be missing from the next index without a word."""
    corpus = corpus_folder({"a.md": "# A\n\nFirst.\n", "drugs/b.md": "# B\n\nSecond.\n"})
    text = "import sys; from pathlib import Path; from qa.corpus import source_files\n"
    text += "from qa.errors import CorpusError\n"
    text += "try: source_files(Path(sys.argv[1]))\nexcept CorpusError as error: print(error)"
    for folder in (corpus / "drugs", corpus):
        folder.chmod(0)
        command = [*heeding_modes(), sys.executable, "-c", text, str(corpus)]
        done = subprocess.run(
            command, env=environment(), cwd=ROOT, capture_output=True, text=True, check=True
        )
        folder.chmod(0o755)
        assert f"{folder} cannot be looked into (permission denied)" in done.stdout


def shell(line: str) -> tuple[str, ...]:
    """A command that starts another by a line of a shell, in which "$@" is that one."""
    return ("sh", "-c", line, "sh")


def test_standard_streams_that_are_closed(clinic: Path) -> None:
    """Nothing is written into another file that gets their numbers."""
    assert run_qa(clinic, "generations", before=shell('exec "$@" >&- 2>&- <&-')).returncode == 0
    assert check_index(clinic / "index")


@pytest.mark.nightly
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full")
def test_standard_output_that_is_full(clinic: Path) -> None:
    with open("/dev/full", "w") as full:
        done = run_qa(clinic, "generations", stdout=full.fileno())
    assert done.returncode == 2
    assert done.stderr.startswith("qa: No space left on device. Make room")


@pytest.mark.nightly
def test_the_folder_it_was_started_in_is_gone(clinic: Path) -> None:
    started = shell('mkdir lost && cd lost && rmdir ../lost && exec "$@"')
    done = run_qa(clinic, "generations", before=started)
    assert done.returncode == 2
    assert "started in is not there any more" in done.stderr
    named = ("--config", clinic / "qa.toml")
    assert run_qa(clinic, "generations", *named, before=started).returncode == 0


@pytest.mark.nightly
@pytest.mark.parametrize(
    "command", [("build", "--force"), ASK, ("status",)], ids=lambda one: one[0]
)
def test_an_odd_environment(clinic: Path, command: tuple[str, ...]) -> None:
    """No language, no home, no time zones, no temporary folder."""
    env = environment(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", TZ="No/Where")
    env |= {"TMPDIR": "/nowhere", "PYTHONTZPATH": ""}
    del env["HOME"]
    assert run_qa(clinic, *command, env=env).returncode == 0
    check_index(clinic / "index")


@pytest.mark.nightly
def test_a_build_without_memory(clinic: Path) -> None:
    """From hardly any to enough: told in a sentence, and the live index is as it was."""
    live, told = live_generation(clinic / "index"), 0
    for mega in (150, 450, 550, 2_000):
        limits = within(resource.RLIMIT_AS, mega << 20)
        done = run_qa(clinic, "build", "--force", limits=limits)
        if done.returncode == 0:
            break
        told += done.returncode == 2
        # Some libraries look at memory that they did not get, and the system ends them.
        assert done.returncode in (2, -signal.SIGSEGV, -signal.SIGABRT), (mega, done.stderr)
        assert done.returncode != 2 or "memory" in done.stderr, (mega, done.stderr)
        assert "Delete the folder" not in done.stderr
        assert check_index(clinic / "index") == live
    assert told > 1
    assert done.returncode == 0
    assert check_index(clinic / "index") != live


@pytest.mark.nightly
def test_a_build_with_few_open_files(clinic: Path) -> None:
    live, told = live_generation(clinic / "index"), 0
    for most in (8, 9, 10, 12, 14, 20, 64):
        done = run_qa(clinic, "build", "--force", limits=within(resource.RLIMIT_NOFILE, most))
        if done.returncode == 0:
            break
        told += 1
        assert "Too many open files" in done.stderr or "opened" in done.stderr, done.stderr
        assert check_index(clinic / "index") == live
    assert told
    assert done.returncode == 0


@pytest.mark.nightly
def test_a_port_that_is_taken(clinic: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_qa(clinic, "serve", "--port", str(port))
    assert done.returncode == 2
    assert f"cannot listen at 127.0.0.1, port {port}" in done.stderr


@pytest.mark.nightly
def test_a_server_without_network_streams_or_room_for_its_log(
    own_server: RealServer, tmp_path: Path
) -> None:
    """What it says goes to a disk that is full; names cannot be looked up; it answers."""
    own_server.before = ("sh", "-c", 'exec "$@" 2>/dev/full', "sh")
    own_server.environment |= {"LOCALDOMAIN": "invalid", "RES_OPTIONS": "timeout:1 attempts:1"}
    with own_server as server:
        patients = Patients(server.url, texts_of(server.folder / "index"))
        with gone(server.folder / "index" / "CURRENT"), patients:
            patients.waits_for("stale")
            time.sleep(1.0)
        patients.has_answers()
        assert patients.wrong == []


@pytest.mark.nightly
@pytest.mark.parametrize("load", [False, True], ids=["idle", "load"])
def test_a_file_system_that_becomes_read_only(tmp_path: Path, real_index: Path, load: bool) -> None:
    """As after an error of the disk: served on, and started again; nothing is kept nor built."""
    with mounted(tmp_path / "disk", "48m") as disk:
        server = RealServer(disk / "clinic", real_index)
        shut = ("home", "temporary", "said")
        for name in shut:
            (disk / "clinic" / name).rmdir()
            (tmp_path / name).mkdir()
            (disk / "clinic" / name).symlink_to(tmp_path / name)
        texts = texts_of(server.folder / "index")
        live = live_generation(server.folder / "index")
        with server:
            patients = Patients(server.url, texts)
            assert keep_feedback(server).json() == {"kept": True}
            if load:
                patients.__enter__()
            remounted(disk, "ro")
            assert patients.ask_once() == {"answer"}
            assert keep_feedback(server).status_code == 503
            assert patients.health()["status"] == "ok"
            built = run_qa(server.folder, "build", "--force")
            assert built.returncode == 2
            assert "cannot be written (Read-only file system)" in built.stderr
            if load:
                patients.__exit__(None, None, None)
        with server:  # it starts
            patients_again = Patients(server.url, texts)
            assert patients_again.ask_once() == {"answer"}
            remounted(disk, "rw")
            assert keep_feedback(server).json() == {"kept": True}
        assert patients.wrong + patients_again.wrong == []
        assert check_index(server.folder / "index") == live


@pytest.mark.nightly
def test_a_server_stops_beside_a_share_that_hangs(own_server: RealServer) -> None:
    with own_server as server, hanging(server.folder / "index" / "CURRENT"):
        time.sleep(1.5)
        began = time.monotonic()
        server.process.send_signal(signal.SIGINT)
        server.process.wait(10)
        assert time.monotonic() - began < 8


@pytest.mark.nightly
def test_what_lost_its_right_is_named(clinic: Path) -> None:
    """By each command that needs it, and nothing is changed."""
    index = clinic / "index"
    live, before = live_generation(index), heeding_modes()
    generation = index / "generations" / live
    for path, commands in (
        (index / "CURRENT", (ASK, ("build", "--force"))),
        (generation / "texts.txt", (ASK,)),
        (index, (("status",), ("build",))),
        (clinic / "corpus", (("build",),)),
        (clinic / "qa.toml", (ASK,)),
        (index / "history.jsonl", (("rollback", "--by", "A"),)),
    ):
        mode = path.stat().st_mode
        path.chmod(0)
        for command in commands:
            done = run_qa(clinic, *command, before=before)
            assert done.returncode == 2, (path, command, done.stdout)
            assert "ermission denied" in done.stderr, done.stderr
            assert path.name in done.stderr
        path.chmod(mode)
    for folder in (index, index / "generations"):
        folder.chmod(0o555)
        done = run_qa(clinic, "build", "--force", before=before)
        folder.chmod(0o755)
        assert done.returncode == 2
        assert f"{folder} cannot be written (Permission denied)" in done.stderr
    assert check_index(index) == live


@pytest.mark.nightly
def test_threads_cannot_be_started(own_server: RealServer) -> None:
    """No room for a thread's stack: who asks is answered or told so, and later answered.

    Telling takes a thread, too, so that not even the help line may come; nothing wrong does.
    """
    with own_server as server:
        patients = Patients(server.url, texts_of(server.folder / "index"), threads=8)
        status = Path(f"/proc/{server.process.pid}/status").read_text("utf-8")
        held = int(status.split("VmSize:")[1].split()[0]) << 10

        with limited(server.process.pid, resource.RLIMIT_AS, held + (4 << 20)), patients:
            time.sleep(5)
        patients.has_answers()
        without = ("500", "no help line", "not to be read")
        assert [one for one in patients.wrong if not any(part in one for part in without)] == []
        assert httpx.get(f"{server.url}/health", timeout=60).status_code == 200


@pytest.mark.parametrize("lost", ["zeta", "zeta/last.md"])
def test_an_import_that_lost_its_right_in_the_middle_leaves_nothing(
    tmp_path: Path, corpus_folder: MakeCorpus, lost: str
) -> None:
    """Whether it may not write into a folder any more, or not read the file that it replaces."""
    corpus = corpus_folder({"alpha.md": "# A\n\nFirst.\n", "zeta/last.md": "# Z\n\nLast.\n"})
    index = tmp_path / "index"
    build(corpus, index, WordHashEmbedder())
    export_to(tmp_path / "x.zip", index, corpus, live_generation(index))
    there = tmp_path / "there"
    (there / "zeta").mkdir(parents=True)
    (there / "zeta" / "last.md").write_text("Old words.", "utf-8")
    (there / lost).chmod(0o555 if lost == "zeta" else 0)
    text = "import sys; from pathlib import Path; from qa.transfer import import_from\n"
    text += "from qa.errors import TransferError; from tests.word_hash import WordHashEmbedder\n"
    text += "source, index, corpus = map(Path, sys.argv[1:])\n"
    text += "try: import_from(source, index, corpus, WordHashEmbedder().identity, True)\n"
    text += "except TransferError as error: print(error)"
    places = [str(tmp_path / "x.zip"), str(tmp_path / "new-index"), str(there)]
    command = [*heeding_modes(), sys.executable, "-c", text, *places]
    done = subprocess.run(
        command, env=environment(), cwd=ROOT, capture_output=True, text=True, check=True
    )
    (there / lost).chmod(0o755)
    assert "could not be taken in (Permission denied). What is served is as it was" in done.stdout
    assert sorted(path.name for path in there.rglob("*")) == ["last.md", "zeta"]
    assert (there / "zeta" / "last.md").read_text("utf-8") == "Old words."
    assert generations(tmp_path / "new-index") == []
