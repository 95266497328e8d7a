"""GET /ready: whether this server should be given patients now.

It differs from /health. That one tells whether the process works at all, for whoever restarts it;
this one is for a proxy that chooses between servers, and says no while the server stops. Where the
vector store does not answer, /ready still says yes: every server would say no at the same time, and
each still gives help to whoever writes of danger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from qa.errors import QuotewellError, VectorStoreDown
from qa.web.api import OTHER_METHOD
from qa.web.schemas import ErrorBody, Ready
from qa.web.types import Assistant

__all__ = ["ready_router"]


def ready_router(
    assistant: Assistant,
    following: Callable[[], Mapping[str, str]],
    is_stopping: Callable[[], bool],
) -> APIRouter:
    """GET /ready: 200 where the model is loaded and a verified generation answers, which
    is named; 503 otherwise, and once the server stops. Nothing of its insides is told."""
    router = APIRouter()

    @router.get(
        "/ready",
        summary="Readiness",
        responses={
            200: {"model": Ready},
            405: {"model": ErrorBody, "description": OTHER_METHOD},
            503: {"model": Ready, "description": "Not now."},
        },
    )
    def ready() -> Response:
        """Whether a proxy should send patients here."""
        checks = _checks(assistant, following, is_stopping)
        generation = _generation(assistant)
        good = not is_stopping() and bool(generation) and checks["model"] == "ok"
        told: dict[str, Any] = {
            "status": "ready" if good else "not_ready",
            "generation": generation,
            "checks": checks,
        }
        return JSONResponse(told, 200 if good else 503, headers={"Cache-Control": "no-store"})

    return router


def _checks(
    assistant: Assistant,
    following: Callable[[], Mapping[str, str]],
    is_stopping: Callable[[], bool],
) -> dict[str, str]:
    model, search = "ok", "ok"
    try:
        assistant.check()
    except VectorStoreDown:
        search = "down"
    except QuotewellError:
        model = "failed"
    stale = following().get("stale_since")
    index = ("stale" if stale else "ok") if _generation(assistant) else "failed"
    server = "stopping" if is_stopping() else "ok"
    return {"index": index, "model": model, "search": search, "server": server}


def _generation(assistant: Assistant) -> str:
    """The generation that answers, verified when it was loaded; empty where there is none."""
    try:
        return assistant.generation
    except QuotewellError:
        return ""
