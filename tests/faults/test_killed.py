"""Commands ended at random moments: the index is whole after each, and goes on from there.

Builds beside a server that is asked are in tests/test_killed_builds.py.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from qa.building import building
from qa.history import Signature, read_history
from qa.index import build
from qa.pruning import prune
from qa.publishing import generations, going_back_to, live_generation, publish
from qa.store import Store
from tests.conftest import MakeCorpus
from tests.faults.commands import check_index
from tests.faults.patients import Patients, texts_of
from tests.faults.test_full_disk import ROW
from tests.faults.test_serving import keep_feedback
from tests.warm_cli import WarmCli
from tests.web.real_server import RealServer
from tests.word_hash import WordHashEmbedder

SIGNED = ("--by", "Ana Ruiz", "--why", "a trial")
COMMANDS: dict[str, tuple[str, ...]] = {
    "rollback": ("rollback", *SIGNED),
    "prune": ("prune", "--keep", "2"),
    "purge": ("purge", "--all"),
    "import": ("import", "carried.zip", "--overwrite"),
    "publish": ("publish", *SIGNED, "--force"),
    "build": ("build", "--force"),
}
KILLS = 30
FORK = multiprocessing.get_context("fork" if hasattr(os, "fork") else "spawn")


def _work(what: str, corpus: Path, index: Path) -> None:
    """What a command does to an index, by an embedder that takes no time."""
    if what == "build":
        build(corpus, index, WordHashEmbedder(), anew=True)
    elif what == "rollback":
        publish(index, going_back_to(index)[0], Signature("Ana Ruiz"), "rolled_back")
    else:
        with building(index):
            prune(index, 1)


@pytest.mark.parametrize("what", ["build", "rollback", "prune"])
def test_one_of_each_is_killed(corpus_folder: MakeCorpus, tmp_path: Path, what: str) -> None:
    index, chance = tmp_path / "index", random.Random(what)
    for number in range(4):
        _work("build", corpus_folder({"a.md": f"# A\n\nBring list {number}.\n"}), index)
    working = FORK.Process(target=_work, args=(what, tmp_path / "corpus", index))
    working.start()
    time.sleep(chance.uniform(0.0, 0.15))
    working.kill()
    working.join()
    working.close()
    check_index(index)
    assert not read_history(index).unreadable
    _work("build", tmp_path / "corpus", index)
    check_index(index)


@pytest.fixture
def prepared(clinic: Path, warm_cli: WarmCli) -> Path:
    """A clinic with an export of its own and an older generation to go back to."""
    assert warm_cli.run("export", "carried.zip", cwd=clinic).returncode == 0
    first = live_generation(clinic / "index")
    folder = clinic / "index" / "generations" / first
    assert warm_cli.run("build", "--force", cwd=clinic).returncode == 0
    assert folder.is_dir()
    return clinic


def give_work(clinic: Path, what: str, number: int, warm_cli: WarmCli) -> None:
    """So that a command has something to do."""
    (clinic / "corpus" / "more.md").write_text(f"# More\n\nBring list {number}.\n", "utf-8")
    if what == "publish":
        assert warm_cli.run("build", "--stage", cwd=clinic).returncode == 0
    if what == "purge":
        Store(clinic / "records.sqlite3", keep_days=30).add("questions", ROW)


@pytest.mark.nightly
def test_an_index_is_whole_after_each(prepared: Path, warm_cli: WarmCli) -> None:
    index, chance = prepared / "index", random.Random(8)
    took: dict[str, float] = {}
    ended: Counter[int] = Counter()
    for number in range(KILLS):
        what = list(COMMANDS)[number % len(COMMANDS)]
        give_work(prepared, what, number, warm_cli)
        if len(generations(index)) < 2:
            assert warm_cli.run("build", "--force", cwd=prepared).returncode == 0
        before = read_history(index)
        began = time.monotonic()
        running = warm_cli.start(*COMMANDS[what], cwd=prepared)
        time.sleep(chance.uniform(0.0, took.get(what, 0.8)))
        os.kill(running.pid, chance.choice([signal.SIGKILL, signal.SIGTERM]))
        done = running.wait()
        if done.returncode >= 0:
            took[what] = min(10.0, time.monotonic() - began)
        else:
            took[what] = took.get(what, 0.8) * 1.1
        ended[done.returncode] += 1
        assert done.returncode in (0, 1, 2, -9, -15), done.stderr
        check_index(index)
        after = read_history(index)
        assert after.events[: len(before.events)] == before.events
        assert not after.unreadable
    assert sum(n for code, n in ended.items() if code < 0) >= KILLS / 3, ended
    assert warm_cli.run("build", cwd=prepared).returncode == 0
    assert warm_cli.run(*COMMANDS["rollback"], cwd=prepared).returncode == 0
    assert not [one for one in (index / "generations").iterdir() if one.name.startswith(".build")]
    print(f"{KILLS} ended: {dict(ended)}")


@pytest.mark.nightly
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["SIGKILL", "SIGTERM"])
def test_a_server_is_ended_under_load_and_started_again(
    own_server: RealServer, how: signal.Signals
) -> None:
    """As out of memory (SIGKILL) or by its supervisor (SIGTERM): what was kept is there."""
    chance = random.Random(how)
    texts = texts_of(own_server.folder / "index")
    kept = 0
    for _ in range(3):
        shutil.rmtree(own_server.folder / "said")
        (own_server.folder / "said").mkdir()
        with own_server as server:
            patients = Patients(server.url, texts)
            with patients:
                for _ in range(3):
                    kept += keep_feedback(server).json()["kept"]
                time.sleep(chance.uniform(0.0, 1.5))
                server.process.send_signal(how)
                began = time.monotonic()
                server.process.wait(20)
                assert time.monotonic() - began < 10.0
            assert patients.wrong == []
        assert len(Store(own_server.folder / "records.sqlite3", 30).rows("feedback")) == kept
        check_index(own_server.folder / "index")
