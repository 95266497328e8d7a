"""When the pages are off, whom a proxy names, and what browsers may keep."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from qa.errors import StoreError
from qa.staff.accounts import Accounts
from qa.staff.desk import Desk
from qa.staff.file import StaffFile
from qa.staff.member import Role
from qa.staff.proxy import ProxyRules, TrustedProxy
from qa.staff.sessions import Sessions
from qa.web.peer import RememberPeer, forwarded
from qa.web.staff.guard import COOKIE, StaffGuard, session_of
from qa.web.staff.pages import LogInBy, StaffPages
from qa.web.types import Page
from tests.staff.quick import quick_passwords
from tests.web.staff.conftest import NURSE, Visitor

RULES = ProxyRules.of("X-Remote-User", maintainers=["Kim"], proxies=["10.0.0.5"])
PROXY = {"X-Remote-User": "Nora", "sec-fetch-site": "same-origin"}


async def _inside(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands for the pages: says who asks, and what headers got through."""
    request = Request(scope)
    member = session_of(request).member
    told = f"{member.name} {member.role} {request.headers.get('x-remote-user')}"
    await PlainTextResponse(told)(scope, receive, send)


def client_of(desk: Desk, address: str = "203.0.113.7") -> TestClient:
    pages = StaffPages(desk.assistant, Page.of(), LogInBy.of(desk))
    app = RememberPeer(forwarded(StaffGuard(_inside, desk, pages)))
    return TestClient(app, "https://testserver", client=(address, 1), follow_redirects=False)


@pytest.fixture
def file(tmp_path: Path) -> StaffFile:
    return StaffFile(tmp_path / "staff.sqlite3")


@pytest.fixture
def bare(desk: Desk, file: StaffFile) -> Desk:
    """A desk at which nobody may log in yet."""
    accounts = Accounts(file, passwords=quick_passwords())
    return replace(desk, file=file, accounts=accounts, sessions=Sessions(file))


def test_the_pages_are_off_until_somebody_may_log_in(bare: Desk) -> None:
    client = client_of(bare)
    paths = ("/staff", "/staff/", "/staff/login", "/staff/config", "/staff/login/start")
    for path in paths:
        for method in ("GET", "POST"):
            answer = client.request(method, path)
            assert (answer.status_code, answer.text) == (404, '{"error":"There is nothing here."}')
    assert not bare.file.path.exists()
    bare.accounts.add("Nora", Role.STAFF, "plain words in a row")  # and it is on, without a restart
    assert client.get("/staff/").status_code == 303
    bare.accounts.remove("Nora")
    assert client.get("/staff/").status_code == 404


def test_whom_the_proxy_names_is_let_in(bare: Desk) -> None:
    desk = replace(bare, proxy=TrustedProxy(RULES, bare.file))
    client = client_of(desk, "10.0.0.5")
    assert client.get("/staff/runs", headers=PROXY).text == "Nora staff None"
    kim = PROXY | {"X-Remote-User": "kim"}
    assert client.get("/staff/runs", headers=kim).text == "kim maintainer None"
    assert client.post("/staff/runs", headers=PROXY).status_code == 200
    assert client.post("/staff/runs", headers={"X-Remote-User": "Nora"}).status_code == 403


@pytest.mark.parametrize("address", ["203.0.113.7", "127.0.0.1", "10.0.0.6"])
def test_nobody_else_may_name_anybody(bare: Desk, address: str) -> None:
    """Not even from this machine, and not with the proxy's address in X-Forwarded-For."""
    desk = replace(bare, proxy=TrustedProxy(RULES, bare.file))
    client = client_of(desk, address)
    for more in ({}, {"X-Forwarded-For": "10.0.0.5"}, {"Forwarded": "for=10.0.0.5"}):
        answer = client.get("/staff/runs", headers=PROXY | more)
        assert (answer.status_code, answer.headers["location"][:12]) == (303, "/staff/login")
        assert client.post("/staff/runs", headers=PROXY | more).status_code == 401


def test_a_request_that_nothing_saw_arrive_names_nobody(bare: Desk) -> None:
    """As where another server than `qa serve` runs the application."""
    desk = replace(bare, proxy=TrustedProxy(RULES, bare.file))
    pages = StaffPages(desk.assistant, Page.of(), LogInBy.of(desk))
    app = StaffGuard(_inside, desk, pages)
    client = TestClient(app, client=("10.0.0.5", 1), follow_redirects=False)
    assert client.get("/staff/runs", headers=PROXY).status_code == 303


def test_where_a_proxy_says_who_asks_no_password_and_no_session_does(bare: Desk) -> None:
    bare.accounts.add(NURSE.name, NURSE.role, "plain words in a row")
    desk = replace(bare, proxy=TrustedProxy(RULES, bare.file))
    client = client_of(desk, "10.0.0.5")
    client.cookies.set(COOKIE, bare.sessions.begin(NURSE))
    assert client.get("/staff/runs").status_code == 303
    page = client.post("/staff/runs").text
    assert "own sign-on" in page
    assert 'name="password"' not in page


def test_browsers_keep_nothing_but_the_assets(visitor: Visitor) -> None:
    nurse = visitor(NURSE)
    page = nurse.get("/staff/")
    asset = re.search(r"\./(assets/index-[\w-]+\.js)", page.text)
    assert asset
    paths = ["/staff/", "/staff/config", "/staff/audit", "/staff/nothing"]
    paths += ["/staff/theme.css", "/staff/assets/none.js", f"/staff/{asset[1]}"]
    told = {path: nurse.get(path).headers["cache-control"] for path in paths}
    kept = {path for path, value in told.items() if value == "private, max-age=86400"}
    assert kept == {"/staff/theme.css", f"/staff/{asset[1]}"}
    assert {value for path, value in told.items() if path not in kept} == {"no-store"}
    asked = {"fn_index": 0, "data": ["side effects"], "session_hash": "x"}
    answer = nurse.post("/staff/gradio_api/run/predict", json=asked)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


def test_where_the_file_cannot_be_read_nobody_gets_through(
    bare: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    bare.file.path.write_bytes(b"no database at all, but long enough to be looked at" * 100)
    client = client_of(bare)
    client.cookies.set(COOKIE, "any")
    answer = client.get("/staff/runs")
    assert answer.status_code == 503
    assert str(bare.file.path) not in answer.text
    assert str(bare.file.path) in caplog.text
    with pytest.raises(StoreError):
        bare.accounts.members()
