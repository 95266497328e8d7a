"""A real browser for the tests, and a visit to the patient's page with it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.conftest import need

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, LocatorAssertions, Page

LAN_NAME = "clinic.lan"
SWITCHES = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # A name of the kind a clinic's own network has, without HTTPS.
    f"--host-resolver-rules=MAP {LAN_NAME} 127.0.0.1",
]


def chromium() -> str:
    """The path of a Chromium; where there is none, or no Playwright, the test is skipped."""
    if importlib.util.find_spec("playwright") is None:
        need("Playwright", "Run `make setup`.")
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("QA_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        need("Chromium", "Run `apt-get install chromium`, or set QA_CHROMIUM to a browser's path.")
    return str(found)


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    """A browser, closed at the end. While it is open, its thread has a running event loop."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()


def expect(at: Locator) -> LocatorAssertions:
    """Playwright's, which waits until what is asserted holds; imported where it is there."""
    from playwright.sync_api import expect as waiting

    return waiting(at)


def settle(page: Page) -> None:
    """Waits until the page that is shown is whole, with its styles and fonts.

    An element can be seen as soon as it is read, before the styles that lay it out.
    """
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready.then(() => true)")


def follow(link: Locator) -> None:
    """Presses what leads to another page of this tab, and waits until that one is whole."""
    with link.page.expect_navigation():
        link.click()
    settle(link.page)


class Visit:
    """A page that notes what it asked for and complained of."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.context.on("request", lambda request: self.requests.append(request.url))
        page.context.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self._size, self._untouched = page.viewport_size, True
        self._load()

    def wait_for_complaints(self, count: int) -> None:
        """The browser tells of a failed request some time after the page knows of it."""
        deadline = time.monotonic() + 10
        while len(self.complaints) < count and time.monotonic() < deadline:
            self.page.wait_for_timeout(20)

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    @property
    def box(self) -> Locator:
        return self.page.locator("#question textarea, main textarea")

    @property
    def replies(self) -> Locator:
        return self.page.locator("#log .reply")

    def tidy(self) -> None:
        """As the window was at first: one tab, of its first size, and nothing emulated."""
        for other in self.page.context.pages:
            if other != self.page:
                other.close()
        self.page.unroute_all()
        self.page.emulate_media(media="null", color_scheme="light")
        if self._size and self.page.viewport_size != self._size:
            self.page.set_viewport_size(self._size)
        self._forget()

    def begin_anew(self) -> None:
        """Loads the page again, as somebody who comes for the first time sees it."""
        untouched = self._untouched
        self.tidy()
        if not untouched:
            self._load()
            self._forget()

    def clear(self) -> None:
        """Ends the conversation; the page is loaded again only where the visit had left it."""
        self.tidy()
        if self.page.url != self.site + "/":
            self._load()
        elif self.replies.count() or self.box.input_value():
            self.empty()
        self.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        self._forget()

    def empty(self) -> None:
        """Presses "Clear conversation" and waits until nothing is left, nor on its way."""
        with self.page.expect_response("**/run/predict*"):
            self.page.locator("#clear").click()
        self.page.wait_for_function(
            "() => !document.querySelector('#log .message-row, #log .reply')"
            " && !document.querySelector('#question textarea').value"
        )

    def _load(self) -> None:
        self.page.goto(self.site + "/")
        self.box.wait_for()

    def _forget(self) -> None:
        self._untouched = False
        self.requests.clear()
        self.complaints.clear()

    def go(self, path: str) -> None:
        """Goes to another page of the site."""
        self.page.goto(self.site + path)
        settle(self.page)

    def ask_plainly(self, question: str, path: str = "/plain") -> None:
        """Asks on the page without scripts, and waits for the whole page with the answer."""
        self.go(path)
        self.box.fill(question)
        follow(self.page.get_by_role("button", name="Ask"))

    def ask(self, question: str) -> Locator:
        """Asks with the keyboard and waits for the new answer."""
        before = self.replies.count()
        self.box.fill(question)
        self.box.press("Enter")
        reply = self.replies.nth(before)
        reply.wait_for()
        return reply
