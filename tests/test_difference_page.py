"""The page of differences: whole, escaped, without outside help, and readable by anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qa.comparing import compare_all
from qa.difference import Change, Difference
from qa.difference_page import difference_page, marked_words
from qa.document import Document
from qa.golden import Golden
from qa.types import AnswerKind, Quote
from tests.differing import Says, answered, document, noticed, quote_of, refused
from tests.web.browser import chromium, launched
from tests.web.test_accessibility import AXE, SIDEWAYS, SIZES, SMALL_TARGETS, axe_source

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOSTILE = "<script>alert(1)</script><img src=//evil.example/x> & \"quotes\" 'too'"
WRITTEN = HOSTILE.replace("<", "\\<")
"""As Markdown has it, for it to be text."""
OLD = document(f"# A\n\nRest well. Drink water.\n\n## {WRITTEN}\n\nRest well. {WRITTEN} end.\n")
NEW = document(
    f"# A\n\nRest well. Drink much cold water.\n\n## {WRITTEN}\n\nRest well. {WRITTEN} stop.\n"
    f"\n{'W' * 300} is one word.\n"
)
GONE, COME = document("# Gone\n\nGone.\n", "g.md"), document(f"# N{WRITTEN}\n\nCome.\n", "n.md")


def hostile(found: Document, end: str) -> Quote:
    return quote_of(found, f"{HOSTILE} {end}.")


def example() -> Difference:
    old = {
        "danger?": answered(quote_of(OLD, "Rest well.")),
        "wrong?": answered(quote_of(OLD, "Drink water.")),
        "refused?": answered(quote_of(OLD, "Rest well.")),
        "reworded?": answered(quote_of(OLD, "Drink water."), quote_of(OLD, "Rest well.")),
        HOSTILE: answered(hostile(OLD, "end")),
        "answered?": refused(),
        "right?": refused("off_corpus"),
        "elsewhere?": answered(quote_of(OLD, "Rest well.")),
        "same?": answered(quote_of(OLD, "Rest well.", role="warning")),
    }
    new = {
        "danger?": noticed(AnswerKind.CRISIS, quote_of(NEW, "Rest well.")),
        "wrong?": answered(quote_of(NEW, "Rest well.")),
        "refused?": refused(),
        "reworded?": answered(quote_of(NEW, "Drink much cold water.")),
        HOSTILE: answered(hostile(NEW, "stop")),
        "answered?": answered(quote_of(NEW, f"{'W' * 300} is one word.")),
        "right?": answered(quote_of(NEW, "Rest well.")),
        "elsewhere?": answered(quote_of(NEW, "Rest well.", 1)),
        "same?": answered(quote_of(NEW, "Rest well.", role="warning")),
    }
    labels = [
        Golden(2, "wrong?", "quote", ("Drink water.", "end."), "", frozenset(), ""),
        Golden(3, "right?", "quote", ("Rest well.",), "a.md", frozenset(), ""),
        Golden(4, "reworded?", "quote", ("Drink water.",), "a.md", frozenset(), ""),
    ]
    sides = Says("g1", [OLD, GONE], old), Says("g2", [NEW, COME], new)
    return compare_all(*sides, labels, [one for one in old if one not in ("wrong?", "right?")])


class Read(HTMLParser):
    """Tags, attributes and text of a page."""

    VOID = ("meta", "br")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_example_has_every_kind_of_change() -> None:
    assert {one.change for one in example().questions} == set(Change)


def test_it_is_whole_and_asks_nobody() -> None:
    page = difference_page(example())
    read = Read(page)
    assert read.open == []
    assert page.startswith('<!doctype html>\n<html lang="en">')
    assert set(read.tags) & {"script", "img", "link", "iframe", "object", "form"} == set()
    names = {name for name, _ in read.attributes}
    assert "src" not in names
    assert not any(name.startswith("on") for name in names)
    links = [value for name, value in read.attributes if name == "href"]
    ids = {value for name, value in read.attributes if name == "id"}
    assert {f"{link}".removeprefix("#") for link in links} <= ids
    assert "url(" not in page
    assert "@import" not in page


def test_all_that_documents_and_questions_hold_is_escaped() -> None:
    page = difference_page(example())
    assert "<script" not in page
    assert "<img" not in page
    text = Read(page).text
    assert text.count(HOSTILE) >= 4  # the question, two quotes, a section, a title


def test_counts_link_to_their_lists_and_the_worst_comes_first() -> None:
    page = difference_page(example())
    places = [page.index(f'<h2 id="{change.value}"') for change in Change]
    assert places == sorted(places)
    assert all(f'href="#{change.value}"' in page for change in Change)
    assert "<h3>Added: 1</h3>" in page
    assert "<h3>Removed: 1</h3>" in page
    assert "Keep this page as you keep the log of questions." in page
    assert "the new generation does not hold the expected words in a.md" in page
    assert "<strong>crisis</strong>" in page
    assert "Nothing is quoted</strong>: refusal (not_answered)" in page


def test_without_questions_there_is_still_a_page() -> None:
    page = difference_page(compare_all(Says("a", [], {}), Says("b", [], {}), [], []))
    assert "No question was asked" in page
    assert "Figures" not in page
    assert Read(page).open == []


@pytest.mark.parametrize(
    ("text", "other", "expected"),
    [
        ("Rest well.", "Rest well.", "Rest well."),
        ("Rest well.", "Rest  well.\n", "Rest well."),
        ("Rest very well.", "Rest well.", "Rest <ins>very</ins> well."),
        ("Rest <b>.", "Rest.", "<ins>Rest &lt;b&gt;.</ins>"),
        ("One two\nthree", "two", "<ins>One</ins> two\n<ins>three</ins>"),
        ("One", "", "<ins>One</ins>"),
        ("\u2022 One\n\u2022 Two", "\u2022 One", "\u2022 One\n<ins>\u2022 Two</ins>"),
    ],
)
def test_changed_words_are_marked(text: str, other: str, expected: str) -> None:
    assert marked_words(text, other, "ins") == expected
    bare = re.sub(r"</?ins>", "", marked_words(text, other, "ins"))
    assert bare == expected.replace("<ins>", "").replace("</ins>", "")


@pytest.fixture(scope="module")
def own_browser() -> Iterator[Browser]:
    with launched(chromium()) as browser:
        yield browser


@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.nightly)])
@pytest.mark.slow
def test_it_is_in_nobodys_way(own_browser: Browser, tmp_path: Path, theme: Any) -> None:
    path = tmp_path / "page.html"
    path.write_text(difference_page(example()), "utf-8")
    page = own_browser.new_page(color_scheme=theme)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    found: list[str] = []
    page.goto(path.as_uri())
    page.evaluate(axe_source())
    for size, (width, height, _) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        problems = [*page.evaluate(AXE), *page.evaluate(SMALL_TARGETS)]
        if page.evaluate(SIDEWAYS) > 0:
            problems.append("scrolls sideways")
        found += [f"{size}: {problem}" for problem in problems]
        sides = page.locator(".sides").first.locator(".side")
        old, new = (sides.nth(n).bounding_box() for n in (0, 1))
        assert old
        assert new
        assert (old["y"] == new["y"]) == (width > 700)  # else one above the other
    page.close()
    assert found == []
    assert complaints == []


def test_what_publishing_would_make_of_it_is_said() -> None:
    label = Golden(2, HOSTILE, "quote", ("Drink water.",), "a.md", frozenset(), "")
    says = {HOSTILE: refused()}
    page = difference_page(compare_all(Says("o", [OLD], says), Says("n", [NEW], says), [label], []))
    assert "Labels whose words are gone from the new generation: 1. <code>qa publish</code>" in page
    assert "<code>qa publish</code> would refuse the new generation:" in page
    assert "<script" not in page
