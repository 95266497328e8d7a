"""Reading one file in a process of its own, and what must hold of how that went."""

from __future__ import annotations

import atexit
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.fuzz.child import Outcome, receive, send
from tests.fuzz.pace import TookLong

__all__ = ["HANG", "check_reading", "outcome_of"]

HANG = 300.0
"""Seconds after which a file counts as one that is never read: far more than `SECONDS`, since a
busy machine gives a process a tenth of a processor."""
SECONDS = (4.0, 60e-6)
"""Of a processor for reading a file twice and checking it, at most: these, and so many for each
byte. What was measured lies below a fifth of it."""
MEMORY = (96 << 20, 400)
"""Bytes held at most: these, and so many for each byte of the file."""
_ROOT = Path(__file__).resolve().parents[2]


class _Child:
    """The process; started when it is needed, and again after a crash."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, document_id: str, data: bytes) -> Outcome:
        process = self._process or self._start()
        assert process.stdin
        assert process.stdout
        try:
            send(process.stdin, (document_id, data))  # type: ignore[arg-type]
            if not select.select([process.stdout], [], [], HANG)[0]:
                raise TimeoutError
            answer = receive(process.stdout)  # type: ignore[arg-type]
        except TimeoutError:
            self.stop()
            raise AssertionError(f"not read within {HANG:.0f} seconds") from None
        except (EOFError, BrokenPipeError):
            code = process.wait()
            self.stop()
            name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
            raise AssertionError(f"the process that read it died: {name}") from None
        assert isinstance(answer, Outcome)
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            [sys.executable, "-B", "-c", "from tests.fuzz.child import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
        )
        assert self._process.stdout
        assert receive(self._process.stdout) == "ready"  # type: ignore[arg-type]
        return self._process

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            for stream in (self._process.stdin, self._process.stdout):
                _close(stream)
            self._process.wait()
            self._process = None


def _close(stream: object) -> None:
    with suppress(BrokenPipeError):
        stream.close()  # type: ignore[attr-defined]


_CHILD = _Child()
atexit.register(_CHILD.stop)


def outcome_of(document_id: str, data: bytes) -> Outcome:
    """Reads bytes under that name. Raises AssertionError where the process dies or hangs."""
    return _CHILD.ask(document_id, data)


def check_reading(document_id: str, data: bytes) -> Outcome:
    """Reads bytes: a document or a CorpusError that names the file, within time and memory.

    Raises AssertionError where it is anything else.
    """
    outcome = outcome_of(document_id, data)
    assert outcome.kind != "broken", outcome.told
    if outcome.kind == "refused":
        assert document_id in outcome.told, outcome.told
        assert "Traceback" not in outcome.told
        assert "\0" not in outcome.told
        outcome.told.encode("utf-8")
    seconds = SECONDS[0] + SECONDS[1] * outcome.size
    if outcome.seconds > seconds:
        raise TookLong(f"{outcome.seconds:.1f} s, {outcome.size:,} bytes")
    memory = MEMORY[0] + MEMORY[1] * outcome.size
    assert outcome.peak <= memory, f"{outcome.peak:,} bytes held, {outcome.size:,} in the file"
    return outcome
