"""GET and POST /staff/questions/import: a table is looked at first, and then written."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from qa.errors import QuestionError
from qa.staff.desk import Desk
from qa.staff.golden_ledger import GoldenLedger
from qa.staff.pending_imports import PendingImports
from qa.staff.question_import import Plan, plan_import
from qa.staff.question_table import read_table
from qa.web.staff.forms import checked_form
from qa.web.staff.guard import session_of
from qa.web.staff.pages import StaffPages

__all__ = ["LARGER_BODIES", "add_import_routes"]

_PATH = "/staff/questions/import"
_MOST_BYTES = 5_000_000
LARGER_BODIES = {_PATH: _MOST_BYTES}
"""Addresses that take more than a form's length, and how many bytes."""


def add_import_routes(
    router: APIRouter, desk: Desk, pages: StaffPages, ledger: GoldenLedger
) -> None:
    """Adds the pages of an import."""
    waiting = PendingImports(desk.file)

    def plan(data: bytes) -> Plan:
        return plan_import(read_table(data), ledger.book.kept(), desk.assistant.stored)

    @router.get(_PATH)
    def show(request: Request, key: str = "") -> Response:
        if not key:
            return pages.show(request, "import.html", plan=None, problem="")
        name, data = waiting.find(session_of(request).member.name, key)
        return pages.show(request, "import.html", plan=plan(data), name=name, key=key, problem="")

    @router.post(_PATH)
    async def look(request: Request) -> Response:
        form = await checked_form(request, uploads=True)
        sent = form.get("file")
        data = await sent.read() if isinstance(sent, UploadFile) else b""
        name = (sent.filename or "") if isinstance(sent, UploadFile) else ""
        await form.close()
        return await run_in_threadpool(keep, request, name, data)

    def keep(request: Request, name: str, data: bytes) -> Response:
        try:
            if not name:
                raise QuestionError("Choose a file first.")
            plan(data)
        except QuestionError as error:
            return pages.show(request, "import.html", 422, plan=None, problem=str(error))
        key = waiting.keep(session_of(request).member.name, name[:200], data)
        return RedirectResponse(f"{_PATH}?key={key}", 303)

    @router.post(f"{_PATH}/write")
    async def write(request: Request) -> Response:
        return await run_in_threadpool(take, request, await checked_form(request))

    def take(request: Request, form: FormData) -> Response:
        who, key = session_of(request).member.name, str(form.get("key", ""))
        name, data = waiting.find(who, key)
        made = plan(data)
        if made.digest != form.get("seen"):
            raise QuestionError(
                "The golden questions or the documents changed meanwhile. Nothing was written. "
                "Choose the file again, and look at what it would do now."
            )
        if made.wrong and form.get("skip") != "yes":
            raise QuestionError(
                f"{len(made.wrong)} lines are wrong. Nothing was written: correct them, or tick "
                "that they are to be passed over."
            )
        ledger.revise(who, made.edits, made.added, f"{name}: {made}")
        waiting.drop(key)
        return RedirectResponse("/staff/questions?note=imported", 303)
