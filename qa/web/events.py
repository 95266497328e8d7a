"""What a browser may send to an event of Gradio's pages: texts, and a conversation of texts.

Gradio takes whatever says of itself that it is a file for one, wherever it stands in what is sent,
before any component has looked at it: it copies the file of that path, or fetches that address,
into a folder of its own. In an application that is mounted it does not ask first whether the file
is one that it may touch. None of these pages takes files, so that nothing of the kind gets there.
Nor does an event that the page has not, or that its components cannot take: Gradio fails at it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["EventGuard", "EventPage", "fits", "is_of_texts"]

_EVENT = "/gradio_api/run/predict"
_MESSAGE = frozenset({"role", "metadata", "content", "options", "type", "text"})
"""What a message in the log is made of; a file has `path`, a component has `component`."""
_MOST_DIGITS = 9
"""Of the numbers of events, triggers and the like."""


class EventPage(Protocol):
    """What is known of a page of Gradio's, a `gradio.Blocks`: its events by number."""

    @property
    def fns(self) -> Mapping[int, Any]: ...


class EventGuard:
    """422 for an event with anything in it but texts, and for one that the page has not. It stands
    within `BodyLimit`."""

    def __init__(self, app: ASGIApp, pages: Mapping[str, EventPage] | None = None) -> None:
        """`pages` are those of Gradio's by where their addresses begin, "" or "/es"; they may be
        added later."""
        self.app = app
        self._pages = {} if pages is None else pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on all else; a body is there in one message."""
        if scope["type"] != "http" or not scope["path"].endswith(_EVENT):
            return await self.app(scope, receive, send)
        message = await receive()
        body, page = message.get("body", b""), self._pages.get(scope["path"].removesuffix(_EVENT))
        if not is_of_texts(body) or (page and not (_is_json(scope) and fits(page, body))):
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
        json.dumps(event, ensure_ascii=False, allow_nan=False).encode()  # no halves of characters
        return isinstance(event, dict) and _is_text(event.get("data"))
    except (ValueError, RecursionError):
        return False


def fits(page: EventPage, body: bytes) -> bool:
    """Whether the page has the event, and its components take what is sent with it.

    The body is JSON whose data hold nothing but texts.
    """
    event = json.loads(body)
    others = {name: value for name, value in event.items() if name not in ("data", "fn_index")}
    number, data = event.get("fn_index"), event.get("data")
    if type(number) is not int or number not in page.fns or not all(map(_is_name, others.values())):
        return False
    components = page.fns[number].inputs
    if not isinstance(data, list) or len(data) != len(components):
        return False
    models = [getattr(component, "data_model", None) for component in components]
    try:
        for model, value in zip(models, data, strict=True):
            if model is not None and value is not None:
                model.model_validate(value)
    except ValueError:  # pydantic's, whose text holds what was sent
        return False
    return True


def _is_name(value: object) -> bool:
    """Whether it is a name, a number or nothing, as all is beside the data."""
    if isinstance(value, str):
        return len(value) < 100
    return value is None or (isinstance(value, int) and len(str(abs(value))) <= _MOST_DIGITS)


def _is_json(scope: Scope) -> bool:
    kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json"


def _is_text(value: object) -> bool:
    if isinstance(value, dict):
        return value.keys() <= _MESSAGE and all(map(_is_text, value.values()))
    return not isinstance(value, list) or all(map(_is_text, value))
