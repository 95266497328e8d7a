"""A Milvus server is killed, hung and started again beneath those who ask and those who build."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from qa.answer import Policy
from qa.assistant import Assistant
from qa.errors import VectorStoreDown
from qa.index import build
from qa.milvus_engine import MilvusEngine
from qa.milvus_ledger import noted
from qa.notices import SafetyTexts
from qa.publishing import generations, live_generation
from qa.web.application import create_app
from tests.milvus_places import running_server, server_place
from tests.milvus_server import MilvusServer
from tests.word_hash import WordHashEmbedder

pytestmark = pytest.mark.nightly
QUESTION = "May I drive a car?"
LEAFLET = "# Driving\n\nDo not drive a car on the day of your treatment.\n"
LATER = "# Driving\n\nDo not drive a car until two days after your treatment.\n"
TIMEOUT_S = 2.0
"""How long those who ask wait for Milvus."""
PATIENT_S = 90.0
"""How long this machine, busy with other tests, may take to start Milvus and find it again."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    with running_server(tmp_path_factory.mktemp("server")) as running:
        yield running


def clinic(folder: Path, text: str = LEAFLET) -> tuple[Path, Path]:
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    (corpus / "driving.md").write_text(text, "utf-8")
    return corpus, folder / "index"


def assistant_of(index: Path, engine: MilvusEngine, texts: SafetyTexts) -> Assistant:
    return Assistant(index, WordHashEmbedder(), texts, Policy(threshold=0.1), engine=engine)


def soon(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENT_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_killed_while_patients_ask(
    server: MilvusServer,
    tmp_path: Path,
    safety_texts: SafetyTexts,
    caplog: pytest.LogCaptureFixture,
) -> None:
    corpus, index = clinic(tmp_path)
    build(corpus, index, WordHashEmbedder(), engine=MilvusEngine(server_place(server)))
    engine = MilvusEngine(server_place(server, timeout_s=TIMEOUT_S))
    assistant = assistant_of(index, engine, safety_texts)
    with TestClient(create_app(assistant)) as client:

        def ask(question: str = QUESTION):
            return client.post("/api/ask", json={"question": question})

        before = ask().json()
        assert before["quotes"]
        assert client.get("/health").status_code == 200

        told: list[tuple[int, list]] = []
        stop = threading.Event()

        def keep_asking() -> None:
            while not stop.is_set():
                reply = ask()
                told.append((reply.status_code, reply.json().get("quotes", [])))

        patient = threading.Thread(target=keep_asking)
        patient.start()
        try:
            soon(lambda: any(status == 200 for status, _ in told))
            server.kill()
            soon(lambda: any(status == 503 for status, _ in told))
        finally:
            stop.set()
            patient.join()
        assert {status for status, _ in told} == {200, 503}
        assert all(quotes == before["quotes"] for status, quotes in told if status == 200)

        began = time.monotonic()
        refused = ask()
        assert time.monotonic() - began < TIMEOUT_S, "it is known to be down"
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) > 0
        assert QUESTION not in refused.text
        health = client.get("/health")
        assert (health.status_code, health.json()["status"]) == (200, "no_search")
        assert "Milvus, does not answer" in health.json()["error"]
        assert server.uri not in health.text
        danger = ask("I want to kill myself").json()
        assert danger["kind"] == "crisis"
        assert "988" in str(danger["notices"])
        assert "988" in client.post("/plain", data={"question": QUESTION}).text
        assert caplog.text.count("questions are refused") == 1, caplog.text
        assert "no quotes beside" not in caplog.text
        assert "could not be answered" not in caplog.text

        server.start()
        soon(lambda: ask().status_code == 200)
        assert ask().json()["quotes"] == before["quotes"]
        assert client.get("/health").json()["status"] == "ok"
        assert caplog.text.count("Milvus answers again") == 1


def test_hung_while_patients_ask(
    server: MilvusServer, tmp_path: Path, safety_texts: SafetyTexts
) -> None:
    corpus, index = clinic(tmp_path)
    build(corpus, index, WordHashEmbedder(), engine=MilvusEngine(server_place(server)))
    assistant = assistant_of(
        index, MilvusEngine(server_place(server, timeout_s=TIMEOUT_S)), safety_texts
    )
    assert assistant.ask(QUESTION).quotes
    server.signal(signal.SIGSTOP)
    try:
        # Whoever comes after the first does not even wait for that long.
        for longest in (10 * TIMEOUT_S, TIMEOUT_S, TIMEOUT_S):
            began = time.monotonic()
            with pytest.raises(VectorStoreDown):
                assistant.ask(QUESTION)
            assert time.monotonic() - began < longest
    finally:
        server.signal(signal.SIGCONT)
    soon(lambda: _answers(assistant))


def _answers(assistant: Assistant) -> bool:
    try:
        return bool(assistant.ask(QUESTION).quotes)
    except VectorStoreDown:
        return False


def test_killed_while_a_build_fills_it(
    server: MilvusServer, tmp_path: Path, safety_texts: SafetyTexts
) -> None:
    corpus, index = clinic(tmp_path)
    engine = MilvusEngine(server_place(server))
    first = build(corpus, index, WordHashEmbedder(), engine=engine).generation
    assistant = assistant_of(index, engine, safety_texts)
    quoted = assistant.ask(QUESTION).quotes

    def kill(what: str, _done: int, _total: int) -> None:
        if what == "Filling Milvus":
            server.kill()

    clinic(tmp_path, LATER)
    with pytest.raises(VectorStoreDown, match="does not answer"):
        build(corpus, index, WordHashEmbedder(), progress=kill, engine=engine)
    assert (live_generation(index), generations(index)) == (first, [first])
    with pytest.raises(VectorStoreDown):
        build(corpus, index, WordHashEmbedder(), engine=engine)
    half = noted(index)[-1]
    server.start()
    soon(lambda: _answers(assistant))
    assert assistant.ask(QUESTION).quotes == quoted, "the last good generation"

    second = build(corpus, index, WordHashEmbedder(), engine=engine).generation
    assert noted(index) == [
        engine.collection(first),
        engine.collection(second),
    ]
    assert half != engine.collection(second)
    soon(lambda: assistant.generation == second)
    [quote] = assistant.ask(QUESTION).quotes
    assert "two days after" in quote.text


def test_a_swap_while_questions_are_asked(
    server: MilvusServer, tmp_path: Path, safety_texts: SafetyTexts
) -> None:
    corpus, index = clinic(tmp_path)
    engine = MilvusEngine(server_place(server))
    first = build(corpus, index, WordHashEmbedder(), engine=engine).generation
    assistant = assistant_of(index, engine, safety_texts)
    answers = []
    stop = threading.Event()

    def keep_asking() -> None:
        while not stop.is_set():
            answers.append(assistant.ask(QUESTION))

    patient = threading.Thread(target=keep_asking)
    patient.start()
    clinic(tmp_path, LATER)
    second = build(corpus, index, WordHashEmbedder(), engine=engine).generation
    soon(lambda: answers[-1].generation == second)
    stop.set()
    patient.join()
    texts = {first: "on the day of your treatment", second: "two days after"}
    for answer in answers:
        [quote] = answer.quotes
        assert texts[answer.generation] in quote.text
    assert {answer.generation for answer in answers} == set(texts)
