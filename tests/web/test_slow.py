"""Slow, idle and far too many connections, by raw sockets against the server's own protocol."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPResponse

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.connections import Connections
from qa.web.peer import networks_of
from qa.web.request_limits import HEAD_BYTES, BodyLimit, HeadLimit
from tests.conftest import ROOT

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
AT_ONCE_S = 10.0
"""What is taken "at once" takes a hundredth of it; what waits for idle ones to end, 30 seconds."""


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    response: Response
    if scope["path"] == "/large":
        response = Response(b"x" * 20_000_000)
    else:
        body = await Request(scope, receive).body() if scope["method"] == "POST" else b""
        response = PlainTextResponse(f"read {len(body)}")
    await response(scope, receive, send)


class Site:
    """A server in a thread, with short times."""

    def __init__(self, app: ASGIApp, connections: Connections) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=1_024)
        config = uvicorn.Config(
            app,
            http=connections.protocol(),
            ws="none",
            lifespan="off",
            log_level="error",
            h11_max_incomplete_event_size=HEAD_BYTES,
            timeout_keep_alive=1,
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(
            target=self.server.run, kwargs={"sockets": [self.listening]}, daemon=True
        )

    def connect(self) -> socket.socket:
        return socket.create_connection(self.listening.getsockname()[:2], timeout=20)


@contextmanager
def site(
    head_s: float = 1.0, most: int = 200, most_of_one: int = 100, trusted: tuple[str, ...] = ()
) -> Iterator[tuple[Site, Connections, Counter[str]]]:
    refused: Counter[str] = Counter()
    connections = Connections(
        head_s, most, most_of_one, networks_of(trusted, ""), lambda why: refused.update([why])
    )
    found = Site(HeadLimit(BodyLimit(_answer, 100_000, seconds=1.0)), connections)
    found.thread.start()
    deadline = time.monotonic() + 20
    while not found.server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    try:
        yield found, connections, refused
    finally:
        found.server.should_exit = True
        found.thread.join(20)
        found.listening.close()


def until_closed(one: socket.socket) -> bytes:
    """All that comes before the server ends a connection."""
    got = b""
    try:
        while data := one.recv(65_536):
            got += data
    except ConnectionResetError:
        pass
    return got


def answered(one: socket.socket) -> bytes:
    """A whole answer: its head and its body may come apart."""
    one.sendall(GET)
    reply = HTTPResponse(one)
    reply.begin()
    return b"HTTP/1.1 %d %s\r\n\r\n%s" % (reply.status, reply.reason.encode(), reply.read())


def test_half_a_head_is_not_waited_for_and_more_bytes_buy_no_time() -> None:
    with site() as (found, connections, refused), ExitStack() as stack:
        began = time.monotonic()
        still, drip = (stack.enter_context(found.connect()) for _ in range(2))
        still.sendall(b"GET / HTTP/1.1\r\nHost: loc")
        gone = b""
        try:
            for byte in b"GET / HTTP/1.1\r\nX-Slow: " + b"x" * 60:
                drip.sendall(bytes([byte]))
                time.sleep(0.1)
        except (BrokenPipeError, ConnectionResetError):
            gone = b"cut"
        assert gone
        assert 0.8 < time.monotonic() - began < 8
        assert until_closed(still).startswith(b"HTTP/1.1 408 ")
        assert refused["slow"] == 2
        assert connections.count == 0


def test_a_connection_that_asks_nothing_ends_without_a_word() -> None:
    with site() as (found, _, refused), found.connect() as silent:
        assert until_closed(silent) == b""
        assert refused["slow"] == 1


def test_a_second_head_that_stops_is_not_waited_for() -> None:
    with site() as (found, _, refused), found.connect() as one:
        assert b"200 OK" in answered(one)
        one.sendall(b"GET / HTTP")
        assert until_closed(one).startswith(b"HTTP/1.1 408 ")
        assert refused["slow"] == 1


def test_a_body_that_does_not_come_is_408_and_the_end() -> None:
    with site() as (found, _, _), found.connect() as one:
        one.sendall(POST % 1_000 + b"half of it")
        told = until_closed(one)
        assert told.startswith(b"HTTP/1.1 408 ")
        assert b"connection: close" in told.lower()
        assert b"1 seconds" in told


@pytest.mark.slow
def test_what_is_sent_behind_an_answer_is_not_read_for_ever() -> None:
    with site() as (found, connections, _), found.connect() as one:
        one.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n")
        assert b"200 OK" in one.recv(65_536)
        began = time.monotonic()
        try:
            while time.monotonic() - began < 15:
                one.sendall(b"x")
                time.sleep(0.1)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert time.monotonic() - began < 12
        assert connections.count == 0


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n", b"4"),
        (b"GET /?" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X-Many: x\r\n" * 3_000 + b"\r\n", b"4"),
        (POST % 200_000, b"413"),
        (POST % 100_000 + b"x" * 100_000, b"200"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
         + b"4e20\r\n" + (b"x" * 20_000 + b"\r\n4e20\r\n") * 6, b"413"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", b"200"),
    ],
)  # fmt: skip
def test_heads_and_bodies_have_their_size(sent: bytes, status: bytes) -> None:
    with site() as (found, _, _), found.connect() as one:
        try:
            one.sendall(sent)
            told = one.recv(65_536)
        except (BrokenPipeError, ConnectionResetError):  # hung up on while it was being sent
            assert status == b"4"
            return
        assert told.startswith(b"HTTP/1.1 " + status)


def test_what_one_client_opens_ends_its_own_idle_ones_first() -> None:
    with site(30, most_of_one=20) as (found, connections, refused), ExitStack() as stack:
        held = [stack.enter_context(found.connect()) for _ in range(60)]
        for one in held[40:]:
            assert b"200 OK" in answered(one)
        assert connections.count <= 20
        assert refused["too_many"] >= 40
        assert until_closed(held[0]) == b""


def test_idle_sockets_lock_nobody_out() -> None:
    """All of them come through a trusted proxy, which no number of its own binds."""
    with (
        site(30, most=150, trusted=("127.0.0.1",)) as (found, connections, _),
        ExitStack() as stack,
    ):
        for _ in range(400):
            stack.enter_context(found.connect())
        began = time.monotonic()
        with found.connect() as patient:
            assert b"200 OK" in answered(patient)
        assert time.monotonic() - began < AT_ONCE_S
        assert connections.count <= 150


def test_a_proxy_is_not_bound_where_everybody_is_trusted() -> None:
    """All patients of a clinic come by its one address."""
    with (
        site(30, most_of_one=5, trusted=("*",)) as (found, connections, refused),
        ExitStack() as stack,
    ):
        for _ in range(20):
            one = stack.enter_context(found.connect())
            one.sendall(POST % 10 + b"half")
        with found.connect() as patient:
            assert b"200 OK" in answered(patient)
            assert connections.count > 5
        assert refused["too_many"] == 0


FEW_FILES = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (220, 220))
from fastapi import FastAPI
from qa.web.connections import Connections
from qa.web.open_files import room_for_files
from qa.web.server import serve
app = FastAPI()
app.get("/")(lambda: open("pyproject.toml").read(9))
serve(app, port=0, on_ready=lambda url: print(url, flush=True),
      connections=Connections(60, %s, 100_000))
"""


@pytest.mark.nightly
@pytest.mark.parametrize("most", ["room_for_files(1_000)", "1_000"])
def test_too_few_files_are_survived(most: str) -> None:
    """With room kept nobody notices; without, connections wait until others are closed."""
    with subprocess.Popen(
        [sys.executable, "-c", FEW_FILES % most],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout
        try:
            port = int(process.stdout.readline().strip().rpartition(":")[2])
            at = ("127.0.0.1", port)
            with ExitStack() as stack:
                for _ in range(400):
                    stack.enter_context(socket.create_connection(at, timeout=20))
                if most != "1_000":
                    with socket.create_connection(at, timeout=20) as one:
                        assert b"200 OK" in answered(one)
            with socket.create_connection(at, timeout=20) as one:
                assert b"200 OK" in answered(one), "and afterwards all is as before"
        finally:
            process.terminate()
            assert process.wait(20) == 0


def test_a_body_that_is_too_slow_or_too_long_is_told_whom_to_call() -> None:
    async def slow(sent: list[dict[str, object]], length: bytes) -> None:
        async def receive() -> Message:
            await asyncio.sleep(5)
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(dict(message))

        scope = {"type": "http", "method": "POST", "path": "/api/ask"}
        scope |= {"headers": [(b"content-length", length)]}  # type: ignore[dict-item]
        await BodyLimit(_answer, 100, seconds=0.05, help_line="Call 988.")(scope, receive, send)

    for length, status in ((b"10", 408), (b"101", 413)):
        sent: list[dict[str, object]] = []
        asyncio.run(slow(sent, length))
        assert sent[0]["status"] == status
        assert b'"help":"Call 988."' in sent[1]["body"]  # type: ignore[operator]
