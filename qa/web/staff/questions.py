"""GET /staff/questions and below: the golden questions, listed, deleted, and an edit taken back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from qa.errors import QuestionError
from qa.golden import fold
from qa.query import MAX_QUESTION
from qa.staff.desk import Desk
from qa.staff.golden_book import Kept
from qa.staff.labelling import EXPECTATIONS
from qa.staff.marking import Marker
from qa.staff.question_import import problem_of
from qa.staff.question_table import table_of
from qa.web.staff.forms import checked_form
from qa.web.staff.guard import session_of
from qa.web.staff.importing import add_import_routes
from qa.web.staff.pages import StaffPages

__all__ = ["questions_router"]

_ON_A_PAGE = 50


def questions_router(desk: Desk, pages: StaffPages) -> APIRouter:
    """The pages of golden questions. All members may change and delete: each edit can be undone."""
    router = APIRouter(include_in_schema=False)
    page = _QuestionsPage(desk, pages)

    @router.get("/staff/questions")
    def show(request: Request) -> Response:
        return page.show(request)

    @router.get("/staff/questions/export")
    def export() -> Response:
        data = table_of(one.label for one in page.marker.ledger.book.kept())
        headers = {
            "Content-Disposition": 'attachment; filename="questions.csv"',
            "Cache-Control": "no-store",
        }
        return Response(data, media_type="text/csv; charset=utf-8", headers=headers)

    @router.get("/staff/questions/delete")
    def confirm(request: Request, digest: str = "") -> Response:
        return pages.show(request, "question_delete.html", one=page.seen(digest))

    @router.post("/staff/questions/delete")
    async def delete(request: Request) -> Response:
        return await run_in_threadpool(page.delete, request, await checked_form(request))

    @router.post("/staff/questions/undo")
    async def undo(request: Request) -> Response:
        return await run_in_threadpool(page.undo, request, await checked_form(request))

    @router.post("/staff/questions/settle")
    async def settle(request: Request) -> Response:
        return await run_in_threadpool(page.settle, request, await checked_form(request))

    add_import_routes(router, desk, pages, page.marker.ledger)
    return router


@dataclass(frozen=True, slots=True)
class _Filter:
    """Which questions are listed."""

    text: str
    expect: str
    document: str
    use: str
    """ "held", "tuned" or all."""
    misfit: bool
    """Only those that do not fit their documents any more."""

    @classmethod
    def read(cls, request: Request) -> _Filter:
        found = request.query_params
        return cls(
            " ".join(found.get("text", "").split())[:200],
            found.get("expect", ""),
            found.get("document", ""),
            found.get("use", ""),
            found.get("misfit") == "yes",
        )

    def takes(self, one: Kept) -> bool:
        """Whether a question is listed, as far as its own words tell."""
        label = one.label
        words = f"{label.question} {label.quote} {label.note} {label.tags}".casefold()
        held = "held" in label.tags.split()
        return (
            all(word in words for word in self.text.casefold().split())
            and self.expect in ("", label.expect)
            and self.document in ("", label.document)
            and self.use in ("", "held" if held else "tuned")
        )


class _QuestionsPage:
    """The list, over a desk."""

    def __init__(self, desk: Desk, pages: StaffPages) -> None:
        self._desk = desk
        self._pages = pages
        self.marker = Marker(desk)

    def show(self, request: Request) -> Response:
        """The list, or why there is none."""
        chosen = _Filter.read(request)
        query = request.query_params
        try:
            kept = self.marker.ledger.book.kept()
        except QuestionError as error:
            return self._pages.problem(request, 409, str(error))
        listed = [one for one in kept if chosen.takes(one)]
        if chosen.misfit:
            listed = [one for one in listed if self._problem(one)]
        last = max(1, -(-len(listed) // _ON_A_PAGE))
        page = query.get("page", "1")
        number = min(int(page) if re.fullmatch("[0-9]{1,9}", page) else 1, last) or 1
        shown = listed[(number - 1) * _ON_A_PAGE : number * _ON_A_PAGE]
        done = query.get("done", "")
        written = self.marker.ledger.edit(int(done)) if re.fullmatch("[0-9]{1,9}", done) else None
        return self._pages.show(
            request,
            "questions.html",
            filter=chosen,
            every=len(kept),
            count=len(listed),
            shown=[(one, self._problem(one)) for one in shown],
            page_number=number,
            last_page=last,
            expectations=EXPECTATIONS,
            documents=sorted({one.label.document for one in kept if one.label.document}),
            open_marks=self.marker.open.all(),
            written=written,
            note=query.get("note", ""),
            question_limit=MAX_QUESTION,
            address_of=_address_of,
        )

    def seen(self, digest: str) -> Kept:
        """The question of a digest. Raises QuestionError where it is not there any more."""
        found = self.marker.ledger.book.seen(digest)
        if found is None:
            raise QuestionError("Somebody changed or deleted this question meanwhile.")
        return found

    def delete(self, request: Request, form: FormData) -> Response:
        """Deletes a question, and says so on the list."""
        who = session_of(request).member.name
        written = self.marker.ledger.delete(who, self.seen(str(form.get("digest", ""))))
        return RedirectResponse(f"/staff/questions?done={written.id}", 303)

    def undo(self, request: Request, form: FormData) -> Response:
        """Takes an edit back."""
        number = str(form.get("edit", ""))
        if not re.fullmatch("[0-9]{1,9}", number):
            raise QuestionError("There is nothing to undo.")
        self.marker.ledger.undo(session_of(request).member.name, int(number))
        return RedirectResponse(f"/staff/questions?done={number}", 303)

    def settle(self, request: Request, form: FormData) -> Response:
        """Forgets a mark that awaits a sentence."""
        question = fold(str(form.get("question", "")))
        who = session_of(request).member.name
        self._desk.audit.note(who, "dropped an open mark", question)
        self.marker.open.settle(question)
        return RedirectResponse("/staff/questions", 303)

    def _problem(self, one: Kept) -> str:
        return problem_of(one.label, self._desk.assistant.stored)


def _address_of(fields: Mapping[str, object]) -> Markup:
    """Fields as an address has them; those that are empty are left out."""
    return Markup(urlencode({name: one for name, one in fields.items() if one}))  # noqa: S704
