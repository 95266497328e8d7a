"""GET /staff/audit: who did what, when and why; and the same as a table for a spreadsheet."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from qa.spreadsheet import write_csv
from qa.staff.desk import Desk
from qa.web.staff.guard import session_of
from qa.web.staff.pages import StaffPages

__all__ = ["audit_router"]

_A_PAGE = 50
_A_TABLE = 100_000
_NAMES = ("when (UTC)", "who", "what", "about", "why")
_Before = Annotated[int, Query(ge=0, lt=2**63)]


def audit_router(desk: Desk, pages: StaffPages) -> APIRouter:
    """The audit trail, newest first, of one person or one kind of thing where that is chosen."""
    router = APIRouter(include_in_schema=False)

    @router.get("/staff/audit")
    def show(request: Request, who: str = "", what: str = "", before: _Before = 0) -> Response:
        asked = {"before": before} if before else {}
        found = desk.audit.entries(_A_PAGE + 1, who, what, **asked)
        shown = found[:_A_PAGE]
        people, things = desk.audit.choices()
        return pages.show(
            request,
            "audit.html",
            entries=[(one, _readable(one.at)) for one in shown],
            older=shown[-1].number if len(found) > _A_PAGE else 0,
            paged=bool(before),
            now=_readable(datetime.now(UTC).isoformat()),
            people=people,
            things=things,
            who=who,
            what=what,
            sieve=Markup(escape(urlencode({"who": who, "what": what}))),  # noqa: S704 - escaped
            browsers=desk.sessions.count(session_of(request).member),
        )

    @router.get("/staff/audit/table.csv")
    def table(who: str = "", what: str = "") -> Response:
        rows = [
            (x.at, x.who, x.what, x.about, x.why) for x in desk.audit.entries(_A_TABLE, who, what)
        ]
        with TemporaryDirectory() as folder:
            path = Path(folder, "table.csv")
            write_csv(path, _NAMES, rows)
            made = path.read_bytes()
        name = f"who-did-what-{datetime.now(UTC).date().isoformat()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(made, headers=headers, media_type="text/csv; charset=utf-8")

    return router


def _readable(moment: str) -> str:
    """A moment in UTC, as "26 Nov 2026, 10:15"."""
    at = datetime.fromisoformat(moment)
    return f"{at.day} {at:%b %Y, %H:%M}"
