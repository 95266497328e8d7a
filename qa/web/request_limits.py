"""How large a request may be, and how long its body may take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["HEAD_BYTES", "BodyLimit", "HeadLimit"]

HEAD_BYTES = 16_384
"""Bytes of a request's head at most: h11's own default, with room for every browser's cookies."""


class HeadLimit:
    """431 for a request whose address and headers together are over the limit.

    The server's parser bounds by the same number a head that comes in pieces, and no other.
    """

    def __init__(self, app: ASGIApp, limit: int = HEAD_BYTES) -> None:
        """`limit` is in bytes."""
        self.app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes shorter ones on."""
        if scope["type"] == "http":
            length = len(scope.get("raw_path") or b"") + len(scope["query_string"])
            length += sum(len(name) + len(value) for name, value in scope["headers"])
            if length > self._limit:
                text = f"Address and headers are too long: at most {self._limit:,} bytes are read."
                headers = {"Connection": "close"}
                return await JSONResponse({"error": text}, 431, headers)(scope, receive, send)
        return await self.app(scope, receive, send)


class BodyLimit:
    """413 for a body over the limit, whatever length it claims, and 408 for one that does not come
    in time; a short one is read first."""

    def __init__(
        self,
        app: ASGIApp,
        limit: int,
        larger: Mapping[str, int] | None = None,
        seconds: float = 20.0,
        pages: Mapping[str, Callable[[int], Response]] | None = None,
        help_line: str = "",
    ) -> None:
        """`limit` is in bytes; `larger` is that of paths which take more. A body of `limit` bytes
        has `seconds`, however short it is, and a larger one as much longer as it may be larger.
        `pages` make, by path and from the status, what a browser shows whose form was not read;
        `help_line` is told in JSON: whoever sent it may be in danger."""
        self.app = app
        self._limit = limit
        self._larger = dict(larger or {})
        self._seconds = seconds
        self._pages = dict(pages or {})
        self._help = {"help": help_line} if help_line else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reads the body, and passes it on in one message."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            return await self.app(scope, receive, send)
        limit = self._larger.get(scope["path"], self._limit)
        claimed = Headers(scope=scope).get("content-length", "0")
        if not claimed.isdecimal() or len(claimed) > 12 or int(claimed) > limit:
            return await self._refuse(limit, scope, receive, send)
        seconds = self._seconds * max(1.0, limit / self._limit)
        try:
            async with asyncio.timeout(seconds):
                body = await _read(receive, limit)
        except TimeoutError:
            text = f"The request did not come in time: {seconds:g} seconds are waited for it."
            told = self._told(scope, text, 408)
            told.headers["Connection"] = "close"
            return await told(scope, receive, send)
        if body is None:
            return None
        if len(body) > limit:
            return await self._refuse(limit, scope, receive, send)
        first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return first.pop() if first else await receive()

        return await self.app(scope, replay, send)

    async def _refuse(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        text = f"The request is too long: at most {limit:,} bytes are read."
        await self._told(scope, text, 413)(scope, receive, send)

    def _told(self, scope: Scope, text: str, status: int) -> Response:
        """A page for whoever wrote in a form, with whom to call: danger was not looked for."""
        page = self._pages.get(scope["path"])
        if page and "text/html" in Headers(scope=scope).get("accept", ""):
            return page(status)
        return JSONResponse({"error": text} | self._help, status)


async def _read(receive: Receive, limit: int) -> bytes | None:
    """A body, or the beginning of one that is over the limit; None where its sender has gone."""
    body = bytearray()
    more = True
    while more and len(body) <= limit:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)
