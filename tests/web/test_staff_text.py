"""Staff's documents, PDF files among them, reach no patient by any road of the web application."""

from __future__ import annotations

import html
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from qa.answer import Policy
from qa.assistant import Assistant
from qa.document import Document
from qa.embedding import Embedder
from qa.golden import Golden
from qa.index import build
from qa.notices import SafetyTexts
from qa.publishing import publish
from qa.suggestions import suggested_questions
from qa.web.application import create_app
from qa.web.paging import page_key
from qa.web.types import Page
from tests.pdfs import simple_pdf
from tests.web.stand_in import NoBook

STAFF = ("staff/doses.pdf", "staff/rota.md", "later.pdf")
FILES = {
    "care.pdf": simple_pdf(
        ["After the infusion you rest for two hours. Do not drive until the next morning."],
        title="After your infusion",
    ),
    "wait.md": b"---\nreview_by: 2020-01-01\nsupersedes: older.md\n---\n# Waiting\n\n"
    b"Wait upstairs.\n",
    "older.md": b"# Waiting then\n\nWait in the cellar.\n",
    "staff/doses.pdf": simple_pdf(
        ["Where is naloxane kept? The zygomatic cupboard holds naloxane. Its code is 4711."],
        title="Quixotic doses",
    ),
    "staff/rota.md": b"---\naudience: staff\nowner: Dr Quixote\nsupersedes: wait.md\n---\n"
    b"# Quixotic rota\n\n## Who holds the zygomatic pager?\n\nDr Quixote holds the pager.\n",
    "later.pdf": simple_pdf(["The zygomatic annex opens next year."], title="Quixotic annex"),
    "catalogue.csv": b"file,audience,effective,owner,supersedes\n"
    b"staff/doses.pdf,staff,,Dr Quixote,care-2020.pdf\nlater.pdf,,2999-01-01,Dr Quixote,\n",
}
SECRETS = ("zygomatic", "quixot", "naloxane", "4711", "pager", "annex", "staff/", "later.pdf")
QUESTIONS = (
    "Where is naloxane kept?",
    "What does the zigomatic cupbord hold?",
    "What is the code of the cupboard?",
    "Who holds the pager?",
    "When does the annex open?",
    "Does naloxone help?",
    "When may I drive?",
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, bundled: Embedder) -> Path:
    folder = tmp_path_factory.mktemp("clinic")
    for name, data in FILES.items():
        (folder / "corpus" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "corpus" / name).write_bytes(data)
    build(folder / "corpus", folder / "index", bundled)
    return folder / "index"


@pytest.fixture(scope="module", params=[0.0, 1.0], ids=["answering", "refusing"])
def assistant(index: Path, bundled: Embedder, safety_texts: SafetyTexts, request: Any) -> Assistant:
    return Assistant(index, bundled, safety_texts, Policy(threshold=request.param))


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[TestClient]:
    asked = [Golden(n, q, "quote", ("4711",), STAFF[0], frozenset(), "")
             for n, q in enumerate(QUESTIONS)]  # fmt: skip
    suggested = suggested_questions(assistant, assistant.documents(), asked)
    pages = [Page.of(examples=suggested)]
    with TestClient(create_app(assistant, pages=pages, feedback=NoBook())) as client:
        yield client


def hidden(assistant: Assistant) -> list[Document]:
    found = [assistant.stored(name) for name in STAFF]
    assert all(found), "they are in the index: nothing is shown for want of them"
    return [one for one in found if one]


def secrets_in(text: str, but: str = "") -> list[str]:
    """What of the secrets a reply tells, beside the words that were sent with the request."""
    told = html.unescape(text).lower()
    return [word for word in SECRETS if word in told and word not in but.lower()]


def test_the_fixture_holds_what_is_hidden(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTIONS[0], audience="staff", trace=True)
    shown = " ".join(one.text for one in (*answer.quotes, *answer.held_back))
    assert "zygomatic cupboard holds naloxane" in shown
    assert [one.id for one in assistant.documents()] == ["care.pdf"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_answer_tells_of_it(client: TestClient, question: str) -> None:
    named: list[dict[str, Any]] = [{}, {"documents": list(STAFF)}, {"documents": ["doses.pdf"]}]
    for more in (*named, {"previous": ["What does the zygomatic cupboard hold?"]}):
        reply = client.post("/api/ask", json={"question": question, "trace": True} | more).json()
        told = f"{reply['quotes']} {reply['held_back']} {reply['related']} {reply['notices']}"
        assert secrets_in(told) == []
        own = f"{question} {more.get('previous', '')}"
        assert secrets_in(f"{reply['searched_for']} {reply['subject']}", own) == []
        assert secrets_in(str(reply["trace"].get("hits", "")), own) == []
    for path in ("/plain", "/answer"):
        assert secrets_in(client.post(path, data={"question": question}).text, question) == []


def test_no_page_and_no_list_tells_of_it(client: TestClient) -> None:
    for path in ("/", "/plain", "/documents", "/answer", "/api/documents", "/health", "/api/docs",
                 "/documents/care.pdf", "/api/documents/care.pdf", "/documents/wait.md",
                 "/api/documents/wait.md", "/documents/older.md", "/feedback/thanks", "/config",
                 "/api/openapi.json"):  # fmt: skip
        reply = client.get(path)
        assert secrets_in(reply.text) == [], path


def test_no_address_leads_to_it(client: TestClient, assistant: Assistant, index: Path) -> None:
    """Not to its text, its pictures or its file, for whoever knows the name and the hashes."""
    for document in hidden(assistant):
        name, span = document.id, f"start=0&end={len(document.text)}"
        paths = [f"/documents/{name}?{span}", f"/documents/{name}?page=1", f"/originals/{name}",
                 f"/api/documents/{name}", f"/pages/{page_key(document)}/1/{name}",
                 f"/pages/{page_key(document)}/1/{name}?{span}",
                 f"/pages/{page_key(document)}/1/care.pdf",
                 f"/originals/care.pdf/../{name}",
                 f"/originals/care.pdf%2f..%2f{name}"]  # fmt: skip
        for file in index.rglob("pages/*"):
            paths += [f"/gradio_api/file={file}", f"/file={file}", f"/originals/{file.name}"]
        for path in paths:
            reply = client.get(path)
            assert reply.status_code == 404, path
            assert secrets_in(reply.text, name) == [], path
            assert not reply.content.startswith((b"%PDF", b"\x89PNG"))


def test_what_is_quoted_has_its_picture_and_file(client: TestClient, assistant: Assistant) -> None:
    care = assistant.document("care.pdf")
    assert care
    assert client.get("/originals/care.pdf").content == FILES["care.pdf"]
    assert client.get(f"/pages/{page_key(care)}/1/care.pdf").content.startswith(b"\x89PNG")


def test_no_form_brings_it_out(client: TestClient, assistant: Assistant) -> None:
    for document in hidden(assistant):
        sentences = assistant.live.current().sentences_of(document.id)
        place = f"{document.id}:{sentences[0].start}:{sentences[0].end}:{document.sha256[:16]}"
        printed = {"question": "Why?", "searched_for": "", "kind": "answer", "advice": "no",
                   "generation": assistant.generation, "answered_at": "2026-11-26T08:00Z",
                   "span": place, "role": "evidence"}  # fmt: skip
        reply = client.post("/answer", data=printed)
        assert reply.status_code == 200
        assert secrets_in(reply.text, document.id) == []
        kept = {"verdict": "helped", "span": place.rpartition(":")[0]}
        reply = client.post("/feedback", data=kept, headers={"Origin": "http://testserver"})
        assert secrets_in(reply.text) == []


def test_a_document_that_becomes_staffs_is_gone_with_the_next_generation(
    tmp_path: Path, bundled: Embedder, safety_texts: SafetyTexts
) -> None:
    """Though its file is that of the generation before, and old links name it."""
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    for name in ("care.pdf", "wait.md"):
        (corpus / name).write_bytes(FILES[name])
    build(corpus, index, bundled)
    assistant = Assistant(index, bundled, safety_texts, Policy(threshold=0.0))
    assistant.live.follow()
    try:
        with TestClient(create_app(assistant)) as client:
            care = assistant.document("care.pdf")
            assert care
            paths = ("/originals/care.pdf", f"/pages/{page_key(care)}/1/care.pdf",
                     "/documents/care.pdf", "/api/documents/care.pdf")  # fmt: skip
            assert {client.get(path).status_code for path in paths} == {200}
            (corpus / "catalogue.csv").write_text("file,audience\ncare.pdf,staff\n", "utf-8")
            staged = build(corpus, index, bundled, stage=True).generation
            assert {client.get(path).status_code for path in paths} == {200}, "not live yet"
            publish(index, staged)
            until = time.monotonic() + 30
            while assistant.generation != staged and time.monotonic() < until:
                time.sleep(0.05)
            assert {client.get(path).status_code for path in paths} == {404}
            asked = {"question": "When may I drive?", "trace": True}
            assert "next morning" not in client.post("/api/ask", json=asked).text
    finally:
        assistant.live.close()
