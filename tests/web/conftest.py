"""One stand-in application, in memory and behind a real server."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.web.application import create_app
from qa.web.types import Page
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
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.started
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    listening.close()
