"""Work that takes longer than a page may: one job at a time, with its progress, and a way to stop.

A job runs in a thread of the server and goes on when whoever began it leaves the page. It is gone
when the server stops; what it kept until then is its own affair.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from qa.errors import QuotewellError

__all__ = ["JobState", "Jobs", "Progress", "Stopped"]

Progress = Callable[[str, int, int], None]
"""What a job tells of itself: what it does, how many are done and how many there are. It raises
`Stopped` when the job is to end, which the job lets pass."""
Status = Literal["running", "stopping", "done", "stopped", "failed"]

log = logging.getLogger(__name__)


class Stopped(Exception):
    """Somebody pressed the stop button; its text, if any, says what was kept."""


@dataclass(frozen=True, slots=True)
class JobState:
    """How a job stands."""

    number: int
    kind: str
    """What it is, for people: "Golden questions"."""
    by: str
    began: str
    """UTC, as 2026-11-26T10:15:00Z."""
    step: str = ""
    done: int = 0
    total: int = 0
    status: Status = "running"
    message: str = ""
    """What came of it; of a failed one what went wrong and what to do."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in ("done", "stopped", "failed")


class Jobs:
    """The jobs of a server, of which one runs at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: JobState | None = None
        self._thread: threading.Thread | None = None

    def start(self, kind: str, by: str, work: Callable[[Progress], str]) -> JobState:
        """Begins a job; `work` gives the message to end with.

        Raises QuotewellError while another job runs.
        """
        with self._lock:
            if self._state and not self._state.is_over:
                raise QuotewellError(
                    f"{self._state.kind} is running already, begun by {self._state.by}. Wait for "
                    "it or stop it."
                )
            number = self._state.number + 1 if self._state else 1
            began = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            self._state = state = JobState(number, kind, by, began)
            self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
            self._thread.start()
        return state

    def state(self) -> JobState | None:
        """The job that runs, or else the last one; None before the first."""
        with self._lock:
            return self._state

    def stop(self, number: int) -> None:
        """Asks a job to end; one that is over, or another's number, is left alone."""
        with self._lock:
            if self._state and self._state.number == number and self._state.status == "running":
                self._state = replace(self._state, status="stopping")

    def wait(self, timeout_s: float = 60.0) -> JobState | None:
        """Waits for the job that runs, and gives what `state` gives then."""
        if self._thread:
            self._thread.join(timeout_s)
        return self.state()

    def _run(self, work: Callable[[Progress], str]) -> None:
        try:
            self._end("done", work(self._progress))
        except Stopped as stopped:
            self._end("stopped", str(stopped) or "Stopped.")
        except QuotewellError as error:
            self._end("failed", str(error))
        except Exception as error:  # its text may hold a question
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("a job failed: %s\n%s", type(error).__name__, where)
            self._end("failed", "It failed in a way nobody foresaw; the server's log says where.")

    def _progress(self, step: str, done: int, total: int) -> None:
        with self._lock:
            assert self._state  # noqa: S101 - it runs
            if self._state.status == "stopping":
                raise Stopped
            self._state = replace(self._state, step=step, done=done, total=total)

    def _end(self, status: Status, message: str) -> None:
        with self._lock:
            assert self._state  # noqa: S101 - it runs
            self._state = replace(self._state, status=status, message=message)
