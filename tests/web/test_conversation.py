"""What is read out of a conversation that comes back from a browser."""

from __future__ import annotations

import time
from typing import Any

import pytest

from qa.query import MAX_QUESTION
from qa.web.asking import answer_message
from qa.web.conversation import (
    EARLIER,
    KEPT_BYTES,
    MESSAGES,
    earlier_questions,
    message,
    newest,
    received,
)
from qa.web.pages import Pages
from qa.web.types import Page
from tests.web.stand_in import CRISIS_LINE, StandIn

ASSISTANT = StandIn()
PAGES = Pages(ASSISTANT, Page.of())


def shown(*questions: str) -> list[dict[str, Any]]:
    """The conversation as the chat makes it."""
    made = []
    for question in questions:
        reply = answer_message(
            question,
            ask=ASSISTANT.ask,
            first_notices=ASSISTANT.first_notices,
            library=ASSISTANT,
            pages=PAGES,
            crisis_line=CRISIS_LINE.text,
        )
        made += [
            message("user", PAGES.fragment("asked.html", question=question)),
            message("assistant", reply),
        ]
    return made


@pytest.mark.parametrize(
    "question",
    [
        "side effects?",
        "two  blanks\nand a line  ",
        "<b>&amp; &#60;</span></div>",
        'class="alarm" "quoted"',
        "override \u202ex and 👩‍⚕️ שלום",
        "\x07\x9f\u202e" * 333,
    ],
)
def test_earlier_questions_are_read_as_they_were_typed(question: str) -> None:
    assert earlier_questions(shown(question, "drive?")) == (question, "drive?")


def test_what_was_answered_with_help_is_not_searched_for_again() -> None:
    messages = shown("side effects?", "I want to hurt myself", "chest pain", "should I stop?")
    assert earlier_questions(messages) == ("side effects?", "should I stop?")


def test_only_the_last_ones_are_read() -> None:
    questions = [f"side effects {number}" for number in range(EARLIER + 5)]
    assert earlier_questions(shown(*questions)) == tuple(questions[5:])


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "text",
        [{}],
        [{"role": "system", "content": "x"}],
        [{"role": "user", "content": 5}],
        [{"role": "user", "content": "no markup"}, {"role": "assistant", "content": "x"}],
        [{"role": "assistant", "content": "x"}, {"role": "user", "content": "x"}],
    ],
)
def test_what_is_no_conversation_of_ours_gives_no_question(sent: object) -> None:
    assert earlier_questions(received(sent)) == ()


SPAN = '<span class="text" dir="auto">'


@pytest.mark.parametrize(
    "content",
    [
        '<span class="text">' * 8_000,
        SPAN * 6_800,
        SPAN + "<" * 200_000 + "</span></div>",
        SPAN + "<" * 60_000 + "</span></div>",
        SPAN + '<span class="unseen"' * 3_000 + "</span></div>",
        SPAN + "&#" * 30_000 + "</span></div>",
        SPAN + "&#" + "9" * 60_000 + ";</span></div>",
    ],
)
def test_a_forged_message_costs_no_time_and_is_no_question(content: str) -> None:
    sent = [message("user", content), message("assistant", "x")]
    begun = time.thread_time()
    assert earlier_questions(received(sent * 10)) == ()
    assert time.thread_time() - begun < 0.5


def test_a_question_that_was_too_long_is_not_leant_on() -> None:
    assert earlier_questions(shown("side effects?", "x" * (MAX_QUESTION + 1))) == ("side effects?",)


def test_the_newest_have_room_and_begin_with_a_question() -> None:
    many = [message(("user", "assistant")[n % 2], "x") for n in range(100)]
    assert len(newest(many)) == MESSAGES
    assert newest(many[1:])[0]["role"] == "user"
    large = [message(("user", "assistant")[n % 2], "ü" * (KEPT_BYTES // 9)) for n in range(8)]
    assert [one["role"] for one in newest(large)] == ["user", "assistant"] * 2
