"""GET /staff/publishing."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from qa.staff.desk import Desk
from qa.web.staff.pages import StaffPages

__all__ = ["publishing_router"]


def publishing_router(desk: Desk, pages: StaffPages) -> APIRouter:
    """The page."""
    router = APIRouter(include_in_schema=False)

    @router.get("/staff/publishing")
    def show(request: Request) -> Response:
        return pages.show(request, "publishing.html")

    return router
