"""The page in several languages: each at its own address, chosen once, remembered nowhere."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from qa.web.application import create_app
from qa.web.languages import preferred
from qa.web.types import Page
from qa.wording import Wording, load_wording
from tests.test_wording import arabic
from tests.web.stand_in import StandIn

ENGLISH = Page.of()
SPANISH_ENOUGH = Page(Wording("es", load_wording().texts), "/es")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("wording")
    wording = load_wording("ar", arabic(folder, ("Need help now?", "هل تحتاج إلى مساعدة؟")))
    app = create_app(StandIn(), pages=[Page.of(title="Ask us"), Page(wording, "/ar")])
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("fr,es;q=0.5", "es"),
        ("fr", "en"),
        ("es;q=0", "en"),
        ("ES;q=x, en;q=0.1", "en"),
        ("*", "en"),
        (";;;,,q=," * 200, "en"),
    ],
)
def test_the_browser_says_what_its_user_reads(header: str, language: str) -> None:
    assert preferred(header, [ENGLISH, SPANISH_ENOUGH]).wording.language == language


def test_visitors_from_outside_are_led_to_their_language(client: TestClient) -> None:
    def visit(path: str, **headers: str) -> str:
        reply = client.get(path, headers=headers, follow_redirects=False)
        return reply.headers.get("location", str(reply.status_code))

    arab = {"accept-language": "ar-EG,ar;q=0.9"}
    assert visit("/", **arab) == "/ar/"
    assert visit("/", **arab, **{"sec-fetch-site": "same-origin"}) == "200"
    assert visit("/", **{"accept-language": "en"}) == "200"
    assert visit("/ar/", **{"accept-language": "en"}) == "200"
    assert visit("/plain", **arab) == "200"


def test_without_sec_fetch_site_the_first_language_is_reached_by_its_link(
    client: TestClient,
) -> None:
    def visit(referer: str) -> int:
        headers = {"accept-language": "ar", "referer": referer, "host": "localhost:7860"}
        return client.get("/", headers=headers, follow_redirects=False).status_code

    assert visit("http://localhost:7860/ar/") == 200
    for other in ("", "http://evil.example/", "http://localhost/", "http://[", "localhost:7860"):
        assert visit(other) == 307


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_root_typed_without_its_slash_leads_to_the_page(client: TestClient, method: str) -> None:
    def led(path: str) -> str:
        return client.request(method, path, follow_redirects=False).headers["location"]

    assert led("/ar") == "/ar/"
    assert led("/ar?theme=dark&x=//evil.example") == "/ar/?theme=dark&x=//evil.example"
    assert client.request(method, "/ar").status_code == 200
    assert client.request(method, "/arx").status_code == 404
    assert client.post("/ar").status_code == 404


@pytest.mark.parametrize("path", ["/ar/", "/ar/plain", "/ar/documents", "/ar/documents/hostile.md"])
def test_a_further_language_has_all_pages_under_its_root(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert '<html lang="ar" dir="rtl">' in page.text
    assert "script-src" not in page.headers["content-security-policy"] or path == "/ar/"
    if path != "/ar/":
        assert "هل تحتاج إلى مساعدة" in page.text
        assert 'href="/ar/documents"' in page.text
        assert '<a href="/" lang="en" hreflang="en">English</a>' in page.text


def test_answers_lead_to_pages_in_the_same_language(client: TestClient) -> None:
    page = client.post("/ar/plain", data={"question": "side effects"})
    text = html.unescape(page.text)
    assert 'href="/ar/documents/leaflets/ketamine%20care.md?start=' in text
    assert '<blockquote class="text" lang="en"><span class="words" dir="auto">' in page.text
    assert 'action="/ar/plain"' in page.text


def test_a_page_says_so_where_no_document_is_in_its_language(client: TestClient) -> None:
    assert "The documents are in الإنجليزية." in html.unescape(client.get("/ar/plain").text)
    assert "The documents are in" not in html.unescape(client.get("/plain").text)


def test_a_refusal_says_in_which_language_to_ask_where_no_document_is_in_the_pages(
    client: TestClient,
) -> None:
    def refused(root: str, question: str) -> str:
        page = client.post(root + "/plain", data={"question": question})
        return html.unescape(page.text).partition('<section id="log"')[2]

    said = "only questions in الإنجليزية are found in them. If you can, please ask in الإنجليزية"
    foreign = refused("/ar", "¿Qué efectos tiene?")
    assert said in foreign
    assert "do not answer this question" not in foreign
    assert "ask it in other words" not in foreign
    assert "type a question first" in refused("/ar", " ")
    assert "do not answer this question" in refused("", "¿Qué efectos tiene?")
    assert "are found in them" not in refused("", "¿Qué efectos tiene?")


@pytest.mark.parametrize("path", ["/ar/api/ask", "/ar/health", "/xx/", "/ar/gradio_api/upload"])
def test_nothing_else_is_open_under_a_root(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
