"""The standard streams, where whoever started a command closed them or lets them fill."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress

__all__ = ["with_streams"]


def with_streams() -> None:
    """Gives the standard streams a place to go where whoever started this closed them.

    To be called before any file is opened: the first ones would get the streams' numbers, and what
    libraries say on standard error would be written into an index.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            handle = os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free
            if handle != number and not _is_open(number):
                os.dup2(handle, number)
                os.close(handle)
                handle = number
            setattr(sys, name, open(handle, mode, encoding="utf-8"))  # noqa: SIM115 - as long as the process
    _forgive()


class _Forgiving(io.TextIOWrapper):
    """Standard error that says nothing where it cannot, as on a full disk of a log: that keeps
    nobody from being answered."""

    def write(self, text: str) -> int:
        """Writes at once what can be written."""
        with suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            super().flush()


def _forgive() -> None:
    """Has standard error forgive, unless something else stands in its place."""
    there = sys.__stderr__
    if there is not None and sys.stderr is there and there.fileno() == 2:
        there.flush()
        raw = open(2, "wb", buffering=0, closefd=False)  # noqa: SIM115 - as long as the process
        sys.stderr = _Forgiving(raw, line_buffering=True, write_through=True)


def _is_open(number: int) -> bool:
    """Whether a file has that number."""
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
