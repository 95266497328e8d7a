"""Open files: as many as the system allows, and how many of them may be connections."""

from __future__ import annotations

from contextlib import suppress

__all__ = ["raise_limit", "room_for_files"]

_MOST = 65_536
"""Open files that are asked for: more connections than one machine answers."""
_FILES_BESIDE = 128
"""Open files that the program needs besides connections."""


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


def room_for_files(most: int) -> int:
    """How many connections there may be so that files can still be opened; `most` where the system
    sets no lower bound."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return most
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return most if soft == resource.RLIM_INFINITY else max(16, min(most, soft - _FILES_BESIDE))
