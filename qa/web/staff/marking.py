"""GET and POST /staff/mark: a question, what patients should get, and the sentence that answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from qa.document import Document
from qa.errors import QuestionError
from qa.golden import fold
from qa.message_language import language_of
from qa.query import MAX_QUESTION
from qa.staff.desk import Desk
from qa.staff.golden_book import Kept, Label
from qa.staff.labelling import note_of, placed, tags_with
from qa.staff.marking import Marker, Verdict
from qa.staff.picking import MOST_FOUND, Shelf
from qa.types import Answer
from qa.web.staff.forms import checked_form
from qa.web.staff.guard import session_of
from qa.web.staff.mark_form import CHOICES, MarkForm
from qa.web.staff.pages import StaffPages

__all__ = ["marking_router"]

_MOST_LIKELY = 5
"""Passages that the search found, named as places to look at."""


def marking_router(desk: Desk, pages: StaffPages) -> APIRouter:
    """The page where an answer is marked and a golden question is changed."""
    router = APIRouter(include_in_schema=False)
    page = _MarkPage(desk, pages)

    @router.get("/staff/mark")
    def show(request: Request) -> Response:
        form = MarkForm.read(request.query_params)
        if not form.question and not form.digest:
            return RedirectResponse("/staff/questions#by-hand", 303)
        return page.show(request, form)

    @router.post("/staff/mark")
    async def take(request: Request) -> Response:
        fields = await checked_form(request)
        return await run_in_threadpool(page.take, request, fields)

    return router


@dataclass(frozen=True, slots=True)
class _Likely:
    """A passage in which the answer may stand."""

    document_id: str
    title: str
    section: str
    start: int
    end: int
    role: str


class _MarkPage:
    """The page, over a desk."""

    def __init__(self, desk: Desk, pages: StaffPages) -> None:
        self._desk = desk
        self._pages = pages
        self._marker = Marker(desk)
        self._ledger = self._marker.ledger

    def show(self, request: Request, form: MarkForm, problem: str = "") -> Response:
        """The page for a form, filled in by the answer and the golden question that is there."""
        seen = self._seen(form)
        if not form.question and seen:
            form = replace(form, question=fold(seen.label.question))
        answer = self._desk.assistant.ask(form.question, trace=True)
        likely = self._likely(answer)
        if not form.expect:
            form = self._begun(form, seen, session_of(request).member.name)
        document = self._document(form, likely)
        shelf = self._shelf(document, likely) if document else None
        form = self._at(form, document, shelf, likely)
        found, count = shelf.holding(form.find) if shelf and form.find else ([], 0)
        shown = found if form.find else shelf.part(form.part) if shelf else []
        choices = [one for part in shown for block in part.paragraphs for one in block]
        on_page = {one.place for one in choices}
        best = next((one for one in likely if document and one.document_id == document.id), None)
        meant = [one for one in choices if best and one.start < best.end and best.start < one.end]
        picked = [f"{start}:{end}" for start, end in form.picks]
        return self._pages.show(
            request,
            "mark.html",
            422 if problem else 200,
            form=form,
            problem=problem,
            seen=seen,
            before=seen.label.quote.split(" || ") if seen and seen.label.quote else [],
            answer=answer,
            likely=likely,
            choices=CHOICES,
            documents=sorted(self._desk.assistant.documents(), key=lambda d: d.title.casefold()),
            document=document,
            language=language_of(document) if document else "en",
            shelf=shelf,
            stretches=shown,
            count=count,
            most_found=MOST_FOUND,
            picked=picked,
            elsewhere=[
                (place, document.text[slice(*map(int, place.split(":")))])
                for place in picked
                if document and place not in on_page
            ],
            first=meant[0].place if meant else "",
            question_limit=MAX_QUESTION,
        )

    def take(self, request: Request, fields: FormData) -> Response:
        """What a sent form asks for: another part of the document, or that it is kept."""
        form = MarkForm.read(fields)
        action = str(fields.get("do", ""))
        if action != "save":
            if action == "goto":
                action = f"part:{fields.get('goto', '')}"
            form = _looking_at(form, action, str(fields.get("opened", "")))
            anchor = "sentences" if form.part or form.find else "likely"
            return RedirectResponse(f"/staff/mark?{form.query()}#{anchor}", 303)
        who = session_of(request).member.name
        try:
            written = self._save(form, who)
        except QuestionError as error:
            return self.show(request, form, str(error))
        if written is None:
            return RedirectResponse("/staff/questions?note=same", 303)
        return RedirectResponse(f"/staff/questions?done={written}", 303)

    def _save(self, form: MarkForm, who: str) -> int | None:
        """Writes the form's question; gives the edit's number, None where nothing is new."""
        question = fold(form.question)
        if not question or len(question) > MAX_QUESTION:
            raise QuestionError(f"A question has 1 to {MAX_QUESTION:,} characters.")
        seen = self._seen(form)
        expect, off_topic = _meaning(form.expect)
        label = Label(
            question,
            expect,
            tags=tags_with(form.tags, held=form.held, off_topic=off_topic),
            note=form.note if seen or form.note else note_of(who, datetime.now(UTC).date()),
        )
        if expect == "quote":
            label = self._with_words(label, form, seen)
        if seen and seen.label == label:
            self._marker.open.settle(question)
            return None
        written = (
            self._ledger.change(who, seen, label, form.verdict)
            if seen
            else self._ledger.add(who, label, form.verdict)
        )
        self._marker.open.settle(question)
        return written.id

    def _with_words(self, label: Label, form: MarkForm, seen: Kept | None) -> Label:
        before = seen.label.quote.split(" || ") if seen and seen.label.quote else []
        kept = [before[n] for n in form.keep if n < len(before)]
        if not form.picks and seen and kept == before and before:
            return replace(
                label,
                quote=seen.label.quote,
                document=seen.label.document,
                spans=seen.label.spans,
            )
        if not form.picks and not kept:
            raise QuestionError(
                "Tick the sentence that answers, or choose that the question is to be refused."
            )
        name = form.document if form.picks else seen.label.document if seen else ""
        document = self._desk.assistant.stored(name or form.document)
        if document is None:
            raise QuestionError("That document is not there any more. Choose another one.")
        if form.picks and kept and seen and seen.label.document not in ("", document.id):
            raise QuestionError(
                "The words of one question stand in one document. Untick the words from "
                f"{seen.label.document}, or choose sentences there."
            )
        if form.picks and form.sha256 != document.sha256:
            raise QuestionError(
                "The document was published anew meanwhile. Choose the sentences again."
            )
        shelf = self._shelf(document, [])
        if not all(shelf.has(*place) for place in form.picks):
            raise QuestionError("That is no whole sentence of the document. Choose it again.")
        return placed(label, document, form.picks, kept)

    def _seen(self, form: MarkForm) -> Kept | None:
        """The golden question that the form changes. Raises QuestionError where it is gone."""
        if form.digest:
            found = self._ledger.book.seen(form.digest)
            if found is None:
                raise QuestionError(
                    "Somebody changed this question meanwhile. Nothing was changed; find it in the "
                    "list of questions and look at it again."
                )
            return found
        return None if form.expect else self._ledger.book.find(form.question)

    def _begun(self, form: MarkForm, seen: Kept | None, who: str) -> MarkForm:
        """The form as it is when nothing was chosen yet."""
        form = replace(form, note=note_of(who, datetime.now(UTC).date()))
        if seen:
            label = seen.label
            form = replace(
                form,
                digest=seen.digest,
                expect=_choice_of(label),
                held="held" in label.tags.split(),
                tags=label.tags,
                note=label.note,
                document=form.document or label.document,
                keep=tuple(range(len(label.quote.split(" || ")))),
            )
        if form.verdict == Verdict.SHOULD_REFUSE:
            return replace(form, expect="refuse_on")
        if form.verdict == Verdict.RIGHT:
            try:
                examined = self._desk.assistant.examine(form.question)
                proposed = self._marker.proposed(form.question, examined, Verdict.RIGHT, who)
            except QuestionError:
                return replace(form, expect=form.expect or "quote")
            spans = [one for one in proposed.spans.partition(" of ")[0].split(" || ") if one]
            places = tuple((int(a), int(b)) for a, _, b in (one.partition(":") for one in spans))
            return replace(
                form,
                expect=_choice_of(proposed),
                document=proposed.document or form.document,
                picks=places,
                keep=(),
            )
        wants_words = form.verdict or not form.expect
        return replace(form, expect="quote" if wants_words else form.expect)

    def _document(self, form: MarkForm, likely: list[_Likely]) -> Document | None:
        shown = self._desk.assistant.documents()
        names = [form.document, *(one.document_id for one in likely), *(one.id for one in shown)]
        there = {one.id: one for one in shown}
        return next((there[name] for name in names if name in there), None)

    def _shelf(self, document: Document, likely: list[_Likely]) -> Shelf:
        sentences = self._desk.assistant.live.current().sentences_of(document.id)
        roles = {(one.start, one.end): one.role for one in likely if one.document_id == document.id}
        return Shelf(document, sentences, roles)

    def _at(
        self,
        form: MarkForm,
        document: Document | None,
        shelf: Shelf | None,
        likely: list[_Likely],
    ) -> MarkForm:
        """The form at a part that is there, with the document it is of."""
        if document is None or shelf is None:
            return replace(form, document="", picks=(), part=1)
        here = [one.start for one in likely if one.document_id == document.id]
        at = form.part or (shelf.part_at(here[0]) if here else 1)
        length = len(document.text)
        picks = tuple(one for one in form.picks if one[0] < one[1] <= length)
        return replace(
            form,
            document=document.id,
            sha256=form.sha256 or document.sha256,
            part=min(max(1, at), max(1, shelf.count)),
            picks=picks,
        )

    def _likely(self, answer: Answer) -> list[_Likely]:
        """Where the answer may stand: what is shown, what was held back, what was found."""
        places = [(one.document_id, one.start, one.end, "shown") for one in answer.quotes]
        places += [(one.document_id, one.start, one.end, "held back") for one in answer.held_back]
        hits = dict(answer.trace).get("hits", ())
        found = [one for one in hits if isinstance(one, dict)][:_MOST_LIKELY]
        places += [(one["document_id"], one["start"], one["end"], "found") for one in found]
        likely: list[_Likely] = []
        for name, start, end, role in places:
            document = self._desk.assistant.stored(name)
            inside = any(
                one.document_id == name and one.start < end and start < one.end for one in likely
            )
            if document and not inside:
                section = document.section_at(start).heading
                likely.append(_Likely(name, document.title or name, section, start, end, role))
        return likely


def _looking_at(form: MarkForm, action: str, opened: str) -> MarkForm:
    """The form at what a button asks for. Sentences are of one document, so that another document
    begins without any."""
    if form.document != opened:
        return replace(form, picks=(), part=0, find="", sha256="")
    if re.fullmatch("part:[0-9]{1,7}", action):
        return replace(form, part=int(action[5:]), find="")
    return replace(form, find="") if action == "all" else form


def _meaning(choice: str) -> tuple[str, bool | None]:
    """What a choice expects, and of a refusal whether the question is about something else."""
    if choice.startswith("refuse"):
        return "refuse", choice == "refuse_off"
    if not choice:
        raise QuestionError("Choose what patients should get.")
    return choice, None


def _choice_of(label: Label) -> str:
    if label.expect == "refuse":
        return "refuse_off" if "off_topic" in label.tags.split() else "refuse_on"
    return label.expect if label.expect in CHOICES else "quote"
