"""Words of documents and of questions that would run, lead elsewhere or be something else.

Each payload carries a marker. If one ran it would set `window.pwned` or ask for an address that
nobody else asks for. In a real browser on every page of the patients': nothing runs, no request
leaves, no element is made of the words, and they stand there as they were written.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote as percent_encode

import pytest

from qa.cli_options import put
from qa.corpus import make_document as read_document
from qa.document import BlockKind, Document
from qa.spreadsheet import harmless
from qa.types import Answer, AnswerKind, Quote
from qa.web.application import create_app
from tests.attacks.payloads import MARK, PAYLOADS, RUN, nothing_ran, shown
from tests.web.browser import Visit, chromium, launched
from tests.web.serving import serving
from tests.web.stand_in import StandIn, make_document

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

MADE = "script, img, iframe, svg, style, form, details, table, code, pre, em, strong, object, embed"
NAMES = ('<img src=x onerror="window.pwned=1">.md', "leaflets/a & b \"quoted\" 'c' {{7}}.md")
TITLE = f"<b>{MARK}</b> {{{{ 7*7 }}}} [t](javascript:{RUN}) \u202edesrever"
HOSTILE = tuple(
    make_document(
        name,
        TITLE,
        [
            (BlockKind.HEADING, "", TITLE),
            *((BlockKind.PARAGRAPH, "", one) for one in PAYLOADS),
        ],
        [("version", PAYLOADS[0]), ("reviewed", PAYLOADS[1]), ("source", PAYLOADS[9])],
    )
    for name in NAMES
)


class HostileClinic(StandIn):
    """Has hostile documents only, and quotes all paragraphs of the first one."""

    clinic_name = PAYLOADS[0]

    def documents(self) -> tuple[Document, ...]:
        return HOSTILE

    def ask(self, question: str, **_: Any) -> Answer:
        document = HOSTILE[0]
        blocks = [one for one in document.blocks if one.kind is BlockKind.PARAGRAPH]
        quotes = tuple(Quote.cut(document, one.start, one.end, score=0.8) for one in blocks)
        return Answer(question, AnswerKind.ANSWER, self.notices(), quotes, confidence=0.8)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serving(create_app(HostileClinic())) as url:
        yield url


@pytest.fixture(scope="module")
def browser(site: str) -> Iterator[Browser]:
    with launched(chromium()) as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 390, "height": 800})
    yield Visit(context.new_page(), site)
    context.close()


def test_the_chat(visit: Visit) -> None:
    for question in ("What now?", *PAYLOADS[:10:3], " ".join(PAYLOADS)[:1_000]):
        # Such long answers push each other out, so that the conversation goes on.
        visit.box.fill(question)
        with visit.page.expect_response("**/run/predict*") as answered:
            visit.box.press("Enter")
        assert answered.value.status == 200
        visit.page.wait_for_function("() => !document.querySelector('#question textarea').value")
        reply = visit.replies.last
        visit.page.locator("#log .asked .text").last.wait_for()
        quotes = reply.locator("blockquote")
        assert shown(quotes.all_inner_texts()) == shown(PAYLOADS)
        assert quotes.locator(MADE).count() == quotes.locator("a").count() == 0
        asked = visit.page.locator("#log .asked .text").last
        assert shown([asked.inner_text()]) == shown([question])
        assert asked.locator(MADE).count() == 0
        links = reply.locator("a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        assert all(one.startswith(("/documents/", "/feedback", "tel:", "sms:")) for one in links)
    nothing_ran(visit)


@pytest.mark.parametrize("question", [PAYLOADS[5], PAYLOADS[14], " ".join(PAYLOADS)[:1_000]])
def test_the_plain_page(visit: Visit, question: str) -> None:
    visit.go("/plain")
    visit.box.fill(question)
    visit.page.get_by_role("button", name="Ask").click()
    quotes = visit.page.locator("blockquote")
    quotes.first.wait_for()
    assert shown(quotes.all_inner_texts()) == shown(PAYLOADS)
    assert quotes.locator(MADE).count() == 0
    nothing_ran(visit)


def test_documents_and_their_list(visit: Visit) -> None:
    visit.go("/documents")
    assert visit.page.locator("main b, main img").count() == 0
    assert MARK in visit.page.locator("main").inner_text()
    for name in NAMES:
        visit.go(f"/documents/{percent_encode(name)}?start=5&end=60#quote")
        main = visit.page.locator("main")
        assert main.locator("script, img, iframe, svg, style, form, object, embed").count() == 0
        text = " ".join(main.inner_text().split())
        assert all(one in text for one in shown(PAYLOADS))
    nothing_ran(visit)


@pytest.mark.parametrize(
    "path", ["/page/{0}", "/documents/{0}", "/feedback/thanks?x={0}", "/plain?q={0}"]
)
def test_addresses_give_nothing_back(visit: Visit, path: str) -> None:
    for payload in PAYLOADS[:6]:
        visit.page.goto(visit.site + path.format(percent_encode(payload, safe="")))
        assert visit.page.evaluate("window.pwned") is None
        assert payload not in visit.page.content()
        assert (
            visit.page.locator(
                f"[src*={MARK}], [onerror], [onload], style:has-text('{MARK}')"
            ).count()
            == 0
        )


FORMATS = {
    "x.md": "# {0}\n\nBefore. {0}\n\nAfter.\n",
    "x.txt": "{0}\n\nBefore. {0}\n\nAfter.\n",
    "x.html": "<title>t</title><main><h1>h</h1><p>Before. {0}</p><p>After.</p></main>",
}


@pytest.mark.parametrize("name", FORMATS)
def test_readers_make_text_of_markup(name: str) -> None:
    """Whatever a reader takes for markup is gone; what is left is shown as text."""
    for payload in PAYLOADS[:3]:
        document = read_document(name, FORMATS[name].format(payload).encode())
        assert "After." in document.text
        if name.endswith((".md", ".html")):
            assert "<script>" not in document.text.replace("&lt;", "")


@pytest.mark.parametrize(
    "begins", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C x'!A0"]
)
def test_cells_are_no_formulas(begins: str) -> None:
    cell = harmless(begins)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert begins.strip() in cell


STEERS = "\x1b[2J\x1b]0;title\x07 \x9b31m \u202eevil \x08\x08 \r over \x00"


def test_nothing_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    put(f"Title: {STEERS}")
    put(STEERS, file=sys.stderr)
    for text in capsys.readouterr():
        assert "\\u001b[2J" in text
        assert not set("\x1b\x07\x9b\u202e\x08\r\x00") & set(text)
