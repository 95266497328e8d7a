"""/staff/publishing: what patients get, and what they would get; for maintainers only.

GET /staff/publishing                    what is live, staged and kept
GET /staff/publishing/generations/{name} the report on a generation, and the form to sign it
GET /staff/publishing/back/{name}        the form to go back to one
POST /staff/publishing/check, /publish, /back
"""

from __future__ import annotations

from fastapi import APIRouter
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from qa.staff.desk import Desk
from qa.staff.examining import examine
from qa.staff.jobs import JobState, Progress
from qa.staff.release_check import Check, out_of_date
from qa.staff.release_checks import basis_of, kept_check
from qa.staff.releases import Overview, Release, moment, overview_of
from qa.staff.signing import Signing
from qa.web.staff.forms import checked_form, need_maintainer
from qa.web.staff.guard import session_of
from qa.web.staff.pages import StaffPages, StaffProblem

__all__ = ["publishing_router"]

_ROOT = "/staff/publishing"
_CHECK = "Check of"
"""How the jobs of these pages are called, before a generation's name."""


def publishing_router(desk: Desk, pages: StaffPages) -> APIRouter:
    """The pages and what their forms do."""
    router = APIRouter(include_in_schema=False)
    signing = Signing(desk)

    @router.get(_ROOT)
    def show(request: Request) -> Response:
        need_maintainer(request)
        overview = overview_of(desk)
        checks = {one.name: _check_state(desk, one.name) for one in overview.waiting}
        return pages.show(
            request,
            "publishing.html",
            scripted=True,
            overview=overview,
            checks=checks,
            job=_job(desk),
            done=request.query_params.get("done", ""),
        )

    @router.get(_ROOT + "/generations/{name}")
    def report(request: Request, name: str) -> Response:
        need_maintainer(request)
        overview, check = overview_of(desk), kept_check(desk, name)
        return pages.show(
            request,
            "publishing-report.html",
            scripted=True,
            release=_release(overview, name),
            live=overview.live,
            check=check,
            checked_at=moment(check.at) if check else "",
            stale=_stale(desk, check),
            changes=_html(check),
            job=_job(desk),
        )

    @router.get(_ROOT + "/back/{name}")
    def ask_back(request: Request, name: str) -> Response:
        need_maintainer(request)
        target, check = signing.target(name), kept_check(desk, name)
        return pages.show(
            request,
            "publishing-back.html",
            scripted=True,
            target=target,
            release=_release(overview_of(desk), name),
            check=check,
            checked_at=moment(check.at) if check else "",
            stale=_stale(desk, check),
            changes=_html(check),
            job=_job(desk),
        )

    _add_check(router, desk)
    _add_signing(router, signing)
    return router


def _add_check(router: APIRouter, desk: Desk) -> None:
    """The form that has a generation checked."""

    @router.post(_ROOT + "/check")
    async def check(request: Request) -> Response:
        need_maintainer(request)
        form = await checked_form(request)
        name, by = _field(form, "generation"), session_of(request).member.name
        await run_in_threadpool(lambda: _release(overview_of(desk), name))

        def work(progress: Progress) -> str:
            examine(desk, name, by, progress)
            return f"{name} was checked."

        desk.jobs.start(f"{_CHECK} {name}", by, work)
        back = "back" if _field(form, "for") == "back" else "generations"
        return RedirectResponse(f"{_ROOT}/{back}/{name}", 303)


def _add_signing(router: APIRouter, signing: Signing) -> None:
    """The forms by which a generation goes to patients, and back."""

    @router.post(_ROOT + "/publish")
    async def publish(request: Request) -> Response:
        need_maintainer(request)
        form = await checked_form(request)
        member = session_of(request).member
        done = await run_in_threadpool(
            signing.publish,
            member,
            _field(form, "generation"),
            _field(form, "report"),
            _field(form, "why"),
            although=_field(form, "although") == "yes",
        )
        return await _over("published" if done else "already")

    @router.post(_ROOT + "/back")
    async def go_back(request: Request) -> Response:
        need_maintainer(request)
        form = await checked_form(request)
        member = session_of(request).member
        done = await run_in_threadpool(
            signing.go_back,
            member,
            _field(form, "generation"),
            _field(form, "live"),
            _field(form, "why"),
        )
        return await _over("back" if done else "already")

    async def _over(done: str) -> Response:
        """To the page that says so, once the server answers from it."""
        await run_in_threadpool(signing.taken)
        return RedirectResponse(f"{_ROOT}?done={done}", 303)


def _job(desk: Desk) -> JobState | None:
    """The job to show: whichever runs, or a check that came to nothing."""
    job = desk.jobs.state()
    if job is None or not job.is_over:
        return job
    return job if job.kind.startswith(_CHECK) and job.status != "done" else None


def _release(overview: Overview, name: str) -> Release:
    """A kept generation. Raises StaffProblem where it is none."""
    found = overview.named(name)
    if found is None:
        raise StaffProblem(404, "There is no such generation, or none any more.")
    return found


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _stale(desk: Desk, check: Check | None) -> str:
    """Why a check does not hold any more; empty where it does, or there is none."""
    return out_of_date(check.basis, basis_of(desk, check.basis.generation)) if check else ""


def _check_state(desk: Desk, name: str) -> str:
    """Where a staged generation stands: "unchecked", "stale", "damaged", "against" or "clear"."""
    check = kept_check(desk, name)
    if check is None:
        return "unchecked"
    if _stale(desk, check):
        return "stale"
    if check.findings.damage:
        return "damaged"
    return "against" if check.findings.objections else "clear"


def _html(check: Check | None) -> Markup:
    """The changes, which `difference_fragment` has escaped."""
    return Markup(check.changes if check else "")  # noqa: S704
