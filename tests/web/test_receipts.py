"""Receipts hold the question: the API gives them out, no page shows, sends or prints one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.types import Answer
from qa.web.application import create_app
from qa.web.types import Page
from tests.web.real_server import ask_chat
from tests.web.stand_in import NoBook, StandIn

RECEIPT = "qw1.quoxilimar"


class Receipted(StandIn):
    """Gives a receipt with each answer, as the real one does."""

    def ask(self, question: str, **more: Any) -> Answer:
        return replace(super().ask(question, **more), receipt=RECEIPT)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app: FastAPI = create_app(Receipted(), pages=[Page.of()], feedback=NoBook())
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize(
    "question", ["side effects", "unknown", "I want to hurt myself", "chest pain"]
)
def test_no_page_has_a_receipt(client: TestClient, question: str) -> None:
    answer = client.post("/api/ask", json={"question": question}).json()
    assert answer["receipt"] == RECEIPT
    plain = client.post("/plain", data={"question": question}).text
    chat = ask_chat(client, question).text  # type: ignore[arg-type]
    for page in (plain, chat):
        assert question in page or answer["kind"] in ("crisis", "emergency")
        assert RECEIPT not in page
        assert "qw1" not in page
