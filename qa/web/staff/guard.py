"""What stands before every address under /staff, Gradio's own among them: nobody passes unknown.

An anonymous request gets the login page and nothing else, whatever it asks for and whether there is
such an address or not. While nobody can log in at all the pages are off: 404.
"""

from __future__ import annotations

import re
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from qa.staff.desk import Desk
from qa.staff.sessions import Session
from qa.web.origin import is_own
from qa.web.staff.pages import StaffPages

__all__ = ["COOKIE", "LOGIN", "ROOT", "StaffGuard", "is_staff_path", "session_of", "token_of"]

ROOT = "/staff"
LOGIN = "/staff/login"
COOKIE = "__Host-quotewell-staff"
"""The prefix makes browsers hold to Secure, to Path=/ and to this very host (RFC 6265bis)."""
_SESSION = "quotewell.staff.session"
_SAFE = ("GET", "HEAD")
_METHODS = (*_SAFE, "POST")
# What Gradio's page needs, as in `qa.web.security`; all else of Gradio's stays shut for staff too.
_GRADIO = re.compile(
    r"/staff/|/staff/(assets|static|svelte)/.+|/staff/theme\.css|/staff/config"
    r"|/staff/gradio_api/(app_id|run/predict)"
)
_OWN = re.compile(
    r"/staff/(login|logout|questions|mark|runs|confidence|coverage|publishing|audit|documents|jobs)"
    r"(/.*)?",
    re.DOTALL,
)
"""The addresses of this package's pages. What is not on either list is not there."""


def is_staff_path(path: str) -> bool:
    """Whether an address lies under /staff."""
    return path == ROOT or path.startswith(f"{ROOT}/")


def session_of(request: Request) -> Session:
    """Who asks; the guard has let nobody pass without."""
    found = request.scope[_SESSION]
    assert isinstance(found, Session)  # noqa: S101 - put there by the guard
    return found


def token_of(headers: Headers) -> str:
    """The session's token that a browser sent; empty where it sent none."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


class StaffGuard:
    """Lets members pass, and shows everybody else the login page."""

    def __init__(self, app: ASGIApp, desk: Desk, pages: StaffPages) -> None:
        self.app = app
        self._desk = desk
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on all that is not under /staff."""
        if scope["type"] != "http" or not is_staff_path(scope["path"]):
            return await self.app(scope, receive, send)
        refusal = await self._refusal(scope)
        return await (refusal or self.app)(scope, receive, send)

    async def _refusal(self, scope: Scope) -> Response | None:
        """Why a request does not get through; None where it does, and the scope tells whose."""
        headers = Headers(scope=scope)
        session = await run_in_threadpool(self._desk.sessions.find, token_of(headers))
        if session is None and not await run_in_threadpool(self._is_on):
            return _nothing()
        if scope["path"] == LOGIN and scope["method"] in _METHODS:
            foreign = scope["method"] not in _SAFE and not is_own(headers)
            return self._pages.login(Request(scope), 403, "foreign") if foreign else None
        if session is None:
            safe = scope["method"] in _SAFE
            return _to_login(scope) if safe else self._pages.login(Request(scope), 401, "ended")
        scope[_SESSION] = session
        return _refused_member(scope["path"], scope["method"], headers)

    def _is_on(self) -> bool:
        return bool(self._desk.accounts.members())


def _refused_member(path: str, method: str, headers: Headers) -> Response | None:
    """Why somebody who is logged in does not get through."""
    if path == ROOT:
        return RedirectResponse(f"{ROOT}/", 303)
    if ".." in path.split("/") or not (_OWN.fullmatch(path) or _GRADIO.fullmatch(path)):
        return _nothing()
    if method not in _METHODS:
        return JSONResponse({"error": "Use another method."}, 405)
    if method not in _SAFE and not is_own(headers):
        return JSONResponse({"error": "This was not sent from the staff's own pages."}, 403)
    return None


def _nothing() -> Response:
    return JSONResponse({"error": "There is nothing here."}, 404)


def _to_login(scope: Scope) -> Response:
    """To the login page, and from there back to where somebody wanted to go."""
    query = scope["query_string"].decode("latin-1")
    wanted = scope["path"] + (f"?{query}" if query else "")
    further = urlencode({"next": wanted}) if wanted not in (ROOT, f"{ROOT}/") else ""
    address = f"{LOGIN}?{further}" if further else LOGIN
    return RedirectResponse(address, 303, {"Cache-Control": "no-store"})
