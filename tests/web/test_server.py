"""Starting and stopping the server, and what it may not say or load."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from qa.errors import SettingsError, StoreError
from qa.types import Answer
from qa.web.server import _listen, hosts_for, logged, serve
from tests.web.stand_in import StandIn

ROOT = Path(__file__).parents[2]
PROGRAM = """
from qa.web.application import create_app
from qa.web.server import serve
from tests.web.stand_in import StandIn
serve(create_app(StandIn()), port=0, on_ready=lambda url: print(url, flush=True))
"""


def test_a_taken_port_is_named_with_a_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"port {port}: .* `qa serve --port \d+`"):
            serve(FastAPI(), port=port)


def test_an_address_that_is_not_this_machines_is_named() -> None:
    with pytest.raises(SettingsError, match=r"192\.0\.2\.1.*--host"):
        serve(FastAPI(), host="192.0.2.1", port=0)


def test_it_answers_when_ready_says_nothing_of_questions_and_stops_when_told() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    try:
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        body = {"question": "zebra side effects"}
        answer = httpx.post(f"{url}/api/ask", json=body, timeout=20)
        assert answer.json()["quotes"]
        assert "server" not in answer.headers
        httpx.post(f"{url}/api/ask", json={"question": "zebra fail"}, timeout=20)
        httpx.post(f"{url}/plain", data={"question": "zebra fail"}, timeout=20)
        httpx.get(f"{url}/documents/zebra", timeout=20)
        httpx.post(f"{url}/answer", data={"question": "zebra"}, timeout=20)
        began = time.monotonic()
        with httpx.Client() as held:  # a connection that stays open
            held.get(f"{url}/health")
            process.send_signal(signal.SIGTERM)
            rest = process.communicate(timeout=20)[0]
        assert time.monotonic() - began < 10
        assert "could not be answered: QuotewellError" in rest
        assert "zebra" not in rest
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.slow
def test_gradio_is_told_to_be_quiet_before_it_is_imported() -> None:
    code = (
        "import sys; import qa.web.types, qa.web.render, qa.web.documents; "
        "assert 'gradio' not in sys.modules; import os, qa.web.quiet; "
        "print(os.environ['GRADIO_ANALYTICS_ENABLED'], os.environ['HF_HUB_DISABLE_TELEMETRY'])"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("GRADIO", "HF_"))}
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout.split() == ["False", "1"], found.stderr


def test_a_server_for_all_addresses_knows_what_it_is_told() -> None:
    assert {"clinic.example", "localhost"} <= set(hosts_for("0.0.0.0", ("clinic.example",)))
    assert "[fe80::1]" in hosts_for("fe80::1")


def test_small_answers_are_not_held_back() -> None:
    # Without the protocol's name asyncio leaves the kernel's 40 ms of waiting on.
    with _listen("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP


def test_each_answer_is_logged_and_all_else_is_the_assistants() -> None:
    kept: list[Answer] = []
    assistant = logged(StandIn(), kept.append)
    answer = assistant.ask("side effects", documents=["hostile.md"], qid="q1", trace=True)
    assert kept == [answer]
    assert (answer.qid, answer.kind) == ("q1", "answer")
    assert assistant.generation == StandIn.generation
    assert assistant.documents() == StandIn().documents()
    with pytest.raises(AttributeError):
        assistant.nothing  # noqa: B018


@pytest.mark.parametrize("error", [StoreError("disk full"), ValueError("about zebra")])
def test_a_question_that_cannot_be_logged_is_answered(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Answer) -> None:
        raise error

    assert logged(StandIn(), fail).ask("zebra side effects").quotes
    assert "a question was not logged: " in caplog.text
    assert "zebra" not in caplog.text
