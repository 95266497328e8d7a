"""Payloads that come in by files of every format, from their bytes to what a browser makes of them.

The files are built and served as a clinic's are; see `hostile_files`. Only what is quoted is
chosen here, so that every word of theirs is once. On no page does anything run, ask elsewhere or
become an element, and each quote is the document's own text, character for character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote as percent_encode

import httpx
import pytest

from qa.answer import Policy
from qa.assistant import Assistant
from qa.document import Block, BlockKind, Document
from qa.index import build
from qa.notices import SafetyTexts
from qa.types import Answer, AnswerKind, Quote
from qa.web.application import create_app
from tests.attacks.hostile_files import (
    LINES,
    MARKUP,
    ODD_PDF,
    TITLE,
    VERSION,
    WRITTEN,
    write_hostile_corpus,
)
from tests.attacks.payloads import nothing_made
from tests.web.browser import Visit, chromium, launched
from tests.web.serving import serving
from tests.word_hash import WordHashEmbedder

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = pytest.mark.slow

NAMES = (*WRITTEN, *MARKUP)
EACH = {f"{number}-{name.rpartition('.')[2]}": name for number, name in enumerate(NAMES)}


def paragraphs(document: Document) -> list[Block]:
    return [one for one in document.blocks if one.kind is not BlockKind.HEADING]


class Clinic(Assistant):
    """Quotes all of the document whose number it is asked for."""

    def ask(self, question: str, **given: Any) -> Answer:
        document = self.document(NAMES[int(question)]) if question.isdigit() else None
        if document is None:
            return super().ask(question, **given)
        quotes = tuple(Quote.cut(document, one.start, one.end) for one in paragraphs(document))
        return Answer(question, AnswerKind.ANSWER, self.notices(), quotes, confidence=0.8)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory, safety_texts: SafetyTexts) -> Clinic:
    folder = tmp_path_factory.mktemp("hostile")
    write_hostile_corpus(folder / "corpus")
    build(folder / "corpus", folder / "index", WordHashEmbedder())
    return Clinic(folder / "index", WordHashEmbedder(), safety_texts, Policy(threshold=0.0))


@pytest.fixture(scope="module")
def visit(clinic: Clinic) -> Iterator[Visit]:
    with serving(create_app(clinic)) as site, launched(chromium()) as browser:
        yield Visit(browser.new_page(), site)


def document_of(clinic: Clinic, name: str) -> Document:
    document = clinic.document(name)
    assert document
    return document


def texts_of(document: Document) -> list[str]:
    return [document.text[one.start : one.end] for one in paragraphs(document)]


def quotes_are_the_documents(document: Document, reply: Locator) -> None:
    reply.locator("blockquote").first.wait_for()
    assert reply.locator("blockquote .words").all_text_contents() == texts_of(document)
    assert set(reply.locator("cite").all_text_contents()) == {document.title}
    version = document.metadata("version")
    assert all(version in one for one in reply.locator(".dated").all_text_contents())
    assert not version or reply.locator(".dated").count()


def test_the_files_hold_all_payloads_as_text(clinic: Clinic) -> None:
    for name in WRITTEN:
        document = document_of(clinic, name)
        held = texts_of(document)
        assert [one for one in LINES if not any(one in text for text in held)] == [], name
        assert document.title == TITLE
        assert document.metadata("version") == ("" if name == ODD_PDF else VERSION)
    for name in MARKUP:
        assert len(texts_of(document_of(clinic, name))) >= len(LINES), name


def test_the_chat(clinic: Clinic, visit: Visit) -> None:
    for number, name in enumerate(NAMES):
        visit.clear()
        quotes_are_the_documents(document_of(clinic, name), visit.ask(str(number)))
        nothing_made(visit, "#log .reply")


def test_an_answer_that_was_searched_for(clinic: Clinic, visit: Visit) -> None:
    visit.clear()
    quotes = visit.ask("What does the script fetch?").locator("blockquote .words")
    every = [one.text for one in clinic.documents()]
    shown = quotes.all_text_contents()
    assert shown
    assert [one for one in shown if not any(one in text for text in every)] == []
    nothing_made(visit, "#log .reply")


def test_the_plain_page(clinic: Clinic, visit: Visit) -> None:
    for number, name in enumerate(NAMES):
        visit.go("/plain")
        visit.box.fill(str(number))
        visit.page.get_by_role("button", name="Ask").click()
        quotes_are_the_documents(document_of(clinic, name), visit.page.locator("#log"))
        nothing_made(visit, "body")


def test_the_list_of_documents(clinic: Clinic, visit: Visit) -> None:
    visit.go("/documents")
    titles = visit.page.locator(".shelf li > a").all_text_contents()
    assert sorted(titles) == sorted(one.title for one in clinic.documents())
    assert len(titles) == len(NAMES)
    nothing_made(visit, "body")


@pytest.mark.parametrize("name", EACH.values(), ids=EACH)
def test_a_documents_page(clinic: Clinic, visit: Visit, name: str) -> None:
    document = document_of(clinic, name)
    passage = paragraphs(document)[5]
    visit.go(Quote.cut(document, passage.start, passage.end).url)
    title = document.title.replace("\u202e", "[U+202E]")
    assert visit.page.title().startswith(f"{title} · ")
    main = visit.page.locator("main")
    marked = document.text[passage.start : passage.end]
    assert main.locator("mark").all_text_contents() == [marked]
    rows = main.locator("article tr").count()
    assert main.locator("article .text").all_text_contents() == texts_of(document)[rows:]
    cells = " | ".join(main.locator("th, td").all_text_contents())
    assert cells == " | ".join(texts_of(document)[:rows])
    pictures = main.locator("img")
    assert pictures.count() == (1 if document.pages else 0)
    for picture in pictures.all():
        assert picture.evaluate("async (one) => (await one.decode(), one.naturalWidth)") > 500
    nothing_made(visit, "body")


def test_a_pdf_as_it_is_in_the_browsers_viewer(clinic: Clinic, visit: Visit) -> None:
    """The viewer runs a script of the file's own, walled off: it asks for nothing and leads nobody
    away. Chromium lets it show dialogs, by which can be told that it ran (`SECURITY.md`)."""
    context = visit.page.context
    context.on("dialog", lambda dialog: dialog.dismiss())
    for name in (one for one in NAMES if one.endswith(".pdf")):
        visit.go(f"/documents/{percent_encode(name)}")
        link = visit.page.locator(".original a")
        address = visit.site + str(link.get_attribute("href"))
        told = httpx.get(address).headers  # the browser's own connection may end just now
        assert (told["content-type"], "x-evil" in told) == ("application/pdf", False)
        assert re.fullmatch(r"inline; filename\*=utf-8''[\w.%-]+\.pdf", told["content-disposition"])
        visit.requests.clear()
        with (
            context.expect_event("dialog", lambda one: one.message == "ran"),
            context.expect_page() as opened,
        ):
            link.click()
        opened.value.wait_for_load_state()
        assert [one.url for one in context.pages] == [visit.page.url, address]
        asked = [one for one in visit.requests if not one.startswith("chrome")]
        assert set(asked) == {address}
        visit.tidy()
