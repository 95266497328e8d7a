"""Nobody who is not logged in gets anything from /staff but the login page.

Every route of the whole application under /staff is asked, those of the mounted Gradio application
among them, and addresses that lead around a guard elsewhere. A route that is added tomorrow is
asked tomorrow.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from fastapi import FastAPI
from starlette.types import Message

from qa.staff.accounts import Accounts
from qa.staff.desk import Desk
from qa.staff.file import StaffFile
from qa.staff.sessions import Sessions
from qa.web.staff.guard import COOKIE
from tests.staff.quick import quick_passwords
from tests.web.routes import filled, routes_of
from tests.web.staff.conftest import KEEPER, NURSE, PASSWORD, Visitor, form_token_of

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE")
GRADIO = """
config info app_id theme.css api_info openapi.json docs redoc upload upload_progress
file=/etc/passwd file=https://evil.example/ proxy=https://evil.example/ stream/a/b/c/d
queue/join queue/data queue/status heartbeat/x deep_link component_server reset cancel
call/ask call/ask/1 run/ask run/predict api/predict startup-events login_check token user
login logout monitoring monitoring/x manifest.json favicon.ico robots.txt pwa_icon dev/reload
custom_component/x/client/component/index.js vibe-code mcp mcp/sse runs
"""
KNOWN = (
    "/staff",
    "/staff/",
    *(f"/staff/{prefix}{one}" for one in GRADIO.split() for prefix in ("", "gradio_api/")),
    "/staff/assets/index.js",
    "/staff/static/img/logo.svg",
    "/staff/svelte/svelte.js",
    "/staff//config",
    "/staff/./config",
    "/staff/../staff/config",
    "/staff/%2e%2e/staff/config",
    "/staff%2fconfig",
    "/%73taff/config",
    "/staff/%63onfig",
    "/staff/config%00",
    "/staff/config%0d%0aX:y",
    "/staff/login/../config",
    "/staff/login/..%2fconfig",
    "/staff/login%2f..%2fconfig",
    "/staff/login/x",
    "/staff/login/start/x",
    "/staff/login;/staff/config",
    "/staff/assets/../config",
)
ELSEWHERE = (
    "//staff/config",
    "///staff/",
    "/./staff/config",
    "/Staff/config",
    "/STAFF/",
    "/es/staff",
    "/es/staff/config",
    "/es/../staff/config",
    "/x/../staff/config",
    "/staff.",
    "/staff;/config",
    "/staff%20/config",
    "/staff%00/config",
    "/staff\\config",
    "/%2fstaff/config",
    "/gradio_api/staff/config",
    "/page/../staff/config",
    "/page/staff",
    "/stafff",
)


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    text: str


async def _call(
    app: FastAPI, method: str, raw: str, cookie: str = "", more: Sequence[tuple[bytes, bytes]] = ()
) -> Reply:
    """One request as a server hands it over: clients tidy addresses up, attackers' do not."""
    headers = [(b"host", b"testserver"), (b"content-type", b"application/json"), *more]
    if cookie:
        headers.append((b"cookie", f"{COOKIE}={cookie}".encode()))
    body = b"{}" if method not in ("GET", "HEAD") else b""
    headers.append((b"content-length", str(len(body)).encode()))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": unquote(raw),
        "raw_path": raw.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": ("203.0.113.9", 1),
        "server": ("testserver", 443),
    }
    start: Message = {}
    received = bytearray()

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
        else:
            received.extend(message.get("body", b""))

    await app(scope, receive, send)
    told = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return Reply(start["status"], told, received.decode("utf-8", "replace"))


def ask_all(app: FastAPI, asked: Sequence[tuple[str, str]], **more: Any) -> list[Reply]:
    async def all_of_them() -> list[Reply]:
        return [await _call(app, method, path, **more) for method, path in asked]

    return asyncio.run(all_of_them())


def under_staff(app: FastAPI) -> list[str]:
    paths = {filled(path) for path, _ in routes_of(app)}
    return sorted(one for one in paths if one == "/staff" or one.startswith("/staff/"))


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield str(key)
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)


@pytest.fixture(scope="module")
def secrets_of_staff(visitor: Visitor) -> list[str]:
    """What stands in the staff's Gradio page and neither in the patients' nor on the login page."""
    staff, patients = visitor(NURSE).get("/staff/config"), visitor(None).get("/config")
    assert staff.status_code == patients.status_code == 200
    public = patients.text + visitor(None).get("/staff/login").text + visitor(None).get("/").text
    # Of one word and short many are others' too: "marked" stands in the API's description.
    own = {one for one in strings(staff.json()) if len(one) > 20 and one not in public}
    own |= {NURSE.name, KEEPER.name, "Who did what"}
    assert len(own) > 5
    return sorted(own)


def problem_of(method: str, path: str, reply: Reply, hidden: Sequence[str]) -> str | None:
    """What a stranger got that is not the login page, if anything."""
    leaked = [one for one in hidden if one in reply.text or one in str(reply.headers)]
    is_page = reply.headers.get("content-type", "").startswith("text/html")
    login = is_page and 'action="/staff/login"' in reply.text
    led = reply.status == 303 and reply.headers["location"].partition("?")[0] == "/staff/login"
    shut = led or (login and reply.status in (200, 401, 403, 422))
    open_page = unquote(path) == "/staff/login"
    if leaked or not shut or (reply.status == 200 and not open_page):
        return f"{method} {path}: {reply.status}, {leaked}, {reply.text[:80]!r}"
    if reply.headers["cache-control"] != "no-store":
        return f"{method} {path}: may be cached"
    return None


def test_the_routes_are_found(staff_app: FastAPI) -> None:
    """The enumeration sees what it is for: our pages, and Gradio's below them."""
    found = under_staff(staff_app)
    assert {"/staff/login", "/staff/logout", "/staff/audit", "/staff/runs"} <= set(found)
    assert {"/staff/config", "/staff/gradio_api/upload", "/staff/gradio_api/queue/join"} <= set(
        found
    )
    assert len(found) > 60


def test_a_stranger_gets_the_login_page_from_every_route(
    staff_app: FastAPI, secrets_of_staff: list[str]
) -> None:
    paths = dict.fromkeys([*under_staff(staff_app), *KNOWN])
    asked = [(method, path) for path in paths for method in METHODS]
    replies = ask_all(staff_app, asked)
    problems = [
        problem_of(method, path, reply, secrets_of_staff)
        for (method, path), reply in zip(asked, replies, strict=True)
    ]
    assert [one for one in problems if one] == []
    assert len(asked) > 800


def test_what_only_looks_like_staff_is_not_there(
    staff_app: FastAPI, secrets_of_staff: list[str]
) -> None:
    asked = [(method, path) for path in ELSEWHERE for method in METHODS]
    for (method, path), reply in zip(asked, ask_all(staff_app, asked), strict=True):
        # 204 names the methods of an address that is everybody's, such as /page/staff.
        assert reply.status in ((204, 404, 405) if method == "OPTIONS" else (404, 405)), (
            method,
            path,
        )
        assert not [one for one in secrets_of_staff if one in reply.text], (method, path)


def test_a_token_that_is_not_a_living_sessions_opens_nothing(
    staff_app: FastAPI, desk: Desk, secrets_of_staff: list[str], tmp_path: Path
) -> None:
    elsewhere = StaffFile(tmp_path / "other.sqlite3")
    Accounts(elsewhere, passwords=quick_passwords()).add(NURSE.name, NURSE.role, PASSWORD)
    ended = desk.sessions.begin(NURSE)
    desk.sessions.end(ended)
    cookies = {
        "forged": "A" * 43,
        "of another server": Sessions(elsewhere).begin(NURSE),
        "expired": Sessions(desk.file, now=lambda: time.time() - 50_000).begin(NURSE),
        "idle": Sessions(desk.file, now=lambda: time.time() - 1_801).begin(NURSE),
        "logged out": ended,
        "a name": NURSE.name.replace(" ", ""),
        "SQL": "' OR 1=1 --",
        "huge": "A" * 4_000,
    }
    paths = ("/staff/", "/staff/config", "/staff/audit", "/staff/gradio_api/run/predict")
    asked = [(method, path) for path in paths for method in ("GET", "POST")]
    for name, cookie in cookies.items():
        for (method, path), reply in zip(
            asked, ask_all(staff_app, asked, cookie=cookie), strict=True
        ):
            assert not problem_of(method, path, reply, secrets_of_staff), name


def test_headers_that_a_proxy_might_send_open_nothing(
    staff_app: FastAPI, secrets_of_staff: list[str]
) -> None:
    names = (b"x-remote-user", b"remote-user", b"x-forwarded-user", b"authorization")
    more = [(name, NURSE.name.encode()) for name in names] + [
        (b"x-forwarded-for", b"127.0.0.1"),
        (b"x-original-url", b"/staff/login"),
        (b"x-http-method-override", b"GET"),
    ]
    for path in ("/staff/", "/staff/config", "/staff/audit"):
        [reply] = ask_all(staff_app, [("GET", path)], more=more)
        assert not problem_of("GET", path, reply, secrets_of_staff)


def test_a_websocket_is_closed(staff_app: FastAPI) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/staff/gradio_api/queue/join", "headers": []}
    asyncio.run(staff_app(scope, receive, send))
    assert [one["type"] for one in sent] == ["websocket.close"]


def test_the_patients_side_tells_nothing_of_staff(
    visitor: Visitor, secrets_of_staff: list[str]
) -> None:
    client, nurse = visitor(None), visitor(NURSE)
    for path in ("/", "/config", "/api/openapi.json", "/api/docs", "/plain", "/documents"):
        page = client.get(path).text
        assert not [one for one in secrets_of_staff if one in page], path
        assert "/staff" not in page, path
    own = {one["id"] for one in client.get("/config").json()["dependencies"]}
    for number in {one["id"] for one in nurse.get("/staff/config").json()["dependencies"]} | {99}:
        asked = {"fn_index": number, "data": ["side effects"], "session_hash": "x"}
        reply = client.post("/gradio_api/run/predict", json=asked)
        assert not [one for one in secrets_of_staff if one in reply.text]
        assert number in own or reply.status_code >= 400


def maintainers_routes(app: FastAPI) -> list[tuple[str, str]]:
    """What asks for a maintainer, read from the functions themselves."""
    found = []
    for path, route in routes_of(app):
        endpoint = getattr(route, "endpoint", None)
        if not path.startswith("/staff/") or not inspect.isfunction(endpoint):
            continue
        if "need_maintainer(" in inspect.getsource(endpoint):
            found += [(one, filled(path)) for one in route.methods if one != "HEAD"]
    return sorted(found)


def test_staff_get_nothing_that_is_for_maintainers(
    staff_app: FastAPI, visitor: Visitor, desk: Desk
) -> None:
    nurse = visitor(NURSE)
    before = desk.audit.entries(1)
    for method, path in maintainers_routes(staff_app):
        form = {"form_token": form_token_of(nurse, desk)} if method == "POST" else None
        reply = nurse.request(method, path, data=form)
        assert reply.status_code == 403, (method, path)
        assert "Only maintainers" in reply.text, (method, path)
    assert desk.audit.entries(1) == before


def test_staff_reach_nothing_of_gradios_but_their_page(
    staff_app: FastAPI, desk: Desk, visitor: Visitor
) -> None:
    nurse = visitor(NURSE)
    for path in ("gradio_api/upload", "gradio_api/file=/etc/passwd", "gradio_api/deep_link",
                 "gradio_api/info", "gradio_api/queue/join", "monitoring", "token"):  # fmt: skip
        for method in ("GET", "POST"):
            assert nurse.request(method, f"/staff/{path}").status_code == 404, path
    assert json.loads(nurse.get("/staff/config").text)["mode"]
