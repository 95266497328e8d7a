"""Every page and state judged by axe-core, in light and dark, at every width and at 200 % zoom.

WCAG 2.0 to 2.2, levels A and AA, and axe's best practices; beside them, two things axe leaves out
or forgives: sideways scrolling and small targets. Every day axe judges a phone in both colours and
a desktop in light; all sizes in both are for the night.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote as percent_encode

import pytest

from qa.types import Quote
from tests.conftest import need
from tests.pages import leaflet
from tests.web.browser import Visit, settle
from tests.web.paged import LEAFLET_ID, source_of
from tests.web.stand_in import CARE, CARE_DOCUMENT, DIALS, quote_of, span_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SIZES = {
    "desktop": (1280, 800, 1),
    "phone": (390, 844, 1),
    "narrow": (320, 640, 1),
    "zoomed": (640, 400, 2),  # what 1280 by 800 becomes at 200 %
}
"""Width and height in CSS pixels, and device pixels for each."""
CONVERSATION = (
    "side effects",
    "drive",
    "something unknown",
    "something related",
    "side of metformin",
    "should I take it",
    "I want to hurt myself",
    "chest pain",
    "fail",
)
AXE = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run(document, {
    runOnly: {type: "tag", values: tags},
    rules: {"target-size": {enabled: true}},
    resultTypes: ["violations"],
  });
  return found.violations.flatMap(broken => broken.nodes.map(node =>
    `${broken.id}: ${node.target.join(" ")}: ` +
    [...node.any, ...node.all, ...node.none].map(check => check.message).join("; ")));
}"""
# A link within a sentence may be as high as the line: WCAG 2.2, 2.5.8 "Inline".
SMALL_TARGETS = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [role=button], [tabindex='0']"
  )].filter(one => {
    if (!one.checkVisibility({visibilityProperty: true})) return false;
    const around = one.parentElement.textContent.trim().length > one.textContent.trim().length;
    if (getComputedStyle(one).display === "inline" && around) return false;
    const {width, height} = one.getBoundingClientRect();
    return Math.min(width, height) < 24;
  }).map(one => {
    const {width, height} = one.getBoundingClientRect();
    return `small target: ${one.outerHTML.slice(0, 120)}: ${width} by ${height} px`;
  })"""
SIDEWAYS = "() => document.documentElement.scrollWidth - innerWidth"


def at(path: str) -> Callable[[Visit], None]:
    """Goes to a page."""
    return lambda visit: visit.go(path)


def asked_plainly(question: str) -> Callable[[Visit], None]:
    """Asks on the page without scripts."""

    return lambda visit: visit.ask_plainly(question)


def conversation(visit: Visit) -> None:
    """Every kind of answer below one another."""
    visit.go("/")
    visit.box.wait_for()
    for question in CONVERSATION:
        visit.ask(question)
    visit.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


def empty_chat(visit: Visit) -> None:
    visit.go("/")
    visit.box.wait_for()


def printed(visit: Visit) -> None:
    """The page that prints an answer, in the tab of the plain page."""
    asked_plainly("side effects")(visit)
    visit.page.evaluate("document.querySelector('.to-print').target = '_self'")
    visit.page.locator(".to-print button").click()
    visit.page.wait_for_url("**/answer*")


def help_after_a_note(visit: Visit) -> None:
    """The page that answers a note in which danger is found."""
    asked_plainly("side effects")(visit)
    box = visit.page.locator("details.told")
    box.locator("summary").click()
    box.locator("input[type=radio]").first.check()
    box.locator("input[name=note]").fill("I want to hurt myself")
    box.locator("button[type=submit]").click()
    visit.page.locator(".alarm").wait_for()


def leaflet_url(words: str) -> str:
    """The link of a quote from the document with pages."""
    document = source_of(leaflet()).document
    return Quote.cut(document, *span_of(document, words)).url


STATES: dict[str, Callable[[Visit], None]] = {
    "chat, empty": empty_chat,
    "chat, every kind of answer": conversation,
    "plain, form": at("/plain"),
    "plain, answer": asked_plainly("side effects"),
    "plain, refusal": asked_plainly("something related"),
    "plain, crisis": asked_plainly("I want to hurt myself"),
    "printed answer": printed,
    "nothing to print": at("/answer"),
    "feedback, thanks": at("/feedback/thanks"),
    "feedback, help after a note": help_after_a_note,
    "documents": at("/documents"),
    "document with a marked quote": at(quote_of(CARE_DOCUMENT, CARE[8][2]).url),
    "document with pictures of two pages": at(leaflet_url("for the rest of the day, and call us")),
    "page without text": at(f"/documents/{percent_encode(LEAFLET_ID)}?page=3"),
    "missing document": at("/documents/missing.md"),
    "API": at("/api/docs"),
}
BY_DAY = ("chat, every kind of answer", "plain, answer", "document with a marked quote")
"""Judged by `make test` too."""


def axe_source() -> str:
    """axe-core's source, from the package that brings it along."""
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None or found.origin is None:
        need("axe-playwright-python", "Run `make setup`.")
    return Path(found.origin).with_name("axe.min.js").read_text("utf-8")  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def axe() -> str:
    return axe_source()


@pytest.fixture(scope="module")
def shared(browser: Browser, site: str) -> Iterator[Visit]:
    """One page for all states; it is resized and recoloured, not opened anew."""
    context = browser.new_context(reduced_motion="reduce")
    yield Visit(context.new_page(), site)
    context.close()


def obstacles(
    page: Page, axe: str, judged: Collection[str], measured: Collection[str]
) -> list[str]:
    """What is in the way of whoever uses the page: axe judges some sizes, others are measured."""
    settle(page)
    page.evaluate(axe)  # the developer tools' way in, which the page's policy does not shut
    screen = page.context.new_cdp_session(page)
    found: list[str] = []
    for size, (width, height, scale) in SIZES.items():
        if size not in (*judged, *measured):
            continue
        metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        screen.send("Emulation.setDeviceMetricsOverride", metrics)
        page.wait_for_function("width => innerWidth === width", arg=width)
        problems = page.evaluate(AXE) if size in judged else []
        if size in measured:
            problems += page.evaluate(SMALL_TARGETS)
            too_wide = page.evaluate(SIDEWAYS)
            if too_wide > 0:
                problems.append(f"scrolls sideways by {too_wide} px")
        found += [f"{size}: {problem}" for problem in problems]
    screen.detach()
    return found


@pytest.mark.parametrize(
    "state",
    [pytest.param(one, marks=() if one in BY_DAY else pytest.mark.slow) for one in STATES],
)
def test_nothing_is_in_anybodys_way(shared: Visit, axe: str, state: str) -> None:
    page = shared.page
    page.emulate_media(color_scheme="light")
    STATES[state](shared)
    assert obstacles(page, axe, ("desktop", "phone"), SIZES) == []
    page.emulate_media(color_scheme="dark")
    assert obstacles(page, axe, ("phone",), ()) == []


@pytest.mark.nightly
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_nothing_is_in_anybodys_way_at_any_size(
    shared: Visit, axe: str, state: str, theme: Any
) -> None:
    shared.page.emulate_media(color_scheme=theme)
    STATES[state](shared)
    assert obstacles(shared.page, axe, SIZES, SIZES) == []


@pytest.mark.parametrize("path", ["/", "/plain"])
def test_on_a_phone_the_help_line_leaves_room_and_hides_no_number(shared: Visit, path: str) -> None:
    page = shared.page
    page.set_viewport_size({"width": 390, "height": 844})
    shared.go(path)
    band = page.locator("#band")
    band.get_by_role("link").first.wait_for()
    settle(page)  # in another font it takes more lines
    whole = band.bounding_box()
    assert whole
    assert whole["height"] <= 90
    assert band.get_by_role("link").count() == len(DIALS)
    for link in band.get_by_role("link").all():
        box = link.bounding_box()
        assert box
        assert box["height"] >= 24
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 390
        assert 0 <= box["y"] <= box["y"] + box["height"] <= whole["height"]
