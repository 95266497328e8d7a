"""A maintainer changes a document, looks at what that changes, signs it, and takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI

from qa.embedding import Embedder
from qa.notices import SafetyTexts
from qa.staff.desk import Desk
from tests.tiny_desk import DRIVING, LATER, QUESTION, stage, tiny_desk
from tests.web.browser import chromium, expect, follow, launched, settle
from tests.web.serving import serving
from tests.web.staff.conftest import KEEPER, PASSWORD
from tests.web.test_accessibility import AXE, SIDEWAYS, SMALL_TARGETS, axe_source

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory, bundled: Embedder, safety_texts: SafetyTexts
) -> Desk:
    desk = tiny_desk(tmp_path_factory.mktemp("tiny"), bundled, safety_texts)
    desk.accounts.add(KEEPER.name, KEEPER.role, PASSWORD)
    return desk


@pytest.fixture
def page(staff_app: FastAPI) -> Iterator[Page]:
    """A phone's page, logged in by the form; nothing was complained of at its end."""
    with serving(staff_app) as site, launched(chromium()) as browser:
        page = browser.new_page(viewport={"width": 390, "height": 844}, base_url=site)
        complaints: list[str] = []
        page.on("console", lambda one: complaints.append(one.text))
        page.goto("/staff/login?next=/staff/publishing")
        page.get_by_label("Name").fill(KEEPER.name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("heading", name="Publishing", level=1).wait_for()
        yield page
        assert complaints == []


def fine(page: Page) -> None:
    """Nothing on the page is in anybody's way, in light or dark."""
    settle(page)
    page.evaluate(axe_source())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert page.evaluate(AXE) == [], scheme
    assert page.evaluate(SMALL_TARGETS) == []
    assert page.evaluate(SIDEWAYS) <= 0


def quoted(page: Page) -> str:
    """What a patient is quoted, who comes by a connection of their own.

    The browser's may have been idle until the server ends it in this very moment.
    """
    address = urlsplit(page.url)
    asked = f"{address.scheme}://{address.netloc}/api/ask"
    answer = httpx.post(asked, json={"question": QUESTION}, timeout=30)
    return str(answer.json()["quotes"][0]["text"])


def test_a_changed_document_goes_to_patients_and_back(
    page: Page, desk: Desk, bundled: Embedder
) -> None:
    fine(page)
    assert quoted(page) == DRIVING
    stage(desk, bundled, LATER)
    page.reload()
    follow(page.get_by_role("link", name="Check it and see what changes"))
    page.get_by_role("button", name="Check it now").click()
    page.get_by_role("heading", name="Sign and publish").wait_for()
    expect(page.locator("del")).to_have_text("on the day of")
    expect(page.locator("ins")).to_have_text("until two days after")
    fine(page)
    page.get_by_label("Reason (needed)").fill("the new leaflet of the clinic")
    sign = page.get_by_role("button", name="Sign and publish")
    sign.click()
    assert quoted(page) == DRIVING, "the box is not ticked"
    page.get_by_label("Publish although 2 of the checks speak against it").check()
    sign.click()
    page.get_by_text("Published.", exact=True).wait_for()
    fine(page)
    assert quoted(page) == LATER

    follow(page.get_by_role("link", name="Go back to the one before"))
    page.get_by_role("button", name="Show what would change").click()
    page.locator(".report ins").wait_for()
    fine(page)
    page.get_by_label("Reason (needed)").fill("wrong number of days")
    page.get_by_role("button", name="Go back").click()
    page.get_by_text("Gone back.", exact=True).wait_for()
    assert quoted(page) == DRIVING
    page.goto("/staff/audit")
    expect(page.get_by_text("wrong number of days")).to_be_visible()
