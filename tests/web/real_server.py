"""`python -m qa serve` as a clinic runs it: real documents, index and model in their own folder.

Whatever the server writes, its temporary files and what it says included, lies in that folder, so
that all of it can be searched.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx

from tests.bundled import EXPORTED
from tests.conftest import ROOT
from tests.first_corpus import lasting_corpus

__all__ = ["RealServer", "ask_chat"]

_START_SECONDS = 180.0
_READY = re.compile(r"ready at (http://\S+)")


class RealServer:
    """The server while a `with` block lasts; `url` is where it listens."""

    def __init__(self, folder: Path, index: Path, qa: Sequence[str] = ("serve",)) -> None:
        """Copies settings, corpus and a built index into `folder`. `qa` is the command to run."""
        self.folder = folder
        self.url = ""
        self._qa = qa
        self._said = folder / "said"
        self.environment: dict[str, str] = {}
        """Variables that it gets besides."""
        self.before: tuple[str, ...] = ()
        """A command that starts it, such as one that takes rights away."""
        for name in ("home", "temporary", "said"):
            (folder / name).mkdir(parents=True)
        shutil.copy(ROOT / "qa.toml", folder)
        lasting_corpus(folder / "corpus")
        shutil.copytree(index, folder / "index")

    def __enter__(self) -> RealServer:
        environment = {name: v for name, v in os.environ.items() if not name.startswith("QA_")}
        environment |= dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(self.folder / "temporary"))
        environment |= dict.fromkeys(("HOME", "XDG_CACHE_HOME"), str(self.folder / "home"))
        environment |= {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        environment |= {"QA_EMBEDDING__MODELS": str(EXPORTED)} | self.environment
        with open(self._said / "out", "wb") as out, open(self._said / "err", "wb") as err:
            self.process = subprocess.Popen(
                [*self.before, sys.executable, "-m", "qa", *self._qa, "--port", "0"],
                cwd=self.folder,
                env=environment,
                stdout=out,
                stderr=err,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not (found := _READY.search(self.said())):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError(f"the server does not start:\n{self.said()}")
            time.sleep(0.05)
        self.url = found[1]
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends it as a clinic would, and by force only where that does not help."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def said(self) -> str:
        """All of standard output and standard error up to now."""
        return "".join((self._said / name).read_text("utf-8", "replace") for name in ("out", "err"))

    def holders(self, word: str) -> list[str]:
        """Files in the folder, names included, and open ones without a name, that hold a word."""
        wanted = [word.lower().encode(encoding) for encoding in ("utf-8", "utf-16-le")]
        found = [str(path) for path in self.folder.rglob("*") if word.lower() in path.name.lower()]
        for path in (*self.folder.rglob("*"), *self._nameless()):
            try:
                content = path.read_bytes().lower() if path.is_file() else b""
            except FileNotFoundError:  # the server, which goes on, has let go of it just now
                continue
            found += [str(path) for one in wanted if one in content]
        return found

    def _nameless(self) -> Iterator[Path]:
        """Temporary files without a name live as long as they are open (Linux only)."""
        for path in Path(f"/proc/{self.process.pid}/fd").glob("*"):
            try:
                if "(deleted)" in os.readlink(path):
                    yield path
            except OSError:  # closed in between
                continue


def ask_chat(client: httpx.Client, question: str) -> httpx.Response:
    """Asks by the route and body that the chat page uses, with an empty conversation."""
    config = client.get("/config").json()
    names = {one["id"]: one["props"].get("elem_id") for one in config["components"]}
    asking = next(
        one
        for one in config["dependencies"]
        if any(names.get(target) == "question" and event == "submit"
               for target, event in one["targets"])
    )  # fmt: skip
    given: dict[str | None, Any] = {"question": question, "log": []}
    body = {
        "data": [given.get(names[component]) for component in asking["inputs"]],
        "fn_index": asking["id"],
        "session_hash": "test",
    }
    return client.post("/gradio_api/run/predict", json=body)
