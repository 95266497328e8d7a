"""A real browser for the tests, and a visit to the patient's page with it."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.conftest import need

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

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
            with self.page.expect_response("**/run/predict*"):
                self.page.locator("#clear").click()
            self.page.wait_for_function(
                "() => !document.querySelector('#log .message-row, #log .reply')"
                " && !document.querySelector('#question textarea').value"
            )
        self.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        self._forget()

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

    def ask(self, question: str) -> Locator:
        """Asks with the keyboard and waits for the new answer."""
        before = self.replies.count()
        self.box.fill(question)
        self.box.press("Enter")
        reply = self.replies.nth(before)
        reply.wait_for()
        return reply
