"""`python -m qa` many times over, without importing torch anew each time.

`WarmCli` starts this file as a process, which imports Quotewell and the heavy libraries once and
then forks for each command. A fork runs `qa.__main__` just as `python -m qa` does, with its own
arguments, folder, environment and streams, and loads its models itself. Processes of one test run
that name the same folder share one such process; it ends with the last of them.
"""

from __future__ import annotations

import fcntl
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

__all__ = ["Running", "WarmCli"]

_PATIENCE_S = 60.0
"""For the first line to the process that forks."""
_LIBRARIES = ("sentence_transformers", "faiss", "bm25s", "pydantic_settings", "sentencex", "typer")


class Running:
    """A command under way."""

    def __init__(self, cli: WarmCli, pid: int, folder: Path) -> None:
        self.pid = pid
        self._cli = cli
        self._folder = folder
        self._done: subprocess.CompletedProcess[str] | None = None

    def said(self, stream: Literal["out", "err"]) -> str:
        """What it has written to a stream so far."""
        try:
            return (self._folder / stream).read_text("utf-8", "replace")
        except FileNotFoundError:  # it has only just been started
            return ""

    def send(self, number: signal.Signals) -> None:
        """Sends it a signal; none once its end was told, when another may have its number."""
        if not self._done:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Ends it as a power cut would: nothing in it gets to tidy up."""
        self.send(signal.SIGKILL)

    def wait(self) -> subprocess.CompletedProcess[str]:
        """Its exit code (negative where a signal ended it) and what it wrote."""
        if not self._done:
            code = self._cli.call({"wait": self.pid})
            out, err = ((self._folder / name).read_text("utf-8") for name in ("out", "err"))
            self._done = subprocess.CompletedProcess([], code, out, err)
        return self._done


class WarmCli:
    """A line to the process that forks."""

    def __init__(self, root: Path, shared: Path) -> None:
        self._root = root
        self._shared = shared

    def __enter__(self) -> WarmCli:
        self._temporary = tempfile.TemporaryDirectory()
        self._count = 0
        with open(self._shared / "warm.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._line = self._connected() or self._started()
        self._file = self._line.makefile("rw", encoding="utf-8")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self._line.close()
        self._temporary.cleanup()

    def _connected(self) -> socket.socket | None:
        """A line to the process that runs already; none where there is none, or it is ending."""
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(str(self._shared / "warm"))
            if line.recv(1) == b"!":
                return line
        except OSError:
            pass
        line.close()
        return None

    def _started(self) -> socket.socket:
        (self._shared / "warm").unlink(missing_ok=True)
        # It outlives this process where another one still needs it, and so is not waited for.
        with subprocess.Popen(
            [sys.executable, __file__, str(self._shared / "warm")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            cwd=self._root,
            env={k: v for k, v in os.environ.items() if not k.startswith("QA_")}
            | {
                "PYTHONPATH": str(self._root),
                "OMP_NUM_THREADS": "1",
                "QA_EMBEDDING__MODELS": str(self._root / "build" / "models"),
            },
        ) as starter:
            assert starter.stdout
            assert starter.stdout.readline() == "ready\n"
        line = self._connected()
        assert line
        return line

    def call(self, message: Mapping[str, Any]) -> int:
        """Sends the process something to do, and gives its answer: a process id or exit code."""
        self._file.write(json.dumps(message) + "\n")
        self._file.flush()
        return int(self._file.readline())

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


def _get_warm() -> None:
    """Imports what commands import, and fills what transformers looks up at the first model."""
    for library in _LIBRARIES:
        importlib.import_module(library)
    qa = importlib.import_module("qa")
    for module in pkgutil.walk_packages(qa.__path__, "qa."):
        if module.name != "qa.__main__":
            importlib.import_module(module.name)


def _serve(address: str) -> None:
    """Forks for each line, until the last one is closed."""
    _get_warm()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen()
    if os.fork():  # whoever started this need not wait for its end
        print("ready", flush=True)
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    lines: set[int] = set()
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        if select.select([listening], [], [], 0.5)[0]:
            line, _ = listening.accept()
            pid = os.fork()
            if pid == 0:
                listening.close()
                _serve_forks(line)
                os._exit(0)
            lines.add(pid)
            line.close()
        ended = {pid for pid in lines if os.waitpid(pid, os.WNOHANG)[0]}
        lines -= ended
        if not lines and (ended or time.monotonic() > deadline):
            return


def _serve_forks(line: socket.socket) -> None:
    line.sendall(b"!")
    file = line.makefile("rw", encoding="utf-8")
    for text in file:
        message = json.loads(text)
        if "wait" in message:
            _, status = os.waitpid(message["wait"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = os.fork()
            if answer == 0:
                os.close(line.fileno())
                os._exit(_command(message))
        file.write(f"{answer}\n")
        file.flush()


def _command(message: Mapping[str, Any]) -> int:
    # Whatever runs the tests may itself have been started without an ear for Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
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
    _serve(sys.argv[1])
