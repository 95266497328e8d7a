"""Whoever sends too much hears so, also where the connection closes behind the answer."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from qa.web.connections import Connections
from qa.web.request_limits import BodyLimit, HeadLimit
from qa.web.rest_of_body import RestOfBody
from tests.web.test_slow import Site, _answer, until_closed

HEADS = {
    "1.0": b"POST / HTTP/1.0\r\nHost: a\r\n",
    "close": b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n",
    "goes on": b"POST / HTTP/1.1\r\nHost: a\r\n",
}
PIECE = b"x" * 10_000
PATIENT_S = 60.0


@contextmanager
def site(seconds: float = PATIENT_S) -> Iterator[Site]:
    found = Site(RestOfBody(HeadLimit(BodyLimit(_answer, 100_000)), seconds), Connections())
    found.thread.start()
    deadline = time.monotonic() + PATIENT_S
    while not found.server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    try:
        yield found
    finally:
        found.server.should_exit = True
        found.thread.join(PATIENT_S)
        found.listening.close()


def head_of(one: socket.socket) -> bytes:
    """Of what comes first, before all of the request was sent."""
    return one.recv(65_536).partition(b"\r\n")[0]


@pytest.mark.parametrize("head", HEADS)
def test_an_answer_that_comes_before_all_was_sent_is_not_lost(head: str) -> None:
    with site() as found:
        for _ in range(10):
            with found.connect() as one:
                one.sendall(HEADS[head] + b"Content-Length: 300000\r\n\r\n")
                for _ in range(30):
                    one.sendall(PIECE)
                    time.sleep(0.001)  # so that the answer comes between
                assert head_of(one).endswith(b"413 Request Entity Too Large")


@pytest.mark.parametrize("head", ["1.0", "close"])
def test_the_connection_closes_when_all_has_come(head: str) -> None:
    with site() as found, found.connect() as one:
        one.sendall(HEADS[head] + b"Content-Length: 300000\r\n\r\n")
        told = one.recv(65_536)
        assert b" 413 " in told, "at once"
        one.sendall(PIECE * 30)
        assert b"too long" in told + until_closed(one), "long before a minute is over"


def test_a_rest_that_never_comes_is_not_waited_for_long() -> None:
    with site(seconds=0.2) as found, found.connect() as one:
        one.sendall(HEADS["close"] + b"Content-Length: 300000\r\n\r\n")
        began = time.monotonic()
        assert b"413" in until_closed(one)
        assert time.monotonic() - began < PATIENT_S / 3


def test_what_is_read_to_its_end_is_answered_as_ever() -> None:
    with site() as found:
        for head in HEADS.values():
            with found.connect() as one:
                one.sendall(head + b"Content-Length: 10000\r\n\r\n" + PIECE)
                assert head_of(one).endswith(b"200 OK")
