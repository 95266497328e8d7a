"""What is counted for /metrics: each question by how it ended, each response by its status."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.types import Answer
from qa.web.metrics import Metrics
from qa.web.types import Assistant

__all__ = ["CountResponses", "area_of", "counted"]

_AREAS = {
    "/staff/login": "login",
    "/staff": "staff",
    "/api/ask": "ask",
    "/api": "api",
    "/plain": "plain",
    "/answer": "print",
    "/feedback": "feedback",
    "/gradio_api/run": "chat",
    "/documents": "document",
    "/pages": "picture",
    "/originals": "original",
    "/health": "health",
    "/ready": "health",
    "/metrics": "metrics",
    "/page": "asset",
    "/assets": "asset",
    "/static": "asset",
    "/svelte": "asset",
}
"""What an address begins with → what it is counted as; all else is a page, or "other" if it is not
there."""
_NOT_THERE = (404, 405)


def counted(assistant: Assistant, metrics: Metrics, languages: Sequence[str]) -> Assistant:
    """The assistant, with each of its answers counted. `languages` are those of the page."""
    return cast("Assistant", _Counted(assistant, metrics, tuple(languages)))


class _Counted:
    """Asks and counts; all else is the assistant's own."""

    def __init__(self, assistant: Assistant, metrics: Metrics, languages: tuple[str, ...]) -> None:
        self._assistant = assistant
        self._metrics = metrics
        self._languages = languages

    def ask(self, question: str, **more: Any) -> Answer:
        """As the assistant's own."""
        began = time.monotonic()
        kind, reason = "error", ""
        try:
            answer = self._assistant.ask(question, **more)
            kind, reason = answer.kind.value, answer.reason or ""
        finally:
            self._metrics.seconds.observe(time.monotonic() - began)
            language = self._language(more.get("language", ""))
            self._metrics.questions.labels(kind, reason, language).inc()
        return answer

    def _language(self, asked: str) -> str:
        """One of the page's languages, or "other": a caller may write what it likes."""
        if not asked and self._languages:
            return self._languages[0]
        return asked if asked in self._languages else "other"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)


class CountResponses:
    """Counts each response once its status is known."""

    def __init__(self, app: ASGIApp, metrics: Metrics, roots: Sequence[str] = ("",)) -> None:
        """`roots` are where the page in each language begins."""
        self.app = app
        self._responses = metrics.responses
        self._roots = tuple(root for root in roots if root)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on."""

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                status = message["status"]
                area = area_of(scope["path"], status, self._roots)
                self._responses.labels(area, str(status)).inc()
            await send(message)

        await self.app(scope, receive, send_counted if scope["type"] == "http" else send)


def area_of(path: str, status: int, roots: Sequence[str] = ()) -> str:
    """What was asked for, as one of a few words."""
    root = next((one for one in roots if path.startswith(f"{one}/")), "")
    path = path.removeprefix(root)
    for begin, area in _AREAS.items():
        if path == begin or path.startswith(f"{begin}/"):
            return area
    return "other" if status in _NOT_THERE else "page"
