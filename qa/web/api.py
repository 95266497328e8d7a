"""The JSON API: ask, documents, health. Errors are {"error": "..."}, without the question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import HTTPException
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from qa.document import Document
from qa.errors import QuotewellError, VectorStoreDown
from qa.web.admission import Admission, AskerLeft, TurnedAway
from qa.web.content_type import JSON, content_type
from qa.web.failures import log_failure
from qa.web.help_first import FirstNotices, help_first, is_urgent
from qa.web.one_value import require_one_value
from qa.web.rate_limit import seconds_to_wait
from qa.web.schemas import (
    AnswerBody,
    DocumentBody,
    DocumentList,
    ErrorBody,
    Health,
    QuestionBody,
    Unusable,
)
from qa.web.types import Assistant

__all__ = ["OTHER_METHOD", "api_router", "json_reply"]

_UNAVAILABLE = "Questions cannot be answered at the moment. Try again in a few minutes."
_RETRY_S = 10
"""Seconds after which it is worth asking again: what is down is looked for each second."""
_HURRIED = "Questions come too fast from one address. Ask again after the seconds in Retry-After."
_TOO_FAST = "You ask too fast. Wait as Retry-After says."
OTHER_METHOD = "Use another method; Allow names them."
"""What 405 means, in the description of the API."""
_BUSY = "Too many questions are asked at the moment. Ask again after the seconds in Retry-After."
Responses = dict[int | str, dict[str, Any]]


def json_reply(content: dict[str, Any], status: int = 200, retry_s: int = 0) -> JSONResponse:
    """A JSON response that no cache keeps; with `retry_s` it says when to ask again, in seconds."""
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(retry_s)} if retry_s else {})
    return JSONResponse(content, status, headers=headers)


def api_router(
    assistant: Assistant,
    admission: Admission,
    following: Callable[[], Mapping[str, str]] = dict,
    on_full: Callable[[], object] = lambda: None,
) -> APIRouter:
    """The routes under /api, and /health. Questions wait for their turn in `admission`.

    `following` tells which generation is served and which one is published, as `Health` has it.
    `on_full` is called for each question that found too many before it.
    """
    router = APIRouter()

    @router.post(
        "/api/ask",
        summary="Ask a question",
        dependencies=[Depends(_require_json), Depends(require_one_value)],
        responses=_responses(AnswerBody, {
            400: "The body cannot be read, or the Host is not one of this server.",
            408: "The body did not come in time.", 413: "It is too long.",
            415: "It is not JSON.", 422: "It is not a question.",
            429: _TOO_FAST, 503: "Try again later.",
        }),
    )  # fmt: skip
    async def ask(body: QuestionBody, request: Request) -> JSONResponse:
        """Answers with quotes, or refuses and says why. Kept only if the clinic logs questions.

        Where too many ask at the same time, or nothing can be searched: 503, with Retry-After in
        seconds, and the notices that must be shown, help first where the question tells of danger.
        Where questions come too fast from one address: 429, and the same.
        """
        told = partial(assistant.first_notices, language=body.language)
        if wait_s := seconds_to_wait(request.scope, body.question):
            return await _turned_away(told, body.question, _HURRIED, 429, wait_s)
        try:
            work = partial(_answered, assistant, body)
            urgent = await is_urgent(told, body.question, admission)
            return await admission.run(work, request.is_disconnected, urgent=urgent)
        except AskerLeft:
            return json_reply({"error": "Nobody waits for this answer."}, 503)
        except TurnedAway as full:
            on_full()
            why, retry_s = _BUSY, full.retry_after
        except Exception as error:
            log_failure(error, "a question could not be answered")
            why, retry_s = _UNAVAILABLE, _RETRY_S
        return await _turned_away(told, body.question, why, 503, retry_s)

    _add_documents(router, assistant)

    @router.get(
        "/health",
        summary="Health",
        responses=_responses(Health, {})
        | {503: {"model": Unusable, "description": "No question is answered, and why."}},
    )
    def health() -> JSONResponse:
        """Whether questions are answered, and what is served is what is published."""
        try:
            assistant.check()
        except VectorStoreDown as error:
            # Not 503: a proxy would take all servers out at once, and with them the help that
            # messages of danger get.
            return json_reply({"status": "no_search", "error": str(error), **_served()})
        except QuotewellError as error:
            return json_reply({"status": "unusable", "error": str(error)}, 503)
        served = _served()
        status = "stale" if served.get("stale_since") else "ok"
        return json_reply({"status": status, **served})

    def _served() -> dict[str, str]:
        return {"generation": assistant.generation, **following()}

    return router


def _add_documents(router: APIRouter, assistant: Assistant) -> None:
    """The routes that list and give documents."""

    @router.get(
        "/api/documents",
        summary="List documents",
        responses=_responses(DocumentList, {429: _TOO_FAST}),
    )
    def list_documents() -> JSONResponse:
        """All documents that are quoted from, without their text."""
        generation = assistant.generation
        documents = assistant.documents()
        if generation != assistant.generation:  # a newer one took its place in between
            generation, documents = assistant.generation, assistant.documents()
        listed = [_summary(document) for document in documents]
        return json_reply({"generation": generation, "documents": listed})

    @router.get(
        "/api/documents/{document_id:path}",
        summary="Read a document",
        responses=_responses(DocumentBody, {404: "There is no such document.", 429: _TOO_FAST}),
    )
    def read_document(document_id: str) -> JSONResponse:
        """The text that quotes are cut from, with its sections.

        A document that is no longer quoted is still there, with `in_use` false.
        """
        document, standing = assistant.document(document_id), assistant.standing(document_id)
        if document is None or standing is None:
            raise HTTPException(404, "There is no such document. GET /api/documents lists them.")
        sections = [
            {"heading": s.heading, "start": s.start, "end": s.end, "anchor": s.anchor}
            for s in document.sections
        ]
        stands = {"in_use": standing.quotable, "replaced_by": standing.by or None}
        told = {"text": document.text, "sections": sections}
        return json_reply(_summary(document) | stands | told)


async def _turned_away(
    told: FirstNotices, question: str, why: str, status: int, retry_s: int
) -> JSONResponse:
    """What is said in place of an answer: the notices that must be shown, help first."""
    notices = await run_in_threadpool(help_first, told, question)
    shown = [asdict(one) for one in notices]
    return json_reply({"error": why, "notices": shown}, status, retry_s)


def _answered(assistant: Assistant, body: QuestionBody) -> JSONResponse:
    answer = assistant.ask(
        body.question,
        previous=body.previous,
        documents=body.documents,
        qid=body.qid,
        trace=body.trace,
        language=body.language,
    )
    return json_reply(answer.to_dict(trace=body.trace))


_NOT_TOLD = frozenset({"owner", "supersedes", "no_quote"})
"""What is said for the maintainer: who keeps a document, and names of others, for staff perhaps."""


def _summary(document: Document) -> dict[str, Any]:
    return {
        "document_id": document.id,
        "title": document.title,
        "sha256": document.sha256,
        "meta": {name: value for name, value in document.meta if name not in _NOT_TOLD},
    }


def _responses(model: type[Any], errors: dict[int, str]) -> Responses:
    made: Responses = {200: {"model": model}}
    for status, text in sorted((errors | {405: OTHER_METHOD}).items()):
        made[status] = {"model": ErrorBody, "description": text}
    return made


def _require_json(request: Request) -> None:
    """A form or plain text would come without the browser's leave from another site."""
    if content_type(request.headers) != JSON:
        raise HTTPException(415, f"Send the question as JSON: Content-Type: {JSON}.")
