"""Marking an answer: in one click on the Ask page, or by choosing sentences at /staff/mark."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.errors import QuestionError
from qa.golden import fold
from qa.staff.desk import Desk
from qa.staff.golden_book import GoldenBook, Kept
from qa.staff.marking import Asked, Marker, Verdict
from qa.types import Answer
from tests.web.staff.conftest import NURSE, Visitor, form_token_of

DRIVE = "Can I drive home after my treatment today?"
UNKNOWN = "weather in boston on sunday"
DOCUMENT = "ketamine-for-ptsd.md"


@pytest.fixture(scope="module")
def client(visitor: Visitor) -> TestClient:
    return visitor(NURSE)


@pytest.fixture
def book(desk: Desk) -> GoldenBook:
    return GoldenBook(desk.golden)


def asked_of(answer: Answer) -> Asked:
    places = tuple((one.document_id, one.start, one.end) for one in answer.quotes)
    return Asked(answer.question, "patients", places)


def post(client: TestClient, desk: Desk, path: str, **fields: Any) -> Any:
    return client.post(path, data={"form_token": form_token_of(client, desk), **fields})


def found(book: GoldenBook, question: str) -> Kept:
    kept = book.find(question)
    assert kept
    return kept


def fields_of(page: str) -> dict[str, Any]:
    """What a browser would send of the form on the marking page."""
    form = page.partition('action="/staff/mark"')[2].partition("</form>")[0]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        given = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if given.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        sent.setdefault(given["name"], []).append(html.unescape(given.get("value", "")))
    area = re.search(r"<textarea[^>]*>(.*?)</textarea>", form, re.DOTALL)
    assert area
    sent["question"] = html.unescape(area[1])
    chosen = re.search(r'<option value="([^"]*)" selected', form)
    sent["document"] = html.unescape(chosen[1]) if chosen else ""
    return sent


def test_right_makes_a_golden_question_of_the_first_quote(desk: Desk, book: GoldenBook) -> None:
    answer = desk.assistant.ask(DRIVE)
    marked = Marker(desk).mark(asked_of(answer), Verdict.RIGHT, NURSE.name)
    kept = found(book, DRIVE)
    assert marked.written
    assert marked.written.number == kept.number == len(book.kept())
    label = kept.label
    assert (label.expect, label.document, label.tags) == ("quote", DOCUMENT, "tuned")
    assert label.note.startswith(f"marked by {NURSE.name} on 2")
    document = desk.assistant.document(DOCUMENT)
    assert document
    places, _, sha256 = label.spans.partition(" of ")
    words = [fold(document.text[slice(*map(int, one.split(":")))]) for one in places.split(" || ")]
    assert words == label.quote.split(" || ")
    assert all(one in fold(answer.quotes[0].text) for one in words)
    assert document.sha256.startswith(sha256)
    newest = desk.audit.entries()[0]
    assert (newest.who, newest.what, newest.about) == (NURSE.name, "added a golden question", DRIVE)
    again = Marker(desk).mark(asked_of(answer), Verdict.RIGHT, NURSE.name)
    assert (again.written, again.differs, again.before) == (None, False, kept)
    other = Marker(desk).mark(asked_of(answer), Verdict.SHOULD_REFUSE, NURSE.name)
    assert (other.written, other.differs, other.before) == (None, True, kept)
    assert found(book, DRIVE) == kept


def test_right_and_refused_mean_a_refusal(desk: Desk, book: GoldenBook) -> None:
    refused = desk.assistant.ask(UNKNOWN)
    assert refused.reason == "off_corpus"
    Marker(desk).mark(asked_of(refused), Verdict.RIGHT, NURSE.name)
    label = found(book, UNKNOWN).label
    assert (label.expect, label.quote, label.tags) == ("refuse", "", "tuned off_topic")
    shown = desk.assistant.ask("is ketamine given by a drip?")
    Marker(desk).mark(asked_of(shown), Verdict.SHOULD_REFUSE, NURSE.name)
    label = found(book, "is ketamine given by a drip?").label
    assert (label.expect, label.tags) == ("refuse", "tuned on_topic")
    crisis = desk.assistant.ask("I want to kill myself tonight")
    Marker(desk).mark(asked_of(crisis), Verdict.RIGHT, NURSE.name)
    assert found(book, "I want to kill myself tonight").label.expect == "crisis"


def test_marks_that_do_not_fit_are_refused_in_words(desk: Desk, book: GoldenBook) -> None:
    before = book.kept()
    shown, refused = desk.assistant.ask("Can I drive?"), desk.assistant.ask("who won the cup")
    for answer, verdict, said in [
        (shown, Verdict.SHOULD_ANSWER, "This was answered"),
        (refused, Verdict.SHOULD_REFUSE, "Nothing was quoted"),
        (refused, Verdict.WRONG_QUOTE, "Nothing was quoted"),
    ]:
        with pytest.raises(QuestionError, match=said):
            Marker(desk).mark(asked_of(answer), verdict, NURSE.name)
    with pytest.raises(QuestionError, match="another one by now"):
        Marker(desk).mark(Asked("Can I drive?", "patients", ()), Verdict.RIGHT, NURSE.name)
    for written in ("", "{}", "[]", '{"question": 1, "audience": "patients", "places": []}'):
        with pytest.raises(QuestionError):
            Asked.read(written)
    assert book.kept() == before


def test_a_wrong_quote_waits_until_the_right_sentence_is_chosen(
    client: TestClient, desk: Desk, book: GoldenBook
) -> None:
    question = "what should I bring <b>with</b> me & wear?"
    answer = desk.assistant.ask(question)
    verdict = Verdict.WRONG_QUOTE if answer.quotes else Verdict.SHOULD_ANSWER
    Marker(desk).mark(asked_of(answer), verdict, NURSE.name)
    assert book.find(question) is None
    listed = client.get("/staff/questions").text
    assert "1 answer was marked and awaits the right sentence" in listed.replace("&#32;", " ")
    page = client.get(f"/staff/mark?{urlencode({'question': question, 'verdict': verdict.value})}")
    assert page.status_code == 200
    assert "<b>with" not in page.text
    assert 'id="likely"' in page.text
    fields = fields_of(page.text)
    assert fields["expect"] == ["quote"]
    assert "pick" not in fields
    nothing = client.post("/staff/mark", data=fields | {"do": "save"})
    assert nothing.status_code == 422
    assert "Tick the sentence that answers" in html.unescape(nothing.text)
    place = re.findall(r'name="pick" value="([^"]+)"', page.text)[2]
    place = html.unescape(place)
    saved = client.post("/staff/mark", data=fields | {"do": "save", "pick": place, "held": "held"})
    assert saved.status_code == 303
    label = found(book, question).label
    assert (label.spans.partition(" of ")[0], label.tags) == (place, "held")
    assert Marker(desk).open.all() == []
    told = html.unescape(client.get(saved.headers["location"]).text)
    number = found(book, question).number
    assert f"Golden question {number} was added" in told
    edit = re.search(r'name="edit" value="(\d+)"', told)
    assert edit
    undone = post(client, desk, "/staff/questions/undo", edit=edit[1])
    assert "Undone: golden question" in html.unescape(client.get(undone.headers["location"]).text)
    assert book.find(question) is None
    assert post(client, desk, "/staff/questions/undo", edit=edit[1]).status_code == 409


def test_a_golden_question_is_changed_and_not_doubled(
    client: TestClient, desk: Desk, book: GoldenBook
) -> None:
    first = book.kept()[0]
    page = client.get(f"/staff/mark?{urlencode({'question': first.label.question.upper()})}")
    assert "This is golden question 1 already" in html.unescape(page.text)
    fields = fields_of(page.text)
    assert len(fields["keep"]) == len(first.label.quote.split(" || "))
    fields["question"] = first.label.question
    same = client.post("/staff/mark", data=fields | {"do": "save"})
    assert same.headers["location"] == "/staff/questions?note=same"
    assert book.kept()[0] == first
    fewer = client.post("/staff/mark", data=fields | {"do": "save", "keep": ["1", "4"]})
    assert fewer.status_code == 303
    words = first.label.quote.split(" || ")
    now = book.kept()[0]
    assert now.label.quote == f"{words[1]} || {words[4]}"
    assert now.label.spans.count(":") == 2
    assert len(book.kept()) == len({fold(one.label.question).casefold() for one in book.kept()})
    # Somebody else has the old page open still.
    late = client.post("/staff/mark", data=fields | {"do": "save", "expect": "refuse_on"})
    assert late.status_code == 409
    assert "Somebody changed this question meanwhile" in html.unescape(late.text)
    assert book.kept()[0] == now


def test_what_is_chosen_stays_from_one_look_to_the_next(client: TestClient, desk: Desk) -> None:
    page = client.get("/staff/mark?question=how+will+I+feel+afterwards")
    fields = fields_of(page.text)
    places = re.findall(r'name="pick" value="([^"]+)"', page.text)
    fields["pick"] = [html.unescape(places[0]), html.unescape(places[5])]
    fields["find"] = "ketamine blood pressure"
    answer = client.post("/staff/mark", data=fields | {"do": "find"})
    assert answer.status_code == 303
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert (query["pick"], query["find"]) == (fields["pick"], [fields["find"]])
    assert "form_token" not in query
    looked = client.get(answer.headers["location"]).text
    assert set(fields["pick"]) <= set(fields_of(looked)["pick"])
    assert "Chosen so far" in looked
    every = client.post("/staff/mark", data=fields_of(looked) | {"do": "all"})
    assert "find=" not in every.headers["location"]


def test_only_whole_sentences_of_the_document_as_it_is(client: TestClient, desk: Desk) -> None:
    fields = fields_of(client.get("/staff/mark?question=a+new+one").text)
    for change, said in [
        ({"pick": "3:9"}, "no whole sentence"),
        ({"pick": "3:9", "sha256": "0" * 64}, "published anew"),
        ({"pick": "3:9", "document": "other.md", "opened": "other.md"}, "not there any more"),
        ({"expect": "", "pick": "3:9"}, "Choose what patients should get"),
        ({"question": "  "}, "A question has 1 to"),
    ]:
        answer = client.post("/staff/mark", data=fields | {"do": "save"} | change)
        assert answer.status_code == 422, change
        assert said in html.unescape(answer.text), change
    assert client.get("/staff/mark").headers["location"] == "/staff/questions#by-hand"
    assert client.post("/staff/mark", data=fields | {"form_token": "x"}).status_code == 403


def test_one_click_marks_on_the_ask_page(
    client: TestClient, desk: Desk, book: GoldenBook, staff_app: FastAPI
) -> None:
    question = "may i drive myself back home the same day"
    config = client.get("/staff/config").json()
    ids = {one["props"].get("elem_id"): one["id"] for one in config["components"]}
    [event] = [
        one["id"]
        for one in config["dependencies"]
        if [ids["mark-right"], "click"] in one["targets"]
    ]
    answer = desk.assistant.ask(question)
    places = [[one.document_id, one.start, one.end] for one in answer.quotes]
    told = json.dumps({"question": question, "audience": "patients", "places": places})

    def press(asked: str) -> str:
        sent = {"data": [asked], "fn_index": event}
        reply = client.post("/staff/gradio_api/run/predict", json=sent)
        return html.unescape(reply.json()["data"][0])

    assert "Golden question" in press(told)
    assert "was added" in html.unescape(press(told)) or "says so already" in press(told)
    assert found(book, question).label.expect in ("quote", "refuse")
    assert "Ask a question first" in press("")
