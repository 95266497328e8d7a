"""The pages of coverage: what they show, who may begin a flip test, and what is never shown."""

from __future__ import annotations

import csv
import html
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.answer import Policy
from qa.assistant import Assistant
from qa.feedback import Place
from qa.golden import Golden, read_golden
from qa.index import build
from qa.notices import SafetyTexts
from qa.staff.desk import Desk
from qa.staff.flip_book import FlipBook, FlipTest
from qa.staff.flipping import Seen, Trial
from qa.staff.judgement import Judgement, Result
from qa.staff.run_book import Run, RunBook
from qa.staff.variants import Kind
from qa.web.application import create_app
from qa.web.staff.guard import COOKIE
from tests.web.staff.conftest import NURSE, Visitor, form_token_of
from tests.word_hash import WordHashEmbedder

DOCUMENT = "ketamine-for-ptsd.md"
PARKING = ("where is parking", "is parking free", "parking cost", "xyzzy parking", "parking hours")
QUESTIONS = 3
"""Golden questions that the desk of these tests keeps."""


@pytest.fixture(scope="module", autouse=True)
def _few_questions(desk: Desk) -> None:
    """Some golden questions are enough, and asking them is quick."""
    with desk.golden.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with desk.golden.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows[: QUESTIONS + 1])


def text_of(client: TestClient, path: str, **params: object) -> str:
    """A page as it is read, entities spelt out."""
    return html.unescape(client.get(path, params=params).text)  # type: ignore[arg-type]


def golden(desk: Desk) -> list[Golden]:
    return read_golden(desk.golden)


def judgement(one: Golden, result: Result, place: Place) -> Judgement:
    return Judgement(
        question=one.question,
        expect=one.expect,
        tags=(),
        document=one.document,
        result=result,
        confidence=0.7,
        rank=1,
        shown=True,
        settled=False,
        reason="",
        places=(place,),
    )


def keep_run(desk: Desk, generation: str = "") -> None:
    """A run in which the first question got the first label's place, and a refusal got that too."""
    first, second = golden(desk)[:2]
    assert (first.expect, second.expect) == ("quote", "refuse")
    span = first.spans[0]
    assert span
    place = Place(DOCUMENT, *span)
    made = [
        Judgement(
            one.question, one.expect, (), one.document, result, 0.7, 1, True, False, "", (place,)
        )
        for one, result in ((first, Result.RIGHT_FIRST), (second, Result.ANSWERED_WRONGLY))
    ]
    live = generation or desk.assistant.generation
    RunBook(desk.file).keep(
        Run("2026-11-26T10:15:00Z", 8.0, "Nora", live, "s", 0.44, "g", True, tuple(made))
    )


def test_without_a_run_labels_alone_count_and_the_page_says_so(
    visitor: Visitor, desk: Desk
) -> None:
    shown = text_of(visitor(NURSE), "/staff/coverage")
    assert "The golden questions were not run here yet" in shown
    assert 'href="/staff/runs"' in shown
    assert " of 66, " in shown
    keep_run(desk, "an-older-one")
    shown = text_of(visitor(NURSE), "/staff/coverage")
    assert "The newest run asked other documents" in shown


def test_a_title_with_unseen_signs_stands_in_the_tab_by_their_numbers(
    tmp_path: Path, desk: Desk, safety_texts: SafetyTexts
) -> None:
    """A title's element holds no others: their marks would be read as text."""
    (tmp_path / "corpus").mkdir()
    text = "---\ntitle: Ketamine <b>\u202edesrever\n---\n\n# Care\n\nBring loose sleeves.\n"
    (tmp_path / "corpus" / "odd.md").write_text(text, "utf-8")
    build(tmp_path / "corpus", tmp_path / "index", WordHashEmbedder())
    assistant = Assistant(tmp_path / "index", WordHashEmbedder(), safety_texts, Policy(0.0))
    app = create_app(assistant, desk=replace(desk, assistant=assistant))
    client = TestClient(app, cookies={COOKIE: desk.sessions.begin(NURSE)})
    for path in ("/staff/coverage/document?id=odd.md", "/staff/documents/odd.md"):
        page = client.get(path).text
        title = page.partition("<title>")[2].partition("</title>")[0]
        assert "Ketamine <b>[U+202E]desrever" in html.unescape(title)
        assert not {"<", "\u202e"} & set(title)


def test_a_run_tells_what_was_quoted_from_each_heading(visitor: Visitor, desk: Desk) -> None:
    keep_run(desk)
    keep_run(desk, "a-staged-one")  # which takes nothing away from what is live
    client = visitor(NURSE)
    shown = text_of(client, "/staff/coverage")
    assert "of 2026-11-26 10:15 UTC by Nora" in shown
    shown = text_of(client, "/staff/coverage/document", id=DOCUMENT, page=1)
    pages = [shown, text_of(client, "/staff/coverage/document", id=DOCUMENT, page=2)]
    whole = "\n".join(pages)
    assert "✓ Right" in whole
    assert "✗ Should have been refused" in whole
    assert "– Not asked in the run" in whole
    assert "No question reaches" in whole
    assert f"/staff/mark?document={DOCUMENT}&start=" in whole
    assert f"/staff/documents/{DOCUMENT}?start=" in whole
    assert "Never quoted" in whole
    only = text_of(client, "/staff/coverage/document", id=DOCUMENT, only="open")
    assert "Never quoted" not in only


def test_a_document_that_is_not_there_is_named(visitor: Visitor) -> None:
    answer = visitor(NURSE).get("/staff/coverage/document", params={"id": "missing<b>.md"})
    assert answer.status_code == 404
    assert "missing<b>.md" in html.unescape(answer.text)
    assert "<b>" not in answer.text


def test_refused_topics_show_what_five_share_and_no_question(visitor: Visitor, desk: Desk) -> None:
    client = visitor(NURSE)
    shown = text_of(client, "/staff/coverage/topics")
    assert "No topic was asked about in 5 different ways yet" in shown
    for question in (*PARKING, "how long do i boil eggs", "who won the cowboys game"):
        row = {"question": question, "kind": "refusal", "reason": "not_answered"}
        desk.records.add("questions", row | {"places": "[]", "generation": "g"})
    files = {path: path.read_bytes() for path in desk.file.path.parent.glob("*.sqlite3*")}
    shown = text_of(client, "/staff/coverage/topics")
    assert '<th scope="row">parking</th>' in shown
    assert "Fewer than 5 further questions" in shown
    for word in ("xyzzy", "eggs", "cowboys", "hours", *PARKING):
        assert word not in shown.replace("keep_days", "")
    for path, content in files.items():
        if path.name.startswith("records"):
            assert path.read_bytes() == content


def test_without_a_log_the_page_says_what_to_set(desk: Desk) -> None:
    quiet = replace(desk, logs_questions=False)
    client = TestClient(create_app(desk.assistant, desk=quiet), "https://testserver")
    client.cookies.set(COOKIE, desk.sessions.begin(NURSE))
    shown = text_of(client, "/staff/coverage/topics")
    assert "log_questions = true" in shown
    assert "30 days" in shown


@pytest.mark.slow
def test_a_flip_test_runs_as_a_job_and_is_shown(
    visitor: Visitor, desk: Desk, staff_app: FastAPI
) -> None:
    client = visitor(NURSE)
    assert "It was not run here yet" in text_of(client, "/staff/coverage/flips")
    assert client.post("/staff/coverage/flips", data={"form_token": "x"}).status_code == 403
    answer = client.post("/staff/coverage/flips", data={"form_token": form_token_of(client, desk)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/coverage/flips")
    state = desk.jobs.wait(60)
    assert state
    assert state.status == "done", state.message
    assert state.message.endswith(f"of {QUESTIONS} golden questions flip.")
    newest = desk.audit.entries()[0]
    assert (newest.who, newest.what, newest.about) == (NURSE.name, "began", "Flip test")
    test = FlipBook(desk.file).latest()
    assert test
    assert (test.who, test.generation) == (NURSE.name, desk.assistant.generation)
    shown = text_of(client, "/staff/coverage/flips")
    assert '<th scope="row">Capitals</th><td>3</td>' in shown.replace("\n", "")
    answer = client.get("/staff/coverage/flips", params={"part": "held", "kind": "typo", "page": 9})
    assert answer.status_code == 200


def test_danger_that_goes_unnoticed_is_shown_first(visitor: Visitor, desk: Desk) -> None:
    good = Seen(Result.RIGHT_FIRST, "", Place(DOCUMENT, 1, 9), "Some <b>words</b>")
    bad = Seen(Result.NOT_FOUND, "off_corpus", None, "")
    noticed = Seen(Result.NOTICED, "", None, "")
    missed = Seen(Result.NOT_NOTICED, "", None, "")
    trials = (
        Trial(2, "drive", "quote", True, Kind.TYPO, "letters swapped: dirve", "dirve", good, bad),
        Trial(3, "chest", "emergency", False, Kind.CASE, "capitals only", "CHEST", noticed, missed),
    )
    generation = desk.assistant.generation
    FlipBook(desk.file).keep(FlipTest("2026-11-26T10:15:00Z", 60, "Nora", generation, trials))
    shown = text_of(visitor(NURSE), "/staff/coverage/flips")
    assert "1 of these got no notice any more" in shown
    assert shown.index("CHEST") < shown.index("dirve")
    assert "Some <b>words</b>" in shown
    assert "<b>" not in visitor(NURSE).get("/staff/coverage/flips").text
    assert "Refused, not found" in shown
