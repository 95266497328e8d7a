"""What goes between a process and the one that works for it: facts as JSON, and bytes as they are.

No pickles: the process that reads a hostile file must not be able to run code in the other.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

__all__ = ["Facts", "receive", "send"]

Facts = dict[str, Any]
_LENGTHS = struct.Struct(">QQ")


def send(stream: BinaryIO, facts: Facts, data: bytes = b"") -> None:
    """Writes one message. Raises BrokenPipeError where the other side is gone."""
    told = json.dumps(facts).encode()
    stream.write(_LENGTHS.pack(len(told), len(data)) + told)
    stream.write(data)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[Facts, bytes]:
    """Reads one message. Raises EOFError where the other side is gone."""
    told, data = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    return json.loads(_exactly(stream, told)), _exactly(stream, data)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    found = stream.read(length)
    if len(found) < length:
        raise EOFError
    return found
