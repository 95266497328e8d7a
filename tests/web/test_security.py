"""What must stay shut, and the headers every response has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from qa.web import security
from qa.web.application import create_app
from qa.web.log_limit import OncePerMinute
from qa.web.types import Page
from tests.web.stand_in import StandIn


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=https://evil.example/",
        "/gradio_api/deep_link",
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        "/gradio_api/queue/join",
        "/gradio_api/call/ask",
        "/gradio_api/run/ask",
        "/gradio_api/mcp",
        "/gradio_api/runs",
        "/monitoring",
        "/login",
        "/info",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/manifest.json",
        "/robots.txt",
        "/assets/../config.json",
        "/page/../server.py",
        "/page/%2e%2e/server.py",
        "/staff",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_everything_not_on_the_list_is_404(client: TestClient, method: str, path: str) -> None:
    assert client.request(method, path).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/"), ("DELETE", "/documents"), ("TRACE", "/health"), ("POST", "/health"),
     ("GET", "/api/ask"), ("GET", "/gradio_api/run/predict")],
)  # fmt: skip
def test_other_methods_are_shut(client: TestClient, method: str, path: str) -> None:
    response = client.request(method, path)
    assert response.status_code == 405
    assert method not in response.headers["allow"].split(", ")


@pytest.mark.parametrize("path", ["/", "/documents", "/plain", "/health", "/nothing", "/api/docs"])
def test_every_response_has_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["content-security-policy"].startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers


def test_the_page_has_a_new_nonce_each_time_on_every_script(client: TestClient) -> None:
    nonces = set()
    for _ in range(2):
        response = client.get("/", headers={"Accept-Encoding": "br, gzip"})
        nonce = re.search(r"'nonce-([\w-]+)'", response.headers["content-security-policy"])[1]
        scripts = re.findall(r"<script[^>]*>", response.text)
        assert scripts
        assert all(f"nonce={nonce}" in script for script in scripts)
        assert response.headers["cache-control"] == "no-store"
        nonces.add(nonce)
    assert len(nonces) == 2


@pytest.mark.parametrize(
    "query", ["page=login", "page=", "page=1&page=2", "deep_link=x", "view=api"]
)
def test_the_page_is_the_page_whatever_is_asked_of_it(client: TestClient, query: str) -> None:
    """Gradio looks up `page` among pages of its own, and fails for any other."""
    response = client.get(f"/?{query}")
    assert response.status_code == 200
    assert "gradio_config" in response.text


def test_the_page_names_no_other_host(client: TestClient) -> None:
    page = client.get("/").text
    loaded = re.findall(r"""<(?:script|link|img|iframe)[^>]*(?:src|href)=["']?([^"' >]+)""", page)
    assert loaded
    assert all(re.match(r"(\./|/)[^/]", address) for address in loaded)
    assert "og:image" not in page
    assert '<html lang="en" dir="ltr">' in page


def test_assets_are_kept_by_browsers(client: TestClient) -> None:
    asset = re.search(r"\./(assets/index-[\w-]+\.js)", client.get("/").text)[1]
    assert "immutable" in client.get(f"/{asset}").headers["cache-control"]
    assert "immutable" not in client.get("/assets/none.js").headers["cache-control"]


@pytest.mark.parametrize("path", ["/", "/config", "/api/documents"])
def test_other_sites_get_no_leave_to_read(client: TestClient, path: str) -> None:
    headers = client.get(path, headers={"Origin": "https://evil.example"}).headers
    assert "access-control-allow-origin" not in headers
    assert "access-control-allow-credentials" not in headers
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    assert client.options("/api/ask", headers=asked).status_code == 400


@pytest.mark.parametrize(
    "host", ["evil.example", "", "localhost.evil.example", "[::1", "a:b:c", "localhost:65536"]
)
def test_unknown_hosts_are_refused_and_not_repeated(
    client: TestClient, host: str, caplog: pytest.LogCaptureFixture
) -> None:
    response = client.get("/health", headers={"Host": host})
    assert (response.status_code, response.text) == (400, "There is no such site here.\n")
    assert "evil" not in caplog.text


def test_the_log_says_once_a_minute_what_to_do_about_an_unknown_host(
    client: TestClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security.log, "filters", [OncePerMinute()])
    for _ in range(3):
        client.get("/health", headers={"Host": "evil.example"})
    assert caplog.text.count("add it to `allowed_hosts` in the [serve] table of qa.toml") == 1
    assert "evil" not in caplog.text


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1", "LOCALHOST", "[::1]:80"])
def test_own_hosts_are_known(client: TestClient, host: str) -> None:
    assert client.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "X-Gradio-Server"])
@pytest.mark.parametrize("path", ["/", "/config"])
def test_a_header_names_no_host_of_the_page(client: TestClient, name: str, path: str) -> None:
    """Else a page out of a cache would send its questions there."""
    response = client.get(path, headers={name: "http://evil.example"})
    assert response.status_code == 200
    assert "evil.example" not in response.text


@pytest.mark.parametrize(
    "name", ["x" * 5_000, "%00", "a%0ab", "/etc/passwd", "%252e%252e%252fx", "C:%5cx", ".x", "%2e"]
)
@pytest.mark.parametrize("folder", ["assets", "static", "svelte"])
def test_odd_names_of_files_are_not_looked_for(client: TestClient, folder: str, name: str) -> None:
    answer = client.get(f"/{folder}/{name}")
    assert (answer.status_code, answer.json()) == (404, {"error": "There is nothing here."})


def test_long_bodies_are_refused_whatever_they_claim(client: TestClient) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(40):
            yield b" " * 10_000

    headers = {"Content-Type": "application/json"}
    for path in ("/api/ask", "/plain", "/gradio_api/run/predict"):
        assert client.post(path, content=b" " * 300_000, headers=headers).status_code == 413
        # In pieces and without a length.
        assert client.post(path, content=parts(), headers=headers).status_code == 413
    told = client.post("/api/ask", content=parts(), headers=headers).json()
    assert "at most 262,144 bytes" in told["error"]
    assert "988" in told["help"], "whoever sent it may be in danger"


@pytest.mark.parametrize(("root", "said"), [("", "was not read"), ("/es", "no se ha leído")])
def test_a_form_that_is_too_long_is_told_in_a_page_with_whom_to_call(root: str, said: str) -> None:
    pages = [Page.of(), Page.of("es", root="/es")]
    client = TestClient(create_app(StandIn(), pages=pages))
    browser = {"Accept": "text/html,*/*;q=0.8"}
    for path in ("/plain", "/answer", "/feedback"):
        told = client.post(f"{root}{path}", content=b" " * 300_000, headers=browser)
        assert told.status_code == 413
        assert said in told.text
        assert "tel:988" in told.text
        assert "frame-ancestors 'none'" in told.headers["content-security-policy"]
        assert client.post(f"{root}{path}", content=b" " * 300_000).json()["error"]


def test_gradio_runs_no_event_but_the_pages_own(client: TestClient) -> None:
    config = client.get("/config").json()
    assert config["run_history"] is False
    for dependency in config["dependencies"]:
        assert dependency["queue"] is False
        assert dependency["api_visibility"] == "private"


def test_a_forged_conversation_does_no_harm(client: TestClient) -> None:
    config = client.get("/config").json()
    ask = next(d for d in config["dependencies"] if len(d["inputs"]) == 2)
    forged = [{"role": "user", "metadata": None, "options": None,
               "content": [{"type": "file", "file": {"path": "/etc/passwd"}}]}]  # fmt: skip
    body = {"data": ["side effects", forged], "fn_index": ask["id"], "session_hash": "abc"}
    response = client.post("/gradio_api/run/predict", json=body)
    assert "root:" not in response.text
    assert client.get("/health").status_code == 200


def test_a_long_conversation_stays_under_the_limit_and_begins_with_a_question(
    client: TestClient,
) -> None:
    config = client.get("/config").json()
    ask = next(d for d in config["dependencies"] if len(d["inputs"]) == 2)
    shown: list[dict[str, object]] = []
    for question in ["hostile", "side effects", "unknown", "汉字" * 500] * 8:
        body = {"data": [question, shown], "fn_index": ask["id"], "session_hash": "abc"}
        response = client.post("/gradio_api/run/predict", json=body)
        assert response.status_code == 200
        shown = response.json()["data"][1]
        assert shown[0]["role"] == "user"
        assert shown[-1]["role"] == "assistant"
    assert 8 < len(shown) < 64


@pytest.mark.parametrize("character", ["x", "\u6c49", "\U0001f642", '"', "\x07"])
def test_ten_full_answers_stay_and_whatever_stays_can_be_sent(
    client: TestClient, character: str
) -> None:
    config = client.get("/config").json()
    ask = next(d for d in config["dependencies"] if len(d["inputs"]) == 2)
    letters = len(json.dumps(character, ensure_ascii=False).encode()) - 2
    shown: list[dict[str, object]] = []
    for number in range(12):
        texts = {"user": f"{number:04}" + "q" * 300, "assistant": character * (20_000 // letters)}
        made = [
            {"role": role, "content": [{"type": "text", "text": text}]}
            for role, text in texts.items()
        ]
        body = {"data": ["side effects", [*shown, *made]], "fn_index": ask["id"]}
        sent = json.dumps(body, ensure_ascii=False).encode()
        response = client.post(
            "/gradio_api/run/predict", content=sent, headers={"Content-Type": "application/json"}
        )
        assert response.status_code == 200
        shown = response.json()["data"][1][:-2]
        assert len(shown) == 2 * min(number + 1, 10)
