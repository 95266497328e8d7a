"""Who really connects: the address of the connection, whatever a header says of it.

A web server in front says in X-Forwarded-For whose request it hands on, and uvicorn then takes that
address for the client's. Where it matters that the request came from that very server, as for a
header that names a member of staff, only the connection itself can tell.
"""

from __future__ import annotations

import os

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

__all__ = ["RememberPeer", "forwarded", "peer_of"]

_PEER = "quotewell.peer"


class RememberPeer:
    """Keeps the connection's address for `peer_of`. It stands outermost, before `forwarded`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on."""
        if scope["type"] == "http":
            client = scope.get("client")
            scope[_PEER] = client[0] if client else None
        await self.app(scope, receive, send)


def forwarded(app: ASGIApp) -> ASGIApp:
    """The application behind what reads X-Forwarded-For and -Proto, as uvicorn itself would: from
    this machine, or from the addresses in FORWARDED_ALLOW_IPS."""
    trusted = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
    return ProxyHeadersMiddleware(app, trusted_hosts=trusted)  # type: ignore[arg-type, return-value]


def peer_of(scope: Scope) -> str | None:
    """The connection's address; None where nothing remembers it."""
    peer = scope.get(_PEER)
    return peer if isinstance(peer, str) else None
