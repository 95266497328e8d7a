"""An answer to what turned out to be no request fails nowhere."""

from __future__ import annotations

import asyncio

import pytest
from h11 import LocalProtocolError
from starlette.types import Message, Receive, Scope, Send

from qa.web.broken_off import BrokenOffGuard


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
