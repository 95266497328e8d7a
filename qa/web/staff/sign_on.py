"""GET /staff/login/start and /staff/login/return: to the clinic's sign-on and back."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from qa.errors import AccountError
from qa.staff.desk import Desk
from qa.staff.door import Door
from qa.web.staff.guard import LOGIN, RETURN, START, cookie_of, token_of
from qa.web.staff.pages import StaffPages
from qa.web.staff.signing_in import BROWSER, let_in

__all__ = ["sign_on_router"]

_COOKIE = "__Host-quotewell-sign-on"
"""A browser's secret while it is at the sign-on, so that nobody can finish another's log-in."""


def sign_on_router(desk: Desk, pages: StaffPages) -> APIRouter:
    """Both; without a sign-on they lead to the login page."""
    router = APIRouter(include_in_schema=False)
    sign_on = desk.sign_on
    door = Door(desk.file, desk.accounts, desk.sessions, desk.audit)

    @router.get(START)
    def start(request: Request) -> Response:
        if sign_on is None:
            return RedirectResponse(LOGIN, 303)
        try:
            begun = sign_on.start(request.query_params.get("next", ""))
        except AccountError as error:
            return pages.login(request, 502, str(error))
        response = RedirectResponse(begun.address, 303)
        # "lax", since the browser comes back from another site.
        response.set_cookie(
            _COOKIE, begun.browser, 600, path="/", secure=True, httponly=True, samesite="lax"
        )
        return response

    @router.get(RETURN)
    def finish(request: Request) -> Response:
        if sign_on is None:
            return RedirectResponse(LOGIN, 303)
        query = dict(request.query_params)
        try:
            member, onward = sign_on.finish(query, cookie_of(request.headers, _COOKIE))
            old = token_of(request.headers)
            browser = cookie_of(request.headers, BROWSER)
            response = let_in(door.let_in(member, browser, old, sign_on.rules.issuer), onward)
        except AccountError as error:
            response = pages.login(request, 403, str(error))
        response.delete_cookie(_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
        return response

    return router
