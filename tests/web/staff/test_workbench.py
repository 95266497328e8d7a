"""The staff's page for asking, and their pages of documents: what is shown, and to whom."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.answer import Policy
from qa.assistant import Assistant
from qa.embedding import Embedder
from qa.index import build
from qa.notices import SafetyTexts
from qa.staff.desk import Desk
from qa.standing import Standing
from qa.web.application import create_app
from qa.web.staff.guard import COOKIE
from tests.web.staff.conftest import NURSE, Visitor
from tests.web.stand_in import HOSTILE_TEXTS

ALWAYS = Policy(threshold=0.0)
HOSTILE = "A <b>pump</b> of **grams** $x$ <script>alert(1)</script> https://evil.example runs."


@pytest.fixture(scope="module")
def mixed(
    desk: Desk,
    tmp_path_factory: pytest.TempPathFactory,
    bundled: Embedder,
    safety_texts: SafetyTexts,
) -> Desk:
    """The same desk over a document for patients, one for staff, and one that expired."""
    folder = tmp_path_factory.mktemp("mixed")
    files = {
        "visit.md": "# Your visit\n\n## Bring\n\nBring a list of your medicines to each visit.\n",
        "pump.md": f"---\naudience: staff\n---\n# Pump\n\n{HOSTILE}\n",
        "old.md": "---\nreview_by: 2020-01-01\n---\n# Old\n\nBring your own pillow.\n",
    }
    (folder / "corpus").mkdir()
    for name, text in files.items():
        (folder / "corpus" / name).write_text(text, "utf-8")
    build(folder / "corpus", folder / "index", bundled)
    return replace(desk, assistant=Assistant(folder / "index", bundled, safety_texts, ALWAYS))


@pytest.fixture(scope="module")
def app(mixed: Desk) -> FastAPI:
    return create_app(mixed.assistant, desk=mixed)


@pytest.fixture
def client(app: FastAPI, mixed: Desk) -> TestClient:
    made = TestClient(app, "https://testserver", headers={"sec-fetch-site": "same-origin"})
    made.cookies.set(COOKIE, mixed.sessions.begin(NURSE))
    return made


def ask(
    client: TestClient,
    question: str,
    audience: str = "As patients see it",
    document: str = "",
    earlier: str = "",
) -> list[str]:
    """Answer, trace, document beside it and what was asked, as the page's own event gets them."""
    config = client.get("/staff/config").json()
    [event] = [one for one in config["dependencies"] if len(one["outputs"]) == 4]
    body = {"data": [question, audience, document, earlier], "fn_index": event["id"]}
    answer = client.post("/staff/gradio_api/run/predict", json=body)
    assert answer.status_code == 200, answer.text
    data: list[str] = answer.json()["data"]
    return data


def text_of(html: str) -> str:
    """What a browser would show, entities undone."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def test_an_answer_comes_with_its_reason_its_numbers_and_its_document(client: TestClient) -> None:
    shown, why, beside, asked = ask(client, "What should I bring to a visit?")
    assert "Bring a list of your medicines to each visit." in text_of(shown)
    assert "What patients see" in shown
    told = text_of(why)
    assert "Quoted: the best passage answers with probability" in told
    for heading in (
        "Why", "What was searched for", "Passages read", "Candidates", "Thresholds", "Safety",
        "Time",
    ):  # fmt: skip
        assert f"<h2>{heading}</h2>" in why
    assert re.search(r'<li class="heat-\d"><span class="figure">', why)
    assert "<mark>Bring a list of your medicines" in unescape(beside)
    made = json.loads(asked)
    assert made["question"] == "What should I bring to a visit?"
    assert made["audience"] == "patients"
    [[document, start, end]] = made["places"]
    assert (document, end - start) == ("visit.md", 45)


def test_staff_see_documents_that_patients_do_not(client: TestClient) -> None:
    question = "Which pump of grams runs?"
    shown, why, beside, asked = ask(client, question)
    assert "pump.md" not in shown + why + beside + asked
    shown, why, beside, asked = ask(client, question, "With documents for staff only")
    assert "What staff see" in shown
    assert json.loads(asked)["audience"] == "staff"
    assert "/staff/documents/pump.md?start=" in unescape(why)
    assert "Not quoted: for staff only (audience)." in text_of(beside)
    assert text_of(beside).count("evil.example") == 1
    for found in (shown, why, beside):
        assert not re.search(r"<script|<b>|https://evil|\*\*|\$", found)


def test_a_question_may_follow_another_and_be_put_to_one_document(client: TestClient) -> None:
    _, why, _, _ = ask(client, "And to the second one?", earlier="What to bring to a visit?\n\n")
    assert "Completed from the earlier questions" in text_of(why)
    question = "What should I bring, and which pump?"
    _, why, _, _ = ask(client, question, document="visit.md")
    assert "/staff/documents/visit.md?start=" in unescape(why)
    _, why, _, _ = ask(client, question, document="pump.md")
    assert "no document of that name is quoted to this audience" in text_of(why)


@pytest.mark.parametrize("question", ["", "x" * 2000, *HOSTILE_TEXTS, "I want to kill myself"])
def test_odd_questions_are_shown_as_they_are_typed(client: TestClient, question: str) -> None:
    shown, why, _, asked = ask(client, question)
    assert 'class="verdict text"' in why
    assert 'class="reply"' in shown
    assert json.loads(asked)["question"] == question
    assert not re.search(r"<(script|img|iframe|b)[\s>]", why)


def test_patients_get_nothing_of_the_trace(client: TestClient) -> None:
    for more in ({}, {"trace": True}):
        made = client.post("/api/ask", json={"question": "What should I bring?", **more}).text
        assert not {"cosine", "bm25", "candidates", "leads"} & set(re.findall(r"\w+", made))


def test_each_document_says_how_it_stands(client: TestClient) -> None:
    listed = text_of(client.get("/staff/documents").text)
    assert "Not quoted: for staff only (audience)." in listed
    assert "Not quoted: expired, it was to be reviewed by 2020-01-01 (review_by)." in listed
    page = client.get("/staff/documents/pump.md?start=6&end=7#quote")
    assert "<script>alert" not in page.text
    assert "https://evil.example runs." in text_of(page.text)
    assert "Not quoted: for staff only" in text_of(page.text)
    assert 'id="quote"' in page.text
    assert 'href="/documents/visit.md"' in unescape(client.get("/staff/documents/visit.md").text)
    misfit = client.get("/staff/documents/visit.md?start=900&end=910")
    assert "names a passage that is not in this document" in text_of(misfit.text)
    assert client.get("/staff/documents/none.md").status_code == 404
    assert client.get("/documents/pump.md").status_code == 404


def test_the_page_has_the_menu_of_the_others(client: TestClient, mixed: Desk) -> None:
    page = client.get("/staff/")
    session = mixed.sessions.find(client.cookies[COOKIE])
    assert session
    assert NURSE.name in text_of(page.text)
    assert 'action="/staff/logout"' in page.text
    assert "Who did what" in page.text
    assert "Publishing" not in page.text  # which is for maintainers
    token = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert token
    assert unescape(token[1]) == session.form_token
    assert "form_token" not in client.get("/").text


def test_nobody_unknown_gets_a_document(visitor: Visitor) -> None:
    for path in ("/staff/documents", "/staff/documents/ketamine-for-ptsd.md"):
        assert visitor(None).get(path).status_code == 303


def test_documents_that_came_later_can_be_chosen(
    client: TestClient, mixed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = {**mixed.assistant.standings(), "visit.md": Standing(staff_only=True)}
    monkeypatch.setattr(mixed.assistant, "standings", lambda: later)
    config = client.get("/staff/config").json()
    [within] = [
        one["id"]
        for one in config["components"]
        if (one["type"], one["props"].get("elem_id")) == ("dropdown", "within")
    ]
    [event] = [one for one in config["dependencies"] if one["outputs"] == [within]]
    body = {"data": [], "fn_index": event["id"]}
    [found] = client.post("/staff/gradio_api/run/predict", json=body).json()["data"]
    assert [one[1] for one in found["choices"]] == ["", "pump.md", "visit.md"]


def test_what_cannot_be_asked_is_said_and_not_logged(
    client: TestClient,
    mixed: Desk,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(question: str, **_: object) -> None:
        raise RuntimeError(question)

    monkeypatch.setattr(mixed.assistant, "examine", fails)
    shown, why, _, asked = ask(client, "What does a zebra bring?")
    assert "could not be answered" in shown
    assert (why, asked) == ("", "")
    assert "zebra" not in caplog.text


def test_nothing_asked_here_is_kept(client: TestClient, mixed: Desk, tmp_path: Path) -> None:
    ask(client, "What should a zebra bring?")
    kept = [path for path in mixed.config.parent.rglob("*") if path.is_file()]  # type: ignore[union-attr]
    assert kept
    assert not any(b"zebra" in path.read_bytes() for path in kept)


def test_limits_are_told_beside_the_programs_own_wherever_they_were_set(client: TestClient) -> None:
    """Here none is set in a file, and the threshold is another than the program's."""
    why = unescape(ask(client, "What do I bring to a visit?")[1])
    rows = {one: why[why.index(one) :].split("</tr>")[0] for one in ("Least confidence", "Most qu")}
    assert "in place of the program's own, 0.44" in rows["Least confidence"]
    assert "the program's own" in rows["Most qu"]
    assert "in place of" not in rows["Most qu"]
    assert "qa.toml" not in why
