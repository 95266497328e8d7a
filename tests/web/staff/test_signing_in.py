"""Logging in and out of the staff's pages, through the whole application."""

from __future__ import annotations

import time
from html import unescape

import pytest
from httpx import Response
from starlette.testclient import TestClient

from qa.errors import StoreError, TooBusy
from qa.staff.desk import Desk
from qa.staff.lockout import Lockout, Tried
from qa.staff.member import Role
from qa.web.staff.guard import COOKIE
from qa.web.staff.signing_in import BROWSER
from tests.web.staff.conftest import NURSE, PASSWORD, Visitor, form_token_of

FORM = {"name": NURSE.name, "password": PASSWORD}


def logged_in(client: TestClient, **more: str) -> str:
    """Logs the nurse in by the form; gives her cookie."""
    answer = client.post("/staff/login", data=FORM | more)
    assert answer.status_code == 303
    return str(answer.cookies[COOKIE])


def said_in(answer: Response) -> str:
    return unescape(answer.text)


def test_nobody_sees_a_page_without_logging_in(visitor: Visitor) -> None:
    client = visitor(None)
    answer = client.get("/staff/runs?which=2")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/staff/login?next=%2Fstaff%2Fruns%3Fwhich%3D2",
    )
    assert client.post("/staff/gradio_api/run/predict", json={}).status_code == 401


def test_somebody_logs_in_and_out(visitor: Visitor, desk: Desk) -> None:
    client = visitor(None)
    answer = client.post("/staff/login", data=FORM | {"next": "/staff/runs"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/runs")
    session, browser = answer.headers.get_list("set-cookie")
    assert session.startswith(f"{COOKIE}=")
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(session.split("; "))
    assert not {"Domain", "Max-Age", "expires"} & {one.split("=")[0] for one in session.split("; ")}
    assert browser.startswith(f"{BROWSER}=")
    assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= set(browser.split("; "))
    assert NURSE.name in client.get("/staff/runs").text
    token, held = form_token_of(client, desk), client.cookies[COOKIE]
    assert client.post("/staff/logout", data={"form_token": "another"}).status_code == 403
    assert client.post("/staff/logout", data={"form_token": token}).status_code == 303
    assert not client.cookies.get(COOKIE)
    assert client.get("/staff/runs").status_code == 303
    client.cookies.set(COOKIE, held)  # a browser that keeps what it was told to forget
    assert client.get("/staff/runs").status_code == 303
    done = [(one.who, one.what) for one in desk.audit.entries(2)]
    assert done == [(NURSE.name, "logged out"), (NURSE.name, "logged in")]


def test_a_log_in_gives_a_new_token_and_ends_the_old(visitor: Visitor, desk: Desk) -> None:
    client = visitor(NURSE)
    first = client.cookies[COOKIE]
    assert logged_in(client) != first
    assert desk.sessions.find(first) is None


def test_logging_out_everywhere(visitor: Visitor, desk: Desk) -> None:
    here, there = visitor(NURSE), visitor(NURSE)
    form = {"form_token": form_token_of(here, desk), "everywhere": "yes"}
    answer = here.post("/staff/logout", data=form)
    assert answer.headers["location"] == "/staff/login?note=everywhere"
    assert there.get("/staff/runs").status_code == 303


@pytest.mark.parametrize(
    ("onward", "leads"),
    [
        ("/staff/audit?who=x", "/staff/audit?who=x"),
        ("https://evil.example/", "/staff/"),
        ("//evil.example/staff/", "/staff/"),
        ("/staff\\evil.example", "/staff/"),
        ("/staff/\\..\\..", "/staff/"),
        ("/", "/staff/"),
        ("javascript:alert(1)", "/staff/"),
    ],
)
def test_a_log_in_leads_to_these_pages_only(visitor: Visitor, onward: str, leads: str) -> None:
    answer = visitor(None).post("/staff/login", data=FORM | {"next": onward})
    assert answer.headers["location"] == leads


def test_wrong_ones_are_told_apart_by_nothing_and_then_wait(visitor: Visitor, desk: Desk) -> None:
    desk.accounts.add("Guessed", Role.STAFF, PASSWORD)
    said = {}
    for name in ("Guessed", "Nobody of that name"):
        form = {"name": name, "password": "wrong"}
        tries = [visitor(None).post("/staff/login", data=form) for _ in range(5)]
        later = time.time()
        for _ in range(12):  # guessing on and on, from elsewhere
            later += 1_000
            Lockout(desk.file, lambda now=later: now).count(Tried.of(name, "203.0.113.7"))
        tries.append(visitor(None).post("/staff/login", data=form | {"password": PASSWORD}))
        said[name] = [(one.status_code, one.text) for one in tries]
    assert said["Guessed"] == said["Nobody of that name"]
    assert [one.status_code for one in tries] == [401] * 5 + [429]
    assert "Wait 15 minutes, then try again" in said_in(tries[-1])
    assert tries[-1].headers["retry-after"] == "900"


def test_odd_forms_are_answered_with_the_page(visitor: Visitor) -> None:
    client = visitor(None)
    for data in ({}, {"name": NURSE.name}, {"name": "", "password": "x" * 2_000}):
        answer = client.post("/staff/login", data=data)
        assert answer.status_code in (401, 422)
        assert 'action="/staff/login"' in answer.text
    files = {"name": ("a", b"x"), "password": ("b", b"y")}
    assert client.post("/staff/login", files=files).status_code == 422
    shown = client.get("/staff/login?note=Ring+evil.example&next=%22%3E%3Cscript%3E").text
    assert "evil.example" not in shown
    assert "<script" not in shown


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=Q", "text/plain", "", "\xff"])
def test_a_log_in_comes_as_the_page_sends_it_and_nothing_else_is_read(
    visitor: Visitor, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    """What reads forms with files logs each that is broken, with a byte of it: by anybody."""
    headers = {"content-type": kind.encode("latin-1")}
    answer = visitor(None).post("/staff/login", content=b"--Q\r\nfoo\x12bar", headers=headers)
    assert answer.status_code == 422
    assert 'action="/staff/login"' in answer.text
    assert caplog.text == ""


def test_a_members_form_without_files_comes_as_the_page_sends_it(
    visitor: Visitor, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    client = visitor(NURSE)
    files = {"form_token": (None, form_token_of(client, desk)), "everywhere": (None, "yes")}
    answer = client.post("/staff/logout", files=files)
    assert answer.status_code == 403
    assert client.get("/staff/questions").status_code == 200
    assert caplog.text == ""


def test_too_many_at_once_are_told_so(
    visitor: Visitor, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(name: str, password: str) -> None:
        raise TooBusy("Too many people are logging in.")

    monkeypatch.setattr(desk.accounts, "verified", busy)
    answer = visitor(None).post("/staff/login", data=FORM | {"name": "Somebody"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "Too many people are logging in." in said_in(answer)


def test_a_file_that_cannot_be_used_is_named_to_members_only(
    visitor: Visitor, desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(name: str, password: str) -> None:
        raise StoreError("/srv/staff.sqlite3 cannot be used.")

    monkeypatch.setattr(desk.accounts, "verified", broken)
    answer = visitor(None).post("/staff/login", data=FORM | {"name": "Another"})
    assert answer.status_code == 503
    assert "Nobody can be logged in at this moment." in said_in(answer)
    assert "sqlite3" not in said_in(answer)
    assert "/srv/staff.sqlite3" in caplog.text


FOREIGN = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "none"},
    {"sec-fetch-site": "", "origin": "https://testserver"},
]
UNTOLD = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "https://testserver.evil.example"},
    {"referer": "https://testserver/staff/"},
    {},
]


@pytest.mark.parametrize("sent", [*FOREIGN, *UNTOLD], ids=str)
def test_another_sites_form_does_nothing(
    visitor: Visitor, desk: Desk, sent: dict[str, str]
) -> None:
    """Nor one of which the browser does not say whose it is, even with the right form token."""
    client = visitor(NURSE)
    token = form_token_of(client, desk)
    del client.headers["sec-fetch-site"]
    before = desk.audit.entries(1)
    answer = client.post("/staff/logout", data={"form_token": token}, headers=sent)
    assert answer.status_code == 403
    asked = {"fn_index": 0, "data": ["side effects"], "session_hash": "x"}
    for path in ("/staff/gradio_api/run/predict", "/staff/gradio_api/run/predict?x"):
        assert client.post(path, json=asked, headers=sent).status_code == 403
    stranger = visitor(None)
    del stranger.headers["sec-fetch-site"]
    answer = stranger.post("/staff/login", data=FORM, headers=sent)
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    assert desk.audit.entries(1) == before
    assert client.get("/staff/runs").status_code == 200


def test_an_old_browsers_own_form_works(visitor: Visitor, desk: Desk) -> None:
    client = visitor(NURSE)
    del client.headers["sec-fetch-site"]
    form = {"form_token": form_token_of(client, desk)}
    answer = client.post("/staff/logout", data=form, headers={"origin": "https://testserver"})
    assert answer.status_code == 303


@pytest.mark.parametrize("form", [{}, {"form_token": ""}, {"form_token": "x" * 64}])
def test_a_form_without_this_sessions_token_does_nothing(
    visitor: Visitor, form: dict[str, str]
) -> None:
    client = visitor(NURSE)
    assert client.post("/staff/logout", data=form).status_code == 403
    assert client.get("/staff/runs").status_code == 200


def test_another_members_token_does_nothing(visitor: Visitor, desk: Desk) -> None:
    other = form_token_of(visitor(NURSE), desk)
    assert visitor(NURSE).post("/staff/logout", data={"form_token": other}).status_code == 403


def test_a_page_that_is_not_there_is_told_of_by_a_page(visitor: Visitor) -> None:
    client = visitor(NURSE)
    for path in ("/staff/coverage/no/such", "/staff/audit/x", "/staff/questionsx"):
        answer = client.get(path)
        assert answer.status_code == 404, path
    assert "There is no such page" in client.get("/staff/coverage/no/such").text
    assert 'aria-current="page">Questions<' in client.get("/staff/mark?question=x").text
