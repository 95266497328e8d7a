"""Requests of which two servers in a row could differ about where they end, and what is said of
those that cannot be read.

Behind a proxy that counts by Content-Length while this server reads chunks, or the other way round,
somebody could hide a second request in the first one's body ("request smuggling").
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from h11 import LocalProtocolError
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["BrokenOffGuard", "FramingGuard", "OncePerMinute"]

log = logging.getLogger(__name__)

_A_MINUTE_S = 60.0


class FramingGuard:
    """400, and an end to the connection, for a request with both Content-Length and
    Transfer-Encoding (RFC 9112, section 6.3, where a server may refuse it)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on all else: what cannot be read at all uvicorn has refused."""
        if scope["type"] == "http":
            names = {name for name, _ in scope["headers"]}
            if {b"content-length", b"transfer-encoding"} <= names:
                text = "Send either Content-Length or Transfer-Encoding, not both.\n"
                response = PlainTextResponse(text, 400, {"Connection": "close"})
                return await response(scope, receive, send)
        return await self.app(scope, receive, send)


class BrokenOffGuard:
    """Drops an answer to a request that turned out to be none. It stands outermost.

    Where a body cannot be read any further, uvicorn has said 400 and hung up by itself. The
    application's own answer would then fail, with a traceback in the log for each.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on."""
        broken_off = False

        async def send_if_possible(message: Message) -> None:
            nonlocal broken_off
            if broken_off:
                return
            try:
                await send(message)
            except LocalProtocolError:
                broken_off = True
                log.warning("an answer could not be sent, since its request broke off")

        await self.app(scope, receive, send_if_possible)
        # uvicorn looks for an answer until it notes that nobody is there any more.
        while broken_off and (await receive())["type"] != "http.disconnect":
            pass


class OncePerMinute(logging.Filter):
    """Lets a warning through once a minute, so that no stranger fills the disk with it.

    For this module's logger, and that of uvicorn, whose warnings are fixed texts about requests it
    cannot read. That somebody asked for a websocket, of which there are none, is no news at all.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` gives seconds of a clock that only goes forward."""
        super().__init__()
        self._now = now
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written. Other levels than that of warnings always are."""
        if record.levelno != logging.WARNING:
            return True
        text = str(record.msg)
        if text.startswith(("Unsupported upgrade request", "No supported WebSocket library")):
            return False
        now = self._now()
        if now - self._said.get(text, -_A_MINUTE_S) < _A_MINUTE_S:
            return False
        self._said[text] = now
        return True


log.addFilter(OncePerMinute())
