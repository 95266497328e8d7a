"""The content security policy of Gradio's page, whose scripts are known by a number used once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from typing import NamedTuple

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.web.looks import looks_now

__all__ = ["Frame", "PageNonce"]

_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_SCRIPT = re.compile(rb"<script(?=[\s>])")
# Gradio's template describes Gradio to link previews, with addresses of its own, and names a
# manifest for installing the page as an application, which is shut.
_UNWANTED = re.compile(
    rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link rel="manifest"[^>]*>'
)


_LANGUAGE = re.compile(rb"<html[^>]*>")
_BODY = re.compile(rb"<body[^>]*>")


def _no_top(_: Scope) -> str:
    return ""


class Frame(NamedTuple):
    """What is put into one of Gradio's pages."""

    tag: str
    """Its opening tag."""
    head: str
    """What belongs into its head."""
    top: Callable[[Scope], str] = _no_top
    """What stands above all else in its body, for who asks."""


class PageNonce:
    """Rewrites Gradio's pages: language and looks, more in the head, script nonces and the policy.

    `pages` are paths with what belongs into the page there (`Frame`), as it is when a page is asked
    for. It is put into the page here, since Gradio would have a script put it
    there, too late for the style sheet and for browsers that run none, and knows one language only.
    """

    def __init__(self, app: ASGIApp, pages: Mapping[str, Frame]) -> None:
        self.app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on all but those paths, whose bodies are held back until they are whole."""
        if scope["type"] != "http" or scope["path"] not in self._pages:
            return await self.app(scope, receive, send)
        # A compressed page could not be read here.
        kept = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        frame = self._pages[scope["path"]]
        looks = looks_now()
        tag = f"{frame.tag[:-1]}{looks.attributes}>"
        head, top = looks.carried(frame.head), looks.carried(frame.top(scope))
        page = _HeldPage(send, tag, head, top)
        # Gradio takes "?page=" for one of several pages, and fails where there is no such page.
        # What an address asks for by its query was read before this.
        asked = dict(scope, headers=kept, query_string=b"")
        return await self.app(asked, receive, page.send)


class _HeldPage:
    """Collects one response and sends it on rewritten."""

    def __init__(self, send: Send, tag: str, head: str, top: str) -> None:
        self._send = send
        self._tag = tag.encode()
        self._head = head.encode()
        self._top = top.encode()
        self._start: Message = {}
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._release()

    async def _release(self) -> None:
        headers = MutableHeaders(scope=self._start)
        body = bytes(self._body)
        if headers.get("content-type", "").startswith("text/html"):
            nonce = secrets.token_urlsafe(18)
            headers["Content-Security-Policy"] = _POLICY.format(nonce=nonce)
            headers["Cache-Control"] = "no-store"
            body = _LANGUAGE.sub(lambda _: self._tag, body, count=1)
            body = _UNWANTED.sub(b"", body).replace(b"</head>", self._head + b"</head>", 1)
            if self._top:
                body = _BODY.sub(lambda found: found[0] + self._top, body, count=1)
            # Without quotation marks, so that it breaks no string in which "<script" should stand.
            body = _SCRIPT.sub(b"<script nonce=" + nonce.encode(), body)
            headers["Content-Length"] = str(len(body))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})
