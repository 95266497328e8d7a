"""Which pages are shown: those of the passage, and the text near them."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from qa.document import BlockKind, Document
from qa.types import Quote
from qa.web.application import create_app
from qa.web.paging import page_texts, read_page, runs, shown_pages, span_pages
from qa.web.types import Page
from qa.wording import load_wording
from tests.pages import PagedDocument, leaflet
from tests.web.paged import LEAFLET_ID, PagedStandIn, source_of
from tests.web.stand_in import span_of

URL = "/documents/leaflets/eye%20visit.pdf"
OVER_THE_BREAK = "for the rest of the day, and call us if your eye is red"


def book(pages: int) -> bytes:
    """Pages of one long paragraph each, every seventh without text."""
    made = PagedDocument("Book")
    for number in range(1, pages + 1):
        made.page()
        if number % 7:
            words = [f"Page number {number} tells of its own matter."] + ["More words."] * 12
            made.write(BlockKind.PARAGRAPH, words, (72, 700))
    return made.finish()


@pytest.fixture(scope="module")
def eye() -> Document:
    return source_of(leaflet()).document


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A visitor of a document with 300 pages."""
    return TestClient(create_app(PagedStandIn(tmp_path_factory.mktemp("book"), book(300))))


def texts_of(page: str) -> str:
    """What a page of HTML says, without tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def url_of(document: Document, words: str) -> str:
    return Quote.cut(document, *span_of(document, words)).url


@pytest.mark.parametrize(
    ("written", "page"),
    [("1", 1), ("3", 3), ("0", None), ("4", None), ("-1", None), ("x", None), ("", None),
     (None, None), ("٣", None), ("1" * 9, None), ("1.0", None)],
)  # fmt: skip
def test_only_pages_that_there_are_can_be_asked_for(
    eye: Document, written: str | None, page: int | None
) -> None:
    assert read_page(eye, written) == page


def test_the_passages_own_pages_are_shown_unless_another_is_asked_for(eye: Document) -> None:
    over = span_of(eye, OVER_THE_BREAK)
    assert list(span_pages(eye, over)) == [1, 2]
    assert list(shown_pages(eye, over, None)) == [1, 2]
    assert list(shown_pages(eye, over, 3)) == [3]
    assert list(shown_pages(eye, None, None)) == [1]
    end = eye.pages[1]
    assert list(span_pages(eye, (end - 5, end))) == [1]
    assert list(span_pages(eye, (end, end + 4))) == [2]


def test_a_passage_over_many_pages_shows_the_first_three() -> None:
    document = source_of(book(6)).document
    assert list(shown_pages(document, (0, len(document.text)), None)) == [1, 2, 3]


def test_all_text_is_on_its_page_once_and_a_marked_passage_begins_once(eye: Document) -> None:
    over = span_of(eye, OVER_THE_BREAK)
    texts = page_texts(eye, over, range(1, 3))
    pieces = [
        [p for part in one.parts for i in part.items for c in i.cells for p in c] for one in texts
    ]
    assert [one.number for one in texts] == [1, 2, 3]
    words = " ".join(p.text for page in pieces for p in page).split()
    assert words == eye.text.split()
    assert "".join(p.text for page in pieces for p in page if p.marked) == OVER_THE_BREAK
    assert [[p.first for p in page if p.marked] for page in pieces] == [[True], [False], []]
    assert pieces[2] == []


def test_an_item_that_goes_on_has_no_second_bullet(tmp_path: Path) -> None:
    made = PagedDocument("Items")
    made.page()
    made.write(BlockKind.PARAGRAPH, ["Bring along:"], (72, 700))
    made.write(BlockKind.ITEM, ["your glasses,"], (72, 650))
    made.write(BlockKind.ITEM, ["a list of the medicines"], (72, 600))
    made.page()
    made.write(BlockKind.ITEM, ["that you take."], (72, 700), goes_on=True)
    client = TestClient(create_app(PagedStandIn(tmp_path, made.finish())))
    page = client.get(URL).text
    assert page.count('<span class="marker">•</span>') == 2
    assert page.count('<span class="marker"></span>') == 1


def test_page_numbers_in_a_row_become_one_stretch() -> None:
    assert runs([]) == []
    assert runs([4, 7, 8, 9, 12, 13]) == ["4", "7–9", "12–13"]


def test_a_quote_opens_at_its_pages_picture(client: TestClient, eye: Document) -> None:
    response = client.get(url_of(eye, "Do not drive until your sight is clear again."))
    page = response.text
    assert "Page 1 of 3" in texts_of(page)
    [(source, width, height, alt)] = re.findall(
        r'<img src="([^"]+)" width="(\d+)" height="(\d+)" alt="([^"]+)">', page
    )
    assert (width, height) == ("1105", "1430")
    assert unescape(alt) == "Page 1 of Your visit to the eye clinic, with the passage marked"
    picture = client.get(unescape(source))
    assert picture.status_code == 200
    assert picture.content.startswith(b"\x89PNG")
    # The quote's link leads to the picture, and from there one leads to the text.
    assert page.count('id="quote"') == 1
    assert '<span id="quote" class="tenth-2"></span>' in page
    assert '<mark id="quote&#46;text">Do&#32;not' in page.replace("Do not", "Do&#32;not")
    assert 'href="#quote.text"' in page
    assert "On to page 2" in texts_of(page)
    assert "Back to page" not in texts_of(page)
    assert "img-src 'self'" in response.headers["content-security-policy"]


def test_a_passage_over_the_page_break_shows_both_pages(client: TestClient, eye: Document) -> None:
    page = client.get(url_of(eye, OVER_THE_BREAK)).text
    alts = [unescape(alt) for alt in re.findall(r'<img [^>]*alt="([^"]+)"', page)]
    assert [alt.split(" of ")[0] for alt in alts] == ["Page 1", "Page 2"]
    assert all(alt.endswith("with the passage marked") for alt in alts)
    assert "Pages 1 to 2 of 3" in texts_of(page)
    assert len(re.findall(r'id="quote"', page)) == 1
    assert len(re.findall(r"<mark", page)) == 2
    assert len(re.findall(r'<mark id="', page)) == 1


def test_another_page_keeps_the_way_back_to_the_passage(client: TestClient, eye: Document) -> None:
    first = client.get(url_of(eye, "Do not drive until your sight is clear again.")).text
    onward = unescape(re.search(r'<a href="([^"]+)" rel="next"', first)[1])  # type: ignore[index]
    page = client.get(onward).text
    assert "The quoted passage is on page 1." in texts_of(page)
    assert 'alt="Page&#32;2' in page.replace("Page 2", "Page&#32;2")
    assert "with the passage marked" not in texts_of(page)
    back = unescape(re.search(r'<a href="([^"]+#quote)"', page)[1])  # type: ignore[index]
    assert 'class="tenth-2"' in client.get(back).text


def test_pages_without_text_are_named_and_shown(client: TestClient) -> None:
    page = texts_of(client.get(f"{URL}?page=3").text)
    assert "Page 3 has no text that can be searched. No answer can come from it." in page
    assert "This page has no text that can be searched. Please look at its picture" in page
    assert "Page 3 of 3" in page


def test_without_a_passage_the_first_page_is_shown_and_all_of_a_short_text(
    client: TestClient, eye: Document
) -> None:
    page = client.get(URL).text
    shown = texts_of(page)
    for block in eye.blocks:
        assert all(word in shown for word in eye.text[block.start : block.end].split())
    assert "<mark" not in page
    assert shown.count("Page 1 of 3") == 2  # beside the picture, and above the text
    assert page.count("<h1") == 1
    assert "Go to page" not in shown


def test_broken_and_outdated_links_show_the_first_page_and_say_so(client: TestClient) -> None:
    for query in ("start=5&end=2", "start=x&end=y", "start=0&end=99999", "start=3"):
        page = client.get(f"{URL}?{query}").text
        assert "The link to the passage is broken" in page
        assert "<mark" not in page
        assert 'id="quote"' not in page
    page = client.get(f"{URL}?start=0&end=9&sha256=0000").text
    assert "was changed after the passage was quoted" in page
    assert "<mark" not in page


def test_a_long_document_shows_the_pages_around_and_leads_to_all(reader: TestClient) -> None:
    page = reader.get(f"{URL}?page=150").text
    shown = texts_of(page)
    numbers = {int(n) for n in re.findall(r"Page number (\d+) tells", shown)}
    assert numbers == {149, 150, 151}
    assert len(page) < 20_000
    assert "Back to page 149" in shown
    assert "On to page 151" in shown
    assert "42 pages of this document have no text that can be searched." in shown
    form = re.search(r'<form class="to-page".*?</form>', page, re.DOTALL)[0]  # type: ignore[index]
    assert 'max="300"' in form
    assert 'name="theme"' not in form
    dark = reader.get(f"{URL}?page=150&theme=dark").text
    assert '<input type="hidden" name="theme" value="dark">' in dark


def test_a_sections_link_leads_to_its_page(tmp_path: Path) -> None:
    made = PagedDocument("Book")
    for number in (1, 2):
        made.page()
        if number == 1:
            made.write(BlockKind.HEADING, ["Book"], (72, 750))
        made.write(BlockKind.HEADING, [f"Part {number}"], (72, 700))
        made.write(BlockKind.PARAGRAPH, [f"Text {number}."], (72, 650))
    assistant = PagedStandIn(tmp_path, made.finish())
    leaflet = assistant.leaflet
    assistant.documents = lambda: (leaflet,)  # type: ignore[method-assign]
    client = TestClient(create_app(assistant))
    missing = client.post("/plain", data={"question": "something unknown"}).text
    link = "/documents/leaflets/eye%20visit.pdf?page=2#part-2"
    assert link in unescape(missing)


def test_a_page_that_cannot_be_drawn_leaves_the_text_and_says_so(
    tmp_path: Path, eye: Document, caplog: pytest.LogCaptureFixture
) -> None:
    assistant = PagedStandIn(tmp_path, leaflet())
    client = TestClient(create_app(assistant))
    for path in (tmp_path / "pages").iterdir():
        path.write_bytes(b"damaged")
    page = client.get(url_of(eye, "Do not drive until your sight is clear again.")).text
    assert "<img" not in page
    assert "cannot be shown as a picture now" in page
    assert '<mark id="quote">' in page
    assert "qa build" in caplog.text


def test_in_spanish_all_but_the_document_is(tmp_path: Path, eye: Document) -> None:
    pages = [Page.of(), Page(load_wording("es"), "/es")]
    client = TestClient(create_app(PagedStandIn(tmp_path, leaflet()), pages=pages))
    page = client.get("/es" + url_of(eye, OVER_THE_BREAK)).text
    assert "Páginas 1 a 2 de 3" in texts_of(page)
    assert "Página 1 de Your visit to the eye clinic, con el pasaje marcado" in unescape(page)
    assert '<h1 lang="en"' in page
    source = unescape(re.search(r'<img src="([^"]+)"', page)[1])  # type: ignore[index]
    assert source.startswith("/pages/")
    assert client.get(source).status_code == 200
    assert LEAFLET_ID in unescape(source).replace("%20", " ")
