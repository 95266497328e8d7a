"""What runs in the process that works for another: it takes work until the other one is gone."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from qa.apart.bounds import OutOfMemory, bounded, no_core_files, resident
from qa.apart.limits import Limits
from qa.apart.messages import Facts, receive, send
from qa.errors import QuotewellError

try:
    import fcntl
except ImportError:  # not there on Windows
    fcntl = None  # type: ignore[assignment]

__all__ = ["Work", "serve"]

Work = Callable[[Facts, bytes], tuple[Facts, bytes]]


def serve(works: Mapping[str, Work]) -> None:
    """Does the works that are asked for on standard input, by name, until it ends.

    A QuotewellError is told as what the work was refused for.
    """
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no reply
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for who asks
    no_core_files()
    send(replies, {"ready": True})
    with open(os.devnull, "w", encoding="utf-8") as quiet:
        while True:
            try:
                asked, data = receive(requests)
            except EOFError:
                return
            limits = Limits(**asked["limits"])
            with _ended_with(requests.fileno()):
                try:
                    with bounded(limits, quiet):
                        done, made = works[asked["work"]](asked["facts"], data)
                        found: Facts = {"done": done}
                except QuotewellError as error:
                    found, made = {"refused": str(error)}, b""
                except OutOfMemory:
                    found, made = {"out_of_memory": True}, b""
                except BaseException as error:  # a panic of Rust is no Exception
                    found, made = {"broken": _where(error)}, b""
            send(replies, found | {"held": resident()}, made)


@contextmanager
def _ended_with(requests: int) -> Iterator[None]:
    """Within, this process ends when the other one does, even in a library that never returns.

    The kernel sends SIGIO, which ends it, when something happens to the pipe that requests come
    from. There is no other way to hear of it without the interpreter, and nothing else can happen:
    no request comes before the last one's reply.
    """
    if fcntl is None or not hasattr(os, "O_ASYNC") or not hasattr(fcntl, "F_SETOWN"):
        yield
        return
    flags = fcntl.fcntl(requests, fcntl.F_GETFL)
    fcntl.fcntl(requests, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(requests, fcntl.F_SETFL, flags | os.O_ASYNC)
    try:
        yield
    finally:
        fcntl.fcntl(requests, fcntl.F_SETFL, flags)


def _where(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {os.path.basename(last.filename)}:{last.lineno}: {error}"
