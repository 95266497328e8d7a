"""The staff's Gradio page at /staff/: ask anything, and see why it is answered so."""

from __future__ import annotations

import json

from qa.staff.desk import Desk
from qa.web.quiet import gr
from qa.web.staff.mark_row import add_mark_row
from qa.web.staff.pages import StaffPages

__all__ = ["build_workbench"]


def build_workbench(desk: Desk, pages: StaffPages) -> gr.Blocks:
    """The page, which asks the desk's assistant."""

    def ask(question: object, request: gr.Request) -> tuple[str, str]:
        asked = question if isinstance(question, str) else ""
        answer = desk.assistant.ask(asked, trace=True)
        places = [[one.document_id, one.start, one.end] for one in answer.quotes]
        told = {
            "question": asked,
            "audience": "patients",
            "generation": answer.generation,
            "places": places,
        }
        return pages.fragment("staff/answer.html", answer=answer), json.dumps(told)

    with gr.Blocks(title="Ask · Staff", fill_width=True, analytics_enabled=False) as ui:
        gr.Markdown(pages.fragment("staff/menu.html"), elem_id="menu", container=False)
        box = gr.Textbox(label="Question", elem_id="question", lines=1, max_lines=8)
        send = gr.Button("Ask", variant="primary", elem_id="ask")
        shown = gr.Markdown("", elem_id="why", latex_delimiters=[], container=False)
        asked = gr.Textbox(visible=False, elem_id="asked")
        add_mark_row(desk, pages, asked)
        event = {"queue": False, "api_visibility": "private", "show_progress": "hidden"}
        gr.on([box.submit, send.click], ask, [box], [shown, asked], trigger_mode="once", **event)
    ui.state_session_capacity = 100
    ui.queue(max_size=64, default_concurrency_limit=4, api_open=False)
    return ui
