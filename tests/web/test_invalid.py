"""A request that is no question is refused in words about JSON, which repeat nothing of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

AN_OBJECT = 'body: must be a JSON object like {"question": "..."}'
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("[]", AN_OBJECT),
        ("null", AN_OBJECT),
        ('"zebra"', AN_OBJECT),
        ("", "body: is missing"),
        ("{}", "body.question: is missing"),
        ('{"question": "zebra', "body: is not JSON: it cannot be read from character 13 on"),
        ('{"question": 5}', "body.question: must be text"),
        (
            '{"question": "zebra", "qestion": 1}',
            "body.qestion: is not known; /api/docs lists what may be sent",
        ),
    ],
)
def test_what_is_no_question(client: TestClient, body: str, said: str) -> None:
    refused = client.post("/api/ask", content=body, headers=JSON)
    assert (refused.status_code, refused.json()) == (422, {"error": said})
    assert refused.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("previous", "zebra", "body.previous: must be a list"),
        ("previous", ["x", "zebra" * 300], "body.previous.1: has more than 1,000 characters"),
        ("previous", ["zebra"] * 21, "body.previous: has more than 20 entries"),
        ("documents", [7], "body.documents.0: must be text"),
        ("qid", "zebra" * 50, "body.qid: has more than 200 characters"),
        ("trace", "zebra", "body.trace: must be true or false"),
        ("trace", {}, "body.trace: must be true or false"),
        ("language", None, "body.language: must be text"),
    ],
)
def test_what_is_wrong_beside_a_question(
    client: TestClient, field: str, value: Any, said: str
) -> None:
    refused = client.post("/api/ask", json={"question": "side effects", field: value})
    assert (refused.status_code, refused.json()) == (422, {"error": said})


def test_all_that_is_wrong_is_told_at_once(client: TestClient) -> None:
    body = json.dumps({"question": 5, "previous": 6, "qid": "half \ud800"})
    refused = client.post("/api/ask", content=body, headers=JSON)
    assert refused.json()["error"].split("; ") == [
        "body.question: must be text",
        "body.previous: must be a list",
        "body.qid: has half a character of two (a lone surrogate)",
    ]
