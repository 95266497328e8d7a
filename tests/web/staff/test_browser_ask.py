"""The staff's page for asking in a real browser, as a nurse goes through it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI

from qa.staff.desk import Desk
from qa.web.staff.guard import COOKIE
from tests.web.browser import chromium, expect, launched, settle
from tests.web.serving import serving
from tests.web.staff.conftest import NURSE
from tests.web.test_accessibility import AXE, SIDEWAYS, axe_source

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.slow

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def site(staff_app: FastAPI) -> Iterator[str]:
    with serving(staff_app) as address:
        yield address


@pytest.fixture(scope="module")
def browser(site: str) -> Iterator[Browser]:
    with launched(chromium()) as browser:
        yield browser


def opened(browser: Browser, site: str, desk: Desk, theme: str, size: dict[str, int]) -> Page:
    """The page, with a nurse logged in."""
    context = browser.new_context(
        reduced_motion="reduce",
        color_scheme=theme,  # type: ignore[arg-type]
        viewport=size,  # type: ignore[arg-type]
    )
    token = desk.sessions.begin(NURSE)
    own = site.replace("http:", "https:")
    context.add_cookies([{"name": COOKIE, "value": token, "url": own, "secure": True}])
    page = context.new_page()
    page.goto(f"{site}/staff/")
    page.locator("#question textarea").wait_for()
    return page


def ask(page: Page, question: str) -> str:
    """Asks by the keyboard, and gives the reason that is then shown."""
    before = page.locator("#why .verdict").all_inner_texts()
    box = page.locator("#question textarea")
    box.fill(question)
    box.press("Enter")
    page.wait_for_function(
        "b => (document.querySelector('#why .verdict') || {innerText: b}).innerText !== b",
        arg=before[0] if before else "",
    )
    return page.locator("#why .verdict").inner_text()


def violations(page: Page) -> list[str]:
    settle(page)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate(axe_source())
    found: list[str] = page.evaluate(AXE)
    return found


def test_a_nurse_sees_why(browser: Browser, site: str, desk: Desk) -> None:
    page = opened(browser, site, desk, "light", PHONE)
    assert page.evaluate(SIDEWAYS) <= 0
    told = ask(page, "can i tak ketamin with alchol")
    assert told.startswith("Quoted: the best passage answers with probability ")
    expect(page.locator("[role=status]").last).to_have_text(told)
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    expect(page.locator("#why").get_by_text("alchol → alcohol")).to_be_visible()
    page.locator("#place details").first.locator("mark").first.wait_for(state="attached")
    quote = page.locator("#log blockquote").first.inner_text()
    marked = "".join(page.locator("#place details").first.locator("mark").all_inner_texts())
    assert "".join(marked.split()) == "".join(quote.replace("•", "").split())
    expect(page.locator("#why .in-quote").first).to_be_visible()
    assert violations(page) == []
    assert page.evaluate(SIDEWAYS) <= 0
    page.locator("#place a").first.click()
    page.wait_for_url("**/staff/documents/ketamine-for-ptsd.md?*")
    expect(page.locator("mark").first).to_be_visible()
    assert violations(page) == []
    page.context.close()


def test_a_login_that_ended_is_told_and_logging_out_works(
    browser: Browser, site: str, desk: Desk
) -> None:
    page = opened(browser, site, desk, "dark", WIDE)
    assert ask(page, "Does it interact with metformin?") == (
        "Refused: no document speaks of metformin."
    )
    assert violations(page) == []
    answer, beside = page.locator("#told").bounding_box(), page.locator("#beside").bounding_box()
    assert answer
    assert beside
    assert beside["x"] > answer["x"] + answer["width"] - 1
    [cookie] = [one for one in page.context.cookies() if one.get("name") == COOKIE]
    desk.sessions.end(cookie["value"])
    box = page.locator("#question textarea")
    box.fill("How long does it last?")
    box.press("Enter")
    ended = page.locator("#ended")
    ended.wait_for()
    assert ended.inner_text().startswith("You are no longer logged in.")
    assert violations(page) == []
    page.context.close()
    page = opened(browser, site, desk, "light", WIDE)
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/staff/login?note=left")
    page.context.close()
