"""Requests of which two servers in a row could differ about where they end.

Behind a proxy that counts by Content-Length while this server reads chunks, or the other way round,
somebody could hide a second request in the first one's body ("request smuggling").
"""

from __future__ import annotations

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["SmugglingGuard"]


class SmugglingGuard:
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
