"""A question in, a message out, whatever happens between; the question itself is never logged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from qa.types import Answer
from qa.web.failures import log_failure
from qa.web.pages import Pages
from qa.web.render import Library, render_answer, render_apology

__all__ = ["MessageFor", "answer_message"]


class MessageFor(Protocol):
    """Turns a question, with those before it on the screen, into safe HTML. Never raises."""

    def __call__(self, question: str, previous: Sequence[str] = (), /) -> str: ...


class Ask(Protocol):
    """An assistant's way to ask."""

    def __call__(self, question: str, /, *, previous: Sequence[str]) -> Answer: ...


def answer_message(
    question: str,
    previous: Sequence[str] = (),
    /,
    *,
    ask: Ask,
    library: Library,
    pages: Pages,
    crisis_line: str,
) -> str:
    """The message for a question as safe HTML; where asking fails, an apology.

    Where only showing the answer fails, the apology still begins with the alarms of its notices.
    """
    try:
        answer = ask(question, previous=previous)
    except Exception as error:
        log_failure(error, "a question could not be answered")
        return render_apology(pages, crisis_line)
    try:
        return render_answer(answer, library, pages)
    except Exception as error:
        log_failure(error, "an answer could not be shown")
        return render_apology(pages, crisis_line, answer.notices)
