"""A question in, a message out, whatever happens between; the question itself is never logged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from starlette.concurrency import run_in_threadpool

from qa.types import Answer
from qa.web.admission import Admission, AskerLeft, HasLeft, TurnedAway
from qa.web.failures import log_failure
from qa.web.help_first import FirstNotices, help_first, is_urgent
from qa.web.pages import Pages
from qa.web.render import Library, render_answer, render_apology

__all__ = ["AskingInTurn", "MessageFor", "Reply", "answer_message"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a patient reads."""

    message: str
    """Safe HTML."""
    retry_after: int = 0
    """Seconds after which to ask again, where the question was turned away; else 0."""
    status: int = 200
    """The HTTP status where the message is a page: 503 where too many ask, 429 where this one asks
    too fast."""


class MessageFor(Protocol):
    """Turns a question, with those before it on the screen, into safe HTML. Never raises.

    Where whoever asked hangs up before it is their turn, the message is empty. `wait_s` are the
    seconds that they must wait first, where they ask too fast.
    """

    async def __call__(
        self,
        question: str,
        previous: Sequence[str] = (),
        has_left: HasLeft | None = None,
        wait_s: int = 0,
        /,
    ) -> Reply: ...


class Ask(Protocol):
    """An assistant's way to ask."""

    def __call__(self, question: str, /, *, previous: Sequence[str]) -> Answer: ...


@dataclass(frozen=True, slots=True)
class AskingInTurn:
    """The `MessageFor` of a page: whoever finds too many before them is told so at once.

    Danger is looked for in what is turned away too, and help comes first there as well.
    """

    answered: Callable[[str, Sequence[str]], str]
    """The message for a question as safe HTML; takes its time."""
    admission: Admission
    first_notices: FirstNotices
    """What is said of a message that is not answered: help first where it tells of danger."""
    pages: Pages
    crisis_line: str
    on_full: Callable[[], object] = lambda: None
    """Called for each question that found too many before it."""

    async def __call__(
        self,
        question: str,
        previous: Sequence[str] = (),
        has_left: HasLeft | None = None,
        wait_s: int = 0,
        /,
    ) -> Reply:
        """The message, in turn."""
        if wait_s:
            message = await run_in_threadpool(self._turned_away, question, "hurried.lead")
            return Reply(message, wait_s, 429)
        try:
            work = partial(self.answered, question, previous)
            urgent = await is_urgent(self.first_notices, question, self.admission)
            return Reply(await self.admission.run(work, has_left, urgent=urgent))
        except AskerLeft:
            return Reply("")
        except TurnedAway as full:
            self.on_full()
            message = await run_in_threadpool(self._turned_away, question, "busy.lead")
            return Reply(message, full.retry_after, 503)

    def _turned_away(self, question: str, lead: str) -> str:
        notices = help_first(self.first_notices, question)
        return render_apology(self.pages, self.crisis_line, notices, lead=lead)


def answer_message(
    question: str,
    previous: Sequence[str] = (),
    /,
    *,
    ask: Ask,
    first_notices: FirstNotices,
    library: Library,
    pages: Pages,
    crisis_line: str,
) -> str:
    """The message for a question as safe HTML; where asking fails, an apology.

    The apology begins with help where the question tells of danger: by `first_notices`, or by the
    notices of an answer that only could not be shown.
    """
    try:
        answer = ask(question, previous=previous)
    except Exception as error:
        log_failure(error, "a question could not be answered")
        return render_apology(pages, crisis_line, help_first(first_notices, question))
    try:
        return render_answer(answer, library, pages)
    except Exception as error:
        log_failure(error, "an answer could not be shown")
        return render_apology(pages, crisis_line, answer.notices)
