"""The JSON API: shapes, statuses, and errors that do not repeat the question."""

from __future__ import annotations

import hashlib

import pytest
from starlette.testclient import TestClient

from qa.web.application import create_app
from qa.web.schemas import (
    MOST_BYTES,
    AnswerBody,
    DocumentBody,
    DocumentList,
    Health,
    QuestionBody,
    Unusable,
)
from tests.web.stand_in import CARE_DOCUMENT, StandIn


def test_an_answer_has_the_shape_that_is_documented(client: TestClient) -> None:
    for question in ("side effects", "unknown", "hurt myself", "chest pain", "", "x" * 1_001):
        response = client.post("/api/ask", json={"question": question, "qid": "q1", "trace": True})
        assert response.status_code == 200
        assert response.headers["cache-control"] == "no-store"
        answer = AnswerBody.model_validate(response.json())
        assert answer.qid == "q1"
        assert bool(answer.quotes) != bool(answer.reason) or answer.kind in ("crisis", "emergency")


def test_a_carried_warning_is_told_from_the_evidence(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": "Can I drive?"})
    answer = AnswerBody.model_validate(response.json())
    assert [quote.role for quote in answer.quotes] == ["evidence", "warning"]


def test_a_trace_is_only_sent_when_asked_for(client: TestClient) -> None:
    assert "trace" not in client.post("/api/ask", json={"question": "unknown"}).json()


def test_documents_can_be_named(client: TestClient) -> None:
    body = {"question": "side effects", "documents": ["none.md"]}
    assert client.post("/api/ask", json=body).json()["reason"] == "unknown_document"


def test_earlier_questions_may_come_along(client: TestClient) -> None:
    body = {"question": "side effects", "previous": ["x" * 1_000] * 20}
    assert client.post("/api/ask", json=body).json()["kind"] == "answer"
    for wrong in (["x"] * 21, ["x" * 1_001], [7], "x"):
        assert client.post("/api/ask", json=body | {"previous": wrong}).status_code == 422


def test_a_quote_is_the_slice_of_the_document_the_api_gives(client: TestClient) -> None:
    quotes = client.post("/api/ask", json={"question": "side effects"}).json()["quotes"]
    for quote in quotes:
        document = client.get(f"/api/documents/{quote['document_id']}").json()
        assert document["text"][quote["start"] : quote["end"]] == quote["text"]


def test_documents_have_the_shape_that_is_documented(client: TestClient) -> None:
    listed = DocumentList.model_validate(client.get("/api/documents").json())
    assert listed.documents[0].document_id == CARE_DOCUMENT.id
    response = client.get("/api/documents/leaflets/ketamine%20care.md")
    document = DocumentBody.model_validate(response.json())
    assert hashlib.sha256(document.text.encode()).hexdigest() == document.sha256
    assert document.meta["version"] == "2.1"
    assert document.text[document.sections[2].start :].startswith("Side effects")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('{"question": 5}', 422),
        ('{"question": "Jane", "qestion": 1}', 422),
        ('{"question": "Jane", "trace": "yes"}', 422),
        ("[]", 422),
        ('{"question": "Jane', 422),
        ("", 422),
    ],
)
def test_a_wrong_body_is_explained_without_repeating_it(
    client: TestClient, body: str, status: int
) -> None:
    headers = {"Content-Type": "application/json"}
    response = client.post("/api/ask", content=body, headers=headers)
    assert response.status_code == status
    assert list(response.json()) == ["error", "help"]
    assert "Jane" not in response.text


@pytest.mark.parametrize(
    "wrong", [{"previous": ["x" * 1_001]}, {"previous": ["a"] * 21}, {"language": 5}, {"trace": 1}]
)
def test_danger_in_a_wrong_body_gets_help_all_the_same(
    client: TestClient, wrong: dict[str, object]
) -> None:
    """As from a site that sends earlier questions along, one of which was too long."""
    told = client.post("/api/ask", json={"question": "I want to hurt myself", **wrong})
    assert told.status_code == 422
    assert told.json()["notices"][0]["kind"] == "crisis"
    assert "hurt myself" not in told.text
    harmless = client.post("/api/ask", json={"question": "What should I bring?", **wrong})
    assert (harmless.status_code, list(harmless.json())) == (422, ["error", "help"])


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken(client: TestClient, kind: str) -> None:
    headers = {"Content-Type": kind}
    response = client.post("/api/ask", content='{"question": "a"}', headers=headers)
    assert response.status_code == 415
    assert "application/json" in response.json()["error"]


def test_unknown_documents_and_wrong_methods_are_json_errors(client: TestClient) -> None:
    for response, status in (
        (client.get("/api/documents/none.md"), 404),
        (client.get("/api/ask"), 405),
    ):
        assert response.status_code == status
        assert list(response.json()) == ["error"]
    assert client.get("/api/ask").headers["allow"] == "POST, OPTIONS"


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/", "GET, HEAD, OPTIONS"),
        ("/plain", "GET, HEAD, POST, OPTIONS"),
        ("/api/ask", "POST, OPTIONS"),
        ("/api/documents", "GET, HEAD, OPTIONS"),
        ("/api/documents/ketamine.md", "GET, HEAD, OPTIONS"),
        ("/api/docs", "GET, HEAD, OPTIONS"),
        ("/api/openapi.json", "GET, HEAD, OPTIONS"),
        ("/health", "GET, HEAD, OPTIONS"),
    ],
)
def test_allow_is_true(client: TestClient, path: str, methods: str) -> None:
    refused, asked = client.put(path), client.options(path)
    assert (refused.status_code, refused.headers["allow"]) == (405, methods)
    assert (asked.status_code, asked.headers["allow"], asked.content) == (204, methods, b"")
    head = client.head(path, follow_redirects=False)
    if "HEAD" not in methods:
        assert (head.status_code, head.headers["allow"]) == (405, methods)
        return
    got = client.get(path, follow_redirects=False)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-type"] == got.headers["content-type"]
    assert len(got.content) > 0


def test_the_description_names_every_status_and_limit(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()
    replies = {path: set(next(iter(one.values()))["responses"]) for path, one in
               described["paths"].items()}  # fmt: skip
    assert replies == {
        "/api/ask": {"200", "400", "405", "408", "413", "415", "422", "429", "503"},
        "/api/documents": {"200", "405", "429"},
        "/api/documents/{document_id}": {"200", "404", "405", "429"},
        "/health": {"200", "405", "503"},
        "/ready": {"200", "405", "503"},
    }
    shapes = described["components"]["schemas"]
    question = shapes["QuestionBody"]
    assert all(QuestionBody.model_validate(one) for one in question["examples"])
    assert question["properties"]["question"]["maxLength"] == MOST_BYTES
    assert "HTTPValidationError" not in shapes
    sick = TestClient(create_app(StandIn(problem="No index."))).get("/health").json()
    assert Unusable.model_validate(sick).error == "No index."


def test_a_failure_is_503_and_says_nothing_of_the_question(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": "fail for Jane"})
    assert response.status_code == 503
    assert "Jane" not in response.text
    assert response.json()["notices"][0]["kind"] == "disclaimer"
    danger = client.post("/api/ask", json={"question": "fail, I want to hurt myself"})
    assert (danger.status_code, danger.headers["Retry-After"]) == (503, "10")
    assert danger.json()["notices"][0]["kind"] == "crisis", "help comes first all the same"


def test_health_says_where_what_is_published_cannot_be_served() -> None:
    found = {"serving": "g1", "published": "g1", "stale_since": ""}
    with TestClient(create_app(StandIn(), following=lambda: found)) as client:
        assert client.get("/health").json() == {
            "status": "ok",
            "generation": "20261124-test",
            **found,
        }
        found |= {"published": "g2", "stale_since": "2026-11-26T08:00:00+00:00"}
        told = client.get("/health")
        assert (told.status_code, Health.model_validate(told.json()).status) == (200, "stale")
        assert told.json()["published"] == "g2"


def test_health_names_the_generation_or_the_reason(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok", "generation": StandIn.generation}
    sick = TestClient(create_app(StandIn(problem="No index was built yet. Run `qa build`.")))
    response = sick.get("/health")
    assert response.status_code == 503
    assert "Run `qa build`" in response.json()["error"]


def test_the_documentation_shows_every_route_and_shape_without_scripts(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()
    assert set(described["paths"]) == {
        "/api/ask",
        "/api/documents",
        "/api/documents/{document_id}",
        "/health",
        "/ready",
    }
    page = client.get("/api/docs").text
    for name in ("QuestionBody", "AnswerBody", "QuoteBody", "DocumentBody", "ErrorBody"):
        assert f'<h2 id="{name}">' in page
    assert "<script" not in page
    assert "HTTPValidationError" not in page
    assert "//" not in page.replace("https&#58;&#47;&#47;", "")
