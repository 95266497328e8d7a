"""Fuzz: every address and form of the staff's pages for a maintainer who is logged in, and tables.

Whatever a member's browser sends: no status of 500 or more, and nothing of it becomes an element of
a page that the page did not have.
"""

# ruff: noqa: PT017  # what an error says is looked at only where one is raised

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote as percent_encode
from urllib.parse import urlencode

from fastapi import FastAPI
from hypothesis import strategies as st
from starlette.testclient import TestClient

from qa.errors import QuestionError
from qa.notices import Line, SafetyTexts
from qa.publishing import generations
from qa.staff.accounts import Accounts
from qa.staff.desk import Desk
from qa.staff.golden_text import Label
from qa.staff.member import Member, Role
from qa.staff.question_import import plan_import
from qa.staff.question_table import read_table, table_of
from qa.web.application import create_app
from qa.web.staff.guard import COOKIE
from tests.fuzz.altered import Altered, altered, any_text
from tests.fuzz.budget import fuzzed
from tests.fuzz.replies import is_harmless, is_in_order
from tests.staff.quick import quick_passwords
from tests.tiny_desk import DRIVING, LATER, stage, tiny_desk
from tests.word_hash import WordHashEmbedder

_KIM = Member("Kim", Role.MAINTAINER)
_TEXTS = SafetyTexts(country="US", emergency="911", lines=(Line("988 Lifeline", "988"),))


@lru_cache(maxsize=1)
def _desk() -> Desk:
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    embedder = WordHashEmbedder()
    desk = tiny_desk(folder, embedder, _TEXTS)
    stage(desk, embedder, LATER)
    Accounts(desk.file, passwords=quick_passwords()).add(
        _KIM.name, _KIM.role, "plain words in a row"
    )
    return desk


@lru_cache(maxsize=1)
def _app() -> FastAPI:
    return create_app(_desk().assistant, desk=_desk())


def _client() -> tuple[TestClient, str]:
    """A browser that a maintainer is logged in on, and what its forms carry."""
    desk = _desk()
    client = TestClient(_app(), "https://testserver", follow_redirects=False,
                        headers={"sec-fetch-site": "same-origin"})  # fmt: skip
    token = desk.sessions.begin(_KIM)
    client.cookies.set(COOKIE, token)
    session = desk.sessions.find(token)
    assert session
    return client, session.form_token


_PAGES = (
    "", "questions", "questions/export", "questions/delete", "questions/import", "mark", "runs",
    "runs/1", "runs/1/run.csv", "runs/1/question", "runs/grid", "runs/changes", "runs/history",
    "confidence", "confidence/effect", "confidence/risk.svg", "confidence/x.svg", "coverage",
    "coverage/document", "coverage/topics", "coverage/flips", "publishing", "audit", "documents",
    "documents/driving.md", "publishing/generations/x", "publishing/back/x", "jobs/state", "login",
    "publishing/generations/", "runs/", "confidence/", "documents/", "login/start",
)  # fmt: skip
_FORMS = (
    "questions/delete", "questions/undo", "questions/settle", "questions/import/write", "mark",
    "runs", "runs/1/delete", "confidence/threshold", "coverage/flips", "publishing/check",
    "publishing/publish", "publishing/back", "jobs/stop", "logout", "login", "questions/import",
)  # fmt: skip
_NAMES = (
    "page", "done", "digest", "id", "only", "part", "kind", "key", "question", "document", "start",
    "end", "expect", "quote", "tags", "note", "span", "pick", "keep", "find", "do", "edit", "seen",
    "skip", "generation", "which", "threshold", "run", "why", "report", "live", "although", "for",
    "number", "back", "next", "name", "password", "who", "what", "runs", "after", "before", "view",
    "sort", "held", "places", "asked", "audience", "answer", "verdict", "stamp", "size", "language",
)  # fmt: skip
_VALUES = (
    "1", "2", "0", "-1", "9" * 4_400, "9" * 19, "1e9", "0.5", "\u00b2", "\u0663", "all", "yes",
    "quote", "refuse", "crisis", "driving.md", "ketamine.md", "driving.md:0:9", "0:9", "9:0",
    f"0:{'9' * 30}", "part:1", f"part:{'9' * 5_000}", "save", "pick:1", "remove:0", "search",
    '{"question": "x", "audience": "patients", "places": []}', "/staff/runs", "//evil.example",
    "https://evil.example", "2026-11-26", DRIVING, "Kim", "\r\nSet-Cookie: x=y",
)  # fmt: skip
_values = st.one_of(st.sampled_from(_VALUES), st.just("<name>"), any_text(60))
_fields = st.lists(st.tuples(st.sampled_from(_NAMES), _values), max_size=10)


def _filled(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields, with the name of a kept generation where one is wanted."""
    names = generations(_desk().index) or ["x"]
    return [(one, names[len(one) % len(names)] if v == "<name>" else v) for one, v in fields]


def _is_well(response: Any) -> None:
    is_in_order(response)
    assert "\n" not in response.headers.get("location", "")
    assert not response.headers.get("location", "/").startswith(("//", "http"))
    if "html" in response.headers.get("content-type", ""):
        is_harmless(response.text)


@fuzzed(
    "staff/addresses",
    daily=8,
    page=st.sampled_from(_PAGES),
    more=st.one_of(st.just("1"), _values),
    query=_fields,
)
def test_any_address_of_the_staffs_pages(
    page: str, more: str, query: list[tuple[str, str]]
) -> None:
    client, _ = _client()
    if page.endswith("/"):
        page += percent_encode(_filled([("x", more)])[0][1].encode("utf-8", "surrogatepass"))
    encoded = urlencode(_filled(query), errors="surrogatepass")
    _is_well(client.get(f"/staff/{page}?{encoded}"[:60_000]))


@fuzzed(
    "staff/forms",
    daily=6,
    page=st.sampled_from(_FORMS),
    fields=_fields,
    knows=st.sampled_from([True, True, True, False]),
)
def test_any_form_of_the_staffs_pages(
    page: str, fields: list[tuple[str, str]], knows: bool
) -> None:
    client, token = _client()
    sent = [("form_token", token if knows else "x"), *_filled(fields)]
    headers = {"content-type": "application/x-www-form-urlencoded"}
    body = urlencode(sent, errors="surrogatepass").encode()
    _is_well(client.post(f"/staff/{page}", content=body, headers=headers))
    _desk().jobs.wait()


_BODY = (
    b'--x\r\nContent-Disposition: form-data; name="form_token"\r\n\r\nTOKEN\r\n'
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'
    b"Content-Type: text/csv\r\n\r\nquestion,expect,quote\r\nMay I?,refuse,\r\n--x--\r\n"
)


@fuzzed(
    "staff/uploads",
    daily=4,
    body=altered([_BODY], [b"\r\n", b"--x", b'"', b"\0", b"filename*=utf-8''%ff", b"=?x?="]),
    page=st.sampled_from(["questions/import", "questions/import", "mark", "runs"]),
)
def test_any_upload(body: Altered, page: str) -> None:
    client, token = _client()
    content = body.data.replace(b"TOKEN", token.encode())
    headers = {"content-type": "multipart/form-data; boundary=x"}
    response = client.post(f"/staff/{page}", content=content, headers=headers)
    _is_well(response)
    if response.status_code == 303:
        _is_well(client.get(response.headers["location"]))
    _desk().jobs.wait()


def _label(question: str, expect: str, quote: str) -> Label:
    return Label(question=question, expect=expect, quote=quote, document="driving.md")


@lru_cache(maxsize=1)
def _tables() -> list[bytes]:
    table = table_of([_label("May I drive?", "quote", LATER), _label("=1+1", "refuse", "")])
    text = table.decode("utf-8-sig")
    return [table, text.encode("utf-16"), text.replace(",", ";").encode("cp1252"),
            b"sep=;\r\n" + text.replace(",", ";").encode(),
            text.replace(",", "\t").encode()]  # fmt: skip


_SIGNS = (b'"', b",", b";", b"\t", b"\r", b"\n", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"sep=|\n",
          b"question", b"=", b"'", b"\x81", b'"' + b"x" * 140_000)  # fmt: skip


@fuzzed("staff/tables", daily=40, data=st.deferred(lambda: altered(_tables(), _SIGNS)))
def test_any_table_of_questions(data: Altered) -> None:
    try:
        table = read_table(data.data)
    except QuestionError as error:
        assert len(str(error)) < 2_000
        return
    desk = _desk()
    plan = plan_import(table, [], desk.assistant.stored)
    again = read_table(table_of(plan.added))
    assert [line.cells for line in again.lines] == [label.cells() for label in plan.added]
