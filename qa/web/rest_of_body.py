"""What is still on its way of a request that was answered before it was whole."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.connections import REST_S

__all__ = ["RestOfBody"]


class RestOfBody:
    """Reads a body to its end where the connection closes behind the answer to it.

    A system that closes a connection with bytes unread resets it, and whoever is still sending may
    lose an answer that has come already: nginx, which asks each server for one answer a connection,
    would tell 502 in place of 413, and take the server for one that is down.
    """

    def __init__(self, app: ASGIApp, seconds: float = REST_S) -> None:
        """`seconds` is how long the rest is read for, by default as where the connection goes on;
        the answer goes out before."""
        self.app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on."""
        if scope["type"] != "http" or not _sends_a_body(Headers(scope=scope)):
            return await self.app(scope, receive, send)
        closes = scope["http_version"] == "1.0" or _says_close(scope["headers"])
        whole = False

        async def noted() -> Message:
            nonlocal whole
            message = await receive()
            whole = whole or not message.get("more_body", False)
            return message

        async def finished(message: Message) -> None:
            nonlocal closes
            if message["type"] == "http.response.start":
                # What was too slow already is not waited for once more.
                closes = message["status"] != 408 and (closes or _says_close(message["headers"]))
            elif closes and not whole and not message.get("more_body", False):
                await send({**message, "more_body": True})
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._seconds):
                        while not whole:
                            await noted()
                message = {"type": "http.response.body"}
            await send(message)

        return await self.app(scope, noted, finished)


def _sends_a_body(headers: Headers) -> bool:
    """Not where there is none, nor where its sender waits to be told to go on."""
    announced = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
    return announced and "expect" not in headers


def _says_close(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return any(
        name.lower() == b"connection" and b"close" in value.lower() for name, value in headers
    )
