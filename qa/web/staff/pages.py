"""HTML of the staff's pages: the patients' templates and looks, with a head for staff."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request

from qa.staff.sessions import Session
from qa.web.pages import Pages
from qa.web.security import PAGE_POLICY

__all__ = ["SCRIPT_POLICY", "TABS", "StaffPages", "StaffProblem", "Tab"]

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


class StaffProblem(HTTPException):
    """What stops a member's request, shown as a page: what happened and what to do next."""


class StaffPages(Pages):
    """Renders the templates in `templates/staff`."""

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
        session = request.scope.get("quotewell.staff.session")
        member = session.member if isinstance(session, Session) else None
        here = "/" + "/".join(request.url.path.split("/")[1:3])
        made = self.html(
            f"staff/{template}",
            status,
            member=member,
            form_token=session.form_token if isinstance(session, Session) else "",
            tabs=[one for one in TABS if not one.maintainers or (member and member.may_publish)],
            here=here,
            **values,
        )
        if scripted:
            made.headers["Content-Security-Policy"] = SCRIPT_POLICY
        return made

    def login(self, request: Request, status: int = 200, note: str = "") -> HTMLResponse:
        """The login page. `note` says why it is shown: "wrong", "ended", "foreign", "left"."""
        host = request.url.hostname or ""
        secure = request.url.scheme == "https" or host in ("localhost", "127.0.0.1", "::1")
        onward = request.query_params.get("next", "")
        return self.show(request, "login.html", status, note=note, secure=secure, onward=onward)

    def problem(self, request: Request, status: int, text: str) -> HTMLResponse:
        """A page that says what went wrong."""
        return self.show(request, "problem.html", status, text=text)
