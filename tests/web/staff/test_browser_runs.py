"""A nurse runs the golden questions in a real browser, stops, and looks at what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI

from qa.staff.desk import Desk
from qa.staff.run_book import RunBook
from tests.web.browser import chromium, expect, follow, launched, settle
from tests.web.serving import serving
from tests.web.staff.conftest import NURSE, PASSWORD
from tests.web.test_accessibility import AXE, SIDEWAYS, SMALL_TARGETS, axe_source

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(staff_app: FastAPI) -> Iterator[Page]:
    """A phone's browser that the nurse is logged in on."""
    with serving(staff_app) as address, launched(chromium()) as browser:
        context = browser.new_context(
            base_url=address, viewport={"width": 390, "height": 844}, reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto("/staff/runs")
        page.get_by_label("Name").fill(NURSE.name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/staff/runs")
        yield page


def problems(page: Page, axe: str) -> list[str]:
    """What axe finds, small targets, and a page that is wider than the screen."""
    settle(page)
    page.evaluate(axe)
    found = [*page.evaluate(AXE), *page.evaluate(SMALL_TARGETS)]
    wide = page.evaluate(SIDEWAYS)
    return [*found, f"{page.url}: sideways by {wide} px"] if wide > 0 else found


def test_a_nurse_runs_stops_filters_and_looks(page: Page, desk: Desk) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    axe = axe_source()
    # All questions are begun, with progress, and stopped.
    page.goto("/staff/runs")
    page.get_by_role("button", name="Run golden questions").click()
    step = page.locator("#job-step")
    step.filter(has_text=re.compile(r"Asking [2-9]\d* of 204")).wait_for()
    assert problems(page, axe) == []
    page.get_by_role("button", name="Stop").click()
    page.get_by_text(re.compile(r"Stopped after \d+ of 204 questions")).wait_for()
    # With few questions a whole run, twice.
    lines = desk.golden.read_text("utf-8").splitlines(keepends=True)
    desk.golden.write_text("".join(lines[:7]), "utf-8")
    for number in (2, 3):
        page.get_by_role("button", name="Run golden questions").click()
        page.get_by_text(re.compile(rf"6 questions were asked .* run {number}\.")).wait_for()
    expect(page.get_by_text("No question went better or worse.")).to_be_visible()
    assert problems(page, axe) == []
    # The grid, filtered.
    follow(page.get_by_role("link", name="Grid"))
    assert page.locator("table.grid tbody tr").count() >= 6
    page.get_by_label("Words in the question").fill("ketamine last")
    follow(page.get_by_role("button", name="Show"))
    rows = page.locator("table.grid tbody tr")
    assert rows.count() == 1
    assert problems(page, axe) == []
    asked = rows.locator("th").bounding_box()
    page.locator(".grid-frame").evaluate("one => { one.scrollLeft = 200; }")
    assert rows.locator("th").bounding_box() == asked  # it stays in sight
    # A question of a run.
    follow(rows.locator("td a").last)
    page.get_by_role("heading", name="how long does ketamine last for ptsd").wait_for()
    expect(page.get_by_role("heading", name="Expected")).to_be_visible()
    assert page.locator("figure.found blockquote").count() >= 1
    assert problems(page, axe) == []
    for path in ("changes", "history", "3"):
        page.emulate_media(color_scheme="dark")
        page.goto(f"/staff/runs/{path}")
        assert problems(page, axe) == []
    assert complaints == []
    assert [one.run.whole for one in RunBook(desk.file).listed()] == [True, True, False]
