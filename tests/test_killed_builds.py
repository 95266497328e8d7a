"""Builds killed at random moments beside a server that is asked all the while."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from qa.assistant import Assistant
from qa.embedding import Embedder
from qa.generation import load, verify
from qa.notices import SafetyTexts
from qa.types import AnswerKind
from tests.conftest import ROOT
from tests.web.real_server import RealServer

KILLS = 50
QUESTIONS = ("What is ketamine?", "Can I drive home after ketamine?", "Who must not have ketamine?")


class Asking:
    """Asks a server one question after another in a thread of its own, and keeps what came."""

    def __init__(self, url: str) -> None:
        self.kinds: Counter[str] = Counter()
        self.failures: list[str] = []
        self.generations: set[str] = set()
        self.longest_s = 0.0
        """The longest that an answer took."""
        self._url = url
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> Asking:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _ask(self) -> None:
        with httpx.Client(base_url=self._url, timeout=30) as client:
            number = 0
            while not self._end.is_set():
                question = QUESTIONS[number % len(QUESTIONS)]
                number += 1
                began = time.monotonic()
                try:
                    response = client.post("/api/ask", json={"question": question})
                    response.raise_for_status()
                    answer = response.json()
                    self.kinds[answer["kind"]] += 1
                    self.generations.add(answer["generation"])
                    self.longest_s = max(self.longest_s, time.monotonic() - began)
                except httpx.HTTPError as error:
                    self.failures.append(f"{question}: {error!r}")
                time.sleep(0.02)


def start_build(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "qa", "build"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def alter(folder: Path, number: int) -> None:
    """Writes documents that are new to the index, so that there is something to build."""
    for part in range(8):
        lines = [f"Fact {line} of visit {number}.{part}: bring a list." for line in range(30)]
        text = f"# Visit {number}.{part}\n\n" + "\n\n".join(lines) + "\n"
        (folder / "corpus" / f"visit-{part}.md").write_text(text, "utf-8")


def whole_build(folder: Path, number: int) -> float:
    """Seconds that a build takes which nobody kills."""
    alter(folder, number)
    began = time.monotonic()
    assert start_build(folder).wait() == 0
    return time.monotonic() - began


@pytest.mark.nightly
def test_fifty_killed_builds_never_leave_a_server_without_answers(
    tmp_path: Path, bundled: Embedder, safety_texts: SafetyTexts
) -> None:
    """The server is asked all the while. After each kill the index is whole, and answers whoever
    opens it anew."""
    index = tmp_path / "index"
    subprocess.run(
        [sys.executable, "-m", "qa", "build", "--index", str(index)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with RealServer(tmp_path / "clinic", index) as server, Asking(server.url) as asking:
        folder = server.folder
        duration = longest = whole_build(folder, 0)
        chance = random.Random(20261126)
        ended: list[Any] = []
        for number in range(1, KILLS + 1):
            alter(folder, number)
            building = start_build(folder)
            began = time.monotonic()
            # A little beyond the end too: some kills fall into publishing, some after it.
            with suppress(subprocess.TimeoutExpired):
                building.wait(chance.uniform(0.05, 1.05) * duration)
                # On a busy machine builds take now this long, now that.
                duration = time.monotonic() - began
                longest = max(longest, duration)
            building.kill()
            ended.append(building.wait())
            assert ended[-1] in (0, -9)
            assert verify(folder / "index") == []
            opened = Assistant(folder / "index", bundled, safety_texts)
            assert opened.ask(QUESTIONS[0]).kind is AnswerKind.ANSWER
        # So that nothing but the kills decides what is live.
        whole_build(folder, KILLS + 1)
        named = load(folder / "index").name
        deadline = time.monotonic() + 60
        while httpx.get(f"{server.url}/health", timeout=30).json()["generation"] != named:
            assert time.monotonic() < deadline, "the server follows the last build"
            time.sleep(0.2)
    print(
        f"{ended.count(-9)} of {KILLS} builds, of up to {longest:.0f} s, killed before their end; "
        f"meanwhile {dict(asking.kinds)} by {len(asking.generations)} generations, each within "
        f"{asking.longest_s:.1f} s, and {len(asking.failures)} failures"
    )
    assert ended.count(-9) >= KILLS * 0.7, "most builds were killed before they were done"
    assert asking.failures == []
    assert sum(asking.kinds.values()) > KILLS
    assert set(asking.kinds) == {"answer"}
    assert not list((folder / "index").rglob(".building-*")), "nothing half-built is left"
