"""Logging in and out as a member of staff does it: in a real browser, by keyboard, on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI

from qa.staff.desk import Desk
from tests.web.browser import chromium, expect, follow, launched, settle
from tests.web.serving import serving
from tests.web.staff.conftest import NURSE, PASSWORD
from tests.web.test_accessibility import AXE, SIDEWAYS, SMALL_TARGETS, axe_source

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture(scope="module")
def page(staff_app: FastAPI) -> Iterator[Page]:
    with serving(staff_app) as site, launched(chromium()) as browser:
        context = browser.new_context(
            base_url=site, viewport={"width": 390, "height": 844}, reduced_motion="reduce"
        )
        yield context.new_page()
        context.close()


def problems_of(page: Page) -> list[str]:
    """What is in anybody's way, in light and in dark."""
    settle(page)
    page.evaluate(axe_source())
    found = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        found += [f"{theme}: {one}" for one in page.evaluate(AXE)]
    page.emulate_media(color_scheme="light")
    found += page.evaluate(SMALL_TARGETS)
    wide = page.evaluate(SIDEWAYS)
    return [*found, *([f"scrolls sideways by {wide} px"] if wide > 0 else [])]


def log_in(page: Page, password: str) -> None:
    """By the keyboard alone."""
    page.locator("#name").focus()
    page.keyboard.type(NURSE.name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


@pytest.mark.slow
def test_a_nurse_logs_in_looks_and_logs_out(page: Page, desk: Desk) -> None:
    page.goto("/staff/audit")
    assert page.url.endswith("/staff/login?next=%2Fstaff%2Faudit")
    assert page.locator("h1").inner_text() == "Staff: log in"
    assert problems_of(page) == []

    log_in(page, "wrong")
    expect(page.get_by_role("alert")).to_contain_text("Name or password is wrong")
    assert problems_of(page) == []

    log_in(page, PASSWORD)
    page.wait_for_url("**/staff/audit")
    assert page.locator("h1").inner_text() == "Who did what"
    row = page.locator("tbody tr").first
    assert [NURSE.name, "logged in"] == row.locator("td").all_inner_texts()[1:3]
    page.get_by_label("What", exact=True).select_option("logged in")
    follow(page.get_by_role("button", name="Show"))
    assert page.get_by_label("What", exact=True).input_value() == "logged in"
    assert problems_of(page) == []
    cookies = {one["name"]: one for one in page.context.cookies()}
    assert all(one["secure"] and one["httpOnly"] for one in cookies.values())

    page.get_by_role("button", name="Log out", exact=True).click()
    page.wait_for_url("**/staff/login?note=left")
    expect(page.get_by_role("status")).to_contain_text("You are logged out.")
    page.go_back()
    page.wait_for_load_state()
    assert NURSE.name not in page.content()
    assert page.locator("table").count() == 0

    # This browser is known by now and counted by itself. The first wait is one second, which may
    # be over when a slow machine tries again; each further one is twice as long.
    for number in range(12):
        page.goto(f"/staff/login?next={number}")
        log_in(page, "wrong")
        page.wait_for_url("**/staff/login")
        if "Too many tries." in page.get_by_role("alert").inner_text():
            break
    assert number >= 5
    assert "Wait " in page.get_by_role("alert").inner_text()
