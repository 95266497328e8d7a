"""Where a request comes from, told by what browsers send; and what other sites' forms get."""

from __future__ import annotations

import html

import pytest
from starlette.datastructures import Headers
from starlette.testclient import TestClient

from qa.types import Answer
from qa.web.application import create_app
from qa.web.origin import is_foreign, is_own, was_linked_here
from qa.web.types import Page
from tests.web.stand_in import CRISIS_LINE, StandIn


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, False),
        ({"origin": "http://clinic.lan:7860", "host": "clinic.lan:7860"}, True),
        ({"origin": "https://Clinic.lan", "host": "clinic.LAN"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "null", "host": "a"}, True),
        ({"sec-fetch-site": "none", "origin": "http://a", "host": "a"}, False),
        ({"origin": "http://", "host": ""}, False),
        ({"origin": "http://[::1]:80", "host": "[::1]:80"}, True),
        ({"origin": "clinic.lan", "host": "clinic.lan"}, False),
        ({"origin": "http://[", "host": "["}, False),
    ],
)
def test_what_is_own_says_so(headers: dict[str, str], own: bool) -> None:
    assert is_own(Headers(headers)) is own


FOREIGN = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": ""},
    {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
    {"sec-fetch-site": "none", "origin": "https://evil.example"},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": ""},
    {"origin": "http://testserver:81"},
    {"origin": "http://testserver.evil.example"},
    {"origin": "http://evil.example/testserver"},
]
NOT_FOREIGN = [
    {},
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "same-origin", "origin": "https://behind.proxy.example"},
    {"sec-fetch-site": "none"},
    {"origin": "http://testserver"},
    {"origin": "https://TESTSERVER"},
]
HOST = {"host": "testserver"}


@pytest.mark.parametrize("headers", FOREIGN)
def test_what_another_site_sent_is_foreign(headers: dict[str, str]) -> None:
    assert is_foreign(Headers(headers | HOST))
    assert not is_own(Headers(headers | HOST))


@pytest.mark.parametrize("headers", NOT_FOREIGN)
def test_what_tells_nothing_is_not_foreign(headers: dict[str, str]) -> None:
    assert not is_foreign(Headers(headers | HOST))


@pytest.mark.parametrize(
    ("headers", "linked"),
    [
        ({}, False),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none", "referer": "http://testserver/"}, False),
        ({"referer": "http://testserver/es/?size=large"}, True),
        ({"referer": "http://evil.example/testserver"}, False),
        ({"referer": "http://testserver@evil.example/"}, False),
    ],
)
def test_whether_a_link_of_this_site_was_followed(headers: dict[str, str], linked: bool) -> None:
    assert was_linked_here(Headers(headers | HOST)) is linked


class Noting(StandIn):
    """Remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def ask(self, question: str, **more: object) -> Answer:
        self.asked.append(question)
        return super().ask(question, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/plain", "/es/plain"])
def test_another_sites_question_is_not_read_and_gets_the_help_line(path: str) -> None:
    assistant = Noting()
    with TestClient(
        create_app(assistant, pages=[Page.of(), Page(Page.of("es").wording, "/es")])
    ) as client:
        for headers in FOREIGN:
            page = client.post(path, data={"question": "zebra side effects"}, headers=headers)
            assert page.status_code == 403
            assert page.headers["content-type"].startswith("text/html")
            assert "zebra" not in page.text
            shown = html.unescape(page.text)
            assert CRISIS_LINE.text.partition("\n")[0] in shown
            assert 'href="tel:988"' in shown
            assert f'href="{path}"' in shown
        assert assistant.asked == []
        for headers in NOT_FOREIGN:
            page = client.post(path, data={"question": "side effects"}, headers=headers)
            assert page.status_code == 200
    assert len(assistant.asked) == len(NOT_FOREIGN)
