"""Coverage in a real browser, as a member of staff goes through it, judged by axe on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI

from qa.staff.desk import Desk
from qa.web.staff.guard import COOKIE
from tests.web.browser import chromium, expect, follow, launched, settle
from tests.web.serving import serving
from tests.web.staff.conftest import NURSE
from tests.web.test_accessibility import AXE, SIDEWAYS, SMALL_TARGETS, axe_source

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow

PARKING = ("where is parking", "is parking free", "parking cost", "best parking", "parking hours")


@pytest.fixture(scope="module")
def page(staff_app: FastAPI, desk: Desk) -> Iterator[Page]:
    """A phone on which the nurse is logged in; two golden questions, so that asking is quick."""
    lines = desk.golden.read_text("utf-8").splitlines(keepends=True)
    desk.golden.write_text("".join(lines[:3]), "utf-8")
    for question in PARKING:
        row = {"question": question, "kind": "refusal", "reason": "not_answered"}
        desk.records.add("questions", row | {"places": "[]", "generation": "g"})
    with serving(staff_app) as site, launched(chromium()) as browser:
        context = browser.new_context(
            base_url=site, viewport={"width": 390, "height": 844}, reduced_motion="reduce"
        )
        # Set for https only, a secure cookie is sent to this very machine all the same.
        cookie = {"name": COOKIE, "value": desk.sessions.begin(NURSE), "secure": True}
        context.add_cookies([cookie | {"url": site.replace("http:", "https:")}])  # type: ignore[list-item]
        yield context.new_page()
        context.close()


def faults(page: Page) -> list[str]:
    """What axe finds, small targets and sideways scrolling."""
    settle(page)
    page.evaluate(axe_source())
    found = [*page.evaluate(AXE), *page.evaluate(SMALL_TARGETS)]
    return [*found, f"sideways by {wide} px"] if (wide := page.evaluate(SIDEWAYS)) > 0 else found


def test_from_the_documents_to_a_paragraph_that_no_question_reaches(page: Page) -> None:
    page.goto("/staff/coverage")
    assert faults(page) == []
    follow(page.get_by_role("link", name="Ketamine treatment for PTSD"))
    page.get_by_role("heading", name="In short").wait_for()
    assert faults(page) == []
    follow(page.get_by_role("link", name="Only where a paragraph has no question"))
    box = page.locator(".unreached details").first
    box.locator("summary").click()
    expect(box.locator("p")).to_be_visible()
    link = page.get_by_role("link", name="Write a question for this").first
    assert (link.get_attribute("href") or "").startswith("/staff/mark?document=ketamine-for-ptsd")
    assert faults(page) == []


def test_refused_topics_are_read(page: Page) -> None:
    page.goto("/staff/coverage")
    follow(page.get_by_role("link", name="Refused topics"))
    page.get_by_role("rowheader", name="parking").wait_for()
    assert faults(page) == []


def test_a_flip_test_is_begun_and_its_result_read(page: Page) -> None:
    page.goto("/staff/coverage/flips")
    page.get_by_role("button", name="Run the flip test").click()
    page.get_by_role("rowheader", name="Capitals").wait_for(timeout=60_000)
    assert page.locator("#job-over").inner_text().endswith("of 2 golden questions flip.")
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert faults(page) == []
