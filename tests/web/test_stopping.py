"""Stopping: those under way are answered or told, exit code 0, in less than ten seconds."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT
from tests.web.browser import chromium, launched
from tests.web.real_server import RealServer

PROGRAM = """
import time
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from qa.web.admission import Admission, TurnedAway
from qa.web.server import serve
from qa.web.stopping import Stopping
app = FastAPI()
admission = Admission(2, 10)
app.state.stopping = Stopping(admission)
@app.get("/{seconds}")
async def work(seconds: float):
    try:
        return await admission.run(lambda: time.sleep(seconds) or "answered")
    except TurnedAway:
        return PlainTextResponse("told", 503)
serve(app, port=0, on_ready=lambda url: print(url, flush=True))
print("put in order", flush=True)
"""


def test_who_is_answered_in_time_and_who_is_told() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout

    async def trial(url: str) -> tuple[list[tuple[int, str]], float]:
        async with httpx.AsyncClient(base_url=url, timeout=30) as client:
            await client.get("/0")
            # Two are answered at a time: the third waits behind three seconds, the others longer.
            seconds = (3, 7, 0.2, 5, 1)
            asked = []
            for one in seconds:
                asked.append(asyncio.create_task(client.get(f"/{one}")))
                await asyncio.sleep(0.2)
            began = time.monotonic()
            for sig in (signal.SIGTERM, signal.SIGTERM, signal.SIGINT):
                process.send_signal(sig)
                await asyncio.sleep(0.1)
            answers = await asyncio.gather(*asked)
            return [(one.status_code, one.text.strip('"')) for one in answers], began

    try:
        answers, began = asyncio.run(trial(process.stdout.readline().strip()))
        rest = process.communicate(timeout=20)[0]
        assert time.monotonic() - began < 10
        good, told = (200, "answered"), (503, "told")
        assert answers == [good, told, good, told, told]
        assert (process.returncode, rest) == (0, "put in order\n")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.nightly
@pytest.mark.parametrize("wait_s", [0.0, 0.3])
def test_open_pages_and_questions_under_way(
    tmp_path: Path, real_index: Path, wait_s: float
) -> None:
    questions = [f"Can I drive home {number} hours after a treatment?" for number in range(30)]

    async def ask(url: str, server: RealServer) -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=url, timeout=30) as client:
            await client.get("/health")
            asked = [
                asyncio.create_task(client.post("/api/ask", json={"question": one}))
                for one in questions
            ]
            await asyncio.sleep(0.3 + wait_s)
            server.process.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.2)
            server.process.send_signal(signal.SIGINT)
            return await asyncio.gather(*asked)

    with RealServer(tmp_path / "server", real_index) as server, launched(chromium()) as browser:
        pages = [browser.new_page() for _ in range(3)]
        for page, path in zip(pages, ("/", "/es/", "/"), strict=True):
            page.goto(server.url + path)
        box = pages[0].get_by_label("Your question")
        box.fill("What side effects can ketamine have?")
        box.press("Enter")
        began = time.monotonic()
        answers = _in_thread(ask(server.url, server))
        server.process.wait(20)
        assert time.monotonic() - began < 10
        assert server.process.returncode == 0
        assert {one.status_code for one in answers} <= {200, 503}
        for one in answers:
            assert one.json()["notices"][-1]["kind"] == "crisis_line"
        assert sum(one.status_code == 200 for one in answers) > 20
        pages[0].locator("#log blockquote").first.wait_for(timeout=5_000)
        assert "Traceback" not in server.said()


def _in_thread(work: object) -> list[httpx.Response]:
    """Playwright's own event loop runs in this thread."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        found: list[httpx.Response] = pool.submit(asyncio.run, work).result()  # type: ignore[arg-type]
    return found
