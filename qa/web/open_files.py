"""Open files: as many as the system lets a process have, and what is said where they run out.

Each connection takes one. Where none is left, asyncio logs a traceback for each connection that it
cannot take, and tries as often as its backlog is long, each second: 2 MB of log a second were
measured. One line a minute says the same.
"""

from __future__ import annotations

import logging
import time
from contextlib import suppress

__all__ = ["MostFiles", "quieten", "raise_limit"]

_MOST = 65_536
"""Open files that are asked for: more connections than one machine answers."""
_EVERY_S = 60.0
_ASYNCIO_SAYS = "socket.accept() out of system resource"
"""The message's beginning, in asyncio of Python 3.11 to 3.14."""


class MostFiles(logging.Filter):
    """Puts one line a minute in the place of asyncio's tracebacks; all else passes."""

    def __init__(self) -> None:
        super().__init__()
        self._said_at: float | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is logged."""
        if not record.getMessage().startswith(_ASYNCIO_SAYS):
            return True
        now = time.monotonic()
        if self._said_at is not None and now - self._said_at < _EVERY_S:
            return False
        self._said_at = now
        record.msg = (
            "no more connections can be taken: too many files are open. They are taken again when "
            "others close. Allow more (LimitNOFILE= of a systemd service, `ulimit -n`)"
        )
        record.args, record.exc_info, record.exc_text = None, None, None
        return True


def quieten() -> None:
    """Has asyncio's log say it so; a second call changes nothing."""
    log = logging.getLogger("asyncio")
    if not any(isinstance(one, MostFiles) for one in log.filters):
        log.addFilter(MostFiles())


def raise_limit() -> None:
    """Takes as many open files as the system allows, of which many processes start with 1,024."""
    try:
        import resource  # noqa: PLC0415 - there is none on Windows, nor such a limit
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST if hard == resource.RLIM_INFINITY else min(hard, _MOST)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):  # what it has must do
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
