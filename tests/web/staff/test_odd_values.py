"""What a member's browser would not send is answered in words, and leaves no false line behind."""

from __future__ import annotations

import json
import threading

import pytest

from qa.errors import QuestionError
from qa.staff.desk import Desk
from qa.staff.marking import Asked
from qa.web.staff.marking import MarkForm
from tests.web.staff.conftest import NURSE, Visitor, form_token_of


@pytest.mark.parametrize("number", ["\u00b2", "9" * 5_000])
def test_numbers_that_are_none(visitor: Visitor, desk: Desk, number: str) -> None:
    nurse = visitor(NURSE)
    for name in ("done", "page"):
        assert nurse.get("/staff/questions", params={name: number}).status_code == 200
    token = {"form_token": form_token_of(nurse, desk)}
    assert nurse.post("/staff/questions/undo", data=token | {"edit": number}).status_code == 409
    assert nurse.post("/staff/mark", data=token | {"do": f"part:{number}"}).status_code == 303
    for digits in (30, 200, 5_000):
        assert nurse.get(f"/staff/runs/{'9' * digits}").status_code == 404
    for run in (9 * 10**30, number):
        assert nurse.get(f"/staff/runs/{run}").status_code == 404
        assert nurse.get(f"/staff/runs/{run}/run.csv").status_code == 404
        assert nurse.post(f"/staff/runs/{run}/delete", data=token).status_code == 404


def test_numbers_of_a_marks_form_that_are_none() -> None:
    class Fields(dict[str, object]):
        def getlist(self, key: str) -> list[str]:
            return ["9" * 5_000, "\u00b2", "3"]

    assert MarkForm.read(Fields()).keep == (3,)


@pytest.mark.parametrize("places", ['[["a", 1e400, 2]]', "[" * 100_000])
def test_places_that_are_none(places: str) -> None:
    with pytest.raises(QuestionError, match="cannot be marked"):
        Asked.read(f'{{"question": "x", "audience": "patients", "places": {places}}}')


def test_a_question_that_is_too_long_is_no_golden_one() -> None:
    asked = {"question": "x" * 20_000, "audience": "patients", "places": []}
    with pytest.raises(QuestionError, match="1,000 characters"):
        Asked.read(json.dumps(asked))
    halved = Asked.read(json.dumps(asked | {"question": "half \ud800"}))
    assert halved.question == "half ?"


def test_only_a_stop_that_stops_something_is_noted(visitor: Visitor, desk: Desk) -> None:
    nurse, go_on = visitor(NURSE), threading.Event()
    token = form_token_of(nurse, desk)
    job = desk.jobs.start("A wait", NURSE.name, lambda _: str(go_on.wait(20)))

    def press(number: str) -> list[str]:
        form = {"form_token": token, "number": number}
        assert nurse.post("/staff/jobs/stop", data=form).status_code == 303
        return [one.about for one in desk.audit.entries(what="stopped")]

    assert press(str(job.number + 1)) == []
    assert press("9" * 5_000) == []
    assert press(str(job.number)) == ["A wait"]
    go_on.set()
    desk.jobs.wait()
    assert press(str(job.number)) == ["A wait"]
