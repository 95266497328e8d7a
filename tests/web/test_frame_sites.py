"""The patient's page in a frame of the clinic's own site: by headers, and in a real browser."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.feedback import Feedback
from qa.web.application import create_app
from qa.web.types import Page
from qa.wording import load_wording
from tests.conftest import ROOT
from tests.web.browser import chromium, launched, settle
from tests.web.serving import serving
from tests.web.stand_in import NoBook, StandIn

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FrameLocator
    from playwright.sync_api import Page as BrowserPage

CLINIC = "https://clinic.example"
OTHER = "https://www.clinic.example:8443"
PAGES = [
    "/", "/es/", "/plain", "/es/plain", "/answer", "/documents", "/documents/ketamine.md",
    "/documents/none.md", "/feedback/thanks", "/es/feedback/thanks",
]  # fmt: skip
ALONE = [
    "/health", "/config", "/api/docs", "/api/documents", "/api/openapi.json", "/page/style.css",
    "/staff", "/staff/", "/staff/login", "/nothing", "/documents/../staff", "/es", "/theme.css",
    "/pages/0123456789abcdef0123456789abcdef/1/a.pdf", "/originals/a.pdf", "/es/config",
]  # fmt: skip
# A page in Spanish beside the first.
BOTH = [Page.of(title="Ask about ketamine"), Page(load_wording("es"), "/es")]


@pytest.fixture(scope="module")
def framed() -> Iterator[TestClient]:
    app = create_app(StandIn(), pages=BOTH, feedback=NoBook(), embed_from=[CLINIC, OTHER])
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize("path", PAGES)
def test_patients_pages_may_be_framed_by_the_listed_sites_only(
    framed: TestClient, path: str
) -> None:
    headers = framed.get(path).headers
    [ancestors] = re.findall(r"frame-ancestors ([^;]*)", headers["content-security-policy"])
    assert ancestors == f"{CLINIC} {OTHER}"
    assert "x-frame-options" not in headers
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"


def test_what_a_form_leads_to_may_be_framed_as_well(framed: TestClient) -> None:
    for path, data in (("/plain", {"question": "drive?"}), ("/feedback", {}), ("/answer", {})):
        headers = framed.post(path, data=data).headers
        assert f"frame-ancestors {CLINIC}" in headers["content-security-policy"]


@pytest.mark.parametrize("path", ALONE)
def test_nothing_else_may_be_framed(framed: TestClient, path: str) -> None:
    headers = framed.get(path, follow_redirects=False).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("path", PAGES)
def test_without_sites_nobody_may_frame_anything(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"


@dataclass
class Kept(NoBook):
    """A book whose pages can be counted."""

    notes: list[str] = field(default_factory=list)

    def keep(self, feedback: Feedback) -> None:
        self.notes.append(feedback.note)


class Site:
    """A site of one page, at another name than the one that is framed: `localhost`."""

    def __init__(self) -> None:
        self.page = ""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = site.page.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://localhost:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def snippet(address: str) -> str:
    """What docs/deployment.md gives to copy, for the server at an address."""
    text = (ROOT / "docs" / "deployment.md").read_text("utf-8")
    [written] = re.findall(r"```html\n(.*?)```", text, re.DOTALL)
    assert "https://ask.clinic.example/" in written
    return written.replace("https://ask.clinic.example", address)


@dataclass
class Scene:
    """A clinic's site, one that is not listed, and the page that they frame."""

    clinic: Site
    stranger: Site
    address: str
    book: Kept


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    clinic, stranger, book = Site(), Site(), Kept()
    app: FastAPI = create_app(
        StandIn(), pages=BOTH, feedback=book, embed_from=[CLINIC, clinic.address]
    )
    with serving(app) as address:
        page = (
            '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">'
            f"<title>Riverside Clinic</title><h1>Riverside Clinic</h1>{snippet(address)}"
        )
        clinic.page = stranger.page = page
        yield Scene(clinic, stranger, address, book)
    clinic.stop()
    stranger.stop()


@pytest.fixture(scope="module")
def browser(scene: Scene) -> Iterator[Browser]:
    with launched(chromium()) as browser:
        yield browser


def ask(frame: FrameLocator, question: str) -> None:
    frame.locator("#question textarea").fill(question)
    frame.locator("#question textarea").press("Enter")
    frame.locator("#log .reply").first.wait_for()


def show_in_frame(page: BrowserPage, address: str) -> None:
    """Has the frame show another page, and waits until that one is whole."""
    with page.expect_event("framenavigated", lambda frame: frame.url == address):
        page.locator("iframe").evaluate("(one, to) => { one.src = to }", address)
    page.frames[1].wait_for_load_state()


def wait_for_refusal(page: BrowserPage) -> None:
    """Waits until the frame shows the browser's own page in place of one that may not be framed."""
    if not page.frames[1].url.startswith("chrome-error://"):
        with page.expect_event(
            "framenavigated", lambda frame: frame.url.startswith("chrome-error://")
        ):
            pass


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
def test_the_snippet_shows_a_page_that_works(
    scene: Scene, browser: Browser, width: int, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    complaints: list[str] = []
    context.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(scene.clinic.address)
    frame = page.frame_locator("iframe")
    frame.locator("#question textarea").wait_for()
    assert page.evaluate("document.activeElement.tagName") == "BODY"  # the focus is not stolen
    page.screenshot(path=tmp_path / f"begin-{width}.png")

    ask(frame, "side effects")
    band = frame.locator("#band")
    top = page.locator("iframe").bounding_box()["y"]
    assert band.bounding_box()["y"] - top < 4  # the help line stands at the top of the frame
    assert band.locator("a[href='tel:988']").first.is_visible()
    wide = frame.locator("html").evaluate("one => one.scrollWidth - one.clientWidth")
    assert wide <= 0
    assert frame.locator("#question textarea").evaluate("one => one === document.activeElement")
    page.screenshot(path=tmp_path / f"asked-{width}.png")

    # A source opens beside it, free of the frame.
    with context.expect_page() as opened:
        frame.locator("a.source").first.click()
    settle(opened.value)
    assert opened.value.url.startswith(f"{scene.address}/documents/")
    assert opened.value.locator("mark").count()
    opened.value.close()

    # Feedback is taken from within the frame.
    before = len(scene.book.notes)
    told = frame.locator("#log details.told").first
    told.locator("summary").click()
    told.locator("input[value=helped]").check()
    told.locator("input[name=note]").fill(f"chat {width}")
    told.locator("button[type=submit]").click()
    frame.locator("#log .feedback-said[role=status]").wait_for()
    assert scene.book.notes[before:] == [f"chat {width}"]
    assert complaints == []
    context.close()


@pytest.mark.slow
def test_pages_without_scripts_work_in_the_frame(scene: Scene, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(scene.clinic.address)
    frame = page.frame_locator("iframe")
    show_in_frame(page, f"{scene.address}/plain")
    frame.locator("main textarea").fill("side effects")
    frame.locator("main button[type=submit]").first.click()
    with page.context.expect_page() as opened:
        frame.locator("form.to-print button").first.click()
    settle(opened.value)
    assert opened.value.locator("#page\\:print").is_visible()
    opened.value.close()
    told = frame.locator("details.told").first
    told.locator("summary").click()
    told.locator("input[value=helped]").check()
    told.locator("input[name=note]").fill("plain")
    told.locator("button[type=submit]").click()
    frame.locator("text=Thank you").first.wait_for()
    assert scene.book.notes[-1] == "plain"
    show_in_frame(page, f"{scene.address}/documents")
    frame.locator("main li a").first.click()
    frame.locator("main p.back").wait_for()
    page.close()


@pytest.mark.slow
def test_a_site_that_is_not_listed_gets_an_empty_frame(scene: Scene, browser: Browser) -> None:
    page = browser.new_page()
    with page.expect_console_message(lambda one: "frame-ancestors" in one.text):
        page.goto(scene.stranger.address)
    wait_for_refusal(page)
    page.close()


@pytest.mark.slow
def test_the_staffs_pages_are_never_framed(scene: Scene, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(scene.clinic.address)
    went: list[str] = []
    page.on("framenavigated", lambda frame: went.append(frame.url))
    page.locator("iframe").evaluate("(one, to) => { one.src = to }", f"{scene.address}/health")
    wait_for_refusal(page)
    assert f"{scene.address}/health" not in went
    page.close()


@pytest.mark.slow
def test_a_listed_site_cannot_post_in_a_patients_name(scene: Scene, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(scene.clinic.address)
    before = list(scene.book.notes)
    with page.expect_response(f"{scene.address}/feedback") as reply:
        page.evaluate(
            """to => {
              const form = document.createElement("form");
              form.method = "post";
              form.action = to;
              for (const [name, value] of [["verdict", "helped"], ["note", "forged"]]) {
                const input = document.createElement("input");
                input.name = name;
                input.value = value;
                form.append(input);
              }
              document.body.append(form);
              form.submit();
            }""",
            f"{scene.address}/feedback",
        )
    assert reply.value.status == 403
    assert scene.book.notes == before
    page.close()
