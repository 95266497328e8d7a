"""Who may ask now: some questions are answered, some wait in the order they came, others are told.

Waiting takes no thread: those that pages and /health are served by stay free. Threads of its own
answer questions, no more than the processors have use for, since more would only take turns.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

__all__ = ["AT_ONCE", "MAX_WAITING", "Admission", "AskerLeft", "HasLeft", "TurnedAway"]

T = TypeVar("T")
HasLeft = Callable[[], Awaitable[bool]]
"""Tells whether the one who asked has hung up."""

AT_ONCE = 4
"""Questions that are answered at the same time: two for each of two processors, so that one can
compute while another waits for its batch (`python tests/benchmarks/askers.py`)."""
MAX_WAITING = 50
"""Questions that wait behind those. Of a hundred the last waited 14 s where twelve are answered a
second (`python tests/benchmarks/askers.py`), and nobody should wait ten."""
_LONGEST_S = 60
"""What somebody is told at most to wait before asking again."""
_LOOK_S = 0.5
"""How often it is looked whether somebody who waits has hung up."""
_SMOOTHING = 0.1
"""How much of the stated pace each answer makes: the last ten or so count."""


class TurnedAway(Exception):
    """There are too many questions at the moment. Nothing of the question is kept."""

    def __init__(self, retry_after: int) -> None:
        """`retry_after` are the seconds after which most of those who wait now are answered."""
        super().__init__("too many questions at the moment")
        self.retry_after = retry_after


class AskerLeft(Exception):
    """Whoever asked has hung up, and nothing was answered. Nobody reads what is said of it."""


class Admission:
    """A bounded number of questions, first come, first served."""

    def __init__(self, at_once: int = AT_ONCE, max_waiting: int = MAX_WAITING) -> None:
        """`at_once` are answered at the same time, `max_waiting` more may wait."""
        self._most = at_once + max_waiting
        self._threads = ThreadPoolExecutor(at_once, "answer")
        self._urgent = ThreadPoolExecutor(1, "answer first")
        self._lock = threading.Lock()
        self._inside = 0
        self._closed = False
        self._at_once = at_once
        self._pace = 0.1

    @property
    def inside(self) -> int:
        """How many are answered or wait."""
        return self._inside

    @property
    def answering(self) -> int:
        """How many are answered."""
        return min(self._inside, self._at_once)

    @property
    def waiting(self) -> int:
        """How many wait."""
        return self._inside - self.answering

    @property
    def is_crowded(self) -> bool:
        """Whether the next one has to wait."""
        return self._inside >= self._at_once

    async def run(
        self, work: Callable[[], T], has_left: HasLeft | None = None, *, urgent: bool = False
    ) -> T:
        """What `work` gives, in a thread, when it is its turn.

        Raises TurnedAway at once, without having called it, where there are too many before it, and
        within half a second once this is closed; AskerLeft where `has_left` says so, so that others
        get the place; and whatever it raises.
        What is `urgent` waits only for what is urgent too: one thread more is for that.
        """
        with self._lock:
            if self._closed or self._inside >= self._most:
                raise TurnedAway(self._seconds())
            self._inside += 1
        answer: asyncio.Future[T] | None = None
        try:
            call = copy_context().run
            answer = asyncio.get_running_loop().run_in_executor(
                self._urgent if urgent else self._threads, self._timed, lambda: call(work)
            )
            while not (await asyncio.wait([answer], timeout=_LOOK_S))[0]:
                if self._closed:
                    raise TurnedAway(self._seconds())
                if has_left and await has_left():
                    raise AskerLeft
            if answer.cancelled():  # its turn had not come when this was closed
                raise TurnedAway(self._seconds())
            return await answer
        finally:
            if answer:
                answer.cancel()  # where nobody waits for it any more
            with self._lock:
                self._inside -= 1

    def close(self) -> None:
        """The server ends: whoever waits or is answered is turned away, and nobody gets in."""
        self._closed = True
        for threads in (self._threads, self._urgent):
            threads.shutdown(wait=False, cancel_futures=True)

    def _timed(self, work: Callable[[], T]) -> T:
        began = time.monotonic()
        try:
            return work()
        finally:
            self._pace += _SMOOTHING * (time.monotonic() - began - self._pace)

    def _seconds(self) -> int:
        """After how many seconds there is room again for many."""
        return min(_LONGEST_S, max(1, math.ceil(self._inside * self._pace / self._at_once)))
