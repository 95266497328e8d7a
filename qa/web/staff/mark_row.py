"""The row of buttons below an answer on the Ask page: one click marks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from qa.errors import QuotewellError
from qa.staff.desk import Desk
from qa.staff.marking import Asked, Marker, Verdict
from qa.web.quiet import gr
from qa.web.staff.guard import session_of
from qa.web.staff.pages import StaffPages

__all__ = ["add_mark_row"]

_BUTTONS = {
    Verdict.RIGHT: "Right",
    Verdict.WRONG_QUOTE: "Wrong quote",
    Verdict.SHOULD_REFUSE: "Should have been refused",
    Verdict.SHOULD_ANSWER: "Should have been answered",
}


def add_mark_row(desk: Desk, pages: StaffPages, asked: gr.Textbox) -> None:
    """Adds four buttons, and a line that says what came of the one that was pressed.

    `asked` holds what is on the screen, as `qa.staff.marking.Asked` reads it.
    """
    marker = Marker(desk)

    def mark(verdict: Verdict, written: object, who: str) -> str:
        try:
            marked = marker.mark(Asked.read(str(written or "")), verdict, who)
        except QuotewellError as error:
            return pages.fragment("staff/marked.html", problem=str(error))
        address = urlencode({"question": marked.question, "verdict": verdict.value})
        return pages.fragment(
            "staff/marked.html",
            problem="",
            marked=marked,
            address=Markup(f"/staff/mark?{address}"),  # noqa: S704
        )

    def pressed(verdict: Verdict) -> Callable[..., str]:
        # Gradio fills the request in by its annotation, which a partial would not show. The real
        # one, which the guard let pass, is within.
        def on_press(written: object, request: gr.Request) -> str:
            return mark(verdict, written, session_of(request.request).member.name)

        return on_press

    gr.Markdown(
        pages.fragment("staff/mark_lead.html"),
        elem_id="mark-lead",
        latex_delimiters=[],
        container=False,
    )
    with gr.Row(elem_id="mark"):
        buttons = {
            verdict: gr.Button(name, elem_id=f"mark-{verdict.value.replace('_', '-')}")
            for verdict, name in _BUTTONS.items()
        }
    told = gr.Markdown("", elem_id="marked", latex_delimiters=[], container=False)
    event: dict[str, Any] = {
        "queue": False,
        "api_visibility": "private",
        "show_progress": "hidden",
        "trigger_mode": "once",
    }
    for verdict, button in buttons.items():
        button.click(pressed(verdict), [asked], [told], **event)
    asked.change(lambda: "", None, [told], **event)
