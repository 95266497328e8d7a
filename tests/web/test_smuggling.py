"""Where a request ends is beyond doubt, and odd ones fill no log."""

from __future__ import annotations

import asyncio
import logging

import pytest
from h11 import LocalProtocolError
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from qa.web.framing import BrokenOffGuard, OncePerMinute


def test_two_lengths_are_refused_and_the_line_is_ended(client: TestClient) -> None:
    both = {"Content-Length": "2", "Transfer-Encoding": "chunked"}
    answer = client.post("/api/ask", content=b"{}", headers=both)
    assert (answer.status_code, answer.headers["connection"]) == (400, "close")
    assert "not both" in answer.text


def test_an_answer_to_a_request_that_broke_off_is_dropped(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tried: list[str] = []
    received: list[Message] = [{"type": "http.request"}, {"type": "http.disconnect"}]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for kind in ("http.response.start", "http.response.body"):
            await send({"type": kind})

    async def receive() -> Message:
        return received.pop(0)

    async def send(message: Message) -> None:
        tried.append(message["type"])
        raise LocalProtocolError("what was asked")

    asyncio.run(BrokenOffGuard(app)({"type": "http"}, receive, send))
    assert tried == ["http.response.start"]
    assert not received
    assert "what was asked" not in caplog.text


def test_a_warning_is_written_once_a_minute_and_an_error_always() -> None:
    seconds = [0.0]
    sieve = OncePerMinute(lambda: seconds[0])

    def passes(text: str, level: int = logging.WARNING) -> bool:
        return sieve.filter(logging.LogRecord("x", level, "", 0, text, None, None))

    assert [passes("Invalid HTTP request received.") for _ in range(3)] == [True, False, False]
    assert passes("another")
    assert passes("failed", logging.ERROR)
    assert passes("failed", logging.ERROR)
    assert not passes("Unsupported upgrade request.")
    seconds[0] = 61.0
    assert passes("Invalid HTTP request received.")
