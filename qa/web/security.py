"""What stands between the network and the pages, as plain ASGI middlewares.

From the outside in: headers on every response, only known host names, only known routes. What
bounds a request's size and time is `request_limits.py`, what bounds scripts is `nonce.py`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.frame_sites import FrameSites
from qa.web.log_limit import OncePerMinute

log = logging.getLogger(__name__)
log.addFilter(OncePerMinute())  # anybody can cause what is logged here

__all__ = [
    "LIBRARY_FILE",
    "PAGE_POLICY",
    "HostGuard",
    "RouteGuard",
    "SecurityHeaders",
]

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""The content security policy of a page without scripts."""

LIBRARY_FILE = r"(?:assets|static|svelte)(?:/(?a:\w)[A-Za-z0-9_.@+-]{0,99}){1,9}"
"""The files that Gradio's pages load; each of them has such a name, and no other gets to Gradio,
which looks on the disk for whatever it is asked."""

# What Gradio's page needs with events that are not queued. Upload, file=, deep_link, info,
# monitoring and all else stay shut.
_READ = re.compile(
    r"/|/plain|/answer|/feedback/thanks|/health|/ready|/metrics|/documents(/.+)?|/pages/[0-9a-f]{32}/[0-9]{1,7}/.+"
    r"|/originals/.+|/api/(docs|openapi\.json|documents(/.+)?)|/page/[\w.-]+"
    rf"|/{LIBRARY_FILE}|/theme\.css|/config|/gradio_api/app_id",
    re.DOTALL,
)
_WRITE = re.compile(r"/plain|/answer|/feedback|/api/ask|/gradio_api/run/predict")
# There is one of each for all languages.
_SHARED = ("/api/", "/health", "/ready", "/metrics", "/page/", "/pages/", "/originals/")
_NAMES_A_HOST = (b"x-forwarded-", b"x-gradio-")
_UNKNOWN_HOST = (
    "a request under a host name that this server does not know was refused; if patients use that "
    "name, add it to `allowed_hosts` in the [serve] table of qa.toml"
)
_YEAR = "public, max-age=31536000, immutable"

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Tells other sites nothing. With `no-referrer` browsers hide the Origin of the site's own forms
    # too, by which feedback is told from another site's where Sec-Fetch-Site is not sent.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    # Pages with scripts bring a policy of their own; see `nonce.py` and `printing.py`.
    "Content-Security-Policy": PAGE_POLICY,
}


class SecurityHeaders:
    """Adds the headers that every response has, and lets browsers keep hashed assets."""

    def __init__(self, app: ASGIApp, frame_sites: FrameSites | None = None) -> None:
        """`frame_sites` says who may show which pages in a frame; without it nobody may."""
        self.app = app
        self._frame_sites = frame_sites or FrameSites()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on; only the response's head is added to."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                self._frame_sites.allow(scope["path"], headers)
                shared = not headers.get("Cache-Control", "").startswith("private")
                if "/assets/" in scope["path"] and message["status"] == 200 and shared:
                    headers["Cache-Control"] = _YEAR
                else:
                    headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class HostGuard:
    """Answers only under known host names, and drops headers in which a stranger could name one."""

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        self.app = app
        self._allowed = frozenset(host.lower() for host in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """400 for an unknown host; `*` among the allowed ones allows any.

        What to do is for the administrator, so it goes to the log, without the name that was sent.
        """
        if scope["type"] == "http":
            host = _host_name(Headers(scope=scope).get("host", ""))
            if "*" not in self._allowed and host not in self._allowed:
                log.warning(_UNKNOWN_HOST)
                response = PlainTextResponse("There is no such site here.\n", 400)
                return await response(scope, receive, send)
            # The server has read these where it trusts their sender; Gradio would trust anybody,
            # and tell the page to send its questions to whatever host they name.
            scope["headers"] = [
                (name, value)
                for name, value in scope["headers"]
                if name != b"forwarded" and not name.startswith(_NAMES_A_HOST)
            ]
        return await self.app(scope, receive, send)


class RouteGuard:
    """404 for every route that is not on the list, so that nothing of Gradio's is open unasked."""

    def __init__(
        self, app: ASGIApp, roots: Sequence[str] = ("",), guarded: Sequence[str] = ()
    ) -> None:
        """`roots` are where the page in each language begins, such as "" and "/es"; what begins
        with one of `guarded` has a guard of its own behind this one."""
        self.app = app
        self._guarded = tuple(guarded)
        self._roots = tuple(sorted(roots, key=len, reverse=True))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on listed routes and the server's own start-up messages, and no websockets.

        HEAD is answered as GET without its body, and OPTIONS with the methods there are.

        A root without its last slash, as people type it, leads to the page there.
        """
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1008})
        path = scope["path"]
        if any(path == one or path.startswith(f"{one}/") for one in self._guarded):
            return await self.app(scope, receive, send)
        if path and path in self._roots and scope["method"] in ("GET", "HEAD"):
            query = scope["query_string"].decode("latin-1")
            begin = f"{path}/?{query}" if query else f"{path}/"
            return await RedirectResponse(begin, 307)(scope, receive, send)
        root = next((one for one in self._roots if path.startswith(f"{one}/")), "")
        allowed = _methods(path.removeprefix(root), further=bool(root))
        if told := _without_the_route(scope, allowed):
            return await told(scope, receive, send)
        if scope["method"] == "HEAD":  # most routes have GET only
            scope, send = dict(scope, method="GET"), _without_body(send)
        return await self.app(scope, receive, send)


def _methods(path: str, further: bool = False) -> tuple[str, ...]:
    """The methods a path may be asked with; none for one that is not on the list.

    `further` is for the paths of further languages.
    """
    if ".." in path.split("/") or (further and path.startswith(_SHARED)):
        return ()
    reads = ("GET", "HEAD") if _READ.fullmatch(path) else ()
    writes = ("POST",) if _WRITE.fullmatch(path) else ()
    return (*reads, *writes, "OPTIONS") if reads or writes else ()


def _without_the_route(scope: Scope, allowed: tuple[str, ...]) -> Response | None:
    """What answers a request that its route need not see, or that has none; `allowed` are the
    methods of the route."""
    allow = {"Allow": ", ".join(allowed)}
    if not allowed:
        return JSONResponse({"error": "There is nothing here."}, 404)
    if scope["method"] not in allowed:
        return JSONResponse({"error": "Use another method."}, 405, allow)
    if scope["method"] == "OPTIONS" and not _is_preflight(scope):
        return Response(None, 204, allow)
    return None


def _is_preflight(scope: Scope) -> bool:
    """Whether a browser asks leave for a page elsewhere, which `CORSMiddleware` refuses."""
    headers = Headers(scope=scope)
    return "origin" in headers and "access-control-request-method" in headers


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = dict(message, body=b"")
        await send(message)

    return send_head


def _host_name(header: str) -> str:
    """The name in a Host header, without port; an IPv6 address keeps its brackets. Empty where the
    port is none."""
    found = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]*)(?::([0-9]{0,5}))?", header)
    return found[1].lower() if found and int(found[2] or 0) < 65_536 else ""
