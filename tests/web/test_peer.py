"""The connection's own address, whatever a header says of it."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from qa.web.peer import RememberPeer, forwarded, peer_of


async def _tell(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope)
    seen = request.client.host if request.client else None
    await PlainTextResponse(f"{peer_of(scope)} {seen} {request.url.scheme}")(scope, receive, send)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("127.0.0.1", "127.0.0.1 10.0.0.5 https"),
        ("203.0.113.7", "203.0.113.7 203.0.113.7 http"),
    ],
)
def test_a_header_changes_the_client_and_not_the_peer(address: str, told: str) -> None:
    client = TestClient(RememberPeer(forwarded(_tell)), client=(address, 1))
    sent = {"X-Forwarded-For": "10.0.0.5", "X-Forwarded-Proto": "https"}
    assert client.get("/", headers=sent).text == told


def test_where_nothing_remembers_it_nothing_is_known() -> None:
    assert TestClient(_tell, client=("10.0.0.5", 1)).get("/").text.startswith("None ")
