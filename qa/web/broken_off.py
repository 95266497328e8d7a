"""Requests that turn out to be none while they are answered."""

from __future__ import annotations

import logging

from h11 import LocalProtocolError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.log_limit import OncePerMinute

__all__ = ["BrokenOffGuard"]

log = logging.getLogger(__name__)
log.addFilter(OncePerMinute())


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
