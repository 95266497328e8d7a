"""Where a request ends is beyond doubt."""

from __future__ import annotations

from starlette.testclient import TestClient


def test_two_lengths_are_refused_and_the_line_is_ended(client: TestClient) -> None:
    both = {"Content-Length": "2", "Transfer-Encoding": "chunked"}
    answer = client.post("/api/ask", content=b"{}", headers=both)
    assert (answer.status_code, answer.headers["connection"]) == (400, "close")
    assert "not both" in answer.text
