"""Works for the tests of `qa.apart`, done in the process of its own."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from pathlib import Path

from qa.apart.child import serve
from qa.apart.messages import Facts
from qa.errors import QuotewellError

__all__ = ["main"]


def main() -> None:
    """Serves them."""
    serve(
        {
            "echo": _echo,
            "refuse": _refuse,
            "break": _break,
            "crash": _crash,
            "spin": _spin,
            "sleep": _sleep,
            "linger": _linger,
            "toil": _toil,
            "grow": _grow,
            "hide": _hide,
            "print": _print,
        }
    )


def _echo(facts: Facts, data: bytes) -> tuple[Facts, bytes]:
    return facts | {"process": os.getpid()}, data


def _refuse(facts: Facts, _: bytes) -> tuple[Facts, bytes]:
    raise QuotewellError(facts["why"])


def _break(_: Facts, data: bytes) -> tuple[Facts, bytes]:
    return {}, bytes([data[10]])


def _crash(_: Facts, data: bytes) -> tuple[Facts, bytes]:
    os.kill(os.getpid(), signal.SIGSEGV)
    return {}, data


def _spin(_: Facts, data: bytes) -> tuple[Facts, bytes]:
    """In C, without letting the interpreter go."""
    return {"found": bool(re.match("(a*)*b", "a" * 100))}, data


def _sleep(facts: Facts, data: bytes) -> tuple[Facts, bytes]:
    time.sleep(facts["seconds"])
    return {}, data


def _linger(facts: Facts, data: bytes) -> tuple[Facts, bytes]:
    """Tells by one file that it has begun, and ends when there is another."""
    Path(facts["begun"]).touch()
    while not os.path.exists(facts["until"]):
        time.sleep(0.01)
    return {}, data


def _toil(facts: Facts, data: bytes) -> tuple[Facts, bytes]:
    end = time.process_time() + facts["seconds"]
    while time.process_time() < end:
        pass
    return {}, data


def _grow(facts: Facts, _: bytes) -> tuple[Facts, bytes]:
    return {}, bytes([len(b"x" * facts["bytes"]) % 256])


def _hide(facts: Facts, data: bytes) -> tuple[Facts, bytes]:
    """As a library does that goes on without the memory it did not get."""
    held = []
    try:
        while True:
            held.append(b"x" * facts["bytes"])
    except MemoryError:
        return {"held": len(held)}, data


def _print(_: Facts, data: bytes) -> tuple[Facts, bytes]:
    print("printed by a library")
    os.write(1, b"printed in C")
    sys.stdout.flush()
    return {}, data
