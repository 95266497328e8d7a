"""One stand-in application, in memory, behind a real server and in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.web.application import create_app
from qa.web.types import Page
from tests.pages import leaflet
from tests.web.browser import Visit, chromium, launched
from tests.web.paged import PagedStandIn
from tests.web.serving import serving
from tests.web.stand_in import NoBook

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGE = Page.of(
    title="Ask about ketamine treatment for PTSD",
    scope="This page answers with passages from our patient information, word for word.",
    examples=("What side effects can it have?", "What should I bring?"),
)


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> PagedStandIn:
    return PagedStandIn(tmp_path_factory.mktemp("generation"), leaflet())


@pytest.fixture(scope="session")
def app(assistant: PagedStandIn) -> FastAPI:
    return create_app(assistant, pages=[PAGE], feedback=NoBook())


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


@pytest.fixture(scope="session")
def site(app: FastAPI) -> Iterator[str]:
    """The address of a server in a thread of its own."""
    with serving(app) as address:
        yield address


@pytest.fixture(scope="module")
def browser(site: str) -> Iterator[Browser]:
    """One browser a module; it opens after the site, which needs a thread without event loop."""
    with launched(chromium()) as browser:
        yield browser


@pytest.fixture(scope="module")
def tab(browser: Browser, site: str) -> Iterator[Visit]:
    """The one tab of a module's visits, since opening it costs more than most of them."""
    context = browser.new_context(reduced_motion="reduce")
    yield Visit(context.new_page(), site)
    context.close()


def _found_in_order(visit: Visit) -> None:
    assert visit.complaints == []
    elsewhere = [url for url in visit.requests if not url.startswith((visit.site, "data:"))]
    assert elsewhere == []


@pytest.fixture
def visit(tab: Visit) -> Iterator[Visit]:
    """A page just loaded; at its end, nothing was complained of and no other host was asked."""
    tab.begin_anew()
    yield tab
    _found_in_order(tab)


@pytest.fixture
def newcomer(browser: Browser, site: str) -> Iterator[Visit]:
    """As `visit`, in a window of its own."""
    context = browser.new_context(reduced_motion="reduce")
    found = Visit(context.new_page(), site)
    yield found
    _found_in_order(found)
    context.close()


@pytest.fixture
def talk(tab: Visit) -> Iterator[Visit]:
    """As `visit`, of a page loaded before, whose conversation was cleared."""
    tab.clear()
    yield tab
    _found_in_order(tab)


@pytest.fixture
def anywhere(tab: Visit) -> Iterator[Visit]:
    """As `visit`, of whatever page was open last: for tests that go to one of their own."""
    tab.tidy()
    yield tab
    _found_in_order(tab)
