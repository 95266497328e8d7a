"""Colours and text size travel in addresses: each page reads them, shows them and hands them on."""

from __future__ import annotations

import html
import re

import pytest
from starlette.testclient import TestClient

from qa.web.looks import Looks

CHOSEN = "?theme=dark&size=large"
DOCUMENT = "/documents/leaflets/ketamine%20care.md"


@pytest.mark.parametrize(
    ("query", "looks"),
    [
        ("", Looks()),
        ("theme=dark&size=largest", Looks("dark", "largest")),
        ("theme=light&size=normal", Looks("light")),
        ("theme=%22%3E&size=huge&theme=", Looks()),
        ("start=1&theme=dark&end=2", Looks("dark", rest=(("start", "1"), ("end", "2")))),
        ("&".join(["x=1"] * 30), Looks()),
        ("%ff=%00&&=", Looks(rest=(("\ufffd", "\0"),))),
    ],
)
def test_only_what_is_on_the_lists_is_read(query: str, looks: Looks) -> None:
    assert Looks.read(query) == looks


def test_another_choice_keeps_the_rest_of_the_address() -> None:
    looks = Looks.read("start=1&end=2&theme=dark")
    assert looks.address(size="large") == "?start=1&end=2&theme=dark&size=large"
    assert looks.address(theme="light") == "?start=1&end=2&theme=light"
    assert Looks.read("size=large").address(size="normal") == "?"


def test_only_addresses_of_pages_of_this_site_take_the_choice_along() -> None:
    page = (
        '<link href="/page/style.css"> <a href="/documents?start=1&amp;end=2#quote"> '
        '<a href="&#47;plain"> <form action="/plain"> <a href="tel:911"> <a href="#quote"> '
        '<a href="https://evil.example/"> <a href="//evil.example/"> <meta content="0; url=/plain">'
    )
    assert Looks("dark").carried(page) == (
        '<link href="/page/style.css"> '
        '<a href="/documents?start=1&amp;end=2&amp;theme=dark#quote"> '
        '<a href="/plain?theme=dark"> <form action="/plain?theme=dark"> <a href="tel:911"> '
        '<a href="#quote"> <a href="https://evil.example/"> <a href="//evil.example/"> '
        '<meta content="0; url=/plain?theme=dark">'
    )
    assert Looks().carried(page) == page
    typed = '<input value="; url=/plain href=/plain">'
    assert Looks("dark").carried(typed) == typed


def own_addresses(page: str) -> list[str]:
    found = map(html.unescape, re.findall(r'\b(?:href|action)="([^"]*)"', page))
    return [one for one in found if one.startswith("/") and not one.startswith("/page/")]


@pytest.mark.parametrize(
    "path",
    ["/", "/plain", "/documents", DOCUMENT, "/documents/none.md", "/api/docs"],
)
def test_every_page_shows_the_choice_and_hands_it_on(client: TestClient, path: str) -> None:
    page = client.get(path + CHOSEN).text
    assert re.search('<html lang="en" dir="ltr" data-theme="dark" data-size="large">', page)
    others = [one for one in own_addresses(page) if "openapi.json" not in one]
    if path == "/":  # Its links are in what the script shows.
        others = re.findall("url=(/[^\"']*)", html.unescape(page))
    assert others
    assert all("theme=dark" in one and "size=large" in one for one in others)
    untouched = client.get(path).text
    assert '<html lang="en" dir="ltr">' in untouched
    assert "theme=dark&" not in "".join(own_addresses(untouched))


def test_the_toolbar_keeps_the_passage_that_is_shown(client: TestClient) -> None:
    page = client.get(f"{DOCUMENT}?start=304&end=471&sha256=&size=large").text
    links = [html.unescape(one) for one in re.findall(r'href="([^"/][^"]*)"', page)]
    assert "?start=304&end=471&size=largest#quote" in links
    assert "?start=304&end=471&theme=dark&size=large#quote" in links
    assert len(re.findall('aria-current="true"', page)) == 1


def test_an_answer_on_the_plain_page_is_asked_again_by_the_toolbar(client: TestClient) -> None:
    page = client.post(
        "/plain" + CHOSEN, data={"question": '"side" effects', "previous": ["a", "b"]}
    ).text
    assert 'data-theme="dark"' in page
    again = page[page.index('<form class="tools"') : page.index("</form>")]
    sent = re.findall(r'name="(\w+)" value="([^"]*)"', again)
    assert [(name, html.unescape(value)) for name, value in sent] == [
        ("previous", "a"),
        ("previous", "b"),
        ("question", '"side" effects'),
    ]
    assert "formaction" in page
    assert all("theme=dark" in one for one in own_addresses(page))
    assert "question" not in "".join(own_addresses(page))
