"""What a browser may send to an event of Gradio's pages: texts, and a conversation of texts.

Gradio takes whatever says of itself that it is a file for one, wherever it stands in what is sent,
before any component has looked at it: it copies the file of that path, or fetches that address,
into a folder of its own. In an application that is mounted it does not ask first whether the file
is one that it may touch. None of these pages takes files, so that nothing of the kind gets there.
"""

from __future__ import annotations

import json

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["EventGuard", "is_of_texts"]

_EVENT = "/gradio_api/run/predict"
_MESSAGE = frozenset({"role", "metadata", "content", "options", "type", "text"})
"""What a message in the log is made of; a file has `path`, a component has `component`."""


class EventGuard:
    """422 for an event with anything in it but texts. It stands within `BodyLimit`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on all else; a body is there in one message."""
        if scope["type"] != "http" or not scope["path"].endswith(_EVENT):
            return await self.app(scope, receive, send)
        message = await receive()
        if not is_of_texts(message.get("body", b"")):
            content = {"error": "An event of this page is made of texts. Load the page again."}
            return await JSONResponse(content, 422)(scope, receive, send)
        first = [message]

        async def replay() -> Message:
            return first.pop() if first else await receive()

        return await self.app(scope, replay, send)


def is_of_texts(body: bytes) -> bool:
    """Whether an event's body is JSON whose data hold nothing but texts, numbers and messages of
    them."""
    try:
        event = json.loads(body)
        return isinstance(event, dict) and _is_text(event.get("data"))
    except (ValueError, RecursionError):
        return False


def _is_text(value: object) -> bool:
    if isinstance(value, dict):
        return value.keys() <= _MESSAGE and all(map(_is_text, value.values()))
    return not isinstance(value, list) or all(map(_is_text, value))
