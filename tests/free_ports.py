"""Ports for programs that cannot choose one themselves and are started a moment later."""

from __future__ import annotations

import random
import socket
from pathlib import Path

__all__ = ["free_ports"]

_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LEAST = 10_000
"""Below are services that people know by their numbers."""


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 at which nobody listens and which the system gives to nobody unasked.

    It takes those of outgoing connections, and of whoever listens at port 0, from a range of its
    own: one from there might be somebody else's before it is used, or while its program is down.
    Raises AssertionError where there are not so many.
    """
    found: list[int] = []
    for port in random.SystemRandom().sample(_candidates(), 1_000):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    raise AssertionError(f"there are no {count} free ports between {_LEAST} and 65535")


def _candidates() -> list[int]:
    try:
        least, most = map(int, _RANGE.read_text("ascii").split())
    except (OSError, ValueError):
        least, most = 49_152, 65_535  # what RFC 6335 sets apart
    outside = [port for port in range(_LEAST, 65_536) if not least <= port <= most]
    return outside if len(outside) >= 1_000 else list(range(_LEAST, 65_536))
