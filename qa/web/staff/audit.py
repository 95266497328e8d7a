"""GET /staff/audit: who did what, when and why."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from qa.staff.desk import Desk
from qa.web.staff.pages import StaffPages

__all__ = ["audit_router"]


def audit_router(desk: Desk, pages: StaffPages) -> APIRouter:
    """The audit trail, newest first."""
    router = APIRouter(include_in_schema=False)

    @router.get("/staff/audit")
    def show(request: Request) -> Response:
        return pages.show(request, "audit.html", entries=desk.audit.entries())

    return router
