"""The printed answer: cut anew from the documents, and nothing but places taken from the form."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from httpx import Response
from starlette.testclient import TestClient

from qa.document import Document
from qa.web.application import create_app
from qa.web.print_form import MOST_SPANS, form_fields, read_form
from qa.web.types import Page
from tests.web.stand_in import CARE_DOCUMENT, CRISIS_LINE, HOSTILE_TEXTS, StandIn

ASSISTANT = StandIn()
NOON = datetime(2026, 11, 26, 12, 5, 59, tzinfo=UTC)
Fields = list[tuple[str, str]]


def fields_for(question: str) -> Fields:
    return list(form_fields(ASSISTANT.ask(question), NOON))


def put(fields: Fields, name: str, value: str) -> Fields:
    """The fields with all values of a name replaced."""
    return [(one, value if one == name else kept) for one, kept in fields]


def body(fields: Fields) -> bytes:
    return urlencode(fields).encode()


def words(page: str) -> str:
    main = page[page.index("<main") : page.index("</main>")]
    return html.unescape(re.sub(r"<[^>]+>", "", main))


def quoted(page: str) -> list[str]:
    found = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", page, re.DOTALL)
    # Python, unlike browsers, drops entities of control characters.
    found = [one.replace("&#7;", "\a") for one in found]
    return [html.unescape(re.sub(r"<[^>]+>", "", one)) for one in found]


def post(client: TestClient, fields: Fields, path: str = "/answer", **headers: str) -> Response:
    given = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    return client.post(path, content=body(fields), headers=given)


def test_the_page_says_what_was_asked_and_quoted_where_and_when(client: TestClient) -> None:
    response = post(client, fields_for("side effects?"))
    shown = words(response.text)
    start = CARE_DOCUMENT.text.index("Most people feel dizzy")
    for part in (
        "side effects?",
        "Most people feel dizzy",
        "Ketamine treatment: what to expect",
        "Side effects",
        "Version 2.1, reviewed September 14, 2026",
        f"Characters {start} to ",
        CARE_DOCUMENT.sha256[:16],
        "November 26, 2026, 12:05 UTC",
        "20261124-test",
        "Riverside Clinic, +1 555 0100",
        "This is an automated system",
        CRISIS_LINE.text,
    ):
        assert part in shown
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"


def test_every_quote_is_there_word_for_word(client: TestClient) -> None:
    assert quoted(post(client, fields_for("hostile **x** <b>\n& more")).text) == list(HOSTILE_TEXTS)


def test_the_question_stands_in_the_page_as_text_and_nowhere_else(client: TestClient) -> None:
    response = post(client, fields_for("side effects <b>zebra</b>"))
    assert "side effects <b>zebra</b>" in words(response.text)
    assert "zebra</b>" not in response.text
    assert "zebra" not in re.search(r"<title>(.*?)</title>", response.text)[1]  # type: ignore[index]
    assert "zebra" not in str(response.url) + str(response.headers)


def test_the_form_comes_back_as_it_was_made() -> None:
    question = 'hostile "quoted" <b>\nline\u202e two & three'
    printed = read_form(body(fields_for(question)).replace(b"%0A", b"%0D%0A"))
    answer = ASSISTANT.ask(question)
    assert printed.question == question
    assert printed.answered_at == NOON.replace(second=0)
    assert [(one.document_id, one.start, one.end) for one in printed.spans] == [
        (one.document_id, one.start, one.end) for one in answer.quotes
    ]
    assert read_form(body(fields_for("drive"))).spans[1].role == "warning"


def test_a_warning_advice_and_crisis_are_said_to_be_so(client: TestClient) -> None:
    assert "A warning from the same section" in post(client, fields_for("drive")).text
    advice = words(post(client, fields_for("should I stop?")).text)
    assert "This page cannot advise" in advice
    assert "General information" in advice
    crisis = words(post(client, fields_for("I want to hurt myself")).text)
    assert crisis.index("In a crisis, or worried") < crisis.index("Wear loose sleeves")
    assert crisis.count("In a crisis, or worried") == 1


def test_what_was_searched_for_is_said(client: TestClient) -> None:
    fields = put(fields_for("side effects"), "searched_for", "side effects of <ketamine>")
    assert "Searched for: side effects of <ketamine>" in words(post(client, fields).text)
    assert "Searched for" not in post(client, fields_for("side effects")).text


class Later(StandIn):
    """The same assistant after its documents were changed."""

    def __init__(self, document: Document | None) -> None:
        super().__init__()
        self._document = document

    def document(self, document_id: str) -> Document | None:
        return self._document


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (None, "no longer there"),
        (replace(CARE_DOCUMENT, sha256="0" * 64), "changed after the passage was quoted"),
    ],
)
def test_nothing_is_shown_in_place_of_what_is_gone_or_changed(
    document: Document | None, says: str
) -> None:
    with TestClient(create_app(Later(document))) as client:
        response = post(client, fields_for("side effects"))
    assert response.status_code == 200
    assert words(response.text).count(says) == 2
    assert quoted(response.text) == []


def spans(fields: Fields) -> list[str]:
    return [value for name, value in fields if name == "span"]


GOOD = fields_for("Wear what? bring")
SPAN = spans(GOOD)[0]
NAME, START, END, SHA = SPAN.rsplit(":", 3)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: [],
        lambda fields: [one for one in fields if one[0] != "span"],
        lambda fields: [one for one in fields if one[0] != "role"],
        lambda fields: [one for one in fields if one[0] != "question"],
        lambda fields: [*fields, ("question", "twice")],
        lambda fields: [*fields, *[("span", SPAN), ("role", "evidence")] * MOST_SPANS],
        lambda fields: put(fields, "question", "x" * 1_001),
        lambda fields: put(fields, "searched_for", "x" * 1_001),
        lambda fields: put(fields, "role", "proof"),
        lambda fields: put(fields, "kind", "emergency"),
        lambda fields: put(fields, "advice", "perhaps"),
        lambda fields: put(fields, "generation", "<b>"),
        lambda fields: put(fields, "answered_at", "yesterday"),
        lambda fields: put(fields, "answered_at", "2026-13-26T12:05Z"),
        lambda fields: put(fields, "span", f"{NAME}:{END}:{START}:{SHA}"),
        lambda fields: put(fields, "span", f"{NAME}:{int(START) + 1}:{END}:{SHA}"),
        lambda fields: put(fields, "span", f"{NAME}:{START}:{int(END) - 1}:{SHA}"),
        lambda fields: put(fields, "span", f"{NAME}:{START}:999999999:{SHA}"),
        lambda fields: put(fields, "span", f"{NAME}:-1:{END}:{SHA}"),
        lambda fields: put(fields, "span", f"{NAME}:{START}:{END}:"),
        lambda fields: put(fields, "span", f"{NAME}:\u0661:\u0662:{SHA}"),
        lambda fields: put(fields, "span", f"{'x' * 1_001}:{START}:{END}:{SHA}"),
        lambda fields: [*fields, *[("other", "x")] * 100],
    ],
)
def test_a_form_that_no_answer_made_gets_words_and_no_echo(
    client: TestClient, change: Callable[[Fields], Fields]
) -> None:
    assert post(client, GOOD).status_code == 200
    response = post(client, change([*GOOD]))
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("text/html")
    assert "cannot be printed" in response.text
    assert "Wear what" not in response.text
    assert quoted(response.text) == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"question=%FF", b"{}", b"span=" * 50])
def test_bytes_that_are_no_form_get_words(client: TestClient, content: bytes) -> None:
    assert "cannot be printed" in client.post("/answer", content=content).text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://testserver"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
    ],
)
def test_no_other_site_prints_in_the_clinics_name(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    page = post(client, GOOD, **headers)
    assert page.status_code == status
    assert ("Bring a list" in page.text) is (status == 200)
    assert "In a crisis, or worried about someone?" in words(page.text)


def test_the_page_runs_its_own_script_alone(client: TestClient) -> None:
    policy = post(client, GOOD).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert client.get("/page/print.js").status_code == 200


def test_the_address_alone_explains_itself_and_leads_back(client: TestClient) -> None:
    page = client.get("/answer")
    assert page.status_code == 200
    assert "press the button below the answer" in words(page.text)
    assert '<a href="/">' in page.text
    assert "script-src" not in page.headers["content-security-policy"]


def test_each_language_has_its_own_page() -> None:
    further = replace(Page.of(), root="/xx")
    with TestClient(create_app(ASSISTANT, pages=[Page.of(), further])) as client:
        assert post(client, GOOD, "/xx/answer").status_code == 200
        assert '<a href="/xx/">' in client.get("/xx/answer").text


def test_an_answer_names_what_it_was_searched_for() -> None:
    answer = ASSISTANT.ask("side effects")
    told = replace(answer, searched_for="how long does ketamine last " * 100)
    assert len(dict(form_fields(told, NOON))["searched_for"]) == 1_000
