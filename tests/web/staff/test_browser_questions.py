"""As a nurse: ask, mark it wrong, choose the sentence, find it in the list, export and import."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI

from qa.staff.desk import Desk
from qa.staff.golden_book import GoldenBook
from tests.web.browser import chromium, follow, launched, settle
from tests.web.serving import serving
from tests.web.staff.conftest import NURSE, PASSWORD
from tests.web.test_accessibility import AXE, SIDEWAYS, SMALL_TARGETS, axe_source

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow

QUESTION = "Can I drive home after a treatment?"


@pytest.fixture(scope="module")
def page(staff_app: FastAPI) -> Iterator[Page]:
    """A phone on which a nurse has logged in."""
    with serving(staff_app) as address, launched(chromium()) as browser:
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, base_url=address, reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto("/staff/login")
        page.get_by_label("Name").fill(NURSE.name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.locator("#question textarea").wait_for()
        yield page
        context.close()


def faults(page: Page) -> list[str]:
    settle(page)
    page.evaluate(axe_source())
    found = [*page.evaluate(AXE), *page.evaluate(SMALL_TARGETS)]
    wide = page.evaluate(SIDEWAYS)
    return [*found, f"scrolls sideways by {wide} px"] if wide > 0 else found


def test_a_nurse_marks_an_answer_and_finds_it_again(page: Page, desk: Desk) -> None:
    book = GoldenBook(desk.golden)
    before = len(book.kept())
    page.locator("#question textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator("#log blockquote").first.wait_for()
    page.get_by_role("button", name="Wrong quote").click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Choose the right sentence").click()
    mark = opened.value
    mark.locator("#likely").wait_for()
    settle(mark)
    assert mark.evaluate("document.querySelector('#likely').getBoundingClientRect().top < 700")
    assert faults(mark) == []
    mark.get_by_label("Find words in it").fill("next day")
    follow(mark.get_by_role("button", name="Find", exact=True))
    mark.locator(".sentence", has_text="Do not drive until the next day").click()
    every = mark.get_by_role("button", name="Show all sentences")
    every.focus()
    mark.keyboard.press("Enter")
    every.wait_for(state="detached")
    mark.get_by_role("button", name="Save golden question").click()
    mark.get_by_text(f"Golden question {before + 1} was added").wait_for()
    kept = book.find(QUESTION)
    assert kept
    assert kept.label.quote == "Do not drive until the next day, after a night of restful sleep."
    mark.get_by_label("Words").fill("drive home after a treatment")
    follow(mark.get_by_role("button", name="Show", exact=True))
    assert mark.locator(".golden .question").all_inner_texts() == [f"{before + 1} {QUESTION}"]
    assert faults(mark) == []
    with mark.expect_download() as download:
        mark.get_by_role("link", name="Export for Excel").click()
    follow(mark.get_by_role("link", name="Import a CSV file"))
    assert faults(mark) == []
    mark.get_by_label("CSV file").set_input_files(download.value.path())
    mark.get_by_role("button", name="Look at it").click()
    mark.get_by_text(f"0 new, 0 changed, {before + 1} the same, 0 wrong").wait_for()
    assert faults(mark) == []
    mark.goto(f"/staff/questions/delete?digest={kept.digest}")
    assert faults(mark) == []
    mark.get_by_role("button", name="Delete it").click()
    mark.get_by_role("button", name="Undo").wait_for()
    assert len(book.kept()) == before
