"""A maintainer looks at how sure the answers are, moves the slider by keyboard and saves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI

from qa.staff.desk import Desk
from qa.staff.run_book import Run, RunBook
from tests.web.browser import chromium, expect, follow, launched, settle
from tests.web.serving import serving
from tests.web.staff.conftest import KEEPER, PASSWORD
from tests.web.staff.test_confidence import HERE, judgement
from tests.web.test_accessibility import AXE, SIDEWAYS, SMALL_TARGETS, axe_source

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(staff_app: FastAPI, desk: Desk) -> Iterator[Page]:
    """A phone on which a maintainer is logged in, and a run of 24 questions."""
    judgements = tuple(
        judgement(f"question {i}", (1, 2, None)[i % 3], i / 25, *(["held"] * (i % 2)))
        for i in range(24)
    )
    made = ("2026-11-26T10:15:00Z", 8.5, "Nora", desk.assistant.generation, "s", 0.44, "", True)
    RunBook(desk.file).keep(Run(*made, judgements))
    with serving(staff_app) as site, launched(chromium()) as browser:
        context = browser.new_context(
            base_url=site, viewport={"width": 390, "height": 844}, reduced_motion="reduce"
        )
        page = context.new_page()
        complaints: list[str] = []
        asked: list[str] = []
        page.on("console", lambda one: complaints.append(one.text))
        page.on("pageerror", lambda one: complaints.append(str(one)))
        page.on("request", lambda one: asked.append(one.url))
        page.goto(f"/staff/login?next={HERE}")
        page.get_by_label("Name").fill(KEEPER.name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"**{HERE}")
        yield page
        assert complaints == []
        assert all(one.startswith(site) for one in asked)
        context.close()


def test_the_slider_is_moved_by_keyboard_and_what_it_shows_is_saved(page: Page, desk: Desk) -> None:
    slider = page.get_by_role("slider")
    assert slider.input_value() == "0.44"
    said = page.locator("#said")
    before = said.inner_text()
    slider.focus()
    for _ in range(8):
        slider.press("ArrowRight")
    page.get_by_text("Newly refused (2)").wait_for()
    assert page.locator("#chosen").inner_text() == "0.52"
    # What a step on the way there would do may be shown first.
    expect(said).to_have_text(re.compile(r"^Threshold 0\.52\. Not held: "))
    assert said.inner_text() != before
    expect(page.get_by_text("Newly refused (2)")).to_be_visible()
    page.get_by_role("button", name="0.01 less").click()
    page.get_by_text("Then, 0.51").first.wait_for()
    assert page.get_by_role("button", name="Show").count() == 0
    page.get_by_label("Why").fill("fewer wrong quotes")
    follow(page.get_by_role("button", name="Save 0.51"))
    page.get_by_text("The threshold in use is 0.51").wait_for()
    assert desk.assistant.policy_in_use().threshold == 0.51
    [entry] = [one for one in desk.audit.entries() if one.about]
    assert (entry.who, entry.about, entry.why) == (KEEPER.name, "0.44 → 0.51", "fewer wrong quotes")
    assert desk.config
    assert "threshold = 0.51\n" in desk.config.read_text("utf-8")


def test_it_is_in_nobodys_way_on_a_phone(page: Page) -> None:
    page.goto(f"{HERE}?threshold=0.6")
    settle(page)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate(axe_source())
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        assert page.evaluate(AXE) == []
    assert page.evaluate(SMALL_TARGETS) == []
    assert page.evaluate(SIDEWAYS) <= 0
    plots = page.locator("picture img")
    assert plots.count() == 3
    # Where the colours change, other pictures are fetched.
    page.wait_for_function(
        """() => [...document.querySelectorAll("picture img")].every(one => one.complete
          && one.naturalWidth > 200 && one.currentSrc.includes("theme=dark&size=narrow"))"""
    )
    for plot in plots.all():
        assert re.search(r"\d", plot.get_attribute("alt") or "")


def test_without_scripts_the_form_shows_the_same(page: Page) -> None:
    browser = page.context.browser
    assert browser
    context = browser.new_context(
        base_url=page.url.split("/staff")[0],
        java_script_enabled=False,
        storage_state=page.context.storage_state(),
    )
    plain = context.new_page()
    plain.goto(f"{HERE}?theme=dark")
    plain.get_by_role("slider").focus()
    plain.keyboard.press("Home")
    follow(plain.get_by_role("button", name="Show"))
    plain.wait_for_url("**threshold=0*")
    assert "theme=dark" in plain.url
    assert "Then, 0.00" in unescape(plain.content())
    assert plain.get_by_role("button", name="0.01 less").count() == 0
    context.close()
