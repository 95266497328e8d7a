"""Failures that nothing catches are answered, and logged without what was sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from qa.web.application import create_app
from qa.web.events import EventGuard
from qa.web.failures import FailureGuard
from tests.web.stand_in import StandIn

EVENT = {"fn_index": 0, "data": ["zebra", "zebra"]}


@pytest.fixture(scope="module")
def unguarded() -> Iterator[TestClient]:
    """The application without the guard that refuses what Gradio is known to fail at."""
    app = create_app(StandIn())
    app.user_middleware = [one for one in app.user_middleware if one.cls is not EventGuard]
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize("body", [EVENT, EVENT | {"data": ["zebra"]}, EVENT | {"fn_index": 999}])
def test_a_chat_event_that_fails_is_logged_without_what_was_sent(
    unguarded: TestClient, body: dict[str, object], capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    answer = unguarded.post("/gradio_api/run/predict", json=body)
    assert answer.status_code == 500
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "a request could not be answered" in caplog.text
    assert "a question" not in caplog.text
    assert "zebra" not in answer.text + caplog.text + "".join(capfd.readouterr())


def test_what_was_begun_is_broken_off_and_what_was_not_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def app(scope, receive, send):  # type: ignore[no-untyped-def]
        if scope["path"] == "/begun":
            start = {"type": "http.response.start", "status": 200, "headers": []}
            await send(start)
        raise RuntimeError(scope["path"] + "zeb" + "ra")

    client = TestClient(FailureGuard(app), raise_server_exceptions=False)
    assert client.get("/").json() == {
        "error": "Something went wrong here. Try again in a few minutes."
    }
    told = TestClient(FailureGuard(app, "Call 988."), raise_server_exceptions=False)
    assert told.get("/").json()["help"] == "Call 988."
    assert client.get("/begun").content == b""
    assert caplog.text.count("answered: RuntimeError") == 3
    assert "zebra" not in caplog.text
