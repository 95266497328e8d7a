"""A request that is no question is refused in words about JSON, which repeat nothing of it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from starlette.testclient import TestClient

from qa.web.schemas import ErrorBody
from tests.web.stand_in import CRISIS_LINE

HELP = {"help": CRISIS_LINE.text}
AN_OBJECT = 'body: must be a JSON object like {"question": "..."}'
TWICE, NAMED_TWICE = "is there twice", "has two values of one name"
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
            "body.qestion: is not known (/api/docs lists what may be sent)",
        ),
    ],
)
def test_what_is_no_question(client: TestClient, body: str, said: str) -> None:
    refused = client.post("/api/ask", content=body, headers=JSON)
    assert (refused.status_code, refused.json()) == (422, {"error": said} | HELP)
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
    assert (refused.status_code, refused.json()) == (422, {"error": said} | HELP)


def test_all_that_is_wrong_is_told_at_once(client: TestClient) -> None:
    body = json.dumps({"question": 5, "previous": 6, "qid": "half \ud800"})
    refused = client.post("/api/ask", content=body, headers=JSON)
    assert refused.json()["error"].split("; ") == [
        "body.question: must be text",
        "body.previous: must be a list",
        "body.qid: has half a character of two (a lone surrogate)",
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"question":"zebra","question":"hi"}', f"body.question: {TWICE}"),
        (b'{"ques\\u0074ion":"hi","question":"hi"}', f"body.question: {TWICE}"),
        (b'{"question":"hi","zebra":1,"zebra":1}', f"body: {NAMED_TWICE}"),
        (b'{"question":{"a":1,"a":2}}', f"body: {NAMED_TWICE}"),
        (
            b'{"qid":"a","x":1,"x":2,"question":"hi","qid":"b","question":"ho"}',
            f"body.question: {TWICE}; body.qid: {TWICE}; body: {NAMED_TWICE}",
        ),
    ],
)
def test_a_name_that_is_there_twice_is_refused(client: TestClient, body: bytes, said: str) -> None:
    refused = client.post("/api/ask", content=body, headers=JSON)
    assert (refused.status_code, refused.json()) == (422, {"error": said} | HELP)


@pytest.mark.parametrize(
    "values",
    [
        ["I want to hurt myself", "hi"],
        ["hi", "I want to hurt myself"],
        [7, "I want to hurt myself", None, "hi"],
    ],
)
def test_any_of_two_questions_that_tells_of_danger_gets_help(
    client: TestClient, values: list[Any]
) -> None:
    body = "{" + ",".join(f'"question":{json.dumps(one)}' for one in values) + "}"
    told = client.post("/api/ask", content=body, headers=JSON)
    assert told.status_code == 422
    assert told.json()["notices"][0]["kind"] == "crisis"
    assert "hurt myself" not in told.text


def test_many_names_twice_take_no_long_time(client: TestClient) -> None:
    body = "{" + ",".join(f'"k{one}":1' for one in range(15_000)) + ',"k14999":1,"question":"hi"}'
    begun = time.process_time()  # of all threads: the application has one of its own
    assert client.post("/api/ask", content=body, headers=JSON).status_code == 422
    assert time.process_time() - begun < 2  # 0.05 s on the machine this was written on


@pytest.mark.parametrize("depth", range(880, 1_000, 4))
def test_a_body_of_any_depth_is_refused_and_no_failure(client: TestClient, depth: int) -> None:
    """Python reads less deep lists the deeper the calls are in which it reads them."""
    body = b'{"question":"hi","previous":' + b"[" * depth + b"]" * depth + b"}"
    told = client.post("/api/ask", content=body, headers=JSON)
    assert (told.status_code in (400, 422), told.json()["help"]) == (True, CRISIS_LINE.text)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"question":"I want to hurt myself \xe9"}', "application/json", 400),
        (b"question=I+want+to+hurt+myself", "application/x-www-form-urlencoded", 415),
        (b'{"question":"I want to hurt myself"}', "text/plain", 415),
        (b'{"question":"I want to hurt myself"', "application/json", 422),
        (b'["I want to hurt myself"]', "application/json", 422),
        (b'{"Question":"I want to hurt myself"}', "application/json", 422),
    ],
)
def test_whoever_is_not_understood_is_told_whom_to_call(
    client: TestClient, body: bytes, kind: str, status: int
) -> None:
    told = client.post("/api/ask", content=body, headers={"Content-Type": kind})
    assert (told.status_code, told.json()["help"]) == (status, CRISIS_LINE.text)
    assert "hurt myself" not in told.text
    ErrorBody.model_validate(told.json())


def test_names_that_are_not_known_are_repeated_within_reason(client: TestClient) -> None:
    odd = {"x" * 61: 1, "a\u202eb": 1, "\x1b[31m": 1, "x" * 60: 1}
    said = client.post("/api/ask", json={"question": "zebra", **odd}).json()["error"]
    named = [one.partition(": ")[0] for one in said.split("; ")]
    assert named == ["body.(a name)"] * 3 + [f"body.{'x' * 60}"]
    many = {str(number): 1 for number in range(15_000)}
    said = client.post("/api/ask", json={"question": "zebra", **many}).json()["error"]
    assert said.endswith("; and 14,990 more")
    assert len(said) < 1_000
