"""How fast one client may ask: bounded, told when to come again, and never without help."""

from __future__ import annotations

from itertools import count

import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from qa.web.application import create_app
from qa.web.peer import RememberPeer, client_key, forwarded
from qa.web.rate_limit import RateGuard, RateLimit
from qa.web.types import Page
from tests.web.real_server import ask_chat
from tests.web.stand_in import NoBook, StandIn

OWN = {"Sec-Fetch-Site": "same-origin"}
FORM = {"verdict": "helped", "note": "", "kind": "answer", "generation": "g"}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_fills_again_and_says_when() -> None:
    clock = Clock()
    limit = RateLimit(60, 3, clock=clock)
    assert [limit.take("a") for _ in range(5)] == [0, 0, 0, 1, 1]
    assert limit.take("b") == 0
    clock.now += 1
    assert [limit.take("a") for _ in range(2)] == [0, 1]
    clock.now += 1_000
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, 1], "no more than the burst is saved up"
    assert RateLimit(1, 1).take("a") == 0


def test_a_slow_pace_is_told_in_whole_seconds() -> None:
    limit = RateLimit(4, 1, clock=Clock())
    assert [limit.take("a"), limit.take("a")] == [0, 15]


def test_what_costs_more_takes_more() -> None:
    clock = Clock()
    limit = RateLimit(60, 5, clock=clock)
    assert [limit.take("a", 4), limit.take("a", 4), limit.take("a")] == [0, 3, 0]
    clock.now += 4
    assert [limit.take("a", 5), limit.take("a", 4)] == [1, 0]


def test_the_number_of_clients_is_bounded_and_the_oldest_forgotten() -> None:
    clock = Clock()
    limit = RateLimit(60, 1, clients=100, clock=clock)
    assert [limit.take("first"), limit.take("first")] == [0, 1]
    for number in range(99):
        limit.take(str(number))
    assert limit.take("first") == 1, "ninety-nine others do not push it out"
    for number in range(5_000):
        limit.take(str(number))
    assert limit.known == 100


def test_addresses_of_one_network_are_one_client() -> None:
    limit = RateLimit(60, 5, clock=Clock())
    flood = [limit.take(client_key(f"2001:db8:1:2::{number:x}")) for number in range(1, 2_000)]
    assert flood.count(0) == 5
    assert limit.known == 1
    assert client_key("::ffff:192.0.2.1") == client_key("192.0.2.1") == "192.0.2.1"
    assert client_key("2001:db8:1:2::1") != client_key("2001:db8:1:3::1")


@pytest.fixture(scope="module")
def limited() -> FastAPI:
    pages = [Page.of(), Page.of("es", root="/es")]
    # As few a minute as can be: a document is free again after 15 seconds, which no test takes.
    given = {"questions_per_minute": 1, "questions_burst": 2}
    return create_app(StandIn(), pages=pages, feedback=NoBook(), **given)  # type: ignore[arg-type]


_numbers = count(1)


@pytest.fixture
def hurried(limited: FastAPI) -> TestClient:
    """A client, another for each test, that has asked as often as it may."""
    client = TestClient(limited, client=(f"192.0.2.{next(_numbers)}", 1))
    for _ in range(2):
        assert client.post("/api/ask", json={"question": "side effects"}).status_code == 200
    return client


def test_the_api_says_when_to_ask_again_and_shows_the_notices(hurried: TestClient) -> None:
    told = hurried.post("/api/ask", json={"question": "zebra side effects"})
    assert told.status_code == 429
    assert 1 <= int(told.headers["Retry-After"]) <= 60
    assert [one["kind"] for one in told.json()["notices"]] == ["disclaimer", "crisis_line"]
    assert "zebra" not in told.text


def test_help_comes_first_in_what_came_too_fast(hurried: TestClient) -> None:
    danger = {"question": "I want to hurt myself"}
    told = hurried.post("/api/ask", json=danger)
    assert (told.status_code, told.json()["notices"][0]["kind"]) == (429, "crisis")
    for root, words in (("", "coming very fast"), ("/es", "muy seguidas")):
        page = hurried.post(f"{root}/plain", data=danger, headers=OWN)
        assert (page.status_code, page.headers["Retry-After"] > "") == (429, True)
        shown = page.text[page.text.index('id="log"') :]
        assert 0 < shown.index('class="alarm') < shown.index(words)
    box, log = ask_chat(hurried, "I want to hurt myself").json()["data"]  # type: ignore[arg-type]
    message = str(log[-1]["content"])
    assert box == ""
    assert 0 < message.index("alarm") < message.index("coming very fast")


def asking(burst: int) -> TestClient:
    """A client that may ask so many short questions at once, and more after some minutes."""
    app = create_app(
        StandIn(), pages=[Page.of()], feedback=NoBook(), questions_per_minute=1,
        questions_burst=burst,
    )  # fmt: skip
    return TestClient(app)


LONG = "The clinic opens at nine. " * 385  # ten pieces of a thousand characters, the last not full


@pytest.mark.parametrize("way", ["api", "plain", "chat"])
def test_a_long_message_counts_for_as_many_as_it_takes_to_look_through(way: str) -> None:
    client = asking(12)

    def waits(question: str) -> int:
        if way == "api":
            return int(
                client.post("/api/ask", json={"question": question}).headers.get("Retry-After", 0)
            )
        if way == "plain":
            page = client.post("/plain", data={"question": question}, headers=OWN)
            return int(page.headers.get("Retry-After", 0))
        told = str(ask_chat(client, question).json()["data"][1][-1]["content"])
        return "coming very fast" in told

    assert len(LONG) > 10_000
    assert not waits(LONG)
    assert waits(LONG) != 0
    assert not client.get("/plain").headers.get("Retry-After")


def test_no_message_is_so_long_that_it_is_never_taken() -> None:
    client = asking(2)
    assert client.post("/api/ask", json={"question": LONG}).status_code == 200
    hurried = client.post("/api/ask", json={"question": LONG})
    assert (hurried.status_code, hurried.headers["Retry-After"]) == (429, "60")


def test_a_long_note_counts_for_what_of_it_is_looked_at() -> None:
    client = asking(5)
    refused = client.post("/feedback", data=FORM | {"note": LONG}, headers=OWN)
    assert refused.status_code == 422
    assert client.post("/feedback", data=FORM, headers=OWN).status_code == 429


def test_danger_in_a_long_message_that_comes_too_fast_gets_help() -> None:
    client = asking(12)
    assert client.post("/api/ask", json={"question": LONG}).status_code == 200
    told = client.post("/api/ask", json={"question": f"{LONG} I want to hurt myself"})
    assert (told.status_code, told.json()["notices"][0]["kind"]) == (429, "crisis")


def test_the_chat_keeps_the_question_to_be_asked_again(hurried: TestClient) -> None:
    box, log = ask_chat(hurried, "side effects").json()["data"]  # type: ignore[arg-type]
    assert box == "side effects"
    assert "coming very fast" in str(log[-1]["content"])


def test_feedback_that_comes_too_fast_is_not_kept_but_its_note_is_looked_at(
    hurried: TestClient,
) -> None:
    wanted = OWN | {"Accept": "application/json"}
    told = hurried.post("/feedback", data=FORM, headers=wanted)
    assert (told.status_code, told.json()["kept"]) == (429, False)
    assert int(told.headers["Retry-After"]) >= 1
    danger = hurried.post("/feedback", data=FORM | {"note": "I am hurt"}, headers=wanted)
    assert danger.status_code == 429
    assert "988" in danger.json()["help"]
    page = hurried.post("/feedback", data=FORM | {"note": "I am hurt"}, headers=OWN)
    assert (page.status_code, 'class="alarm' in page.text) == (429, True)


@pytest.mark.parametrize("path", ["/documents/", "/es/documents/", "/api/documents/"])
def test_documents_are_counted(limited: FastAPI, path: str) -> None:
    """A long one takes as long as a question, and anybody may ask for it again and again."""
    reader = TestClient(limited, client=(f"198.51.100.{next(_numbers)}", 1))
    address = f"{path}leaflets/ketamine%20care.md"
    assert [reader.get(address).status_code for _ in range(9)] == [200] * 8 + [429]
    assert reader.get("/documents").status_code == 200


def test_a_browser_gets_a_page_in_place_of_a_document(limited: FastAPI) -> None:
    browser = TestClient(
        limited, client=(f"198.51.100.{next(_numbers)}", 1), headers={"Accept": "text/html,*/*"}
    )
    for root, words in (("", "then load this page"), ("/es", "un minuto y cargue")):
        shown = [browser.get(f"{root}/documents/none.md") for _ in range(9)][-1]
        assert (shown.status_code, words in shown.text) == (429, True)
        assert int(shown.headers["Retry-After"]) >= 1
        assert "988" in shown.text


def test_printed_answers_pictures_and_files_are_counted_and_pages_are_not(
    hurried: TestClient,
) -> None:
    printed = hurried.post("/es/answer", data={}, headers=OWN)
    assert (printed.status_code, "espere un minuto" in printed.text) == (429, True)
    assert int(printed.headers["Retry-After"]) >= 1
    statuses = [hurried.get("/originals/none.pdf").status_code for _ in range(9)]
    assert statuses == [404] * 8 + [429]
    for path in ("/", "/plain", "/documents", "/page/style.css", "/health"):
        assert {hurried.get(path).status_code for _ in range(10)} == {200}


def test_another_client_and_a_proxy_that_names_nobody_are_not_held_up(limited: FastAPI) -> None:
    wrapped = RememberPeer(forwarded(limited))
    with TestClient(wrapped, client=("127.0.0.1", 1)) as proxy:

        def asked(sent: dict[str, str]) -> list[int]:
            body = {"question": "side effects"}
            return [proxy.post("/api/ask", json=body, headers=sent).status_code for _ in range(4)]

        assert asked({"X-Forwarded-For": "203.0.113.7"}) == [200, 200, 429, 429]
        assert asked({"X-Forwarded-For": "9.9.9.9, 203.0.113.7"}) == [429] * 4
        assert asked({"X-Forwarded-For": "203.0.113.8"}) == [200, 200, 429, 429]
        assert asked({}) == [200] * 4
    with TestClient(wrapped, client=("203.0.113.9", 1)) as stranger:
        statuses = [
            stranger.post(
                "/api/ask",
                json={"question": "side effects"},
                headers={
                    "X-Forwarded-For": f"10.0.0.{number}",
                    "Forwarded": f"for=10.0.0.{number}",
                },
            ).status_code
            for number in range(4)
        ]
    assert statuses == [200, 200, 429, 429], "a forged header makes nobody another client"


def test_without_a_limit_nobody_is_counted(client: TestClient) -> None:
    body = {"question": "side effects"}
    assert {client.post("/api/ask", json=body).status_code for _ in range(40)} == {200}


def warnings_of(caplog: pytest.LogCaptureFixture, **sent: str) -> int:
    """How often three requests of a trusted sender that names nobody are warned of."""
    headers = {name.replace("_", "-"): value for name, value in sent.items()}
    guarded = RememberPeer(forwarded(RateGuard(PlainTextResponse("here"))))
    client = TestClient(guarded, client=("127.0.0.1", 1), headers=headers)
    assert {client.get("/health").status_code for _ in range(3)} == {200}
    return caplog.text.count("without X-Forwarded-For")


@pytest.mark.parametrize(
    "sent", [{"Host": "ask.clinic.example"}, {"Via": "1.1 a"}, {"X_Real_IP": "192.0.2.1"}]
)
def test_a_proxy_that_names_nobody_is_warned_of_once(
    caplog: pytest.LogCaptureFixture, sent: dict[str, str]
) -> None:
    assert warnings_of(caplog, **sent) == 1


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost", "LOCALHOST:80", "[::1]:7860"])
def test_a_health_check_of_this_machine_is_not_warned_of(
    caplog: pytest.LogCaptureFixture, host: str
) -> None:
    assert warnings_of(caplog, Host=host) == 0
