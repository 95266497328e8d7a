"""What any proxy must let through and hold back, in front of a real `qa serve`."""

from __future__ import annotations

import html
import re

import httpx

from tests.deploy.proxies import NAME
from tests.web.real_server import ask_chat

QUESTION = "Can I drive home after a treatment?"
PASSWORD = "ask the nurse at desk 7"
SPOOFED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "evil.example",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9",
}


def use_as_a_patient(client: httpx.Client, port: int) -> None:
    """The page, an answer, feedback from the form, and what is shut."""
    origin = f"https://{NAME}:{port}"
    page = client.get("/")
    assert page.status_code == 200
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "drive" in ask_chat(client, QUESTION).text
    assert client.post("/api/ask", json={"question": QUESTION}).json()["quotes"]
    answered = client.post("/plain", data={"question": QUESTION}, headers={"Origin": origin})
    assert answered.status_code == 200
    text = html.unescape(answered.text)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    sent = fields | {"verdict": "helped"}
    kept = client.post("/feedback", data=sent, headers={"Origin": origin})
    assert (kept.status_code, kept.headers["location"]) == (303, "/feedback/thanks")
    foreign = client.post("/feedback", data=sent, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert client.get("/gradio_api/queue/data").status_code == 404
    assert client.get("/metrics").status_code == 404
    elsewhere = client.get("/", headers={"Host": "evil.example"})
    assert elsewhere.status_code != 200 or not elsewhere.content
    assert "evil.example" not in client.get("/", headers=SPOOFED).text
    for _ in range(20):  # no proxy takes the server for one that is down
        assert client.post("/plain", content=b"x" * 300_000).status_code == 413


def log_in(client: httpx.Client, port: int) -> None:
    """The staff's login from the proxy's own network, whose cookie is for HTTPS only."""
    assert client.get("/staff/login").status_code == 200
    reply = client.post(
        "/staff/login",
        data={"name": "Nora", "password": PASSWORD},
        headers={"Origin": f"https://{NAME}:{port}"},
    )
    assert reply.status_code == 303
    for cookie in reply.headers.get_list("set-cookie"):
        assert "; Secure" in cookie
        assert "; HttpOnly" in cookie
