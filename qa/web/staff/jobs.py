"""GET /staff/jobs/state and POST /staff/jobs/stop: how the job that runs stands, and its end.

A page shows it by `{% include "staff/job.html" %}` with `job` among its values (`job_now`).
"""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from qa.staff.desk import Desk
from qa.web.staff.forms import checked_form
from qa.web.staff.guard import session_of
from qa.web.staff.pages import StaffPages

__all__ = ["jobs_router"]

_PAGES = ("/staff/runs", "/staff/confidence", "/staff/coverage", "/staff/publishing")


def jobs_router(desk: Desk, pages: StaffPages) -> APIRouter:
    """The job that runs, for the script of the pages and for their stop button."""
    router = APIRouter(include_in_schema=False)

    @router.get("/staff/jobs/state")
    def state() -> Response:
        now = desk.jobs.state()
        told = asdict(now) | {"over": now.is_over} if now else {"over": True}
        return JSONResponse(told, headers={"Cache-Control": "no-store"})

    @router.post("/staff/jobs/stop")
    async def stop(request: Request) -> Response:
        form = await checked_form(request)
        number, back = str(form.get("number", "")), str(form.get("back", ""))
        now = desk.jobs.state()
        if now and now.status == "running" and number == str(now.number):
            desk.audit.note(session_of(request).member.name, "stopped", now.kind)
            desk.jobs.stop(now.number)
        return RedirectResponse(back if back in _PAGES else "/staff/", 303)

    return router
