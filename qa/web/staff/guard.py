"""What stands before every address under /staff, Gradio's own among them: nobody passes unknown.

An anonymous request gets the login page and nothing else, whatever it asks for and whether there is
such an address or not. While nobody can log in at all the pages are off: 404.
"""

from __future__ import annotations

import logging
import re
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.errors import StoreError
from qa.staff.desk import Desk
from qa.staff.oidc import RETURN
from qa.staff.sessions import Session
from qa.web.origin import is_own
from qa.web.peer import peer_of
from qa.web.security import LIBRARY_FILE
from qa.web.staff.pages import StaffPages

__all__ = [
    "COOKIE",
    "LOGIN",
    "PAGES",
    "RETURN",
    "ROOT",
    "START",
    "StaffGuard",
    "cookie_of",
    "is_known",
    "is_staff_path",
    "session_of",
    "token_of",
]

log = logging.getLogger(__name__)

ROOT = "/staff"
LOGIN = "/staff/login"
START = "/staff/login/start"
"""Where a log-in at the clinic's sign-on begins; at RETURN it ends."""
COOKIE = "__Host-quotewell-staff"
"""The prefix makes browsers hold to Secure, to Path=/ and to this very host (RFC 6265bis)."""
_SESSION = "quotewell.staff.session"
_SAFE = ("GET", "HEAD")
_METHODS = (*_SAFE, "POST")
_OPEN = {LOGIN: _METHODS, START: ("GET",), RETURN: ("GET",)}
"""What is there for somebody who is not known yet."""
# What Gradio's page needs, as in `qa.web.security`; all else of Gradio's stays shut for staff too.
_GRADIO = re.compile(
    rf"/staff/|/staff/{LIBRARY_FILE}|/staff/theme\.css|/staff/config"
    r"|/staff/gradio_api/(app_id|run/predict)"
)
PAGES = (
    *("login", "logout", "questions", "mark", "runs", "confidence", "coverage", "publishing"),
    *("audit", "documents", "jobs"),
)
"""What may follow /staff/ in the addresses of this package. What is neither here nor Gradio's is
not there."""
_LONGEST_STEP = 255
"""Characters between two slashes: no file has a longer name. Numbers of more than 4,300 digits,
which Python does not read, would fail before any page sees them."""
_OWN = re.compile(rf"/staff/({'|'.join(PAGES)})(/.*)?", re.DOTALL)
_ASSETS = re.compile(rf"/staff/{LIBRARY_FILE}|/staff/theme\.css")
"""The same for everybody and in every release, so that a member's own browser may keep it."""


def is_staff_path(path: str) -> bool:
    """Whether an address lies under /staff."""
    return path == ROOT or path.startswith(f"{ROOT}/")


def session_of(request: Request) -> Session:
    """Who asks; the guard has let nobody pass without."""
    found = request.scope[_SESSION]
    assert isinstance(found, Session)  # noqa: S101 - put there by the guard
    return found


def is_known(request: Request) -> bool:
    """Whether somebody asks who is logged in."""
    return isinstance(request.scope.get(_SESSION), Session)


def token_of(headers: Headers) -> str:
    """The session's token that a browser sent; empty where it sent none."""
    return cookie_of(headers, COOKIE)


def cookie_of(headers: Headers, name: str) -> str:
    """A cookie that a browser sent; empty where it sent none, or one that cannot be ours."""
    value = cookie_parser(headers.get("cookie", "")).get(name, "")
    return value if value.isascii() and len(value) < 200 else ""


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
        try:
            refusal = await self._refusal(scope)
        except StoreError as error:  # who asks is not known, so that nobody gets through
            log.error("the staff's pages cannot be shown: %s", error)
            refusal = JSONResponse({"error": "This cannot be shown now. Try again later."}, 503)
        return await (refusal or self.app)(scope, receive, _uncached(scope["path"], send))

    async def _refusal(self, scope: Scope) -> Response | None:
        """Why a request does not get through; None where it does, and the scope tells whose."""
        headers = Headers(scope=scope)
        session = await run_in_threadpool(self._session, scope, headers)
        if session is None and not await run_in_threadpool(self._is_on):
            return _nothing()
        path, method = scope["path"], scope["method"]
        if method in _OPEN.get(path, ()):
            foreign = method not in _SAFE and not is_own(headers)
            return self._pages.login(Request(scope), 403, "foreign") if foreign else None
        if session is None:
            safe = method in _SAFE
            return _to_login(scope) if safe else self._pages.login(Request(scope), 401, "ended")
        scope[_SESSION] = session
        refused = _refused_member(path, method, headers)
        if refused and refused.status_code == 404:
            return self._pages.problem(Request(scope), 404, "There is no such page.")
        return refused

    def _session(self, scope: Scope, headers: Headers) -> Session | None:
        proxy = self._desk.proxy
        if proxy is None:
            return self._desk.sessions.find(token_of(headers))
        session = proxy.session(peer_of(scope), headers.items())
        secret = {name.encode("latin-1") for name in proxy.rules.headers}
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] not in secret]
        return session

    def _is_on(self) -> bool:
        return self._desk.is_on


def _uncached(path: str, send: Send) -> Send:
    """Has no browser keep what staff see, so that after logging out "back" shows nothing of it."""
    assets = _ASSETS.fullmatch(path) is not None

    async def send_uncached(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = assets and message["status"] in (200, 304)
            value = "private, max-age=86400" if kept else "no-store"
            MutableHeaders(scope=message)["Cache-Control"] = value
        await send(message)

    return send_uncached


def _refused_member(path: str, method: str, headers: Headers) -> Response | None:
    """Why somebody who is logged in does not get through."""
    if path == ROOT:
        return RedirectResponse(f"{ROOT}/", 303)
    steps = path.split("/")
    if ".." in steps or max(map(len, steps)) > _LONGEST_STEP:
        return _nothing()
    if not (_OWN.fullmatch(path) or _GRADIO.fullmatch(path)):
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
    return RedirectResponse(f"{LOGIN}?{further}" if further else LOGIN, 303)
