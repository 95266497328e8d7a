"""A process that works for this one, started when it is first asked and anew when it has died."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, cast

from qa.apart.limits import Limits
from qa.apart.messages import Facts, receive, send

__all__ = ["Apart", "Broken", "Busy", "Ended", "Refused"]

_ROOT = Path(__file__).resolve().parents[2]
_MOST_HELD = 512 << 20
"""Bytes that the process may hold between two files; one that holds more is started anew."""


class Refused(Exception):
    """The work cannot be done; the text says why."""


class Ended(Exception):
    """The work took too much or too long, or ended its process; the text says which."""


class Broken(Exception):
    """The work failed by a mistake of the program; the text says where."""


class Busy(Exception):
    """Others have the process work for them for longer than one may wait."""


@dataclass(frozen=True, slots=True)
class _Worker:
    """A process that was started, and its pipes."""

    process: subprocess.Popen[bytes]
    requests: BinaryIO
    replies: BinaryIO
    owner: int
    """The process that started it."""

    @property
    def usable(self) -> bool:
        """Not once it has died, nor in a fork of its owner, which shares the pipes."""
        return self.owner == os.getpid() and self.process.poll() is None


class Apart:
    """The process and its pipes; any thread may ask, one at a time is served."""

    def __init__(self, module: str) -> None:
        """`module` has the function `main`, which serves (`qa.apart.child.serve`)."""
        self._module = module
        self._lock = threading.Lock()
        self._worker: _Worker | None = None
        atexit.register(self.stop)

    @property
    def process_id(self) -> int | None:
        """Of the process, where there is one."""
        return self._worker.process.pid if self._worker else None

    def ask(
        self,
        work: str,
        facts: Facts,
        data: bytes,
        limits: Limits,
        patience: float = threading.TIMEOUT_MAX,
    ) -> tuple[Facts, bytes]:
        """Has the work done within its limits; gives what it made.

        `patience` is how many seconds to wait for others. Raises Refused, Ended, Broken or
        Busy, and OSError or MemoryError where no process can be started.
        """
        if not self._lock.acquire(timeout=patience):
            raise Busy
        try:
            request = {"work": work, "facts": facts, "limits": asdict(limits)}
            return self._asked(request, data, limits)
        except (Refused, Ended, Broken):
            raise
        except BaseException:  # also Ctrl+C: nobody is to take another's reply for their own
            self.stop()
            raise
        finally:
            self._lock.release()

    def stop(self) -> None:
        """Ends the process, if there is one; it is started again when it is asked."""
        worker, self._worker = self._worker, None
        if worker is None or worker.owner != os.getpid():
            return
        worker.process.kill()
        worker.process.wait()
        for stream in (worker.requests, worker.replies):
            with suppress(OSError):
                stream.close()

    def _asked(self, request: Facts, data: bytes, limits: Limits) -> tuple[Facts, bytes]:
        worker = self._running()
        try:
            send(worker.requests, request, data)
            found, made = receive(worker.replies)
        except (EOFError, BrokenPipeError):
            code = worker.process.wait()
            self.stop()
            raise Ended(_end(code, limits)) from None
        if found["held"] > _MOST_HELD or "out_of_memory" in found:
            self.stop()
        if "out_of_memory" in found:
            raise Ended(f"took more than {limits.memory / 1e6:,.0f} MB of memory")
        if "broken" in found:
            raise Broken(found["broken"])
        if "refused" in found:
            raise Refused(found["refused"])
        return found["done"], made

    def _running(self) -> _Worker:
        if self._worker and self._worker.usable:
            return self._worker
        self.stop()
        self._worker = worker = _started(self._module)
        try:
            receive(worker.replies)
        except EOFError:
            code = worker.process.wait()
            self.stop()
            raise MemoryError(
                f"the process for {self._module} could not be started: {_signal(code)}"
            ) from None
        return worker


def _started(module: str) -> _Worker:
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(  # noqa: S603 - this Python, and a module of our own
        # Nothing is taken from the folder this was started in (-P): documents may lie there.
        [sys.executable, "-P", "-c", f"from {module} import main; main()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # NumPy's threads would each take memory, and are of no use to what is done there.
        env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
    )
    return _Worker(
        process, cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout), os.getpid()
    )


def _end(code: int, limits: Limits) -> str:
    """Why a process ended that was given such limits."""
    if code == -getattr(signal, "SIGXCPU", 0):
        return f"took more than {limits.seconds:,.0f} seconds of a processor"
    if code == 1:
        return f"did not end within {limits.clock:,.0f} seconds"
    return (
        f"took more than {limits.memory / 1e6:,.0f} MB of memory, or met damage ({_signal(code)})"
    )


def _signal(code: int) -> str:
    try:
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"
    except ValueError:
        return f"signal {-code}"
