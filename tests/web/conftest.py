"""One stand-in application, in memory and behind a real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.web.application import create_app
from qa.web.types import Page
from tests.web.serving import serving
from tests.web.stand_in import StandIn

PAGE = Page.of(
    title="Ask about ketamine treatment for PTSD",
    scope="This page answers with passages from our patient information, word for word.",
    examples=("What side effects can it have?", "What should I bring?"),
)


@pytest.fixture(scope="session")
def app() -> FastAPI:
    return create_app(StandIn(), pages=[PAGE])


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


@pytest.fixture(scope="session")
def site(app: FastAPI) -> Iterator[str]:
    """The address of a server in a thread of its own."""
    with serving(app) as address:
        yield address
