"""Jobs of the staff's pages: one at a time, with progress and a stop button."""

from __future__ import annotations

import threading

import pytest

from qa.errors import QuestionError, QuotewellError
from qa.staff.jobs import Jobs, Progress


def test_a_job_tells_how_far_it_is_and_what_came_of_it() -> None:
    jobs, go_on, at_work = Jobs(), threading.Event(), threading.Event()

    def work(progress: Progress) -> str:
        progress("Asking", 1, 2)
        at_work.set()
        go_on.wait(10)
        progress("Asking", 2, 2)
        return "Two were asked."

    assert jobs.state() is None
    jobs.start("Golden questions", "Nora", work)
    at_work.wait(10)
    state = jobs.state()
    assert state
    assert (state.step, state.done, state.total, state.status) == (
        "Asking",
        1,
        2,
        "running",
    )
    with pytest.raises(QuotewellError, match="begun by Nora"):
        jobs.start("Flip test", "Kim", work)
    go_on.set()
    state = jobs.wait()
    assert state
    assert (state.status, state.message) == ("done", "Two were asked.")


def test_a_job_is_stopped_and_another_may_begin() -> None:
    jobs, at_work = Jobs(), threading.Event()

    def endless(progress: Progress) -> str:
        while True:
            progress("Asking", 0, 0)
            at_work.set()

    number = jobs.start("Golden questions", "Nora", endless).number
    at_work.wait(10)
    jobs.stop(number + 1)
    jobs.stop(number)
    state = jobs.wait()
    assert state
    assert state.status == "stopped"
    assert jobs.start("Flip test", "Kim", lambda _: "ok").number == number + 1


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (QuestionError("line 3 is wrong"), "line 3 is wrong"),
        (ValueError("a patient's words"), "It failed in a way nobody foresaw"),
    ],
)
def test_a_failed_job_says_what_may_be_said(error: Exception, message: str) -> None:
    jobs = Jobs()

    def work(progress: Progress) -> str:
        raise error

    jobs.start("Golden questions", "Nora", work)
    state = jobs.wait()
    assert state
    assert state.status == "failed"
    assert state.message.startswith(message)
