"""The patient's page in one language: what it shows, how it asks, where it is mounted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from qa.web.admission import Admission
from qa.web.asking import AskingInTurn, answer_message
from qa.web.chat import build_chat, chat_looks
from qa.web.events import Events
from qa.web.nonce import Frame
from qa.web.pages import Pages
from qa.web.quiet import events_of, gr
from qa.web.types import Assistant, Page

__all__ = ["Site"]


class Site:
    """The page in one language, and how it asks."""

    def __init__(
        self,
        assistant: Assistant,
        page: Page,
        shown: Sequence[Page],
        admission: Admission,
        on_full: Callable[[], object],
    ) -> None:
        """`shown` are the pages in all languages, `page` among them. Questions wait in `admission`;
        `on_full` is called for each that found too many before it."""
        language = page.wording.language
        self.page = page
        self.pages = Pages(assistant, page, [one for one in shown if one is not page])
        notices = assistant.notices(language)
        self.crisis_line = crisis_line = next(
            (n.text for n in notices if n.kind == "crisis_line"), ""
        )
        told = partial(assistant.first_notices, language=language)
        answered = partial(
            answer_message,
            ask=partial(assistant.ask, language=language),
            first_notices=told,
            library=assistant,
            pages=self.pages,
            crisis_line=crisis_line,
        )
        self.message_for = AskingInTurn(answered, admission, told, self.pages, crisis_line, on_full)

    def mount(self, app: FastAPI) -> Events:
        """Puts the patient's page where its root is; gives its events."""
        self._chat = build_chat(self.message_for, self.page, self.pages)
        gr.mount_gradio_app(
            app,
            self._chat.ui,
            path=self.page.root or "/",
            run_history=False,
            show_error=False,
            ssr_mode=False,
            **chat_looks(),
        )
        return events_of(self._chat.ui)

    def renew(self, page: Page) -> None:
        """Takes the suggestions of the page, which is mounted, from `page`."""
        self.pages.suggest(page.examples, page.examples_language)
        self._chat.renew(self.pages)

    def unread(self, status: int) -> HTMLResponse:
        """The page for whoever sent a form that was not read."""
        return self.pages.html("unread.html", status)

    def hurried(self) -> HTMLResponse:
        """The page for whoever asks for documents too fast."""
        return self.pages.html("hurried.html", 429)

    def frame(self) -> Frame:
        """What is put into Gradio's page."""
        wording = self.page.wording
        tag = f'<html lang="{wording.language}" dir="{wording.direction}">'
        return Frame(tag, self.pages.fragment("head.html"))
