"""What the visitors saw: counts, times, what was wrong; and the faults that excuse a refusal."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

__all__ = ["Ledger", "Wrong"]

_AFTER_S = 2.0
"""Seconds after the end of a fault in which what it does to a request still counts as its doing."""
_KEPT = 20
"""Wrong things that are told word for word; of more only the number is kept."""


class Wrong(Exception):
    """The server did what it must never do."""


@dataclass(slots=True)
class _Fault:
    name: str
    path: str
    began: float
    ended: float | None = None


@dataclass(slots=True)
class Ledger:
    """One for all visitors of a run."""

    visits: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    quotes: int = 0
    """Quotes that were compared with the stored text."""
    excused: Counter[str] = field(default_factory=Counter)
    """5xx while a fault that brings them was there, by the fault."""
    wrong: list[str] = field(default_factory=list)
    wrongs: int = 0
    troubles: Counter[str] = field(default_factory=Counter)
    asked_ms: list[float] = field(default_factory=list)
    _open: list[_Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def visited(self, kind: str) -> None:
        """A visit came to its end."""
        with self._lock:
            self.visits[kind] += 1

    def troubled(self, name: str) -> None:
        """A trouble came to its end."""
        with self._lock:
            self.troubles[name] += 1

    def compared(self) -> None:
        """A quote was the stored text, character by character."""
        with self._lock:
            self.quotes += 1

    def failed(self, kind: str, error: BaseException) -> None:
        """A visit ended with something wrong."""
        with self._lock:
            self.wrongs += 1
            if len(self.wrong) < _KEPT:
                self.wrong.append(f"{kind}: {type(error).__name__}: {error}"[:600])

    def answered(self, path: str, status: int, began: float, ended: float) -> None:
        """A response came; times are of the steady clock, in seconds.

        Raises Wrong for a 5xx that no fault brings.
        """
        with self._lock:
            self.statuses[status] += 1
            if path == "/api/ask" and status == 200:
                self.asked_ms.append((ended - began) * 1000)
            if status < 500:
                return
            for fault in self._open:
                over = fault.ended is not None and began > fault.ended + _AFTER_S
                if path.startswith(fault.path) and ended >= fault.began and not over:
                    self.excused[fault.name] += 1
                    return
        raise Wrong(f"{path} answered {status}, and no fault was there that brings it")

    @contextmanager
    def fault(self, name: str, path: str = "none") -> Iterator[None]:
        """While it lasts, and a moment after, requests whose path begins so may get 5xx."""
        made = _Fault(name, path, time.monotonic())
        with self._lock:
            self._open.append(made)
        try:
            yield
        finally:
            made.ended = time.monotonic()
