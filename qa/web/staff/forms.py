"""What a member's form holds, once it has shown that it came from this session's own page."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request

from qa.web.content_type import FORM, content_type
from qa.web.staff.guard import session_of
from qa.web.staff.pages import StaffProblem

__all__ = ["checked_form", "need_maintainer"]


async def checked_form(request: Request, *, uploads: bool = False) -> FormData:
    """The fields of a form. One with files is read only where the page `uploads` them.

    Raises StaffProblem where its token is not this session's, as where it was not read.
    """
    is_read = uploads or content_type(request.headers) == FORM
    form = await request.form() if is_read else FormData()
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
