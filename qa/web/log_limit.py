"""Lines of the log that strangers can cause: once a minute each, so that they fill no disk."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

__all__ = ["OncePerMinute", "TooManyFiles", "limit_logs"]

_A_MINUTE_S = 60.0
_NO_NEWS = ("Unsupported upgrade request", "No supported WebSocket library")
"""uvicorn's words where somebody asks for a websocket, of which there are none."""
_FORMS = "python_multipart"
"""What reads members' uploads, and warns of each that is broken with a byte of what was sent."""
_NO_FILES = "socket.accept() out of system resource"
"""The message's beginning, in asyncio of Python 3.11 to 3.14."""


class OncePerMinute(logging.Filter):
    """Lets each text of a warning through once a minute.

    For loggers whose warnings are fixed texts, as uvicorn's are about requests that it cannot read.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` gives seconds of a clock that only goes forward."""
        super().__init__()
        self._now = now
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written. Other levels than that of warnings always are."""
        if record.levelno != logging.WARNING:
            return True
        text = str(record.msg)
        return not text.startswith(_NO_NEWS) and self._may_say(text)

    def _may_say(self, text: str) -> bool:
        now = self._now()
        if now - self._said.get(text, -_A_MINUTE_S) < _A_MINUTE_S:
            return False
        self._said[text] = now
        return True


class TooManyFiles(OncePerMinute):
    """Puts one line a minute in the place of asyncio's tracebacks; all else passes.

    Where no more files can be opened, asyncio logs a traceback for each connection that it cannot
    take, and tries as often as its backlog is long, each second: 2 MB of log a second, measured.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written."""
        if not record.getMessage().startswith(_NO_FILES):
            return True
        if not self._may_say(_NO_FILES):
            return False
        record.msg = (
            "no more connections can be taken: too many files are open. They are taken again when "
            "others close. Allow more (LimitNOFILE= of a systemd service, `ulimit -n`)"
        )
        record.args, record.exc_info, record.exc_text = None, None, None
        return True


def limit_logs() -> None:
    """Has asyncio and uvicorn say such things once a minute, and what reads uploads only what it
    fails at itself; a second call changes nothing."""
    logging.getLogger(_FORMS).setLevel(logging.ERROR)
    for name, kind in (("asyncio", TooManyFiles), ("uvicorn.error", OncePerMinute)):
        log = logging.getLogger(name)
        if not any(isinstance(one, kind) for one in log.filters):
            log.addFilter(kind())
