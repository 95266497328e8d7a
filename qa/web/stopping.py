"""Stopping: those under way are answered or told, and the process ends by itself, in time.

After SIGTERM or SIGINT nothing new is taken, and answers go on for `ANSWER_S`. Whoever still waits
then is told to come again, help first. At `CUT_S` what is left is cut off, and at `LAST_S` the
process ends even where a thread hangs. Docker kills ten seconds after it asked, which all of this
stays under. A second signal changes nothing.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn

from qa.web.admission import Admission

__all__ = ["CUT_S", "QUEUE", "Server", "Stopping"]

QUEUE = 256
"""Connections that the system keeps until they are taken."""
_LAST_CALL_S = 0.3
"""Seconds for which connections are still taken."""
ANSWER_S = 5.0
"""Seconds for which questions under way are waited for."""
CUT_S = 6
"""Seconds after which connections are cut: whoever was told at `ANSWER_S` has read it."""
LAST_S = 9.0
"""Seconds after which the process ends, whatever still runs."""
_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
)
"""The last is Ctrl+Break, on Windows alone."""

log = logging.getLogger(__name__)


class Stopping:
    """Whether the server stops, for whoever must know, and those who wait at that time."""

    def __init__(self, admission: Admission | None = None) -> None:
        self._admission = admission
        self.begun = False

    def begin(self) -> None:
        """Nothing new is promised from now on."""
        self.begun = True

    def tell_waiting(self) -> None:
        """Those who wait for an answer are told that none comes."""
        if self._admission:
            self._admission.close()


class Server(uvicorn.Server):
    """uvicorn's server, which says when it is ready and ends by itself."""

    def __init__(
        self, config: uvicorn.Config, stopping: Stopping, on_ready: Callable[[], object]
    ) -> None:
        super().__init__(config)
        self._stopping = stopping
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's."""
        await super().startup(sockets)
        for one in sockets or ():
            one.listen(QUEUE)  # asyncio made the system's queue as short as what it takes at a time
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, with a word to those who would wait too long."""
        self._stopping.begin()
        # Whoever connected just before is taken in, and /ready says no to a proxy that looks.
        await asyncio.sleep(_LAST_CALL_S)
        later = asyncio.get_running_loop().call_later(ANSWER_S, self._stopping.tell_waiting)
        try:
            await super().shutdown(sockets)
        finally:
            later.cancel()
            self._stopping.tell_waiting()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal stops the server; uvicorn would let go of everybody at the second."""
        if not self.should_exit:
            self.should_exit = True
            self._stopping.begin()
            last = threading.Timer(LAST_S, _end)
            last.daemon = True
            last.start()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Takes signals while the server runs. It ends with exit code 0: uvicorn would send itself
        the signal again, and so die of it before everything is put in order."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {one: signal.signal(one, self.handle_exit) for one in _SIGNALS}
        try:
            yield
        finally:
            if self.should_exit:
                # Else the interpreter looks through all objects once more before it ends, which
                # took four of five seconds on a machine that was busy.
                gc.freeze()
            for one, handler in before.items():
                # The process is about to end by itself: another signal would only disturb it.
                signal.signal(one, signal.SIG_IGN if self.should_exit else handler)


def _end() -> None:
    log.error("what still ran %d seconds after the signal was cut off", LAST_S)
    os._exit(1)
