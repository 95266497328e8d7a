"""`python -m qa` many times over, without importing torch anew each time.

`WarmCli` starts this file as a process, which imports the heavy libraries once and then forks for
each command. A fork runs `qa.__main__` just as `python -m qa` does, with its own arguments, folder,
environment and streams. No model is loaded before the fork.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

__all__ = ["Running", "WarmCli"]

_LIBRARIES = ("sentence_transformers", "faiss", "bm25s", "pydantic_settings", "sentencex", "typer")


class Running:
    """A command under way."""

    def __init__(self, cli: WarmCli, pid: int, folder: Path) -> None:
        self.pid = pid
        self._cli = cli
        self._folder = folder

    def kill(self) -> None:
        """Ends it as a power cut would: nothing in it gets to tidy up."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> subprocess.CompletedProcess[str]:
        """Its exit code (negative where a signal ended it) and what it wrote."""
        code = self._cli.call({"wait": self.pid})
        out, err = ((self._folder / name).read_text("utf-8") for name in ("out", "err"))
        return subprocess.CompletedProcess([], code, out, err)


class WarmCli:
    """The process that forks."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def __enter__(self) -> WarmCli:
        self._temporary = tempfile.TemporaryDirectory()
        self._count = 0
        self._ready = False
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=self._root,
            env={k: v for k, v in os.environ.items() if not k.startswith("QA_")}
            | {"PYTHONPATH": str(self._root), "OMP_NUM_THREADS": "1"},
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()
        self._temporary.cleanup()

    def get_ready(self) -> None:
        """Waits until the libraries are imported."""
        if not self._ready:
            assert self._process.stdout
            assert self._process.stdout.readline() == "ready\n"
            self._ready = True

    def call(self, message: Mapping[str, Any]) -> int:
        """Sends the process something to do, and gives its answer: a process id or exit code."""
        self.get_ready()
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def start(
        self,
        *args: str | Path,
        stdin: str | bytes = "",
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Running:
        """Starts `python -m qa ARGS`."""
        self._count += 1
        folder = Path(self._temporary.name) / str(self._count)
        folder.mkdir()
        (folder / "in").write_bytes(stdin.encode() if isinstance(stdin, str) else stdin)
        message = {
            "args": [str(arg) for arg in args],
            "folder": str(folder),
            "cwd": str(cwd or self._root),
            "env": dict(env or {}),
        }
        return Running(self, self.call(message), folder)

    def run(
        self,
        *args: str | Path,
        stdin: str | bytes = "",
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Runs `python -m qa ARGS` to its end."""
        return self.start(*args, stdin=stdin, cwd=cwd, env=env).wait()


def _serve_forks() -> None:
    for library in _LIBRARIES:
        importlib.import_module(library)

    print("ready", flush=True)
    for line in sys.stdin:
        message = json.loads(line)
        if "wait" in message:
            _, status = os.waitpid(message["wait"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = os.fork()
            if answer == 0:
                os._exit(_command(message))
        print(answer, flush=True)


def _command(message: Mapping[str, Any]) -> int:
    folder = Path(message["folder"])
    os.chdir(message["cwd"])
    os.environ.update(message["env"])
    writing = os.O_WRONLY | os.O_CREAT
    for number, name, flags in ((0, "in", os.O_RDONLY), (1, "out", writing), (2, "err", writing)):
        os.dup2(os.open(folder / name, flags, 0o600), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.argv = ["qa", *message["args"]]
    code: int | str | None = 0
    try:
        runpy.run_module("qa", run_name="__main__", alter_sys=True)
    except SystemExit as stop:
        code = stop.code
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return int(code or 0)


if __name__ == "__main__":
    _serve_forks()
