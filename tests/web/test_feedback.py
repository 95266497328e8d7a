"""Feedback over HTTP: from the site's own pages only, checked, kept or honestly not."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from qa.errors import FeedbackError, StoreError
from qa.feedback import Feedback, Place, Verdict, read_feedback
from qa.store import Store
from qa.types import Notice
from qa.web.application import create_app
from qa.web.feedback import MAX_BODY, read_form
from qa.web.types import Page
from tests.web.stand_in import (
    CARE_DOCUMENT,
    CRISIS,
    CRISIS_LINE,
    DIALS,
    EMERGENCY,
    HOSTILE_DOCUMENT,
    NoBook,
    StandIn,
    book_of,
)

OWN = {"Sec-Fetch-Site": "same-origin"}
JSON = {**OWN, "Accept": "application/json"}
GIVEN = {
    "verdict": "was_wrong", "reason": "out_of_date", "note": "old\r\nzebra", "question": "zebra?",
    "kind": "answer", "refusal": "", "generation": "20261124-test",
    "span": [f"{CARE_DOCUMENT.id}:3:20", "hostile.md:0:5"],
}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("kept") / "records.sqlite3", keep_days=30)


@pytest.fixture(scope="module")
def taking(store: Store) -> Iterator[TestClient]:
    """A site that takes feedback into a real file, and logs no question."""
    with TestClient(create_app(StandIn(), feedback=book_of(store, str.upper))) as client:
        yield client


@pytest.fixture(scope="module")
def refusing(store: Store) -> Iterator[TestClient]:
    """The same in two languages."""
    pages = [Page.of(), Page.of("es", root="/es")]
    app = create_app(StandIn(), pages=pages, feedback=book_of(store, str.upper))
    with TestClient(app) as client:
        yield client


@pytest.fixture(autouse=True)
def _empty(store: Store) -> None:
    store.purge(everything=True)


def post(client: TestClient, fields: dict[str, object], headers: dict[str, str]) -> object:
    return client.post("/feedback", data=fields, headers=headers, follow_redirects=False)


def test_a_form_is_kept_and_led_to_a_page_that_thanks(taking: TestClient, store: Store) -> None:
    answer = post(taking, GIVEN, OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/feedback/thanks")
    assert answer.headers["cache-control"] == "no-store"
    [kept] = read_feedback(store)
    assert (kept.verdict, kept.reason, kept.kind) == (Verdict.WAS_WRONG, "out_of_date", "answer")
    assert (kept.note, kept.question) == ("OLD\nZEBRA", "")
    assert kept.places == (Place(CARE_DOCUMENT.id, 3, 20), Place("hostile.md", 0, 5))
    page = taking.get("/feedback/thanks")
    assert page.status_code == 200
    assert "Thank you" in page.text
    assert 'href="tel:988"' in unescape(page.text)


def test_the_thanks_look_as_the_page_did(taking: TestClient) -> None:
    for chosen in ("theme=dark&size=large", "size=largest"):
        answer = taking.post(f"/feedback?{chosen}", data=GIVEN, headers=OWN, follow_redirects=False)
        assert answer.headers["location"] == f"/feedback/thanks?{chosen}"
    answer = taking.post("/feedback?x=1&theme=no", data=GIVEN, headers=OWN, follow_redirects=False)
    assert answer.headers["location"] == "/feedback/thanks"


def test_json_for_whoever_asks_for_it(taking: TestClient, store: Store) -> None:
    answer = post(taking, {"verdict": "helped"}, JSON)
    assert (answer.status_code, answer.json()) == (200, {"kept": True})
    answer = post(taking, {"verdict": "loved"}, JSON)
    assert answer.status_code == 422
    assert answer.json()["kept"] is False
    assert "helped, did_not_help, was_wrong" in answer.json()["error"]
    assert len(read_feedback(store)) == 1


@pytest.mark.parametrize(
    ("note", "notice"), [("I want to hurt myself", CRISIS), ("I have chest pain", EMERGENCY)]
)
def test_a_note_that_tells_of_danger_gets_help_first_and_is_not_kept(
    taking: TestClient, store: Store, note: str, notice: Notice
) -> None:
    answer = post(taking, GIVEN | {"note": note}, OWN)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    page = unescape(answer.text)
    alarm, thanks = page.index('<div class="alarm" role="alert">'), page.index("Thank you</h1>")
    assert alarm < page.index(notice.text.partition(".")[0], alarm) < thanks
    assert alarm < page.index('<ul class="dial">') < page.index('href="tel:988"', alarm) < thanks
    told = post(taking, GIVEN | {"note": note}, JSON).json()
    assert (told["kept"], told["help"]) == (True, notice.text)
    ways = [(name, doing, href) for name, ways in told["dials"] for doing, href in ways]
    assert ways == [(dial.name, dial.doing, dial.href) for dial in DIALS]
    assert [one.note for one in read_feedback(store)] == ["", ""]
    assert note not in page


DANGER = "I want to hurt myself"
REFUSED = {
    "a note too long": ([("note", f"{DANGER} {'x' * 490}")], 422),
    "no verdict": ([("verdict", "")], 422),
    "an odd generation": ([("generation", "\u00fc")], 422),
    "no place": ([("span", "x")], 422),
    "17 places": ([("span", "a:1:2")] * 17, 422),
    "70 fields": ([("x", "1")] * 70, 422),
    "33 KB": ([("note", f"{DANGER} {'x' * 33_000}")], 413),
    "a note behind another": ([("note", "fine"), ("note", DANGER), ("reason", "x")], 422),
    "the beginning of 100 KB": ([("note", f"{DANGER} {'x ' * 50_000}")], 413),
    "the end of 100 KB": ([("note", f"{'x ' * 50_000} {DANGER}")], 413),
    "a note at the end of a long form": ([("x", "y" * 100_000), ("note", DANGER)], 413),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("root", ["", "/es"])
def test_danger_in_a_note_gets_help_first_whatever_else_is_wrong(
    refusing: TestClient, store: Store, case: str, root: str
) -> None:
    wrong, status = REFUSED[case]
    replaced = {name for name, _ in wrong}
    fields = [(name, value) for name, value in (("verdict", "helped"), ("note", DANGER))
              if name not in replaced]  # fmt: skip
    body = urlencode([*fields, *wrong])
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    told = refusing.post(f"{root}/feedback", content=body, headers=JSON | headers)
    assert (told.status_code, told.json()["kept"]) == (status, False)
    assert list(told.json()) == ["help", "dials", "kept", "error"]
    assert told.json()["help"] == CRISIS.text
    page = refusing.post(f"{root}/feedback", content=body, headers=OWN | headers)
    assert page.status_code == status
    alarm = page.text.index('<div class="alarm" role="alert">')
    assert alarm < page.text.index('href="tel:988"', alarm) < page.text.index("<h1>")
    assert DANGER not in page.text + told.text
    assert read_feedback(store) == []


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ("verdict=loved", JSON, 422),
        ("verdict=helped&x=" + "y" * MAX_BODY, JSON, 413),
        ('{"note": "I want to hurt myself"}', JSON | {"Content-Type": "application/json"}, 415),
        ("verdict=helped", JSON | {"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_every_refusal_in_json_tells_whom_to_call(
    taking: TestClient, body: str, headers: dict[str, str], status: int
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"} | headers
    told = taking.post("/feedback", content=body, headers=headers)
    assert told.status_code == status
    assert list(told.json()) == ["help", "kept", "error"]
    assert told.json()["help"] == CRISIS_LINE.text


def test_help_is_there_where_nothing_can_be_kept(tmp_path: Path) -> None:
    book = book_of(Store(tmp_path, keep_days=30), str.upper)  # a folder is no file
    client = TestClient(create_app(StandIn(), feedback=book))
    answer = post(client, GIVEN | {"note": "I want to hurt myself"}, OWN)
    assert answer.status_code == 503
    assert answer.text.index('role="alert"') < answer.text.index("not kept</h1>")
    told = post(client, GIVEN | {"note": "I want to hurt myself"}, JSON).json()
    assert (told["kept"], told["help"]) == (False, CRISIS.text)


def test_places_that_no_answer_can_have_are_left_out(taking: TestClient, store: Store) -> None:
    person = "John Smith, 12 Oak Road, 555-201-9933:0:1"
    behind = f"hostile.md:0:{len(HOSTILE_DOCUMENT.text) + 1}"
    assert post(taking, GIVEN | {"span": [person] * 14 + [behind]}, JSON).json()["kept"]
    [kept] = read_feedback(store)
    assert kept.places == ()
    assert b"Oak Road" not in store.path.read_bytes()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://testserver:81"},
        {"Origin": "http://evil.example/testserver"},
    ],
)
def test_another_sites_page_is_refused(
    taking: TestClient, store: Store, headers: dict[str, str]
) -> None:
    answer = post(taking, GIVEN, headers)
    assert answer.status_code == 403
    assert "zebra" not in answer.text
    assert post(taking, GIVEN, headers | {"Accept": "application/json"}).json()["kept"] is False
    assert read_feedback(store) == []


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data", ""])
def test_only_forms_are_read(taking: TestClient, store: Store, kind: str) -> None:
    body = urlencode({"verdict": "helped"}).encode()
    answer = taking.post("/feedback", content=body, headers=JSON | {"Content-Type": kind})
    assert answer.status_code == 415
    assert read_feedback(store) == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"other": "zebra"}, 422),
        ({"verdict": "zebra"}, 422),
        (GIVEN | {"reason": "zebra"}, 422),
        (GIVEN | {"note": "zebra" * 101}, 422),
        (GIVEN | {"kind": "zebra"}, 422),
        (GIVEN | {"generation": "zebra crossing"}, 422),
        (GIVEN | {"span": "zebra"}, 422),
        (GIVEN | {"span": "zebra.md:1"}, 422),
        (GIVEN | {"span": "zebra.md:-1:5"}, 422),
        (GIVEN | {"span": "zebra.md:5:1"}, 422),
        (GIVEN | {"span": "zebra.md:1:\u0665"}, 422),
        (GIVEN | {"span": "zebra.md:1:" + "9" * 5_000}, 422),
        (GIVEN | {"span": ["zebra.md:1:5"] * 60}, 422),
        (GIVEN | {"note": "zebra" * MAX_BODY}, 413),
    ],
)
def test_what_is_wrong_is_said_and_not_repeated(
    taking: TestClient, store: Store, fields: dict[str, object], status: int
) -> None:
    for headers in (OWN, JSON):
        answer = post(taking, fields, headers)
        assert answer.status_code == status
        assert "zebra" not in answer.text
    assert "not kept" in post(taking, fields, OWN).text
    assert read_feedback(store) == []


def test_too_many_fields_are_not_read() -> None:
    with pytest.raises(FeedbackError, match="64 fields"):
        read_form(b"verdict=helped" + b"&x=1" * 64)


def test_undecodable_bytes_are_only_odd_characters() -> None:
    given = read_form(b"verdict=helped&note=%ff%fe&question=" + b"q" * 1_001)
    assert (given.note, given.question) == ("\ufffd\ufffd", "")


@pytest.mark.parametrize("error", [StoreError("disk full"), RuntimeError("zebra stripes")])
def test_what_could_not_be_kept_is_not_thanked_for(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    class Failing(NoBook):
        def keep(self, feedback: Feedback) -> None:
            raise error

    client = TestClient(create_app(StandIn(), feedback=Failing()))
    with caplog.at_level(logging.INFO):
        page = post(client, GIVEN, OWN)
        answer = post(client, GIVEN, JSON)
    assert (page.status_code, answer.status_code) == (503, 503)
    assert "could not be kept" in page.text
    assert answer.json()["kept"] is False
    assert "feedback was not kept" in caplog.text
    assert "zebra" not in caplog.text + page.text + answer.text


def test_without_a_keeper_there_is_no_such_route() -> None:
    with TestClient(create_app(StandIn())) as client:
        assert post(client, GIVEN, OWN).status_code == 404  # type: ignore[attr-defined]
        assert client.get("/feedback/thanks").status_code == 404


def test_other_methods_are_shut(taking: TestClient) -> None:
    assert taking.get("/feedback").status_code == 405
    assert taking.post("/feedback/thanks").status_code == 405


def test_nothing_lies_beside_the_file(taking: TestClient, store: Store) -> None:
    post(taking, GIVEN, OWN)
    folder = Path(store.path).parent
    assert [path.name for path in folder.iterdir()] == [store.path.name]
    kept = store.path.read_bytes()
    assert b"ZEBRA" in kept  # the note's, as this book redacts it
    assert b"zebra?" not in kept.lower()
