"""What a member's form holds, once it has shown that it came from this session's own page."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request

from qa.web.staff.guard import session_of
from qa.web.staff.pages import StaffProblem

__all__ = ["checked_form", "need_maintainer"]


async def checked_form(request: Request) -> FormData:
    """The fields of a form. Raises StaffProblem where its token is not this session's."""
    form = await request.form()
    token = form.get("form_token")
    if not isinstance(token, str) or not session_of(request).sent(token):
        raise StaffProblem(
            403, "This form is from before you logged in, or not from here. Open the page again."
        )
    return form


def need_maintainer(request: Request) -> None:
    """Raises StaffProblem unless a maintainer asks."""
    if not session_of(request).member.may_publish:
        raise StaffProblem(403, "Only maintainers may do this. Ask one of them.")
