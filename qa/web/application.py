"""The whole web application: routes, middlewares and the patient's page put together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

import qa
from qa.query import MAX_QUESTION
from qa.staff.desk import Desk
from qa.web.admission import Admission
from qa.web.api import api_router, json_reply
from qa.web.api_docs import describe_api, openapi_of
from qa.web.counting import CountResponses, counted
from qa.web.documents import documents_router
from qa.web.events import EventGuard, Events
from qa.web.failures import FailureGuard
from qa.web.feedback import Book, feedback_router
from qa.web.frame_sites import FrameSites
from qa.web.invalid import on_invalid
from qa.web.languages import LanguageDoor
from qa.web.looks import ReadLooks
from qa.web.metrics import Metrics, metrics_router
from qa.web.nonce import Frame, PageNonce
from qa.web.origin import LOCAL_HOSTS
from qa.web.page_files import page_files_router
from qa.web.pages import STATIC
from qa.web.peer import Networks
from qa.web.plain import plain_router
from qa.web.printing import printing_router
from qa.web.rate_limit import BURST, RateGuard
from qa.web.readiness import ready_router
from qa.web.request_limits import BodyLimit, HeadLimit
from qa.web.schemas import MOST_BYTES
from qa.web.security import HostGuard, RouteGuard, SecurityHeaders
from qa.web.site import Site
from qa.web.smuggling import SmugglingGuard
from qa.web.staff.application import StaffSite
from qa.web.staff.guard import ROOT as STAFF
from qa.web.staff.guard import StaffGuard
from qa.web.staff.importing import LARGER_BODIES
from qa.web.stopping import Stopping
from qa.web.types import Assistant, Page

__all__ = ["create_app"]
_FORMS = ("/plain", "/answer", "/feedback")
"""Where browsers send forms."""


def create_app(
    assistant: Assistant,
    *,
    pages: Sequence[Page] = (),
    allowed_hosts: Sequence[str] = LOCAL_HOSTS,
    question_limit: int = MAX_QUESTION,
    body_limit: int = MOST_BYTES,
    feedback: Book | None = None,
    following: Callable[[], Mapping[str, str]] = dict,
    desk: Desk | None = None,
    admission: Admission | None = None,
    questions_per_minute: int = 0,
    questions_burst: int = BURST,
    request_seconds: float = 20.0,
    metrics: Metrics | None = None,
    metrics_from: Networks | None = None,
    embed_from: Sequence[str] = (),
) -> FastAPI:
    """The application for an assistant. To be called outside a running event loop.

    `pages` are the patient's page in each language; the first has its root at "/".
    `allowed_hosts` are the names the page is reached under, `question_limit` is the length in
    characters that the page states, `body_limit` the bytes of a request that are read at most.
    `feedback` keeps what patients say of answers; without it there is no such route. `following`
    is what /health says of generations. `desk` is what the staff's pages work with; without it
    there is nothing under /staff. `admission` says how many may ask at a time, and
    `questions_per_minute` (0 for no limit) with `questions_burst` how fast one client may.
    `request_seconds` are those in which a body must be there. `metrics` is what is counted in, and
    `metrics_from` are those who may read it. `embed_from` are the sites that may show the patient's
    pages in a frame, as "https://clinic.example". `app.state.stopping` is told when it stops.
    `app.state.renew` takes the same pages again, with other suggestions, for whoever visits from
    then on.
    """
    asked = {"question_limit": question_limit, "feedback": feedback is not None}
    shown = [replace(one, **asked) for one in pages or (Page.of(),)]  # type: ignore[arg-type]
    admission = admission or Admission()
    metrics = metrics or Metrics()
    metrics.watch(admission, lambda: assistant.generation, following)
    on_full = metrics.turned_away.labels("full").inc
    asked_of = counted(assistant, metrics, [one.wording.language for one in shown])
    stopping = Stopping(admission)
    sites = [Site(asked_of, page, shown, admission, on_full) for page in shown]
    staff = StaffSite(desk, shown[0]) if desk else None
    app = FastAPI(
        title="Quotewell",
        version=qa.__version__,
        summary="Answers that are word-for-word quotes from the clinic's documents, or refusals.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.stopping = stopping
    app.include_router(api_router(asked_of, admission, following, on_full))
    app.include_router(ready_router(assistant, following, lambda: stopping.begun))
    app.include_router(metrics_router(metrics, metrics_from))
    app.include_router(page_files_router(assistant))
    _add_pages(app, assistant, sites, feedback)
    if staff:
        staff.add_routes(app)
    help_line = sites[0].crisis_line
    app.add_exception_handler(HTTPException, partial(_on_http_error, help_line))
    app.add_exception_handler(RequestValidationError, partial(on_invalid, assistant, help_line))
    app.openapi = partial(openapi_of, app.openapi)  # type: ignore[method-assign]
    app.mount("/page", StaticFiles(directory=STATIC))
    frames = {f"{one.page.root}/": one.frame() for one in sites}
    if staff:
        frames[f"{STAFF}/"] = staff.frame()
    events: dict[str, Events] = {}
    # The last one added stands outermost.
    _add_page_guards(app, shown, frames, events, help_line)
    _add_body_limit(app, sites, body_limit, request_seconds, staff)
    if questions_per_minute:
        _add_rate_limit(app, sites, questions_per_minute, questions_burst, metrics)
    roots = [one.root for one in shown]
    _add_outer_guards(app, roots, allowed_hosts, staff, metrics, FrameSites(embed_from, roots))
    # Outside a running event loop Gradio would open several and close none.
    asyncio.run(_mount_gradio(app, sites, staff, events))
    app.state.renew = partial(_renew, sites, frames)
    return app


def _renew(sites: Sequence[Site], frames: dict[str, Frame], pages: Sequence[Page]) -> None:
    for site, page in zip(sites, pages, strict=True):
        site.renew(page)
        frames[f"{page.root}/"] = site.frame()


def _add_pages(
    app: FastAPI, assistant: Assistant, sites: Sequence[Site], feedback: Book | None
) -> None:
    """The pages in each language but Gradio's, and the description of the API."""
    for site in sites:
        root = site.page.root
        app.include_router(documents_router(assistant, site.pages), prefix=root)
        app.include_router(plain_router(site.message_for, site.pages), prefix=root)
        app.include_router(printing_router(assistant, site.pages), prefix=root)
        app.include_router(feedback_router(feedback, site.pages), prefix=root)

    @app.get("/api/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return sites[0].pages.html("api_docs.html", api=describe_api(app.openapi()))


def _add_page_guards(
    app: FastAPI,
    shown: Sequence[Page],
    frames: dict[str, Frame],
    events: dict[str, Events],
    help_line: str,
) -> None:
    """What stands nearest to the routes."""
    # Gradio adds no CORS headers of its own beside this one.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    app.add_middleware(PageNonce, pages=frames)
    app.add_middleware(ReadLooks)
    app.add_middleware(LanguageDoor, pages=shown)
    app.add_middleware(FailureGuard, help_line=help_line)
    app.add_middleware(EventGuard, events=events, help_line=help_line)


def _add_body_limit(
    app: FastAPI, sites: Sequence[Site], limit: int, seconds: float, staff: StaffSite | None
) -> None:
    app.add_middleware(
        BodyLimit,
        limit=limit,
        larger=LARGER_BODIES if staff else {},
        seconds=seconds,
        pages={f"{one.page.root}{end}": one.unread for one in sites for end in _FORMS},
        help_line=sites[0].crisis_line,
    )


def _add_rate_limit(
    app: FastAPI, sites: Sequence[Site], per_minute: int, burst: int, metrics: Metrics
) -> None:
    app.add_middleware(
        RateGuard,
        per_minute=per_minute,
        burst=burst,
        roots=[one.page.root for one in sites],
        on_refusal=metrics.turned_away.labels("rate").inc,
        pages={f"{one.page.root}/documents/": one.hurried for one in sites},
    )


def _add_outer_guards(
    app: FastAPI,
    roots: Sequence[str],
    allowed_hosts: Sequence[str],
    staff: StaffSite | None,
    metrics: Metrics,
    frame_sites: FrameSites,
) -> None:
    """What a request passes before anything of it is read."""
    if staff:
        app.add_middleware(StaffGuard, desk=staff.desk, pages=staff.pages)
    app.add_middleware(RouteGuard, roots=roots, guarded=(STAFF,) if staff else ())
    app.add_middleware(HostGuard, allowed=allowed_hosts)
    app.add_middleware(HeadLimit)
    app.add_middleware(SmugglingGuard)
    app.add_middleware(SecurityHeaders, frame_sites=frame_sites)
    app.add_middleware(CountResponses, metrics=metrics, roots=roots)


async def _mount_gradio(
    app: FastAPI, sites: Sequence[Site], staff: StaffSite | None, events: dict[str, Events]
) -> None:
    """Mounts the pages, and notes the events of each by its root."""
    # What is mounted first goes first, and "/" takes everything.
    if staff:
        events[STAFF] = staff.mount(app)
    for site in sorted(sites, key=lambda one: one.page.root, reverse=True):
        events[site.page.root] = site.mount(app)


def _on_http_error(help_line: str, request: Request, error: Exception) -> JSONResponse:
    """Whoever sent something that could not be read may be in danger, and is told whom to call."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type only
    told = {"help": help_line} if help_line and request.method == "POST" else {}
    reply = json_reply({"error": str(error.detail)} | told, error.status_code)
    reply.headers.update(error.headers or {})  # Allow, where it is another method
    return reply
