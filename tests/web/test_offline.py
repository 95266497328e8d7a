"""A lost connection, and a server that was away, in a real browser: nothing vanishes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI

from qa.web.application import create_app
from qa.web.types import Page
from qa.wording import load_wording
from tests.web.browser import Visit, chromium, expect, launched
from tests.web.serving import serving
from tests.web.stand_in import StandIn

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator

pytestmark = pytest.mark.slow

ENGLISH, SPANISH = load_wording("en"), load_wording("es")
QUESTION = "What side effects can it have?"
PREDICT = "**/gradio_api/run/predict*"
WAIT = 5
"""Seconds: more than twice the time after which Gradio would look for the server again."""


class Server:
    """A clinic's server that can be away for a while: each start is a new application."""

    def __init__(self) -> None:
        pages = [Page.of(examples=("What should I bring?",)), Page(SPANISH, root="/es")]
        # Made beforehand, since none can be made while Playwright runs its loop.
        self._apps: list[FastAPI] = [create_app(StandIn(), pages=pages) for _ in range(3)]
        self._running = ExitStack()
        # Bound and never listened at: while the server is away, nobody else gets its port.
        self._held = socket.socket()
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._held.bind(("127.0.0.1", 0))
        self.start()

    def start(self) -> None:
        port = self._held.getsockname()[1]
        self.url = self._running.enter_context(serving(self._apps.pop(), port))

    def stop(self) -> None:
        self._running.close()

    def free(self) -> None:
        """Gives its port to whoever asks for one."""
        self._held.close()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Stopped for a while, and started again at the same port whatever happens."""
        self.stop()
        try:
            yield
        finally:
            self.start()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Before the browser; see `Server`."""
    server = Server()
    yield server
    server.stop()
    server.free()


@pytest.fixture(scope="module")
def browser(server: Server) -> Iterator[Browser]:
    with launched(chromium()) as browser:
        yield browser


@pytest.fixture(scope="module")
def phone(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    with closing(phone_of(browser)) as context:
        yield context


def phone_of(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")


def answered(context: BrowserContext, server: Server) -> Visit:
    """A page on which one question was answered; it is marked, so that a reload shows."""
    visit = Visit(context.new_page(), server.url)
    visit.ask("What should I bring?")
    visit.page.evaluate("window.unreloaded = true")
    return visit


@pytest.fixture
def visit(phone: BrowserContext, server: Server) -> Iterator[Visit]:
    visit = answered(phone, server)
    yield visit
    phone.set_offline(False)
    visit.page.close()


@pytest.fixture
def timed(browser: Browser, server: Server) -> Iterator[Visit]:
    """As `visit`, on a phone whose clock the test sets."""
    with closing(phone_of(browser)) as context:
        context.clock.install()
        yield answered(context, server)


def wait_long(visit: Visit) -> None:
    """Lets `WAIT` seconds pass on the page's clock; what they set off has its time in between."""
    for _ in range(WAIT * 2):
        visit.page.clock.run_for(500)
        visit.page.wait_for_timeout(40)


def said(visit: Visit) -> Locator:
    return visit.page.locator("#offline[role=status]")


def fail_to_ask(visit: Visit, question: str = QUESTION, unsent: str = "") -> None:
    """Asks, and finds that it is said and that question, conversation and help line stay."""
    before = visit.replies.count()
    said(visit).evaluate("notice => notice.replaceChildren()")
    visit.box.fill(question)
    visit.box.press("Enter")
    said(visit).get_by_text(unsent or ENGLISH("offline.unsent"), exact=True).wait_for()
    visit.page.wait_for_timeout(200)
    unchanged(visit, question, before)


def unchanged(visit: Visit, question: str, replies: int) -> None:
    assert visit.box.input_value() == question
    assert visit.box.evaluate("box => box === document.activeElement")
    assert visit.replies.count() == replies
    assert visit.page.evaluate("window.unreloaded")
    assert visit.page.locator(".toast-wrap *").count() == 0


def asks_again(visit: Visit) -> None:
    """What stands in the box is sent as it is, answered, and the notice goes."""
    before = visit.replies.count()
    visit.box.press("Enter")
    visit.replies.nth(before).wait_for()
    expect(visit.box).to_have_value("")
    expect(said(visit)).to_have_text("")
    expect(said(visit)).to_be_hidden()
    expect(visit.page.locator("#log .asked")).to_have_count(before + 1)
    assert visit.page.evaluate("window.unreloaded")


def test_nothing_vanishes_when_the_signal_is_lost_and_comes_back(timed: Visit) -> None:
    assert said(timed).inner_text() == ""
    timed.page.context.set_offline(True)
    fail_to_ask(timed)
    fail_to_ask(timed)
    timed.page.context.set_offline(False)
    wait_long(timed)
    unchanged(timed, QUESTION, 1)
    asks_again(timed)


def test_the_notice_covers_nothing(visit: Visit) -> None:
    visit.page.context.set_offline(True)
    fail_to_ask(visit)
    notice, box = said(visit).bounding_box(), visit.box.bounding_box()
    ask = visit.page.locator("#ask").bounding_box()
    assert notice
    assert box
    assert ask
    assert box["y"] + box["height"] <= notice["y"]
    assert notice["y"] + notice["height"] <= ask["y"]
    assert notice["x"] >= 0
    assert notice["x"] + notice["width"] <= 390
    assert notice["y"] + notice["height"] <= 844


def test_asking_works_after_the_server_was_started_again(timed: Visit, server: Server) -> None:
    with server.away():
        fail_to_ask(timed)
    wait_long(timed)
    unchanged(timed, QUESTION, 1)
    asks_again(timed)
    assert "Nausea" in timed.replies.last.inner_text()


def test_a_restart_between_two_questions_goes_unnoticed(visit: Visit, server: Server) -> None:
    with server.away():
        pass
    visit.ask(QUESTION)
    assert said(visit).inner_text() == ""


def test_it_is_said_in_the_language_of_the_page(visit: Visit) -> None:
    visit.go("/es/")
    visit.ask("What should I bring?")
    visit.page.evaluate("window.unreloaded = true")
    visit.page.context.set_offline(True)
    fail_to_ask(visit, unsent=SPANISH("offline.unsent"))


def test_a_suggested_question_and_clearing_fail_as_gently(visit: Visit) -> None:
    visit.page.context.set_offline(True)
    for button in ("#examples button", "#clear"):
        visit.box.fill("half a quest")
        said(visit).evaluate("notice => notice.replaceChildren()")
        visit.page.locator(button).click()
        said(visit).get_by_text(ENGLISH("offline.unsent")).wait_for()
        assert visit.box.input_value() == "half a quest"
        assert visit.replies.count() == 1
    visit.page.context.set_offline(False)
    visit.page.locator("#clear").click()
    visit.replies.wait_for(state="detached")
    expect(visit.box).to_have_value("")
    expect(said(visit)).to_have_text("")


@pytest.mark.parametrize("status", [408, 413, 429, 502])
def test_a_server_that_is_away_or_did_not_read_it_is_no_connection_either(
    visit: Visit, status: int
) -> None:
    page = "<html><h1>Bad Gateway</h1></html>"
    visit.page.route(
        PREDICT, lambda route: route.fulfill(status=status, body=page, content_type="text/html")
    )
    fail_to_ask(visit)
    visit.page.unroute(PREDICT)
    asks_again(visit)


def test_a_signal_too_weak_to_answer_is_given_up(timed: Visit) -> None:
    page, now = timed.page, "Date.now()"
    page.route(PREDICT, lambda _: None)
    timed.box.fill(QUESTION)
    begun = page.evaluate(now)
    with page.expect_request(PREDICT):
        timed.box.press("Enter")
    # Else the seconds that all of this really takes would be counted too.
    page.clock.pause_at(page.evaluate(now) / 1_000 + 5)
    gone = page.evaluate(now) - begun
    page.clock.run_for(29_000 - gone)
    assert said(timed).inner_text() == ""
    page.clock.run_for(2_000 + gone)
    said(timed).get_by_text(ENGLISH("offline.unsent")).wait_for()
    unchanged(timed, QUESTION, 1)
    page.unroute(PREDICT)
    page.clock.resume()
    asks_again(timed)
