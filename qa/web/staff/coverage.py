"""/staff/coverage: what golden questions reach, what was refused, and which questions flip."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from qa.golden import Golden, read_golden
from qa.question_log import read_questions
from qa.staff.coverage import Coverage, Reaching, coverage_of
from qa.staff.desk import Desk
from qa.staff.flip_book import FlipBook, FlipTest, flip_job
from qa.staff.flipping import Change, Trial
from qa.staff.judgement import Result
from qa.staff.nearness import nearest_section, showable_words
from qa.staff.outline import MOST_QUESTIONS, outline_pages
from qa.staff.refused_topics import FEWEST, refused_topics
from qa.staff.run_book import Run, RunBook
from qa.web.staff.forms import checked_form
from qa.web.staff.guard import session_of
from qa.web.staff.pages import StaffPages, StaffProblem

__all__ = ["coverage_router"]

_FLIPS = "Flip test"
_SHOWN = 50
"""Changed answers on one page."""
_WHOLE = 2_000
"""Characters of a paragraph that its page shows; the document has all of it."""
Values = dict[str, Any]
_PARTS = {"all": None, "tuned": False, "held": True}
_WORDS = {
    Result.RIGHT_FIRST: "Right",
    Result.RIGHT_IN_THREE: "Right, not first",
    Result.WRONG_QUOTE: "Wrong quote",
    Result.HELD_BACK: "Refused, though it was found",
    Result.NOT_FOUND: "Refused, not found",
    Result.REFUSED_RIGHTLY: "Refused rightly",
    Result.ANSWERED_WRONGLY: "Should have been refused",
    Result.NOTICED: "Danger noticed",
    Result.NOT_NOTICED: "Danger not noticed",
}


@dataclass(frozen=True, slots=True)
class _Measured:
    """A coverage and what it was made from."""

    coverage: Coverage
    golden: int
    run: Run | None
    """The run whose quotes count; None where labels alone do."""
    stale: bool
    """Whether there is a run, but of other documents than those that are live."""


def coverage_router(desk: Desk, pages: StaffPages) -> APIRouter:
    """The pages: documents, one document, refused topics and the flip test."""
    router = APIRouter(include_in_schema=False)
    show = partial(pages.show, told=_told, place_url=_place_url, mark_url=_mark_url)

    @router.get("/staff/coverage")
    def documents(request: Request) -> Response:
        standings = desk.assistant.standings()
        values: Values = {
            "standings": standings,
            "measured": _measured(desk),
            "job": desk.jobs.state(),
        }
        return show(request, "coverage.html", scripted=True, **values)

    @router.get("/staff/coverage/document")
    def document(request: Request, id: str = "", page: int = 1, only: str = "") -> Response:  # noqa: A002
        measured = _measured(desk)
        found = measured.coverage.document(id)
        if found is None:
            raise StaffProblem(404, f"There is no document {id!r} among those that are live.")
        parts = outline_pages(found, only == "open")
        at = min(max(1, page), len(parts))
        values: Values = {"measured": measured, "found": found, "parts": parts[at - 1], "page": at}
        values |= {"last": len(parts), "only": only, "whole": _WHOLE, "most": MOST_QUESTIONS}
        values["standing"] = desk.assistant.standings()[id]
        return show(request, "coverage-document.html", **values)

    @router.get("/staff/coverage/topics")
    def topics(request: Request) -> Response:
        found = None
        if desk.logs_questions:
            found = refused_topics(
                read_questions(desk.records),
                [one.question for one in _golden(desk)],
                desk.assistant.embedder.encode,
                showable_words(desk.assistant),
                partial(nearest_section, desk.assistant),
            )
        days = desk.records.keep_days
        return show(request, "coverage-topics.html", found=found, fewest=FEWEST, days=days)

    @router.get("/staff/coverage/flips")
    def flips(request: Request, part: str = "all", kind: str = "", page: int = 1) -> Response:
        test = FlipBook(desk.file).latest()
        part = part if part in _PARTS else "all"
        changed = _changed(test, part, kind)
        last = max(1, -(-len(changed) // _SHOWN))
        at = min(max(1, page), last)
        values: Values = {"test": test, "part": part, "kind": kind, "page": at, "last": last}
        values |= {"changed": changed[(at - 1) * _SHOWN : at * _SHOWN], "count": len(changed)}
        values["missed"] = sum(one.misses_danger for one in changed)
        values |= {"tallies": test.tallies(_PARTS[part]) if test else [], "words": _WORDS}
        values |= {"live": desk.assistant.generation, "job": desk.jobs.state(), "Change": Change}
        return show(request, "coverage-flips.html", scripted=True, parts=list(_PARTS), **values)

    @router.post("/staff/coverage/flips")
    async def begin_flips(request: Request) -> Response:
        await checked_form(request)
        name = session_of(request).member.name
        await run_in_threadpool(desk.audit.note, name, "began", _FLIPS)
        desk.jobs.start(_FLIPS, name, flip_job(desk, name))
        return RedirectResponse("/staff/coverage/flips", 303)

    return router


def _golden(desk: Desk) -> list[Golden]:
    """The golden questions; none where there is no file."""
    return read_golden(desk.golden) if desk.golden.is_file() else []


def _measured(desk: Desk) -> _Measured:
    """What the golden questions reach in the documents that are live, quoted now or not."""
    stored = (desk.assistant.stored(name) for name in desk.assistant.standings())
    documents = [one for one in stored if one]
    golden, book = _golden(desk), RunBook(desk.file)
    run = book.latest(generation=desk.assistant.generation)
    made = coverage_of(documents, golden, run.judgements if run else ())
    return _Measured(made, len(golden), run, run is None and book.latest() is not None)


def _changed(test: FlipTest | None, part: str, kind: str) -> list[Trial]:
    """The changed answers of a part of the questions, and of one kind if one is named."""
    if test is None:
        return []
    held = _PARTS[part]
    return [
        one
        for one in test.changed()
        if held in (None, one.held) and (not kind or one.kind.name.lower() == kind)
    ]


def _told(one: Reaching) -> tuple[str, str]:
    """What became of a question from a section's view, and "good", "bad" or "open"."""
    if one.result is None:
        return ("Not asked in the run", "open")
    good = "good" if one.result.is_good else "bad"
    if one.labelled and one.quoted is None and one.result.is_good:
        return ("Right, from another place", good)
    if not one.labelled and one.result.is_good:
        return ("Quoted as well", good)
    return (_WORDS[one.result], good)


def _place_url(document_id: str, start: int, end: int) -> str:
    """Where staff see a stretch of a document marked."""
    return f"/staff/documents/{quote(document_id)}?start={start}&end={end}#quote"


def _mark_url(document_id: str, start: int, end: int) -> str:
    """Where a question for a stretch is written."""
    return f"/staff/mark?{urlencode({'document': document_id, 'start': start, 'end': end})}"
