"""The page follows the documents: what it suggests, and in which language, without a restart."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.web.application import create_app
from qa.web.renewing import Renewer
from qa.web.types import Page
from tests.web.stand_in import StandIn

PAGES = (
    Page.of(examples=("What is ketamine?", "Who comes along?"), examples_language="en"),
    Page.of("es", root="/es", examples=("What is ketamine?",), examples_language="en"),
)


@pytest.fixture(scope="module")
def app() -> FastAPI:
    return create_app(StandIn(), pages=PAGES)


def suggested(client: TestClient, root: str = "") -> list[str]:
    """The texts of the buttons that a visitor sees, by the page's own configuration."""
    parts = client.get(f"{root}/config").json()["components"]
    buttons = [one["props"] for one in parts if one["type"] == "button"]
    return [one["value"] for one in buttons if one["visible"] and not one.get("elem_id")]


def shows_a_row(client: TestClient) -> bool:
    [row] = [
        one["props"]
        for one in client.get("/config").json()["components"]
        if one["props"].get("elem_id") == "examples"
    ]
    return bool(row["visible"])


def test_whoever_visits_next_gets_the_new_suggestions(app: FastAPI) -> None:
    with TestClient(app) as client:
        assert suggested(client) == ["What is ketamine?", "Who comes along?"]
        assert "Ask one of these" in client.get("/").text
        assert suggested(client, "/es") == ["What is ketamine?"]
        new = ("Ist es sicher?", "Wer kommt mit?", "Wie lange?", "Was nun?")
        app.state.renew([replace(one, examples=new, examples_language="de") for one in PAGES])
        assert suggested(client) == suggested(client, "/es") == list(new)
        for root in ("/", "/es/"):
            page = client.get(root, headers={"Accept-Language": "es" if root == "/es/" else "en"})
            assert 'data-examples="de"' in page.text
            assert "Wer kommt mit?" in page.text
            assert "Who comes along?" not in page.text
        app.state.renew([replace(one, examples=(), examples_language="") for one in PAGES])
        assert (suggested(client), shows_a_row(client)) == ([], False)
        assert "Ask one of these" not in client.get("/").text
        app.state.renew(PAGES)
        assert (suggested(client), shows_a_row(client)) == (list(PAGES[0].examples), True)


def test_it_is_done_again_for_each_waking_and_a_failure_ends_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done, go_on, times = threading.Event(), threading.Event(), []

    def renew() -> None:
        times.append(1)
        done.set()
        assert go_on.wait(10)
        if len(times) == 1:
            raise ValueError("the index is gone")

    with Renewer(renew) as renewer:
        assert not times
        renewer.wake()
        assert done.wait(10)
        done.clear()
        for _ in range(5):  # while it is at it: once more is enough
            renewer.wake()
        go_on.set()
        assert done.wait(10)
    assert len(times) == 2
    assert "suggestions stay as they were" in caplog.text
    assert "renew the page" not in [thread.name for thread in threading.enumerate()]
