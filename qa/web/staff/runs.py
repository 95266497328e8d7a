"""/staff/runs: the golden questions are run; what came of the newest run, of one, and of all."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from qa.spreadsheet import csv_text
from qa.staff.desk import Desk
from qa.staff.member import Member
from qa.staff.run_book import KEPT, Listed, Run
from qa.staff.run_changes import changes_between, what_changed
from qa.staff.run_figures import compared
from qa.staff.running import choices, start_run
from qa.web.staff.forms import checked_form
from qa.web.staff.guard import session_of
from qa.web.staff.pages import StaffPages, StaffProblem
from qa.web.staff.run_comparing import add_comparing
from qa.web.staff.run_pages import RunPages

__all__ = ["runs_router"]

Form = Annotated[FormData, Depends(checked_form)]


def runs_router(desk: Desk, pages: StaffPages) -> APIRouter:
    """All pages of runs, and the forms that begin and delete one."""
    router = APIRouter(include_in_schema=False)
    site = RunPages(desk, pages)
    book = site.book

    @router.get("/staff/runs")
    def newest(request: Request) -> Response:
        last = book.latest(whole=False)
        run = book.latest() or last
        before = book.latest(before=run.id) if run else None
        return site.show(
            request,
            "runs.html",
            "newest",
            scripted=True,
            job=desk.jobs.state(),
            choices=choices(desk),
            run=run,
            before=before,
            later=last if run and last and last.id != run.id else None,
            figures=compared(run, before) if run else [],
            changes=changes_between(before, run) if run and before else None,
            changed=what_changed(before, run) if run and before else "",
        )

    @router.post("/staff/runs")
    def start(request: Request, form: Form) -> Response:
        generation, which = str(form.get("generation", "")), str(form.get("which", "all"))
        start_run(desk, session_of(request).member, generation, which)
        return RedirectResponse("/staff/runs", 303)

    @router.get("/staff/runs/history")
    def history(request: Request) -> Response:
        groups: dict[tuple[str, str], list[Listed]] = {}
        for one in book.listed():
            groups.setdefault((one.run.generation, one.run.settings), []).append(one)
        member = session_of(request).member
        return site.show(
            request,
            "runs_history.html",
            "history",
            groups=groups,
            live=desk.assistant.generation,
            kept=KEPT,
            may_delete=lambda run: _may_delete(member, run),
        )

    @router.get("/staff/runs/{number:run}")
    def one(request: Request, number: int) -> Response:
        run = site.found(number)
        before = book.latest(before=number)
        return site.show(
            request,
            "run.html",
            run=run,
            before=before,
            figures=compared(run, before),
            changed=what_changed(before, run) if before else "",
            wrong=[one for one in run.judgements if not one.result.is_good],
            may_delete=_may_delete(session_of(request).member, run),
        )

    @router.get("/staff/runs/{number:run}/run.csv")
    def export(number: int) -> Response:
        headers = {
            "Content-Disposition": f'attachment; filename="run-{number}.csv"',
            "Cache-Control": "no-store",
        }
        made = _csv(site.found(number))
        return Response(made, media_type="text/csv; charset=utf-8", headers=headers)

    @router.post("/staff/runs/{number:run}/delete")
    def delete(request: Request, number: int, form: Form) -> Response:
        run, member = site.found(number), session_of(request).member
        if not _may_delete(member, run):
            raise StaffProblem(403, f"Only {run.who} and maintainers may delete this run.")
        desk.audit.note(member.name, "deleted", f"run {number} of {run.began}, by {run.who}")
        book.remove(number)
        return RedirectResponse("/staff/runs/history", 303)

    add_comparing(router, site)
    return router


def _may_delete(member: Member, run: Run) -> bool:
    return member.may_publish or member.name == run.who


def _csv(run: Run) -> str:
    """A line a question, for a spreadsheet."""
    names = (
        *("run", "when", "who", "generation", "threshold", "question", "expected", "tags"),
        *("document", "result", "confidence", "right quote at", "shown", "reason", "passages"),
    )
    head = (run.id, run.began, run.who, run.generation, run.threshold)
    rows = (
        (
            *(*head, one.question, one.expect, " ".join(one.tags), one.document),
            *(one.result.value, f"{one.confidence:.4f}", one.rank or "", one.shown, one.reason),
            " ".join(f"{at.document_id}:{at.start}-{at.end}" for at in one.places),
        )
        for one in run.judgements
    )
    return csv_text(names, rows)
