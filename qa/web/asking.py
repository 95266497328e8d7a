"""A question in, a message out, whatever happens between; the question itself is never logged."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Sequence
from typing import Protocol

from qa.types import Answer
from qa.web.pages import Pages
from qa.web.render import Library, render_answer, render_apology

__all__ = ["MessageFor", "answer_message", "log_failure"]

log = logging.getLogger(__name__)


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
    """The message for a question as safe HTML; where asking fails, an apology."""
    try:
        return render_answer(ask(question, previous=previous), library, pages)
    except Exception as error:
        log_failure(error)
        return render_apology(pages, crisis_line)


def log_failure(error: Exception) -> None:
    """Logs where an error arose and its type, but not its message, which may hold the question."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("a question could not be answered: %s\n%s", type(error).__name__, where)
