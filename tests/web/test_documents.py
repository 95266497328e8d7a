"""The viewer marks the quoted span to the code point."""

from __future__ import annotations

import html
import re

import pytest
from starlette.testclient import TestClient

from qa.document import BlockKind, Document
from qa.standing import Reason, Standing
from qa.web.application import create_app
from qa.web.reading import lay_out
from qa.web.types import Page
from tests.web.stand_in import (
    CARE_DOCUMENT,
    HOSTILE_DOCUMENT,
    HOSTILE_TEXTS,
    Line,
    StandIn,
    make_document,
    quote_of,
    span_of,
)

URL = "/documents/leaflets/ketamine%20care.md"


def marks(document: Document, start: int, end: int) -> list[str]:
    cells = [c for part in lay_out(document, (start, end)) for i in part.items for c in i.cells]
    return [piece.text for cell in cells for piece in cell if piece.marked]


@pytest.mark.parametrize("document", [CARE_DOCUMENT, HOSTILE_DOCUMENT])
def test_every_span_marks_just_the_text_it_holds_in_blocks(document: Document) -> None:
    in_block = [False] * len(document.text)
    for block in document.blocks:
        for i in range(block.start, block.end):
            in_block[i] = True
        if block.kind.value.startswith("table"):
            for found in re.finditer(r" \| ", document.text[block.start : block.end]):
                for i in range(*found.span()):
                    in_block[block.start + i] = False
    for start in range(0, len(document.text), 7):
        for end in range(start + 1, len(document.text) + 1, 31):
            held = "".join(document.text[i] for i in range(start, end) if in_block[i])
            assert "".join(marks(document, start, end)) == held


def test_a_span_over_two_items_leaves_the_number_between_unmarked() -> None:
    start, _ = span_of(CARE_DOCUMENT, "a list of the medicines")
    _, end = span_of(CARE_DOCUMENT, "Bring somebody who")
    assert marks(CARE_DOCUMENT, start, end) == [
        "a list of the medicines you take.",
        "Bring somebody who",
    ]


def test_all_text_of_a_document_is_on_its_page(client: TestClient) -> None:
    page = client.get(URL).text
    shown = html.unescape(re.sub(r"<[^>]+>", "\n", page))
    for block in CARE_DOCUMENT.blocks:
        for cell in CARE_DOCUMENT.text[block.start : block.end].split(" | "):
            assert cell in shown
    assert '<span class="marker">2&#46;</span>' in page
    assert '<th scope="col">How often</th>' in page
    assert page.count("<h1") == 1
    assert '<h2 id="side&#45;effects"' in page
    assert "Version&#32;2&#46;1, reviewed&#32;September 14&#44; 2026" in page


def test_a_quotes_own_link_marks_it(client: TestClient) -> None:
    quote = quote_of(HOSTILE_DOCUMENT, HOSTILE_TEXTS[0])
    page = client.get(quote.url).text
    found = re.findall(r"<mark( id=\"quote\")?>(.*?)</mark>", page)
    assert len(found) == 1
    assert found[0][0]
    assert html.unescape(found[0][1]) == quote.text
    assert "<script>" not in page


@pytest.mark.parametrize(
    "query",
    ["start=5&end=2", "start=-1&end=4", "start=0&end=99999", "start=x&end=y", "start=3",
     "start=1_0&end=2_0", f"start={'9' * 5000}&end=1", "start=٣&end=9", "start=0&end=0"],
)  # fmt: skip
def test_a_broken_link_shows_the_document_without_a_mark(client: TestClient, query: str) -> None:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200
    assert "<mark" not in response.text
    assert "The link to the passage is broken" in response.text


def test_a_span_of_nothing_but_what_stands_between_blocks_is_no_mark(client: TestClient) -> None:
    start = CARE_DOCUMENT.text.index("2. Bring")
    assert "<mark" not in client.get(f"{URL}?start={start}&end={start + 2}").text


def test_a_document_changed_since_the_answer_is_not_marked(client: TestClient) -> None:
    response = client.get(f"{URL}?start=0&end=9&sha256=0000")
    assert "<mark" not in response.text
    assert "was changed after the passage was quoted" in response.text
    assert "<mark" in client.get(f"{URL}?start=0&end=9&sha256={CARE_DOCUMENT.sha256[:16]}").text


def test_an_unknown_document_says_what_to_do(client: TestClient) -> None:
    for name in ("none.md", "../qa.toml", "%2e%2e/qa.toml"):
        response = client.get(f"/documents/{name}")
        assert response.status_code == 404
    response = client.get("/documents/none.md")
    assert "You can ask your question again" in response.text
    assert "tel&#58;911" in response.text


def test_every_page_has_the_same_help_line_and_language(client: TestClient) -> None:
    bands = set()
    for path in ("/documents", URL, "/documents/none.md", "/plain", "/api/docs"):
        page = client.get(path).text
        assert '<html lang="en" dir="ltr">' in page
        bands.add(re.search(r'<aside id="band".*?</aside>', page, re.DOTALL)[0])
    assert len(bands) == 1


def test_a_heading_called_quote_does_not_take_the_marks_name() -> None:
    lines: list[Line] = [
        (BlockKind.HEADING, "", "Quote"),
        (BlockKind.PARAGRAPH, "", "A sentence."),
    ]
    document = make_document("quote.md", "Title", lines)
    assistant = StandIn()
    assistant.document = lambda _: document  # type: ignore[method-assign]
    client = TestClient(create_app(assistant))
    page = client.get(quote_of(document, "A sentence.").url).text
    assert re.findall(r'id="quote"', page) == ['id="quote"']
    assert '<mark id="quote">A sentence' in page


class Retired(StandIn):
    """Its first document is no longer quoted, and its second one may have taken the place."""

    def __init__(self, standing: Standing) -> None:
        super().__init__()
        self.found = standing

    def standing(self, document_id: str) -> Standing | None:
        return self.found if document_id == CARE_DOCUMENT.id else super().standing(document_id)


@pytest.mark.parametrize(
    ("standing", "english", "spanish"),
    [
        (
            Standing(Reason.SUPERSEDED, by="hostile.md"),
            "This document is no longer in use. It was replaced by ",
            "Este documento ya no est\u00e1 en uso. Lo reemplaz\u00f3 ",
        ),
        (
            Standing(Reason.EXPIRED, "2026-10-01"),
            "It was to be checked again by October 1, 2026,",
            "Ten\u00eda que revisarse a m\u00e1s tardar el 1 de octubre de 2026,",
        ),
        (
            Standing(Reason.SUPERSEDED),
            "A newer one took its place.",
            "Uno m\u00e1s nuevo ocup\u00f3",
        ),
    ],
)
def test_a_document_that_is_no_longer_in_use_says_so_at_its_top(
    standing: Standing, english: str, spanish: str
) -> None:
    app = create_app(Retired(standing), pages=(Page.of("en"), Page.of("es", root="/es")))
    start, end = span_of(CARE_DOCUMENT, "Wear loose sleeves.")
    with TestClient(app) as client:
        for root, text in (("", english), ("/es", spanish)):
            page = html.unescape(client.get(f"{root}{URL}?start={start}&end={end}").text)
            assert text in page
            assert page.index(text) < page.index("<article")
            assert '<mark id="quote">Wear loose sleeves.</mark>' in page
            link = f'<a href="{root}/documents/hostile.md" lang="en" dir="auto">Hostile <b>'
            assert (link in page) is (standing.by != "")
        told = client.get(f"/api{URL}").json()
        assert (told["in_use"], told["replaced_by"]) == (False, standing.by or None)
