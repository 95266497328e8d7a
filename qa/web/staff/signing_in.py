"""GET and POST /staff/login, and POST /staff/logout."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from qa.staff.desk import Desk
from qa.staff.member import Member
from qa.web.staff.forms import checked_form
from qa.web.staff.guard import COOKIE, LOGIN, ROOT, session_of, token_of
from qa.web.staff.pages import StaffPages

__all__ = ["signing_in_router"]


def signing_in_router(desk: Desk, pages: StaffPages) -> APIRouter:
    """Logging in and out."""
    router = APIRouter(include_in_schema=False)

    @router.get(LOGIN)
    def show(request: Request) -> Response:
        return pages.login(request, note=request.query_params.get("note", ""))

    @router.post(LOGIN)
    async def log_in(request: Request) -> Response:
        form = await request.form()
        name, password = (form.get(one, "") for one in ("name", "password"))
        if not isinstance(name, str) or not isinstance(password, str):
            return pages.login(request, 422, "wrong")
        member = await run_in_threadpool(desk.accounts.verified, name, password)
        if member is None:
            return pages.login(request, 401, "wrong")
        return await run_in_threadpool(_let_in, desk, member, form.get("next"))

    @router.post("/staff/logout")
    async def log_out(request: Request) -> Response:
        await checked_form(request)
        await run_in_threadpool(desk.sessions.end, token_of(request.headers))
        desk.audit.note(session_of(request).member.name, "logged out")
        response = RedirectResponse(f"{LOGIN}?note=left", 303)
        response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
        return response

    return router


def _let_in(desk: Desk, member: Member, onward: object) -> Response:
    desk.audit.note(member.name, "logged in")
    token = desk.sessions.begin(member)
    own = isinstance(onward, str) and onward.startswith(f"{ROOT}/") and "\\" not in onward
    response = RedirectResponse(str(onward) if own else f"{ROOT}/", 303)
    response.headers["Cache-Control"] = "no-store"
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="lax")
    return response
