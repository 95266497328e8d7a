"""The staff's Gradio page at /staff/: ask anything, and see why it is answered so."""

from __future__ import annotations

from qa.staff.desk import Desk
from qa.web.quiet import gr
from qa.web.staff.pages import StaffPages

__all__ = ["build_workbench"]


def build_workbench(desk: Desk, pages: StaffPages) -> gr.Blocks:
    """The page, which asks the desk's assistant."""

    def ask(question: object, request: gr.Request) -> str:
        asked = question if isinstance(question, str) else ""
        answer = desk.assistant.ask(asked, trace=True)
        return pages.fragment("staff/answer.html", answer=answer)

    with gr.Blocks(title="Ask · Staff", fill_width=True, analytics_enabled=False) as ui:
        gr.Markdown(pages.fragment("staff/menu.html"), elem_id="menu", container=False)
        box = gr.Textbox(label="Question", elem_id="question", lines=1, max_lines=8)
        send = gr.Button("Ask", variant="primary", elem_id="ask")
        shown = gr.Markdown("", elem_id="why", latex_delimiters=[], container=False)
        event = {"queue": False, "api_visibility": "private", "show_progress": "hidden"}
        gr.on([box.submit, send.click], ask, [box], [shown], trigger_mode="once", **event)
    ui.state_session_capacity = 100
    ui.queue(max_size=64, default_concurrency_limit=4, api_open=False)
    return ui
