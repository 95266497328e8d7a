"""The patient's page: a Gradio chat in which one event asks, and nothing is kept on the server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qa.web.asking import MessageFor
from qa.web.conversation import (
    Messages,
    earlier_questions,
    has_alarm,
    message,
    newest,
    received,
)
from qa.web.pages import Pages
from qa.web.quiet import gr
from qa.web.rate_limit import seconds_to_wait
from qa.web.types import Page
from qa.wording import Wording

__all__ = ["Chat", "build_chat", "chat_looks"]

LONGEST = 20_000
"""Characters that the box takes."""
PLACES = 4
"""Suggestions that there is room for."""
SESSIONS = 500
"""Browser sessions Gradio keeps in memory; none of them holds a question."""
_FONT = ("IBM Plex Sans", "system-ui", "sans-serif")


@dataclass(frozen=True, slots=True)
class Chat:
    """The page, and those parts of it that follow the documents."""

    ui: gr.Blocks
    intro: gr.Markdown
    examples: gr.Row
    buttons: tuple[gr.Button, ...]

    def renew(self, pages: Pages) -> None:
        """Whoever opens the page from now on gets the suggestions that `pages` has, and what its
        introduction says of the documents."""
        texts = pages.page.examples[: len(self.buttons)]
        unused = [""] * (len(self.buttons) - len(texts))
        for button, text in zip(self.buttons, (*texts, *unused), strict=True):
            button.value, button.visible = text, bool(text)
        self.examples.visible = bool(texts)
        self.intro.value = pages.fragment("intro.html")
        # What Gradio itself does when a page is mounted; each visit is served from this.
        self.ui.config = self.ui.get_config_file()


def build_chat(message_for: MessageFor, page: Page, pages: Pages) -> Chat:
    """The page, which asks by `message_for`."""

    async def ask(question: object, shown: object, request: gr.Request) -> tuple[str, Messages]:
        asked = question if isinstance(question, str) else ""
        before = newest(received(shown))
        # Gradio hands on the request of the web itself, which knows whether the browser is there.
        web = request.request
        has_left, wait_s = None, 0
        if web:
            has_left, wait_s = web.is_disconnected, seconds_to_wait(web.scope, asked)
        reply = await message_for(asked, earlier_questions(before), has_left, wait_s)
        added = [message("assistant", reply.message)]
        if asked.strip():
            added.insert(0, message("user", pages.fragment("asked.html", question=asked)))
        # What was turned away stays in the box, to be asked again without typing it anew; but
        # nobody in danger is shown their own words again.
        again = reply.retry_after and not has_alarm(reply.message)
        # Long answers push out what was said before them: all of it is sent with the next question.
        return asked if again else "", newest([*before, *added]) or added

    wording = page.wording
    title = page.title or wording("page.title")
    with gr.Blocks(title=title, fill_width=True, analytics_enabled=False) as ui:
        _html(pages.fragment("top.html"), "band", wording)
        intro = _html(pages.fragment("intro.html"), "intro", wording)
        with gr.Row(elem_id="examples", visible=bool(page.examples)) as examples:
            places = range(max(PLACES, len(page.examples)))
            buttons = tuple(gr.Button("", visible=False) for _ in places)
        log = _log(wording)
        box = _box(page.question_limit, wording)
        with gr.Row(elem_id="actions"):
            send = gr.Button(wording("chat.ask"), variant="primary", elem_id="ask")
            clear = gr.Button(wording("chat.clear"), elem_id="clear")
        _html(pages.fragment("foot.html"), "foot", wording)

        # Unqueued, an event is one request, and the server keeps no session for it.
        event = {"queue": False, "api_visibility": "private", "show_progress": "hidden"}
        for triggers, source in [
            ([box.submit, send.click], box),
            *(([button.click], button) for button in buttons),
        ]:
            gr.on(triggers, ask, [source, log], [box, log], trigger_mode="once", **event)
        clear.click(lambda: ("", []), None, [box, log], **event)
    ui.state_session_capacity = SESSIONS
    ui.queue(max_size=64, default_concurrency_limit=4, api_open=False)
    chat = Chat(ui, intro, examples, buttons)
    chat.renew(pages)
    return chat


def _html(fragment: str, elem_id: str, wording: Wording) -> gr.Markdown:
    """A fixed piece of the page. `gr.HTML` would need scripts the page's policy forbids."""
    return gr.Markdown(
        fragment, elem_id=elem_id, latex_delimiters=[], container=False, rtl=_from_right(wording)
    )


def _from_right(wording: Wording) -> bool:
    """Gradio's parts do not follow the page: each sets its own direction."""
    return wording.direction == "rtl"


def _log(wording: Wording) -> gr.Chatbot:
    """The conversation, with all that Gradio would add to it or read into it switched off."""
    return gr.Chatbot(
        elem_id="log",
        label=wording("chat.log"),
        show_label=False,
        rtl=_from_right(wording),
        height="auto",
        layout="bubble",
        autoscroll=False,
        sanitize_html=True,
        latex_delimiters=[],
        allow_tags=False,
        buttons=[],
        feedback_options=None,
        group_consecutive_messages=False,
        allow_file_downloads=False,
    )


def _box(limit: int, wording: Wording) -> gr.Textbox:
    return gr.Textbox(
        elem_id="question",
        label=wording("chat.label"),
        info=wording("chat.hint", limit=wording.number(limit)),
        lines=1,
        max_lines=8,
        # A longer text is taken whole and refused in words: a browser would cut it silently.
        max_length=LONGEST,
        rtl=_from_right(wording),
        html_attributes=gr.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
    )


def chat_looks() -> dict[str, Any]:
    """How the page looks, for mounting it; every file of the theme lies on this server."""
    theme = gr.themes.Default(
        primary_hue="teal",
        neutral_hue="slate",
        text_size="lg",
        font=[gr.themes.LocalFont(_FONT[0], weights=(400, 700)), *_FONT[1:]],
        font_mono=["ui-monospace", "monospace"],
    ).set(
        block_title_text_color="*neutral_800",
        block_title_text_color_dark="*neutral_100",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_text_color="white",
    )
    return {"theme": theme, "footer_links": []}
