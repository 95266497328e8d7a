"""HTML of the staff's pages: the patients' templates and looks, with a head for staff."""

from __future__ import annotations

import math
from dataclasses import dataclass

from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Scope

from qa.staff.desk import Desk
from qa.staff.sessions import Session
from qa.web.pages import Pages
from qa.web.security import PAGE_POLICY
from qa.web.types import Assistant, Page

__all__ = ["SCRIPT_POLICY", "TABS", "LogInBy", "StaffPages", "StaffProblem", "Tab"]

SCRIPT_POLICY = f"{PAGE_POLICY}; script-src 'self'; connect-src 'self'"
"""The policy of a page that is handier with a script of this server's own."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the menu."""

    path: str
    name: str
    maintainers: bool = False
    """Whether it is for maintainers only."""


TABS = (
    Tab("/staff/", "Ask"),
    Tab("/staff/questions", "Questions"),
    Tab("/staff/runs", "Runs"),
    Tab("/staff/confidence", "How sure"),
    Tab("/staff/coverage", "Coverage"),
    Tab("/staff/publishing", "Publishing", maintainers=True),
    Tab("/staff/audit", "Who did what"),
)


_PART_OF = {"/staff/mark": "/staff/questions", "/staff/documents": "/staff/"}
"""Pages that are no tab, and the tab they belong to."""


class StaffProblem(HTTPException):
    """What stops a member's request, shown as a page: what happened and what to do next."""


@dataclass(frozen=True, slots=True)
class LogInBy:
    """By what members log in, for the login page."""

    password: bool = True
    sign_on: bool = False

    @classmethod
    def of(cls, desk: Desk) -> LogInBy:
        """As a desk has it; where a proxy does it, there is nothing to log in by here."""
        return cls(password=desk.proxy is None, sign_on=desk.sign_on is not None)


_LOGIN_BY = LogInBy()


class StaffPages(Pages):
    """Renders the templates in `templates/staff`."""

    def __init__(self, assistant: Assistant, page: Page, by: LogInBy = _LOGIN_BY) -> None:
        super().__init__(assistant, page)
        self._by = by

    def show(
        self,
        request: Request,
        template: str,
        status: int = 200,
        scripted: bool = False,
        **values: object,
    ) -> HTMLResponse:
        """A page for whoever is logged in. `template` is a name within `staff/`; one that is
        `scripted` may run scripts of this server."""
        made = self.html(f"staff/{template}", status, **_of_header(request.scope), **values)
        if scripted:
            made.headers["Content-Security-Policy"] = SCRIPT_POLICY
        return made

    def header(self, scope: Scope) -> str:
        """What stands above each page of a member, for Gradio's page, which is no template."""
        return self.fragment("staff/header.html", **_of_header(scope))

    def login(
        self,
        request: Request,
        status: int = 200,
        note: str = "",
        wait_s: float = 0.0,
        onward: object = None,
    ) -> HTMLResponse:
        """The login page. `note` says why it is shown: "wrong", "wait" (for `wait_s` seconds),
        "ended", "foreign", "left" or "everywhere"; any other text is shown as it is. `onward` is
        where somebody wants to go, else as the address says."""
        host = request.url.hostname or ""
        secure = request.url.scheme == "https" or host in ("localhost", "127.0.0.1", "::1")
        page = self.show(
            request,
            "login.html",
            status,
            note=note,
            wait=_time_to_wait(wait_s),
            secure=secure,
            onward=onward or request.query_params.get("next", ""),
            by=self._by,
        )
        if wait_s:
            page.headers["Retry-After"] = str(math.ceil(wait_s))
        return page

    def problem(self, request: Request, status: int, text: str) -> HTMLResponse:
        """A page that says what went wrong."""
        return self.show(request, "problem.html", status, text=text)


def _time_to_wait(seconds: float) -> str:
    """As people say it: "1 second", "40 seconds", "15 minutes"."""
    rounded = math.ceil(seconds)
    if rounded < 60:
        return f"{rounded} second{'s' * (rounded != 1)}"
    minutes = math.ceil(rounded / 60)
    return f"{minutes} minute{'s' * (minutes != 1)}"


def _of_header(scope: Scope) -> dict[str, object]:
    """What the header shows of whoever asks, and where they are."""
    found = scope.get("quotewell.staff.session")
    session = found if isinstance(found, Session) else None
    here = "/" + "/".join(scope["path"].split("/")[1:3])
    may_publish = bool(session and session.member.may_publish)
    return {
        "member": session.member if session else None,
        "form_token": session.form_token if session else "",
        "ends_here": session.ends_here if session else False,
        "tabs": [one for one in TABS if not one.maintainers or may_publish],
        "here": _PART_OF.get(here, here),
    }
