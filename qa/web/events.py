"""What a browser may send to an event of Gradio's pages: texts, and a conversation of texts.

Gradio takes whatever says of itself that it is a file for one, wherever it stands in what is sent,
before any component has looked at it: it copies the file of that path, or fetches that address,
into a folder of its own. In an application that is mounted it does not ask first whether the file
is one that it may touch. None of these pages takes files, so that nothing of the kind gets there.

Nor does it look whether there is such an event, or whether it is given as much as it takes: it
fails, with a traceback in the log for each. And it keeps a state for whatever name of a session it
is given, however long.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.strict_json import once
from qa.web.content_type import JSON, content_type

__all__ = ["EventGuard", "Events", "is_of_texts"]

Events = Mapping[int, Sequence[Any]]
"""The numbers of a page's events, with the pydantic models of the values each is given, None where
a component takes plain ones."""

_EVENT = "/gradio_api/run/predict"
_MESSAGE = frozenset({"role", "metadata", "content", "options", "type", "text"})
"""What a message in the log is made of; a file has `path`, a component has `component`."""
_NAMES = frozenset({"data", "fn_index", "session_hash", "trigger_id", "event_data"})
"""What Gradio's own page sends. Others would let a request speak for another one. `event_data` says
more of some events of components that are not in use here; it is nothing, or missing."""
_SESSION = re.compile(r"[\w.-]{0,64}")
_MOST_DIGITS = 16
"""JavaScript's numbers are exact up to 2^53, which has as many."""
_SURROGATE = re.compile(rb"\\ud[89a-f]", re.IGNORECASE)


class EventGuard:
    """422 for an event that is none of the page's, has two values of one name, or anything in it
    but texts, and 415 for one that is not sent as JSON. It stands within `BodyLimit`."""

    def __init__(self, app: ASGIApp, events: Mapping[str, Events], help_line: str = "") -> None:
        """`events` are those of the page at each root, such as "" and "/es". `help_line` is told
        to whoever is refused: they may be in danger."""
        self.app = app
        self._events = events
        self._help = {"help": help_line} if help_line else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on all else; a body is there in one message."""
        is_event = scope["type"] == "http" and scope["method"] == "POST"
        if not is_event or not scope["path"].endswith(_EVENT):
            return await self.app(scope, receive, send)
        if content_type(Headers(scope=scope)) != JSON:  # as a form of another site would send it
            content = {"error": f"Send an event as JSON: Content-Type: {JSON}."}
            return await JSONResponse(content | self._help, 415)(scope, receive, send)
        message = await receive()
        body = message.get("body", b"")
        known = self._events.get(scope["path"].removesuffix(_EVENT), {})
        if not (is_of_texts(body) and _is_known(_read(body), known)):
            content = {"error": "An event of this page is made of texts. Load the page again."}
            return await JSONResponse(content | self._help, 422)(scope, receive, send)
        first: list[Message] = [{"type": "http.request", "body": _sendable(body)}]
        scope = dict(scope, headers=_without_length(scope["headers"]))

        async def replay() -> Message:
            return first.pop() if first else await receive()

        return await self.app(scope, replay, send)


def is_of_texts(body: bytes) -> bool:
    """Whether an event's body is JSON whose data hold nothing but texts, numbers and messages of
    them."""
    try:
        event = _read(body)
        return isinstance(event, dict) and _is_text(event.get("data"))
    except (ValueError, RecursionError):
        return False


def _read(body: bytes) -> Any:
    """JSON with no numbers but those that a browser can send, as others cannot be sent back, and
    one value of each name. Raises ValueError for all else."""
    return json.loads(
        body,
        object_pairs_hook=once,
        parse_float=_number,
        parse_constant=_number,
        parse_int=_whole,
    )


def _number(written: str) -> float:
    if not math.isfinite(found := float(written)):
        raise ValueError("no finite number")
    return found


def _whole(written: str) -> int:
    if len(written) > _MOST_DIGITS:
        raise ValueError("too large for a number of JavaScript's")
    return int(written)


def _is_known(event: dict[str, object], known: Events) -> bool:
    """Whether a page has that event, and is given as much as it takes."""
    number, data, trigger = (event.get(name) for name in ("fn_index", "data", "trigger_id"))
    models = known.get(number) if type(number) is int else None
    session = event.get("session_hash") or ""
    return (
        event.keys() <= _NAMES
        and models is not None
        and isinstance(data, list)
        and _fit(data, models)
        and (trigger is None or type(trigger) is int)
        and event.get("event_data") is None  # Gradio would look for files in it, too
        and isinstance(session, str)
        and _SESSION.fullmatch(session) is not None
    )


def _fit(data: Sequence[object], models: Sequence[Any]) -> bool:
    """Whether the page's components take the values; Gradio fails at others."""
    if len(data) != len(models):
        return False
    try:
        for model, value in zip(models, data, strict=True):
            if model is not None and value is not None:
                model.model_validate(value)
    except ValueError:  # pydantic's, whose text holds what was sent
        return False
    return True


def _sendable(body: bytes) -> bytes:
    """The same with "?" for halves of characters, which JSON can name and nothing can send back."""
    if not _SURROGATE.search(body):
        return body
    return json.dumps(json.loads(body), ensure_ascii=False).encode("utf-8", "replace")


def _without_length(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The body is in one message, and may be another one now."""
    return [pair for pair in headers if pair[0] not in (b"content-length", b"transfer-encoding")]


def _is_text(value: object) -> bool:
    if isinstance(value, dict):
        return value.keys() <= _MESSAGE and all(map(_is_text, value.values()))
    return not isinstance(value, list) or all(map(_is_text, value))
