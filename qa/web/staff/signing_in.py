"""GET and POST /staff/login, and POST /staff/logout."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from qa.errors import AccountError, TooBusy
from qa.staff.desk import Desk
from qa.staff.door import Door, LetIn, Refused
from qa.web.content_type import FORM, content_type
from qa.web.staff.forms import checked_form
from qa.web.staff.guard import COOKIE, LOGIN, ROOT, cookie_of, session_of, token_of
from qa.web.staff.pages import StaffPages

__all__ = ["BROWSER", "let_in", "signing_in_router"]

BROWSER = "__Host-quotewell-browser"
"""By which a browser is known on which somebody has logged in; see `qa.staff.lockout`."""
_NINETY_DAYS = 90 * 86_400
_NOTES = ("left", "everywhere")
"""What an address may have the login page say."""


def signing_in_router(desk: Desk, pages: StaffPages) -> APIRouter:
    """Logging in with a password, and out."""
    router = APIRouter(include_in_schema=False)
    door = Door(desk.file, desk.accounts, desk.sessions, desk.audit)

    @router.api_route(LOGIN, methods=["GET", "HEAD"])
    def show(request: Request) -> Response:
        note = request.query_params.get("note", "")
        return pages.login(request, note=note if note in _NOTES else "")

    @router.post(LOGIN)
    async def log_in(request: Request) -> Response:
        if content_type(request.headers) != FORM:
            # What reads forms with files logs each that is broken, and anybody may send them here.
            return pages.login(request, 422, "wrong")
        try:
            form = await request.form(max_files=0, max_fields=10)
        except HTTPException:
            return pages.login(request, 422, "wrong")
        name, password = form.get("name"), form.get("password")
        if not isinstance(name, str) or not isinstance(password, str) or desk.proxy:
            return pages.login(request, 422, "wrong")
        return await run_in_threadpool(answer, request, name, password, form.get("next"))

    def answer(request: Request, name: str, password: str, onward: object) -> Response:
        again = partial(pages.login, request, onward=onward)
        address = request.client.host if request.client else ""
        browser, old = cookie_of(request.headers, BROWSER), token_of(request.headers)
        try:
            found = door.log_in(name, password, address, browser, old)
        except TooBusy as error:
            page = again(503, str(error))
            page.headers["Retry-After"] = "60"
            return page
        except AccountError as error:
            return again(409, str(error))
        if isinstance(found, Refused):
            if found.wait_s:
                return again(429, "wait", found.wait_s)
            return again(401, "wrong")
        return let_in(found, onward)

    @router.post("/staff/logout")
    async def log_out(request: Request) -> Response:
        form = await checked_form(request)
        name, everywhere = session_of(request).member.name, bool(form.get("everywhere"))
        if everywhere:
            desk.audit.note(name, "logged out everywhere")
            await run_in_threadpool(desk.sessions.end_all_of, name)
        else:
            desk.audit.note(name, "logged out")
            await run_in_threadpool(desk.sessions.end, token_of(request.headers))
        response = RedirectResponse(f"{LOGIN}?note={_NOTES[everywhere]}", 303)
        response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
        return response

    return router


def let_in(found: LetIn, onward: object) -> Response:
    """Leads somebody who is logged in now to where they wanted to go, if that is one of these
    pages."""
    own = isinstance(onward, str) and onward.startswith(f"{ROOT}/") and "\\" not in onward
    response = RedirectResponse(str(onward) if own else f"{ROOT}/", 303)
    kept = {"path": "/", "secure": True, "httponly": True}
    response.set_cookie(COOKIE, found.token, samesite="lax", **kept)  # type: ignore[arg-type]
    response.set_cookie(
        BROWSER,
        found.browser,
        max_age=_NINETY_DAYS,
        samesite="strict",
        **kept,  # type: ignore[arg-type]
    )
    return response
