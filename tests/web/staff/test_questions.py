"""The list of golden questions: filtered, deleted, exported, imported."""

from __future__ import annotations

import asyncio
import html
import re
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.staff.desk import Desk
from qa.staff.golden_book import GoldenBook, Label
from tests.web.staff.conftest import NURSE, Visitor, form_token_of

IMPORT = "/staff/questions/import"


@pytest.fixture(scope="module")
def client(visitor: Visitor) -> TestClient:
    return visitor(NURSE)


@pytest.fixture
def book(desk: Desk) -> GoldenBook:
    return GoldenBook(desk.golden)


def page_of(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def listed(page: str) -> list[int]:
    return [int(one) for one in re.findall(r'class="number">(\d+)<', page)]


def send(client: TestClient, desk: Desk, data: bytes) -> Any:
    fields = {"form_token": form_token_of(client, desk)}
    return client.post(IMPORT, data=fields, files={"file": ("mine.csv", data, "text/csv")})


def test_the_list_is_filtered(client: TestClient, desk: Desk, book: GoldenBook) -> None:
    kept = book.kept()
    assert listed(page_of(client, "/staff/questions")) == list(range(1, 51))
    last = page_of(client, "/staff/questions?page=99")
    assert listed(last)[-1] == len(kept)
    held = [one.number for one in kept if "held" in one.label.tags.split()]
    assert listed(page_of(client, "/staff/questions?use=held")) == held[:50]
    crisis = [one.number for one in kept if one.label.expect == "crisis"]
    assert listed(page_of(client, "/staff/questions?expect=crisis&text=")) == crisis
    page = page_of(client, "/staff/questions?text=BREAKFAST+infusion")
    assert [kept[n - 1].label.expect for n in listed(page)] == ["refuse"]
    assert "No question is like that" in page_of(client, "/staff/questions?document=none.md")
    assert "No question is like that" in page_of(client, "/staff/questions?misfit=yes")


def test_what_does_not_fit_its_document_is_named(
    client: TestClient, desk: Desk, book: GoldenBook
) -> None:
    before = desk.golden.read_bytes()
    kept = book.add(Label("<i>Gone</i>?", "quote", "Words that went.", "ketamine-for-ptsd.md"))
    page = client.get("/staff/questions?misfit=yes").text
    assert "<i>" not in page
    assert listed(html.unescape(page)) == [kept.number]
    assert "ketamine-for-ptsd.md does not hold 'Words that went.'" in html.unescape(page)
    desk.golden.write_bytes(before)


def test_deleting_asks_first_and_can_be_undone(
    client: TestClient, desk: Desk, book: GoldenBook
) -> None:
    kept = book.kept()
    one = kept[4]
    page = page_of(client, f"/staff/questions/delete?digest={one.digest}")
    assert f"Delete golden question {one.number}?" in page
    assert book.kept() == kept
    fields = {"form_token": form_token_of(client, desk), "digest": one.digest}
    assert client.post("/staff/questions/delete", data={"digest": one.digest}).status_code == 403
    answer = client.post("/staff/questions/delete", data=fields)
    assert book.find(one.label.question) is None
    assert "was deleted" in page_of(client, answer.headers["location"])
    assert client.post("/staff/questions/delete", data=fields).status_code == 409
    edit = answer.headers["location"].rpartition("=")[2]
    client.post("/staff/questions/undo", data=fields | {"edit": edit})
    back = book.find(one.label.question)
    assert back
    assert back.label == one.label
    done = [entry.what for entry in desk.audit.entries()][:2]
    assert done == ["took an edit back", "deleted a golden question"]


def test_an_export_that_is_imported_changes_nothing(client: TestClient, desk: Desk) -> None:
    before = desk.golden.read_bytes()
    export = client.get("/staff/questions/export")
    assert "questions.csv" in export.headers["content-disposition"]
    answer = send(client, desk, export.content)
    page = page_of(client, answer.headers["location"])
    assert re.search(r"mine\.csv: 0 new, 0 changed, \d+ the same, 0 wrong", page)
    assert "There is nothing to write" in page
    assert desk.golden.read_bytes() == before


def test_an_import_is_looked_at_before_it_is_written(
    client: TestClient, desk: Desk, book: GoldenBook
) -> None:
    before = book.kept()
    data = "question;expect\r\nIst das gefährlich für mich?;refuse\r\nWhy?;maybe\r\n"
    answer = send(client, desk, data.encode("cp1252"))
    page = page_of(client, answer.headers["location"])
    assert "1 new, 0 changed, 0 the same, 1 wrong" in page
    assert "Line 3: what is expected is \u201cmaybe\u201d" in re.sub("<[^>]*>", "", page)
    assert "Windows-1252" in page
    assert book.kept() == before
    fields = {
        "form_token": form_token_of(client, desk),
        "key": answer.headers["location"].rpartition("=")[2],
    }
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen
    write = f"{IMPORT}/write"
    assert client.post(write, data=fields | {"seen": seen[1]}).status_code == 409
    assert client.post(write, data=fields | {"seen": "x", "skip": "yes"}).status_code == 409
    assert book.kept() == before
    done = client.post(write, data=fields | {"seen": seen[1], "skip": "yes"})
    assert done.headers["location"] == "/staff/questions?note=imported"
    assert [one.label.question for one in book.kept()][len(before) :] == [
        "Ist das gefährlich für mich?"
    ]
    newest = desk.audit.entries()[0]
    assert (newest.what, newest.about[:18]) == ("imported golden questions", "mine.csv: 1 new, 0")
    assert client.post(write, data=fields | {"seen": seen[1]}).status_code == 409


def test_what_cannot_be_read_is_said(client: TestClient, desk: Desk) -> None:
    wrong = send(client, desk, b"question,quote\r\n")
    assert wrong.status_code == 422
    assert "the column \u201cexpect\u201d is missing" in html.unescape(wrong.text)
    none = client.post(IMPORT, data={"form_token": form_token_of(client, desk)})
    assert "Choose a file first" in html.unescape(none.text)


def test_members_send_much_and_only_here(client: TestClient, desk: Desk) -> None:
    much = b"words\r\n" + b"x\r\n" * 130_000
    assert send(client, desk, much).status_code == 422  # read, and found wanting
    assert send(client, desk, b"x" * 5_100_000).status_code == 413
    longer = {"form_token": form_token_of(client, desk), "question": "x" * 400_000}
    assert client.post("/staff/mark", data=longer).status_code == 413


def test_what_a_stranger_sends_is_not_read(staff_app: FastAPI) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        raise AssertionError("the body of a stranger was read")

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"host", b"testserver"), (b"content-length", b"4000000")]
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "https",
        "server": ("testserver", 443),
        "path": IMPORT,
        "raw_path": IMPORT.encode(),
        "query_string": b"",
        "headers": [*headers, (b"sec-fetch-site", b"same-origin")],
    }
    asyncio.run(staff_app(scope, receive, send))
    assert sent[0]["status"] == 401
