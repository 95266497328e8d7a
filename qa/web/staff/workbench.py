"""The staff's Gradio page at /staff/: ask anything, and see why it is answered so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from qa.document import Document
from qa.staff.desk import Desk
from qa.standing import Audience
from qa.tracing import Trace
from qa.types import Answer
from qa.web.chat import LONGEST
from qa.web.failures import log_failure
from qa.web.pages import Pages
from qa.web.quiet import gr
from qa.web.render import render_answer
from qa.web.staff.beside import beside_values
from qa.web.staff.mark_row import add_mark_row
from qa.web.staff.pages import StaffPages
from qa.web.staff.why import why_values
from qa.web.types import Page

__all__ = ["build_workbench"]

SESSIONS = 100
"""Browser sessions Gradio keeps in memory; none of them holds a question."""
_EARLIER = 10
_AUDIENCES: Mapping[str, Audience] = {
    "As patients see it": "patients",
    "With documents for staff only": "staff",
}
_ALL = "All documents"


class _Workbench:
    """Asks the desk's assistant, and renders what is shown of it."""

    def __init__(self, desk: Desk, pages: StaffPages) -> None:
        self._desk, self._pages = desk, pages
        # Feedback on a trial would count as a patient's.
        page = replace(pages.page, feedback=False)
        self._shown: Mapping[Audience, Pages] = {
            "patients": Pages(desk.assistant, page),
            "staff": Pages(desk.assistant, _below_staff(page)),
        }

    def documents(self) -> list[tuple[str, str]]:
        """Titles and ids to choose from."""
        stored = self._stored("staff")
        return [(_ALL, ""), *((f"{one.title} ({one.id})", one.id) for one in stored)]

    def ask(
        self, question: object, audience: object, document: object, earlier: object
    ) -> tuple[str, str, str, str]:
        """The answer, the trace, the document beside it, and what was asked (JSON)."""
        asked = question if isinstance(question, str) else ""
        readers = _AUDIENCES.get(str(audience), "patients")
        before = [line for line in str(earlier or "").splitlines() if line.strip()][-_EARLIER:]
        try:
            answer, trace = self._desk.assistant.examine(
                asked,
                previous=before,
                documents=[document] if isinstance(document, str) and document else None,
                language=self._pages.page.wording.language,
                audience=readers,
            )
            return self._rendered(answer, trace, readers)
        except Exception as error:
            log_failure(error, "a question of the staff could not be answered")
            return self._pages.fragment("staff/unanswered.html"), "", "", ""

    def _rendered(
        self, answer: Answer, trace: Trace, readers: Audience
    ) -> tuple[str, str, str, str]:
        library = self._desk.assistant if readers == "patients" else _StaffLibrary(self._desk)
        pages = self._pages
        heading = pages.fragment("staff/shown.html", readers=readers)
        return (
            f"{heading} {render_answer(answer, library, self._shown[readers])}",
            pages.fragment("staff/why.html", **why_values(answer, trace)),
            pages.fragment("staff/beside.html", **beside_values(self._desk, answer, trace)),
            _asked(answer, readers),
        )

    def _stored(self, readers: Audience) -> tuple[Document, ...]:
        return _StaffLibrary(self._desk).documents(readers)


class _StaffLibrary:
    """Documents as staff are quoted them; see `qa.web.render.Library`."""

    def __init__(self, desk: Desk) -> None:
        self._assistant = desk.assistant

    def document(self, document_id: str) -> Document | None:
        """Any document of that id, whoever it is for."""
        return self._assistant.stored(document_id)

    def documents(self, readers: Audience = "staff") -> tuple[Document, ...]:
        """All documents that are quoted to these readers."""
        standings = self._assistant.standings().items()
        named = [name for name, standing in standings if standing.quotable_to(readers)]
        return tuple(filter(None, map(self._assistant.stored, named)))


def _below_staff(page: Page) -> Page:
    """The same page whose links lead to the staff's own pages of documents."""
    return replace(page, root="/staff")


def _asked(answer: Answer, readers: Audience) -> str:
    """What the answer on the screen is of, for whoever marks it."""
    return json.dumps(
        {
            "question": answer.question,
            "audience": readers,
            "generation": answer.generation,
            "places": [[one.document_id, one.start, one.end] for one in answer.quotes],
        }
    )


def build_workbench(desk: Desk, pages: StaffPages) -> gr.Blocks:
    """The page, which asks the desk's assistant."""
    bench = _Workbench(desk, pages)
    event: dict[str, Any] = {
        "queue": False,
        "api_visibility": "private",
        "show_progress": "hidden",
    }
    with gr.Blocks(title="Ask · Staff", fill_width=True, analytics_enabled=False) as ui:
        _html(pages.fragment("staff/ask.html"), "intro")
        with gr.Column(elem_id="asking"):
            box = _box()
            audience = gr.Radio(
                list(_AUDIENCES), value=next(iter(_AUDIENCES)), label="Answer", elem_id="audience"
            )
            with gr.Row(elem_id="further"):
                document = gr.Dropdown(
                    bench.documents(), value="", label="Within", elem_id="within", filterable=False
                )
                earlier = gr.Textbox(
                    label="Earlier questions",
                    info="One a line, the oldest first; leave it empty for a question of its own.",
                    elem_id="earlier",
                    lines=2,
                    max_lines=6,
                    max_length=LONGEST,
                )
            send = gr.Button("Ask", variant="primary", elem_id="ask")
        with gr.Row(elem_id="answered"):
            with gr.Column(elem_id="told"):
                shown = _html("", "log")
                asked = gr.Textbox(visible=False, elem_id="asked")
                add_mark_row(desk, pages, asked)
                why = _html("", "why")
            with gr.Column(elem_id="beside"):
                beside = _html("", "place")
        gr.on(
            [box.submit, send.click],
            bench.ask,
            [box, audience, document, earlier],
            [shown, why, beside, asked],
            trigger_mode="once",
            **event,
        )

        def renew() -> gr.Dropdown:
            # The documents may have changed since this page was put together. Gradio holds what is
            # chosen against the session's choices, and those of the page where it forgot them.
            document.choices = bench.documents()
            return gr.Dropdown(choices=bench.documents())

        ui.load(renew, None, [document], **event)
    ui.state_session_capacity = SESSIONS
    ui.queue(max_size=64, default_concurrency_limit=4, api_open=False)
    return ui


def _box() -> gr.Textbox:
    return gr.Textbox(
        elem_id="question",
        label="Question",
        info="Ask it as a patient would. Enter asks.",
        lines=1,
        max_lines=8,
        max_length=LONGEST,
        html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
    )


def _html(fragment: str, elem_id: str) -> gr.Markdown:
    """A piece of the page. `gr.HTML` would need scripts the page's policy forbids."""
    return gr.Markdown(fragment, elem_id=elem_id, latex_delimiters=[], container=False)
