"""HTML of the staff's pages: the patients' templates and looks, with a head for staff."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request

from qa.staff.sessions import Session
from qa.web.pages import Pages

__all__ = ["TABS", "StaffPages", "StaffProblem", "Tab"]


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the menu."""

    path: str
    name: str


TABS = (
    Tab("/staff/", "Ask"),
    Tab("/staff/questions", "Questions"),
    Tab("/staff/runs", "Runs"),
    Tab("/staff/confidence", "How sure"),
    Tab("/staff/coverage", "Coverage"),
    Tab("/staff/publishing", "Publishing"),
    Tab("/staff/audit", "Who did what"),
)


class StaffProblem(HTTPException):
    """What stops a member's request, shown as a page: what happened and what to do next."""


class StaffPages(Pages):
    """Renders the templates in `templates/staff`."""

    def show(
        self, request: Request, template: str, status: int = 200, **values: object
    ) -> HTMLResponse:
        """A page for whoever is logged in. `template` is a name within `staff/`."""
        session = request.scope.get("quotewell.staff.session")
        member = session.member if isinstance(session, Session) else None
        here = "/" + "/".join(request.url.path.split("/")[1:3])
        return self.html(
            f"staff/{template}",
            status,
            member=member,
            form_token=session.form_token if isinstance(session, Session) else "",
            tabs=TABS,
            here=here,
            **values,
        )

    def login(self, request: Request, status: int = 200, note: str = "") -> HTMLResponse:
        """The login page. `note` says why it is shown: "wrong", "ended", "foreign", "left"."""
        host = request.url.hostname or ""
        secure = request.url.scheme == "https" or host in ("localhost", "127.0.0.1", "::1")
        onward = request.query_params.get("next", "")
        return self.show(request, "login.html", status, note=note, secure=secure, onward=onward)

    def problem(self, request: Request, status: int, text: str) -> HTMLResponse:
        """A page that says what went wrong."""
        return self.show(request, "problem.html", status, text=text)
