"""A process that reads documents for the fuzz tests, one after another, and says how each went.

It may neither write nor fetch: whatever tries to ends the reading with an error of ours. A hang or
a crash of a library in C takes this process, not the tests; `tests.fuzz.reading` tells of it.
"""

from __future__ import annotations

import io
import os
import pickle
import resource
import signal
import socket
import struct
import sys
import time
import traceback
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from qa.corpus import make_source
from qa.errors import CorpusError
from tests.fuzz.soundness import read_soundly

__all__ = ["Outcome", "receive", "send"]

_FORBIDDEN = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.mkdir",
    "os.remove", "os.rename", "os.link", "os.symlink", "os.truncate", "os.putenv", "shutil.",
    "tempfile.", "urllib.", "ftplib.", "http.", "smtplib.",
)  # fmt: skip
"""Audit events that reading never raises: https://docs.python.org/3/library/audit_events.html"""

_FORGET = "/proc/self/clear_refs"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How reading one file went."""

    kind: Literal["document", "refused", "broken"]
    told: str
    """The refusal's message, or the traceback of what is broken."""
    seconds: float
    """Of a processor, for reading twice and checking."""
    peak: int
    """Bytes of memory that were held more than before, at most."""
    size: int
    """Bytes of the file; of a zip file the members unpacked, where that is more."""


def send(stream: BinaryIO, what: object) -> None:
    """Writes one message."""
    data = pickle.dumps(what)
    stream.write(struct.pack(">Q", len(data)) + data)
    stream.flush()


def receive(stream: BinaryIO) -> object:
    """Reads one message; EOFError where the other side is gone."""
    head = stream.read(8)
    if len(head) < 8:
        raise EOFError
    return pickle.loads(stream.read(struct.unpack(">Q", head)[0]))


def _no_harm(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        flags = arguments[2]
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes and arguments[0] != os.devnull:
            raise AssertionError(f"reading a document opens {arguments[0]!r} for writing")
    elif event.startswith(_FORBIDDEN):
        raise AssertionError(f"reading a document does {event} {arguments!r}")


def _memory(field: str) -> int:
    """Bytes by the kernel's account of this process; 0 where there is none."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith(field))
    except OSError:
        return 0


def _size(data: bytes) -> int:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            return max(len(data), sum(one.file_size for one in opened.infolist()))
    except Exception:
        return len(data)


def _kill(_: str, __: bytes) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _write(_: str, __: bytes) -> None:
    Path("anything").write_text("")


def _fetch(_: str, __: bytes) -> None:
    socket.create_connection(("localhost", 9))


_TRIALS: dict[str, Callable[[str, bytes], object]] = {
    "kill": _kill,
    "write": _write,
    "fetch": _fetch,
}
"""Names under which nothing is read but what must be told is done, to try out that it is told."""


def _read(document_id: str, data: bytes) -> Outcome:
    before, began = _memory("VmRSS:"), time.process_time()
    told = ""
    kind: Literal["document", "refused", "broken"] = "document"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            _TRIALS.get(document_id, read_soundly)(document_id, data)
    except CorpusError as error:
        kind, told = "refused", str(error)
    except BaseException:  # a panic of Rust is no Exception
        kind, told = "broken", traceback.format_exc()
    seconds = time.process_time() - began
    return Outcome(
        kind, told, seconds, max(0, _memory("VmHWM:") - before), min(_size(data), 1 << 28)
    )


def main() -> None:
    """Reads what comes on standard input until it ends."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    sys.dont_write_bytecode = True
    make_source("warm.md", b"# A title\n\nA text.\n")
    # Writing 5 begins the count of the most memory held anew (proc(5)); elsewhere than on Linux
    # nothing is counted.
    forget = os.open(_FORGET, os.O_WRONLY) if os.path.exists(_FORGET) else -1
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_no_harm)
    send(answers, "ready")
    while True:
        try:
            document_id, data = receive(requests)  # type: ignore[misc]
        except EOFError:
            return
        if forget >= 0:
            os.write(forget, b"5")
        send(answers, _read(document_id, data))
