"""Danger in a message that nobody has time to answer: looked for within a second or two.

Where too many ask, or searching fails, the patterns look at every message. The learnt model looks
too while it keeps up: it takes a hundredth of the work of an answer. Where it does not, the
patterns' finding stands alone, and the crisis lines stand under every message in any case.
"""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong

from qa.detector import DangerDetector
from qa.safety import Assessment, assess, looked_at

__all__ = ["BriefDetector"]

_MOST_LETTERS = 4_000
"""Characters of a long message that are looked at, half of them at each end. The patterns take 0.1
seconds of a processor for them, however often somebody who is turned away asks again."""
_LONGEST_S = 1.0
"""Seconds that somebody waits for the model."""
_MOST = 16
"""Messages that the model looks at or that wait for it. Each takes some 5 ms."""


class BriefDetector:
    """A `DangerDetector` that is given up on after a second."""

    def __init__(self, detector: DangerDetector, longest_s: float = _LONGEST_S) -> None:
        """`longest_s` is how long the model is waited for, in seconds."""
        self._detector = detector
        self._longest_s = longest_s
        self._thread = ThreadPoolExecutor(1, "look for danger")
        self._places = threading.BoundedSemaphore(_MOST)
        self._late: Future[Assessment] | None = None

    def assess(self, text: str) -> Assessment:
        """What danger a text, or the ends of a long one, speak of; by patterns alone where the
        model is not free in time. Never raises."""
        text = looked_at(text, _MOST_LETTERS)
        found = assess(text)
        late = self._late
        if late is not None and not late.done():
            return found  # the model hangs: nobody else is to wait for it
        if found.danger.is_grave or not self._places.acquire(blocking=False):
            return found
        try:
            asked: Future[Assessment] = self._thread.submit(self._detector.assess, text)
        except RuntimeError:  # the program is ending
            self._places.release()
            return found
        asked.add_done_callback(lambda _: self._places.release())
        try:
            return asked.result(self._longest_s)
        except (TookTooLong, CancelledError):
            if not asked.cancel():
                self._late = asked
            return found
