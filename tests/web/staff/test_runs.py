"""The pages of runs: what they show, who may do what, and what they take."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from urllib.parse import quote as percent_encode

import pytest
from starlette.testclient import TestClient

from qa.document import Document
from qa.evaluation import Rate
from qa.feedback import Place
from qa.staff.desk import Desk
from qa.staff.judgement import Judgement, Result
from qa.staff.member import Member, Role
from qa.staff.run_book import Run, RunBook
from qa.staff.running import PARTS
from qa.web.staff.run_view import bar_of, cell_of, share_words
from tests.web.staff.conftest import KEEPER, NURSE, PASSWORD, Visitor, form_token_of

DRIVE, EAT = "can i drive home after ketamine", "<i>may I eat?</i>"


@pytest.fixture(scope="module")
def document(desk: Desk) -> Document:
    [only] = desk.assistant.documents()
    return only


@pytest.fixture
def runs(desk: Desk, document: Document) -> tuple[Run, Run]:
    """Two whole runs, older and newer, and no others."""
    book = RunBook(desk.file)
    for one in book.listed():
        book.remove(one.run.id)
    start = document.text.index("Do not drive until the next day")
    place = Place(document.id, start, start + len("Do not drive until the next day"))
    drive = Judgement(
        *(DRIVE, "quote", ("held",), document.id, Result.RIGHT_FIRST, 0.81, 1, True, False, ""),
        (place,),
    )
    eat = Judgement(
        *(EAT, "refuse", ("on_topic",), document.id, Result.REFUSED_RIGHTLY, 0.3, None, False),
        *(False, "not_answered", (place,)),
    )
    run = Run(
        *("2026-11-26T10:15:00Z", 8.5, NURSE.name, desk.assistant.generation, "5e771465"),
        *(0.44, "c", True, (drive, eat)),
        wanted=2,
        parts=dict.fromkeys(PARTS, "1"),
        texts={document.id: document.sha256},
    )
    shown = replace(eat, result=Result.ANSWERED_WRONGLY, shown=True, reason="")
    later = replace(run, who=KEEPER.name, threshold=0.2, settings="a", judgements=(drive, shown))
    return tuple(replace(one, id=book.keep(one)) for one in (run, later))  # type: ignore[return-value]


def looked(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text.replace("&#40;", "(").replace("&#41;", ")").replace("&#46;", ".")


def test_without_a_run_each_page_says_so(visitor: Visitor, desk: Desk) -> None:
    for one in RunBook(desk.file).listed():
        RunBook(desk.file).remove(one.run.id)
    client = visitor(NURSE)
    for path in ("", "/grid", "/history"):
        assert "No run is kept yet" in looked(client, f"/staff/runs{path}")
    assert "Two runs are needed" in looked(client, "/staff/runs/changes")
    assert client.get("/staff/runs/77").status_code == 404


def test_the_newest_run_stands_beside_the_one_before(
    visitor: Visitor, runs: tuple[Run, Run]
) -> None:
    older, newer = runs
    page = looked(visitor(NURSE), "/staff/runs")
    assert f"/staff/runs/{newer.id}" in page
    assert f"/staff/runs/{older.id}" in page
    assert "0 better&#44; 1 worse&#58; too few to tell from chance" in page
    assert "the threshold (0.44 → 0.2)" in page
    assert "Under the floor of a release" in page
    assert "&#60;i&#62;may I eat" in page
    assert "<i>" not in page


def test_the_grid_is_filtered(visitor: Visitor, runs: tuple[Run, Run]) -> None:
    client = visitor(NURSE)
    page = looked(client, "/staff/runs/grid")
    assert "2 of 2 questions" in page
    assert "worse than the time before" in page
    for query, shown in (
        ("outcome=bad", [EAT]),
        ("tag=held", [DRIVE]),
        ("text=DRIVE", [DRIVE]),
        ("changed=1", [EAT]),
        ("changed=1&tag=held", []),
        ("runs=50&generation=&outcome=", [DRIVE, EAT]),
    ):
        page = looked(client, f"/staff/runs/grid?{query}")
        assert f"{len(shown)} of 2 questions" in page
        assert ("drive home" in page) is (DRIVE in shown)
    assert "0 of 0 questions" in looked(client, "/staff/runs/grid?generation=gone")


def test_any_two_runs_are_compared(visitor: Visitor, runs: tuple[Run, Run]) -> None:
    older, newer = runs
    client = visitor(NURSE)
    page = looked(client, f"/staff/runs/changes?before={newer.id}&after={older.id}")
    assert "1 better&#44; 0 worse" in page
    assert client.get("/staff/runs/changes?before=999&after=1").status_code == 404
    assert "0 better&#44; 1 worse" in looked(client, "/staff/runs/changes")


def test_a_question_of_a_run_shows_what_was_quoted(
    visitor: Visitor, runs: tuple[Run, Run], desk: Desk
) -> None:
    older, newer = runs
    client = visitor(NURSE)
    page = looked(client, f"/staff/runs/{newer.id}/question?question={percent_encode(DRIVE)}")
    assert '<blockquote class="text">Do not drive until the next day</blockquote>' in page
    assert "Arrange for someone to take you home." in page  # what was expected
    assert "/staff/mark?question=" in page
    page = looked(client, f"/staff/runs/{older.id}/question?question={percent_encode(EAT)}")
    assert "its confidence is under the threshold" in page
    assert "A threshold of 0.300 or less would show" in page
    assert client.get(f"/staff/runs/{older.id}/question?question=other").status_code == 404
    # A text that is not the one it was taken of is never cut from.
    changed = replace(newer, generation="gone", texts=dict.fromkeys(newer.texts, "0" * 64))
    number = RunBook(desk.file).keep(changed)
    page = looked(client, f"/staff/runs/{number}/question?question={percent_encode(DRIVE)}")
    assert "is not kept any more" in page
    assert "until the next day</blockquote>\n<p>" not in page


def test_a_run_is_saved_as_a_table(visitor: Visitor, runs: tuple[Run, Run]) -> None:
    answer = visitor(NURSE).get(f"/staff/runs/{runs[1].id}/run.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [(one["question"], one["result"]) for one in rows] == [
        (DRIVE, "right quote first"),
        (EAT, "should have been refused"),
    ]


def test_a_run_is_deleted_by_whoever_made_it_or_a_maintainer(
    visitor: Visitor, runs: tuple[Run, Run], desk: Desk
) -> None:
    older, newer = runs
    nurse, keeper = visitor(NURSE), visitor(KEEPER)

    def delete(client: TestClient, run: Run) -> int:
        form = {"form_token": form_token_of(client, desk)}
        return client.post(f"/staff/runs/{run.id}/delete", data=form).status_code

    otto = Member("Otto", Role.STAFF)
    desk.accounts.add(otto.name, otto.role, PASSWORD)
    other = visitor(otto)
    assert "Delete this run" not in looked(other, f"/staff/runs/{older.id}")
    assert (delete(other, older), delete(nurse, newer)) == (403, 403)
    assert nurse.post(f"/staff/runs/{older.id}/delete", data={}).status_code == 403
    assert (delete(nurse, older), delete(keeper, newer)) == (303, 303)
    assert RunBook(desk.file).listed() == []
    done = [(one.who, one.what, one.about) for one in desk.audit.entries()]
    assert (NURSE.name, "deleted", f"run {older.id} of {older.began}, by {NURSE.name}") in done


def test_only_a_form_of_the_page_begins_a_run(visitor: Visitor, desk: Desk) -> None:
    client = visitor(NURSE)
    assert client.post("/staff/runs", data={"which": "all"}).status_code == 403
    form = {"form_token": form_token_of(client, desk), "which": "all", "generation": "gone"}
    answer = client.post("/staff/runs", data=form)
    assert (answer.status_code, "no generation gone" in answer.text) == (409, True)
    assert desk.jobs.state() is None


@pytest.mark.parametrize("result", Result)
def test_every_result_has_a_sign_and_a_word(result: Result) -> None:
    judged = Judgement("q", "quote", (), "", result, 0.5, 2, True, False, "", ())
    cell = cell_of(judged)
    assert cell.sign
    assert cell.word
    assert (cell.sign == "✓") is result.is_good


def test_shares_and_bars() -> None:
    assert share_words(Rate("x", 27, 38)) == ("71\u00a0% (55\u2060–\u206083)", "27 of 38")
    assert share_words(Rate("x", 0, 0)) == ("–", "none asked")
    assert share_words(None) == ("–", "no run before")
    assert bar_of(Rate("x", 27, 38)) == (552, 278, 711)
