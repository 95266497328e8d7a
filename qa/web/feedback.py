"""POST /feedback: what a patient says of an answer, from this site's own pages only."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.exceptions import HTTPException
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers

from qa.errors import FeedbackError, StoreError
from qa.feedback import Feedback, Place, Verdict
from qa.notices import Dial
from qa.query import MAX_QUESTION
from qa.safety import looked_at
from qa.types import Notice
from qa.web.api import json_reply
from qa.web.content_type import FORM, content_type
from qa.web.looks import looks_now
from qa.web.origin import is_own
from qa.web.pages import Pages
from qa.web.rate_limit import seconds_to_wait

__all__ = ["MAX_BODY", "Book", "feedback_router", "read_form"]

MAX_BODY = 32_768
"""Bytes of a form: every field at its longest, percent-encoded, fits in."""
_MAX_FIELDS = 64
_MOST_HEARD = 4_000
"""Characters of a note in which danger is looked for, as in a message that is turned away; no note
of as many is kept. 20,000 would take two seconds of a processor, however often they are sent."""

log = logging.getLogger(__name__)


class Book(Protocol):
    """Keeps feedback; see `qa.feedback.FeedbackBook`."""

    def help_for(self, note: str, language: str) -> tuple[Notice, ...]:
        """The notices that must go before all else, of a note that may be too long to be kept."""

    def keep(self, feedback: Feedback) -> None:
        """Keeps it. Raises FeedbackError and StoreError."""


def feedback_router(book: Book | None, pages: Pages) -> APIRouter:
    """POST /feedback, and the page that thanks; 404 for both where nothing keeps feedback.

    A form gets a redirect to a page, so that loading it again sends nothing twice; whoever accepts
    JSON and no HTML gets {"kept": true}, or {"kept": false, "error": "..."} with a status of 403,
    413, 415, 422, 429 or 503. Nothing of what was sent is repeated or logged.

    Where a note tells of danger, help goes first, kept or not, and whatever else is wrong with the
    form: the page is the reply itself, so that no address tells of it, and the JSON has "help", a
    text of lines, and "dials", a list of [name, [[what to do, link], ...]]. Where it does not, or
    could not be read, a refusal in JSON has the line of whom to call as "help", and no "dials".
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/feedback/thanks")
    def thanks() -> Response:
        if book is None:
            raise HTTPException(404, "There is nothing here.")
        return pages.html("thanks.html", error="", alarms=())

    @router.post("/feedback")
    async def take(request: Request) -> Response:
        if book is None:
            raise HTTPException(404, "There is nothing here.")
        status, error = _refusal(request.headers)
        alarms: list[str] = []
        wait_s = 0
        if not error:
            body = await request.body()
            note = await run_in_threadpool(_note_of, body)
            wait_s = seconds_to_wait(request.scope, note)
            help_for = partial(book.help_for, note, pages.page.wording.language)
            status, error, alarms = await run_in_threadpool(_take, body, book, help_for, wait_s)
        retry = {"Retry-After": str(wait_s)} if status == 429 else {}
        if _wants_json(request.headers):
            told: dict[str, object] = {"kept": not error} | ({"error": error} if error else {})
            help_line = pages.crisis_line if error else ""
            reply: Response = json_reply(_help(alarms, pages.dials, help_line) | told, status)
        elif error or alarms:
            reply = pages.html("thanks.html", status, error=error, alarms=alarms)
        else:
            thanked = looks_now().added_to(f"{pages.page.root}/feedback/thanks")
            return RedirectResponse(thanked, 303, {"Cache-Control": "no-store"})
        reply.headers.update(retry)
        return reply

    return router


def read_form(body: bytes) -> Feedback:
    """Feedback from a form's fields: verdict, reason, note, question, kind, refusal, generation and
    any number of span, "document_id:start:end".

    Raises FeedbackError where a field is wrong.
    """
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise FeedbackError(f"This form has more than {_MAX_FIELDS} fields.") from None
    given = {
        name: fields.get(name, [""])[0].replace("\r\n", "\n").strip()
        for name in ("verdict", "reason", "note", "question", "kind", "refusal", "generation")
    }
    try:
        verdict = Verdict(given.pop("verdict"))
    except ValueError:
        raise FeedbackError(f"verdict: one of {', '.join(Verdict)}.") from None
    if len(given["question"]) > MAX_QUESTION:
        given["question"] = ""  # it was refused as too long, and is kept nowhere else either
    places = tuple(_place(written) for written in fields.get("span", ()))
    made = Feedback(verdict, places=places, **given)  # type: ignore[arg-type] # `day` is not given
    made.check()
    return made


def _note_of(body: bytes) -> str:
    """What stands in a form as its note, whatever else is in it; the two ends of a long one."""
    fields = parse_qs(body.decode("utf-8", "replace"))
    note = "\n".join(fields.get("note", ())).replace("\r\n", "\n").strip()
    return looked_at(note, _MOST_HEARD)


def _place(written: str) -> Place:
    """A place from "document_id:start:end"; an id may hold colons itself."""
    document_id, *bounds = written.rsplit(":", 2)
    if len(bounds) != 2 or not all(b.isascii() and b.isdigit() and len(b) < 10 for b in bounds):
        raise FeedbackError("span: document_id:start:end, as the answer has it.")
    return Place(document_id, int(bounds[0]), int(bounds[1]))


def _refusal(headers: Headers) -> tuple[int, str]:
    """Why a request is not read, if it is not."""
    if not is_own(headers):
        return 403, "Feedback is taken from this site's own pages only."
    if content_type(headers) != FORM:
        return 415, f"Send the feedback as a form: Content-Type: {FORM}."
    return 200, ""


def _take(
    body: bytes, book: Book, help_for: Callable[[], Sequence[Notice]], wait_s: int
) -> tuple[int, str, list[str]]:
    """The status, what went wrong, and the texts that help, be the feedback kept or not.

    It is not kept where it came too fast, `wait_s` seconds too early. Danger is looked for before
    anything is checked, since whoever wrote of it may have done something else wrong.
    """
    alarms: list[str] = []
    try:
        alarms = [notice.text for notice in help_for()]
        if len(body) > MAX_BODY:
            return 413, f"This feedback is too long: at most {MAX_BODY:,} bytes are read.", alarms
        given = read_form(body)
        if wait_s:
            return 429, f"This came too fast. Send it again in {wait_s} seconds.", alarms
        book.keep(given)
    except FeedbackError as error:
        return 422, str(error), alarms
    except StoreError as error:
        log.error("feedback was not kept: %s", error)
    except Exception as error:  # its text may hold what was typed
        log.error("feedback was not kept: %s", type(error).__name__)
    else:
        return 200, "", alarms
    return 503, "Your feedback could not be kept. You can tell the clinic instead.", alarms


def _help(alarms: Sequence[str], dials: Sequence[Dial], help_line: str) -> dict[str, object]:
    """What the JSON has of help: the `help_line`, if there is one, where no danger was found."""
    if not alarms:
        return {"help": help_line} if help_line else {}
    groups: dict[str, list[list[str]]] = {}
    for dial in dials:
        groups.setdefault(dial.name, []).append([dial.doing, dial.href])
    return {"help": "\n".join(alarms), "dials": [[name, ways] for name, ways in groups.items()]}


def _wants_json(headers: Headers) -> bool:
    accepted = headers.get("accept", "").lower()
    return "application/json" in accepted and "text/html" not in accepted
