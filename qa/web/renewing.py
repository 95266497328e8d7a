"""What a page says of the documents is made anew in the background when they are others."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from types import TracebackType

__all__ = ["Renewer"]

_END_S = 3.0
"""Seconds that a renewal under way is waited for at the end."""

log = logging.getLogger(__name__)


class Renewer:
    """Does something again whenever it is woken, in one thread of its own while a `with` lasts.

    However often it is woken meanwhile, it does it once more. A failure is logged, and what was
    there stays.
    """

    def __init__(self, renew: Callable[[], object]) -> None:
        self._renew = renew
        self._woken = threading.Event()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="renew the page", daemon=True)

    def __enter__(self) -> Renewer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended = True
        self._woken.set()
        self._thread.join(_END_S)

    def wake(self) -> None:
        """Has it done soon; returns at once."""
        self._woken.set()

    def _run(self) -> None:
        while self._woken.wait() and not self._ended:
            self._woken.clear()
            try:
                self._renew()
            except Exception:
                log.exception("the page's suggestions stay as they were")
