"""The staff's pages put together: their routes, their Gradio page, and what guards both."""

from __future__ import annotations

import logging

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from qa.errors import QuotewellError
from qa.staff.desk import Desk
from qa.web.chat import chat_looks
from qa.web.events import EventPage
from qa.web.nonce import Frame
from qa.web.quiet import gr
from qa.web.staff.audit import audit_router
from qa.web.staff.confidence import confidence_router
from qa.web.staff.coverage import coverage_router
from qa.web.staff.documents import staff_documents_router
from qa.web.staff.guard import PAGES, is_known, is_staff_path
from qa.web.staff.guard import ROOT as STAFF
from qa.web.staff.jobs import jobs_router
from qa.web.staff.marking import marking_router
from qa.web.staff.pages import LogInBy, StaffPages, StaffProblem
from qa.web.staff.publishing import publishing_router
from qa.web.staff.questions import questions_router
from qa.web.staff.runs import runs_router
from qa.web.staff.sign_on import sign_on_router
from qa.web.staff.signing_in import signing_in_router
from qa.web.staff.workbench import build_workbench
from qa.web.types import Page

__all__ = ["StaffSite"]

log = logging.getLogger(__name__)

_ROUTERS = (
    signing_in_router,
    jobs_router,
    sign_on_router,
    staff_documents_router,
    questions_router,
    marking_router,
    runs_router,
    confidence_router,
    coverage_router,
    publishing_router,
    audit_router,
)


class StaffSite:
    """The staff's pages of a desk."""

    def __init__(self, desk: Desk, page: Page) -> None:
        """`page` is the patients' own in its first language, whose looks these have too."""
        self.desk = desk
        self.pages = StaffPages(desk.assistant, page, LogInBy.of(desk))

    def add_routes(self, app: FastAPI) -> None:
        """Adds all pages but Gradio's."""
        for router in _ROUTERS:
            app.include_router(router(self.desk, self.pages))
        for name in PAGES:  # else Gradio would answer for a page that is not there
            app.add_api_route(
                f"{STAFF}/{name}{{rest:path}}", self._nothing, include_in_schema=False
            )
        app.add_exception_handler(StaffProblem, self._on_problem)
        app.add_exception_handler(QuotewellError, self._on_error)

    def mount(self, app: FastAPI) -> EventPage:
        """Puts Gradio's page at /staff/, which must be before the patients' own at "/", and gives
        what events it has."""
        workbench: EventPage = build_workbench(self.desk, self.pages)
        gr.mount_gradio_app(
            app,
            workbench,
            path="/staff",
            run_history=False,
            show_error=False,
            ssr_mode=False,
            **chat_looks(),
        )
        return workbench

    def frame(self) -> Frame:
        """What `PageNonce` puts into Gradio's page."""
        head = self.pages.fragment("staff/head.html")
        return Frame('<html lang="en" dir="ltr">', head, self.pages.header)

    def _nothing(self, request: Request) -> Response:
        text = "There is no such page. It may have been moved, or what it showed was deleted."
        return self.pages.problem(request, 404, text)

    def _on_problem(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, StaffProblem)  # noqa: S101 - registered for this type only
        return self.pages.problem(request, error.status_code, error.detail)

    def _on_error(self, request: Request, error: Exception) -> Response:
        """An error whose text is meant to be read is shown to members, and to them only."""
        if not is_staff_path(request.url.path):
            raise error
        if not is_known(request):
            log.error("a log-in failed: %s", error)
            text = "Nobody can be logged in at this moment. Tell whoever looks after this page."
            return self.pages.login(request, 503, text)
        return self.pages.problem(request, 409, str(error))
