"""HTML of the staff's pages: the patients' templates and looks, with a head for staff."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Scope

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
        return self.html(f"staff/{template}", status, **_of_header(request.scope), **values)

    def header(self, scope: Scope) -> str:
        """What stands above each page of a member, for Gradio's page, which is no template."""
        return self.fragment("staff/header.html", **_of_header(scope))

    def login(self, request: Request, status: int = 200, note: str = "") -> HTMLResponse:
        """The login page. `note` says why it is shown: "wrong", "ended", "foreign", "left"."""
        host = request.url.hostname or ""
        secure = request.url.scheme == "https" or host in ("localhost", "127.0.0.1", "::1")
        onward = request.query_params.get("next", "")
        return self.show(request, "login.html", status, note=note, secure=secure, onward=onward)

    def problem(self, request: Request, status: int, text: str) -> HTMLResponse:
        """A page that says what went wrong."""
        return self.show(request, "problem.html", status, text=text)


def _of_header(scope: Scope) -> dict[str, object]:
    """What the header shows of whoever asks, and where they are."""
    found = scope.get("quotewell.staff.session")
    session = found if isinstance(found, Session) else None
    return {
        "member": session.member if session else None,
        "form_token": session.form_token if session else "",
        "tabs": TABS,
        "here": "/" + "/".join(scope["path"].split("/")[1:3]),
    }
