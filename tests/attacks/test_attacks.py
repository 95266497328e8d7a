"""Every attack of the tables beside this, on a running server with the staff's pages on.

To add one, write a line into the table that it belongs to (`smuggling`, `hosts`, `paths`,
`bodies`, `sites`): its name, what is sent, and which statuses must come back. What no reply may
tell is looked for in all of them (`attack.problems`). All share one server; behind each table it
must still answer a question as it should, and have written nothing of what it was sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from socket import create_connection
from urllib.parse import quote, urlencode, urlsplit

import pytest

from qa.embedding import Embedder
from qa.staff.member import Role
from qa.web.staff.guard import COOKIE
from tests.attacks import bodies, hosts, paths, sites, smuggling
from tests.attacks.attack import MARK, Attack, problems
from tests.attacks.clinic import PASSWORD, SECRET, Clinic, attacked
from tests.attacks.routes import expected, routes_to_try
from tests.attacks.wire import Request
from tests.web.routes import filled

pytestmark = pytest.mark.slow

TABLES = {
    "smuggling": smuggling.ATTACKS,
    "hosts": hosts.ATTACKS,
    "paths": paths.ATTACKS,
    "bodies": bodies.ATTACKS,
    "sites": sites.ATTACKS,
}
OWN = (("Sec-Fetch-Site", "same-origin"), ("Origin", "http://127.0.0.1"))
CLOSE = "Connection: close"
FORM = ("Content-Type", "application/x-www-form-urlencoded")


@pytest.fixture(scope="module")
def clinic(
    tmp_path_factory: pytest.TempPathFactory, real_index: Path, bundled: Embedder
) -> Iterator[Clinic]:
    with attacked(tmp_path_factory.mktemp("attacked"), real_index, bundled) as made:
        yield made


def wrong_with(clinic: Clinic, attacks: Sequence[Attack]) -> dict[str, list[str]]:
    """What was wrong with each; empty where all is well."""
    secrets = (SECRET, PASSWORD, str(clinic.server.folder), *clinic.tokens.values())
    found = {one.name: problems(one, clinic.send(one.sent), secrets) for one in attacks}
    assert len(found) == len(attacks), "two attacks have the same name"
    return {name: wrong for name, wrong in found.items() if wrong}


def answers_and_kept_silent(clinic: Clinic) -> None:
    answer = clinic.answer()
    assert answer["kind"] == "answer"
    assert "Do not drive until the next day" in answer["quotes"][0]["text"]
    said = clinic.server.said()
    assert not [one for one in ("Traceback", "ERROR", MARK, SECRET, "\x1b") if one in said], said


@pytest.mark.parametrize("table", TABLES)
def test_each_attack_gets_what_it_must_and_is_told_nothing(clinic: Clinic, table: str) -> None:
    assert wrong_with(clinic, TABLES[table]) == {}
    answers_and_kept_silent(clinic)


# --- every route ---------------------------------------------------------------------------------


def walked(
    clinic: Clinic, methods: Sequence[str], who: str = "", without: str = "-"
) -> list[Attack]:
    """An attack for every route of the running application at every root, by each method; but for
    what begins with `without`."""
    found = []
    for path in routes_to_try(clinic.routes()):
        if path.startswith(without):
            continue
        for method in methods:
            status = expected(method, path, who)
            if status:
                sent = Request(method, path, OWN if who else (), who=who)
                found.append(Attack(f"{method} {path}", sent, (status,)))
    return found


def test_no_route_is_open_that_is_not_meant_to_be(clinic: Clinic) -> None:
    # Under /staff `tests/web/staff/test_anonymous.py` walks by day, without a server.
    attacks = walked(clinic, ("GET", "POST"), without="/staff/")
    assert len(attacks) > 600
    assert wrong_with(clinic, attacks) == {}
    answers_and_kept_silent(clinic)


@pytest.mark.nightly
@pytest.mark.parametrize("who", ["", "staff", "maintainer"])
def test_no_method_opens_one_and_no_member_either(clinic: Clinic, who: str) -> None:
    methods = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND")
    assert wrong_with(clinic, walked(clinic, methods, who)) == {}
    answers_and_kept_silent(clinic)


ODD = (
    *("-1", "0", "9" * 30, "9" * 5_000, "%00", "..", "%2e%2e", "..%2f..%2fqa.toml", "%252e%252e"),
    *(
        "%2fetc%2fpasswd",
        "a%0d%0aX-Evil:%20y",
        "%ff",
        "%ED%A0%80",
        "A" * 3_000,
        "'%20OR%201=1",
        "%",
    ),
)


@pytest.mark.nightly
@pytest.mark.parametrize("who", ["", "maintainer"])
def test_no_parameter_breaks_a_route(clinic: Clinic, who: str) -> None:
    """Every route with parameters in its address, each of them odd."""
    routes = [path for path, methods in clinic.routes() if "{" in path and "GET" in methods]
    assert len(routes) > 20
    for path in routes:
        for odd in ODD:
            target = re.sub(r"\{[^}]*\}", lambda _, odd=odd: odd, path)
            sent = Request("GET", target, OWN, who=who)
            [reply] = clinic.send(sent).replies
            assert reply.status < 500, (path, odd[:40])
            assert not [one for one in (SECRET, "root:x:", "Traceback") if one in reply.text]
    answers_and_kept_silent(clinic)


def config_of(clinic: Clinic, path: str, who: str = "") -> dict[str, object]:
    [reply] = clinic.send(Request("GET", path, who=who)).replies
    assert reply.status == 200
    found: dict[str, object] = json.loads(reply.body)
    return found


def events_in(config: dict[str, object]) -> set[int]:
    dependencies = config["dependencies"]
    assert isinstance(dependencies, list)
    return {one["id"] for one in dependencies}


def test_no_event_of_the_staffs_page_runs_for_a_stranger(clinic: Clinic) -> None:
    staffs = events_in(config_of(clinic, "/staff/config", "staff"))
    assert staffs
    patients = events_in(config_of(clinic, "/config"))
    found = []
    for number in sorted(staffs | {max(patients) + 1}):
        body = json.dumps({"fn_index": number, "data": [MARK] * 9}).encode()
        kind = (("Content-Type", "application/json"), *OWN)
        for path, status in (("/staff/gradio_api/run/predict", 401),
                             ("/gradio_api/run/predict", 422),
                             ("/es/gradio_api/run/predict", 422),
                             ("/gradio_api/queue/join", 404),
                             ("/staff/gradio_api/queue/join", 401)):  # fmt: skip
            sent = Request("POST", path, kind, body)
            found.append(Attack(f"event {number} at {path}", sent, (status,)))
    assert wrong_with(clinic, found) == {}


def test_the_pages_config_tells_nothing_of_staff_or_of_this_machine(clinic: Clinic) -> None:
    hidden = ("/staff", "Nurse", "workbench", str(clinic.server.folder), "/tmp/", "/root/")
    for path in ("/config", "/es/config", "/", "/api/openapi.json"):
        [reply] = clinic.send(Request("GET", path)).replies
        assert not [one for one in hidden if one in reply.text], path


# --- whose request it is -------------------------------------------------------------------------


def test_another_sites_form_does_nothing_in_a_members_name(clinic: Clinic) -> None:
    """Every writing route under /staff, with the session's cookie and its form's token."""
    token = f"form_token={clinic.form_token('maintainer')}&name=x&why=x".encode()
    writing = sorted({filled(path) for path, methods in clinic.routes()
                      if path.startswith("/staff/") and "POST" in methods
                      and "/gradio_api/" not in path and path != "/staff/login"})  # fmt: skip
    assert {"/staff/logout", "/staff/mark"} <= set(writing)
    before = clinic.audit.entries(1)
    found = [
        Attack(
            f"{path} from {number} as {who}",
            Request("POST", path, (FORM, *site), token, who),
            (status,),
        )
        for path in writing
        for number, site in enumerate(sites.FOREIGN)
        for who, status in (("maintainer", 403), ("", 401))
        # Gradio's own addresses are shut even to members.
        if path.startswith(OWN_PAGES) or not who
    ]
    assert wrong_with(clinic, found) == {}
    assert clinic.audit.entries(1) == before


OWN_PAGES = tuple(f"/staff/{one}" for one in ("logout", "questions", "mark", "runs", "confidence",
                                              "coverage", "publishing", "audit"))  # fmt: skip


def test_a_session_is_nobodys_but_its_members(clinic: Clinic) -> None:
    token = clinic.tokens["staff"]
    forged = (
        *("A" * 43, token[:-1], f"{token}x", token.swapcase(), f'"{token}"x', "", "' OR 1=1 --"),
        *("../" * 9, "A" * 4_000, "%00", clinic.form_token("staff")),
    )
    found = [
        Attack(
            f"cookie {number}", Request("GET", "/staff/", (("Cookie", f"{COOKIE}={one}"),)), (303,)
        )
        for number, one in enumerate(forged)
    ]
    found += [
        Attack(f"override by {name}",
               Request("GET", "/staff/logout", ((name, "POST"),), who="staff"), (404,))
        for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")
    ]  # fmt: skip
    assert wrong_with(clinic, found) == {}
    assert clinic.sessions.find(token)


def log_in(clinic: Clinic, cookie: str) -> str:
    """Logs somebody in on a browser that has a cookie already; gives the one it has then."""
    body = f"name=Visitor&password={PASSWORD.replace(' ', '+')}".encode()
    sent = Request("POST", "/staff/login", (FORM, *OWN, ("Cookie", f"{COOKIE}={cookie}")), body)
    [reply] = clinic.send(sent).replies
    assert reply.status == 303
    made = dict(value.split(";")[0].split("=") for name, value in reply.headers
                if name == "set-cookie")  # fmt: skip
    return made[COOKIE]


def test_a_cookie_put_there_before_or_of_a_removed_member_opens_nothing(clinic: Clinic) -> None:
    clinic.accounts.add("Visitor", Role.STAFF, PASSWORD)
    planted = "B" * 43
    first = log_in(clinic, planted)
    second = log_in(clinic, first)
    assert len({planted, first, second}) == 3
    opened = [clinic.send(Request("GET", "/staff/audit", (("Cookie", f"{COOKIE}={one}"),))).statuses
              for one in (planted, first, second)]  # fmt: skip
    assert opened == [(303,), (303,), (200,)]
    clinic.accounts.remove("Visitor")
    gone = clinic.send(Request("GET", "/staff/audit", (("Cookie", f"{COOKIE}={second}"),)))
    assert gone.statuses == (303,)


# --- many at once, and what is written down ------------------------------------------------------


def test_two_hundred_listeners_and_idle_lines_keep_nobody_waiting(clinic: Clinic) -> None:
    port = urlsplit(clinic.url).port or 0
    paths = ("/gradio_api/queue/data?session_hash=x", "/gradio_api/heartbeat/x")
    with ExitStack() as held:
        lines = [held.enter_context(create_connection(("127.0.0.1", port), 20)) for _ in range(200)]
        for number, line in enumerate(lines[:150]):
            path = paths[number % 2]
            line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                         "Accept: text/event-stream\r\n\r\n".encode())  # fmt: skip
        answers_and_kept_silent(clinic)  # with fifty that say nothing at all
        assert {line.recv(12) for line in lines[:150]} == {b"HTTP/1.1 404"}


FORGED = f"{MARK}\r\n2026-11-26 ERROR forged\n\x1b[2J\x1b]0;x\x07\u202eevil\u2028x\x85"


def test_nothing_that_is_sent_stands_in_the_log(clinic: Clinic) -> None:
    kind = ("Content-Type", "application/json")
    asked = {"question": FORGED, "qid": FORGED[:200], "documents": [FORGED], "previous": [FORGED]}
    form = urlencode({"question": FORGED, "verdict": "was_wrong", "reason": FORGED, "note": FORGED,
                      "name": FORGED, "password": FORGED, "next": FORGED}).encode()  # fmt: skip
    sent = [
        Request("POST", "/api/ask", (kind,), json.dumps(asked).encode()),
        Request("POST", "/api/ask", (kind,), json.dumps(FORGED).encode()),
        Request("POST", "/gradio_api/run/predict", (kind,),
                json.dumps({"fn_index": 0, "data": [FORGED, []]}).encode()),
        *(Request("POST", path, (FORM, *OWN), form)
          for path in ("/plain", "/answer", "/feedback", "/staff/login")),
        Request("GET", f"/{quote(FORGED)}"),
        Request("GET", f"/documents/{quote(FORGED)}?start={quote(FORGED)}"),
        Request("GET", f"/staff/{quote(FORGED)}", who="staff"),
        Request("GET", f"/staff/documents/{quote(FORGED)}", who="staff"),
        Request("GET", f"/staff/audit?who={quote(FORGED)}&what={quote(FORGED)}", who="staff"),
        Request("GET", "/", (("User-Agent", f"{MARK} \x9b2J"), ("Referer", MARK))),
        f"GET /{MARK} HTTP/1.1\r\nHost: {MARK}\x1b[2J\r\n{CLOSE}\r\n\r\n".encode(),
        f"{MARK} {MARK}\r\n\r\n".encode(),
    ]  # fmt: skip
    for one in sent:
        assert all(200 <= status < 500 for status in clinic.send(one).statuses), one
    answers_and_kept_silent(clinic)


def test_no_broken_forms_of_strangers_fill_the_log(clinic: Clinic) -> None:
    before = clinic.server.said()
    kind = ("Content-Type", "multipart/form-data; boundary=Q")
    for path, status in (("/staff/login", 422), ("/plain", 200), ("/feedback", 415)):
        for sign in b"\x01\x12\x1b\xff":
            body = b"--Q\r\nfoo" + bytes([sign]) + b"bar"
            assert clinic.send(Request("POST", path, (kind, *OWN), body)).statuses == (status,)
    token = clinic.form_token("staff")
    body = f'--Q\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n{token}\r\n'
    for path, status in (("/staff/questions/import", 400), ("/staff/logout", 403)):
        sent = Request("POST", path, (kind, *OWN), f"{body}--Q\r\nfoo\x12bar".encode(), who="staff")
        assert clinic.send(sent).statuses == (status,)
    assert clinic.server.said() == before


def test_the_trail_shows_what_is_unseen_and_obeys_none_of_it(clinic: Clinic) -> None:
    clinic.audit.note("Nurse Nora", "marked", f"<b>{FORGED}", "=HYPERLINK(1)")
    page, table = (clinic.send(Request("GET", path, who="maintainer")).replies[0]
                   for path in ("/staff/audit", "/staff/audit/table.csv"))  # fmt: skip
    assert MARK in page.text
    assert "U+001B" in page.text
    assert not [one for one in ("<b>", "\x1b", "\u202e", "\u2028") if one in page.text]
    assert "\n=HYPERLINK" not in table.text
    assert ",=HYPERLINK" not in table.text
