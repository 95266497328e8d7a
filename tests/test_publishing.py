"""One pointer, one lock, one history, and no generation that is half there."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from qa import publishing
from qa.building import building
from qa.errors import DamagedIndex, MissingIndex, PublishError
from qa.history import Signature, read_history
from qa.publishing import (
    generations,
    going_back_to,
    keep,
    live_generation,
    pointer_to,
    publish,
    read_pointer,
    replace_file,
    staged,
)
from tests.conftest import ROOT, need


def stage(index: Path, name: str, content: str = "{}") -> None:
    with building(index) as folder:
        (folder / "manifest.json").write_text(content, "utf-8")
        (folder / "bm25").mkdir()
        (folder / "bm25" / "x.npy").write_bytes(b"x")
        keep(index, folder, name)


def make(index: Path, name: str, content: str = "{}") -> None:
    stage(index, name, content)
    publish(index, name)


def test_what_is_published_is_live(tmp_path: Path) -> None:
    make(tmp_path, "g1")
    make(tmp_path, "g2", "[]")
    pointer = read_pointer(tmp_path)
    assert pointer.generation == "g2"
    assert pointer.folder == tmp_path / "generations" / "g2"
    assert pointer.manifest_sha256 == hashlib.sha256(b"[]").hexdigest()
    assert (pointer.folder / "bm25" / "x.npy").read_bytes() == b"x"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "CURRENT",
        "build.lock",
        "generations",
        "history.jsonl",
        "publish.lock",
    ]


def test_what_is_kept_is_staged_until_it_is_published(tmp_path: Path) -> None:
    stage(tmp_path, "g1")
    assert (live_generation(tmp_path), staged(tmp_path)) == ("", ["g1"])
    with pytest.raises(MissingIndex, match=r"live yet at .*; g1 is staged: run `qa publish --by N"):
        read_pointer(tmp_path)
    publish(tmp_path, "g1")
    stage(tmp_path, "g2")
    stage(tmp_path, "g3")
    assert (live_generation(tmp_path), staged(tmp_path)) == ("g1", ["g3", "g2"])
    publish(tmp_path, "g2", Signature("Ana", "new leaflet"))
    assert (live_generation(tmp_path), staged(tmp_path)) == ("g2", ["g3"])
    assert generations(tmp_path) == ["g3", "g2", "g1"]


def test_who_did_it_is_in_the_history(tmp_path: Path) -> None:
    make(tmp_path, "g1", "[]")
    stage(tmp_path, "g2")
    publish(tmp_path, "g2", Signature("Ana", "new leaflet", figures={"right_first": (3, 4)}))
    sha256 = hashlib.sha256(b"{}").hexdigest()
    told = [
        (one.action, one.generation, one.by, one.why, one.previous)
        for one in read_history(tmp_path).events
    ]
    assert told == [
        ("built", "g1", "qa build", "", ""),
        ("published", "g1", "qa build", "", ""),
        ("built", "g2", "qa build", "", ""),
        ("published", "g2", "Ana", "new leaflet", "g1"),
    ]
    last = read_history(tmp_path).events[-1]
    assert (last.manifest_sha256, last.figures) == (sha256, {"right_first": (3, 4)})


def test_going_back_goes_back_and_never_forth(tmp_path: Path) -> None:
    for name in ("g1", "g2", "g3"):
        make(tmp_path, name)
    assert going_back_to(tmp_path) == ["g2", "g1"]
    publish(tmp_path, "g2", Signature("Ana"), "rolled_back")
    assert going_back_to(tmp_path) == ["g1"]
    publish(tmp_path, "g1", Signature("Ana"), "rolled_back")
    assert going_back_to(tmp_path) == []
    make(tmp_path, "g4")
    assert going_back_to(tmp_path) == ["g1"]
    os.rename(tmp_path / "generations" / "g1", tmp_path / "gone")
    assert going_back_to(tmp_path) == []
    assert staged(tmp_path) == [], "g2 and g3 were live once"


def test_going_back_puts_a_damaged_pointer_right(tmp_path: Path) -> None:
    for name in ("g1", "g2"):
        make(tmp_path, name)
    (tmp_path / "CURRENT").write_bytes(b"nonsense")
    assert (going_back_to(tmp_path), staged(tmp_path)) == (["g2", "g1"], [])
    publish(tmp_path, "g2", Signature("Ana"), "rolled_back")
    assert (live_generation(tmp_path), going_back_to(tmp_path)) == ("g2", ["g1"])
    assert staged(tmp_path) == []


def test_a_manifest_that_is_not_the_one_that_was_kept_is_never_live(tmp_path: Path) -> None:
    make(tmp_path, "g1")
    stage(tmp_path, "g2")
    (tmp_path / "generations" / "g2" / "manifest.json").write_text("[1]", "utf-8")
    before = (tmp_path / "history.jsonl").read_bytes()
    with pytest.raises(DamagedIndex, match=r"manifest\.json is not the one that was recorded"):
        publish(tmp_path, "g2")
    (tmp_path / "generations" / "g2" / "manifest.json").unlink()
    with pytest.raises(DamagedIndex, match=r"manifest\.json cannot be read"):
        publish(tmp_path, "g2")
    assert live_generation(tmp_path) == "g1"
    assert (tmp_path / "history.jsonl").read_bytes() == before


def test_what_was_recorded_of_a_generation(tmp_path: Path) -> None:
    make(tmp_path, "g1", "[]")
    stage(tmp_path, "g2")
    wanted = {
        name: hashlib.sha256(text).hexdigest() for name, text in (("g1", b"[]"), ("g2", b"{}"))
    }
    assert {name: pointer_to(tmp_path, name).manifest_sha256 for name in wanted} == wanted
    (tmp_path / "history.jsonl").unlink()
    assert pointer_to(tmp_path, "g1").manifest_sha256 == wanted["g1"], "the pointer has it too"
    assert pointer_to(tmp_path, "g2").manifest_sha256 == ""
    publish(tmp_path, "g2")
    assert read_pointer(tmp_path).manifest_sha256 == wanted["g2"]
    for name in ("g3", "../g2", ""):
        with pytest.raises(MissingIndex, match=r"Kept are g2, g1\."):
            pointer_to(tmp_path, name)


def test_nobody_swaps_while_another_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "g1")
    monkeypatch.setattr(publishing, "_WAIT_S", 0.1)
    with FileLock(tmp_path / "publish.lock"), pytest.raises(PublishError, match="Try again"):
        publish(tmp_path, "g1")


def test_going_back_need_not_wait_for_a_build(tmp_path: Path) -> None:
    make(tmp_path, "g1")
    make(tmp_path, "g2")
    with building(tmp_path):
        publish(tmp_path, "g1", Signature("Ana"), "rolled_back")
    assert live_generation(tmp_path) == "g1"


def test_a_full_disk_leaves_what_is_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "g1")
    stage(tmp_path, "g2")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        publish(tmp_path, "g2")
    assert live_generation(tmp_path) == "g1"
    monkeypatch.undo()
    publish(tmp_path, "g2")
    assert going_back_to(tmp_path) == ["g1"]


KILLED = """
import itertools, os, shutil, signal, sys
from pathlib import Path
from qa.building import building
from qa.history import Signature
from qa.pruning import prune
from qa.publishing import going_back_to, publish

index = Path(sys.argv[1])

def do_publish(folder):
    publish(folder, "g4", Signature("Ana"))
def do_rollback(folder):
    publish(folder, going_back_to(folder)[0], Signature("Ana"), "rolled_back")
def do_prune(folder):
    with building(folder):
        prune(folder, 1)

def until(last, folder, action):
    steps = itertools.count(1)
    def counted(real):
        def call(*args, **kwargs):
            if next(steps) == last:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)
        return call
    for name in ("fsync", "rename", "replace", "open", "mkdir", "unlink", "rmdir", "stat"):
        setattr(os, name, counted(getattr(os, name)))
    action(folder)

for name, action in (("publish", do_publish), ("rollback", do_rollback), ("prune", do_prune)):
    for last in itertools.count(1):
        folder = shutil.copytree(index, index.parent / f"{name}-{last}")
        child = os.fork()
        if not child:
            until(last, folder, action)
            os._exit(0)
        if os.waitpid(child, 0)[1] != signal.SIGKILL:
            break
"""


def test_a_kill_at_any_step_leaves_a_pointer_to_a_whole_generation(tmp_path: Path) -> None:
    """Of publishing, going back and removing: before each file operation."""
    if not hasattr(os, "fork"):
        need("os.fork", "Run the tests on Linux or macOS.")
    index = tmp_path / "index"
    for name in ("g1", "g2", "g3"):
        make(index, name)
    stage(index, "g4")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", KILLED, str(index)], env=environment, check=True)
    for action, lived in (("publish", "g4"), ("rollback", "g2"), ("prune", "g3")):
        killed = sorted(tmp_path.glob(f"{action}-*"))
        assert len(killed) > 5
        assert {live_generation(folder) for folder in killed} == {"g3", lived}
        for folder in killed:
            kept = generations(folder)
            assert {"g2", "g3"} <= set(kept), "what is live, and where going back leads"
            for name in kept:
                found = folder / "generations" / name
                files = {p.relative_to(found).as_posix() for p in found.rglob("*") if p.is_file()}
                assert files == {"manifest.json", "bm25/x.npy"}
            live = live_generation(folder)
            assert going_back_to(folder)[0] == {"g4": "g3", "g3": "g2", "g2": "g1"}[live]
            with building(folder):  # which sweeps
                pass
            publish(folder, going_back_to(folder)[0], Signature("Ana"), "rolled_back")
            assert not list(folder.rglob(".*"))
            assert read_history(folder).unreadable == ()


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for data in (b"a longer one", b"short", b""):
        replace_file(path, data)
        assert path.read_bytes() == data
        assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(FileNotFoundError):
        replace_file(tmp_path / "none" / "x.json", b"")


def test_nothing_is_left_of_a_file_that_was_not_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "file"
    folder.mkdir()  # a file cannot take its place
    (folder / "kept").touch()
    with pytest.raises(OSError, match="file"):
        replace_file(folder, b"new")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_no_index_yet(tmp_path: Path) -> None:
    with pytest.raises(MissingIndex, match=r"Run `qa build` first"):
        read_pointer(tmp_path / "none")
    assert generations(tmp_path / "none") == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"g1\n",
        b"g1 short\n",
        b"../../etc " + b"0" * 64,
        b"/etc " + b"0" * 64,
        b".. " + b"0" * 64,
        b"g1/ " + b"0" * 64,
        b"g\xff " + b"0" * 64,
        b"g1 " + b"0" * 64 + b" more",
    ],
)
def test_a_pointer_that_names_nothing(tmp_path: Path, content: bytes) -> None:
    make(tmp_path, "g1")
    (tmp_path / "CURRENT").write_bytes(content)
    with pytest.raises(DamagedIndex, match="CURRENT does not name a generation"):
        read_pointer(tmp_path)


def test_a_pointer_to_what_is_not_there(tmp_path: Path) -> None:
    make(tmp_path, "g1")
    (tmp_path / "CURRENT").write_bytes(b"g2 " + b"0" * 64)
    with pytest.raises(DamagedIndex, match="CURRENT names g2, which is not there"):
        read_pointer(tmp_path)


def test_a_pointer_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "CURRENT").mkdir()
    with pytest.raises(DamagedIndex, match="CURRENT is no file"):
        read_pointer(tmp_path)
