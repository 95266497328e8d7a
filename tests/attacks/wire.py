"""HTTP by hand: bytes to a socket and what comes back, since a client would tidy an attack up."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

__all__ = ["LONGEST_S", "Exchange", "Reply", "Request", "exchange", "replies_in"]

HOST = "127.0.0.1"
LONGEST_S = 60.0
"""Seconds after which the server is taken to have gone silent; other programs may be busy."""
_MOST_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """A request that is well formed, whatever it asks for, and the only one of its connection."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    who: str = ""
    """Whose session it is sent in: "", "staff" or "maintainer"."""
    host: str = HOST

    def wire(self, cookies: dict[str, str]) -> bytes:
        """Its bytes; `cookies` holds the Cookie header of each who."""
        head = [f"{self.method} {self.target} HTTP/1.1", f"Host: {self.host}"]
        head += [f"{name}: {value}" for name, value in self.headers]
        head += [f"Cookie: {cookies[self.who]}"] if self.who else []
        named = {name.lower() for name, _ in self.headers}
        if self.body and not named & {"content-length", "transfer-encoding"}:
            head.append(f"Content-Length: {len(self.body)}")
        head.append("Connection: close")
        return "\r\n".join([*head, "", ""]).encode("utf-8", "surrogateescape") + self.body


@dataclass(frozen=True, slots=True)
class Reply:
    """One response."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The value of a header; empty where there is none."""
        return next((value for one, value in self.headers if one == name), "")

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Exchange:
    """What came back on one connection."""

    replies: tuple[Reply, ...]
    closed: bool
    """Whether the server hung up."""
    raw: bytes = field(repr=False)

    @property
    def statuses(self) -> tuple[int, ...]:
        return tuple(one.status for one in self.replies)


def exchange(url: str, sent: bytes | Iterable[bytes], longest_s: float = LONGEST_S) -> Exchange:
    """Sends bytes, piece by piece, and reads until the server hangs up or `longest_s` is over."""
    deadline = time.monotonic() + longest_s
    received, closed = bytearray(), False
    with socket.create_connection((HOST, urlsplit(url).port or 0), longest_s) as line:
        try:
            for piece in (sent,) if isinstance(sent, bytes) else sent:
                line.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it was refused while it was being sent; what was said is read below
        while len(received) < _MOST_BYTES and (left := deadline - time.monotonic()) > 0:
            line.settimeout(left)
            try:
                piece = line.recv(65_536)
            except TimeoutError:
                break
            except ConnectionResetError:
                piece = b""
            if not piece:
                closed = True
                break
            received += piece
    return Exchange(replies_in(bytes(received)), closed, bytes(received))


def replies_in(raw: bytes) -> tuple[Reply, ...]:
    """The responses that bytes consist of. Raises ValueError for what is none, as it stands."""
    found: list[Reply] = []
    while raw:
        head, blank, rest = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        if not blank or not first.startswith("HTTP/1.1 "):
            raise ValueError(f"no response: {raw[:200]!r}")
        pairs = [line.partition(":") for line in lines]
        headers = tuple((name.strip().lower(), value.strip()) for name, _, value in pairs)
        status = int(first.split()[1])
        body, raw = _body(dict(headers), rest, status)
        found.append(Reply(status, headers, body))
    return tuple(found)


def _body(headers: dict[str, str], rest: bytes, status: int) -> tuple[bytes, bytes]:
    """The body at the beginning of bytes, and what stands behind it."""
    if status in (204, 304) or 100 <= status < 200:
        return b"", rest
    if "chunked" in headers.get("transfer-encoding", ""):
        body = bytearray()
        while True:
            size, _, rest = rest.partition(b"\r\n")
            length = int(size, 16)
            body += rest[:length]
            rest = rest[length + 2 :]
            if not length:
                return bytes(body), rest
    if "content-length" in headers:
        length = int(headers["content-length"])
        if rest[:9] == b"HTTP/1.1 ":  # an answer to HEAD, which tells a length and has no body
            return b"", rest
        return rest[:length], rest[length:]
    return rest, b""
