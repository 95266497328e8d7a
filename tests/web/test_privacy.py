"""Nothing of a question is kept, sent elsewhere or said, by the browser or by the real server."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.conftest import ROOT, need
from tests.web.browser import Visit
from tests.web.real_server import RealServer, ask_chat

PLANTED = "quoxilimar"
"""A made-up word, put into every question; no file, log or address may hold it afterwards."""
KEPT = """async () => ({
  local: Object.entries(localStorage), session: Object.entries(sessionStorage),
  cookie: document.cookie, databases: await indexedDB.databases(), caches: await caches.keys(),
  state: history.state, name: window.name, workers: navigator.serviceWorker
    ? (await navigator.serviceWorker.getRegistrations()).length : 0,
})"""
NOTHING = {
    "local": [], "session": [], "cookie": "", "databases": [], "caches": [], "state": None,
    "name": "", "workers": 0,
}  # fmt: skip
NO_NETWORK = """
import fcntl, json, socket, struct, sys
from pathlib import Path
import httpx
from tests.web.real_server import RealServer, ask_chat
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:  # the loopback, and it alone
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 0x1 | 0x40))
try:
    socket.create_connection(("192.0.2.1", 80), 2)
except OSError as error:
    outside = str(error)
with RealServer(Path(sys.argv[1]), Path(sys.argv[2])) as server:
    with httpx.Client(base_url=server.url, timeout=60) as client:
        question = "Can I drive home after a treatment?"
        answer = client.post("/api/ask", json={"question": question}).json()
        told = {"outside": outside, "answer": answer, "chat": ask_chat(client, question).text,
                "page": client.get("/").status_code}
print(json.dumps(told))
"""


# --- the browser ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_browser_asks_no_other_host_and_keeps_nothing(visit: Visit) -> None:
    page, hosts, went = visit.page, set(), []
    page.context.route("**/*", lambda route: (hosts.add(urlsplit(route.request.url).netloc),
                                              route.continue_()))  # fmt: skip
    page.context.on(
        "page", lambda opened: opened.on("framenavigated", lambda f: went.append(f.url))
    )
    page.on("framenavigated", lambda frame: went.append(frame.url))
    page.reload()
    visit.box.wait_for()
    length = page.evaluate("history.length")
    for question in ("side effects", "unknown", "related", "hurt myself", "chest pain", "fail"):
        visit.ask(f"{PLANTED} {question}")
    page.locator("#question textarea").fill(f"{PLANTED} is typed but not sent")
    page.wait_for_timeout(300)
    assert page.evaluate(KEPT) == NOTHING
    assert page.evaluate("history.length") == length
    with page.context.expect_page() as opened:
        page.locator("#log .quote a").first.click()
    opened.value.wait_for_load_state()
    assert opened.value.evaluate(KEPT) == NOTHING
    page.reload()  # a conversation must not come back either
    visit.box.wait_for()
    assert visit.replies.count() == 0
    assert visit.box.input_value() == ""
    visit.go("/plain")
    page.locator("textarea").fill(f"{PLANTED} side effects")
    page.locator("button[type=submit]").click()
    page.locator("#log .reply").wait_for()
    assert page.evaluate(KEPT) == NOTHING
    assert page.context.cookies() == []
    assert hosts == {urlsplit(visit.site).netloc}
    assert [url for url in (*went, *visit.requests) if PLANTED in url] == []


# --- the server ----------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path, real_index: Path) -> Iterator[RealServer]:
    """One whose index is mapped from its files, as a large one is."""
    clinic = RealServer(tmp_path / "clinic", real_index)
    (tmp_path / "sitecustomize.py").write_text(
        "import qa.array_file\nqa.array_file.READ_WHOLE = 0\n", "utf-8"
    )
    clinic.environment["PYTHONPATH"] = os.pathsep.join([str(tmp_path), str(ROOT)])
    with clinic as server:
        yield server


def _ask_everywhere(client: httpx.Client, question: str) -> list[httpx.Response]:
    return [
        ask_chat(client, question),
        client.post("/plain", data={"question": question}),
        client.post("/api/ask", json={"question": question, "trace": True, "qid": PLANTED}),
    ]


FORGED: tuple[object, ...] = (
    PLANTED,
    {"path": PLANTED},
    [{"role": PLANTED}],
    [{"role": "user", "content": PLANTED, "metadata": PLANTED}],
    [{"role": "user", "content": [{"type": PLANTED}]}],
    [[PLANTED, PLANTED]],
)
"""Conversations as a page of another version, or nobody's page, would send them."""


def _send_wrongly(client: httpx.Client) -> list[int]:
    """Requests that are refused for what they are; gives their statuses."""
    chat, json_head = "/gradio_api/run/predict", {"Content-Type": "application/json"}
    bad = f'{{"question": "{PLANTED}'.encode()
    sent = [
        client.post("/api/ask", content=bad, headers=json_head),
        client.post(chat, content=bad, headers=json_head),
        client.post(chat, json={"data": [PLANTED, []], "fn_index": 999}),
        client.post(chat, json={"data": [PLANTED], "fn_index": 0}),
        client.post(chat, json={"data": [PLANTED, []], "fn_index": 0, "trigger_id": PLANTED}),
        *(client.post(chat, json={"data": [PLANTED, one], "fn_index": 0}) for one in FORGED),
        client.post("/api/ask", json={"question": [PLANTED], PLANTED: PLANTED}),
        client.post("/api/ask", content=bad, headers={"Content-Type": f"text/{PLANTED}"}),
        client.get(f"/documents/{PLANTED}.md", params={"start": PLANTED}),
        client.get(f"/{PLANTED}", headers={"X-Question": PLANTED}),
        client.get("/", headers={"Host": PLANTED}),
        client.post("/plain", content=b"question=%ff%fe" + PLANTED.encode()),
    ]
    return [response.status_code for response in sent]


def _break_off(url: str) -> None:
    """A body over the limit, one that stops short, one that stalls, and a request that is none."""
    with suppress(httpx.TransportError):  # it may be refused and hung up on while it is being sent
        httpx.post(f"{url}/api/ask", json={"question": f"{PLANTED} " * 40_000}, timeout=60)
    address = urlsplit(url)
    assert address.port
    where = ("127.0.0.1", address.port)
    body = json.dumps({"question": f"{PLANTED}, can I drive home after a treatment?"}).encode()
    for path in ("/api/ask", "/gradio_api/run/predict", "/plain"):
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()
        with socket.create_connection(where, 30) as cut_off:
            cut_off.sendall(head + body[:-5])
        with socket.create_connection(where, 30) as slow:
            slow.sendall(head + body[:30])
            time.sleep(0.3)
            slow.sendall(body[30:])
            assert slow.recv(100).startswith(b"HTTP/1.1 ")
    with socket.create_connection(where, 30) as nonsense:
        nonsense.sendall(f"{PLANTED} / {PLANTED}\r\n{PLANTED}\r\n\r\n".encode())
        nonsense.recv(100)


def _spoil(index: Path) -> None:
    """Overwrites the sentences' vectors, which are read from the disk while questions come in."""
    [vectors] = index.glob("generations/*/sentences.npy")
    with open(vectors, "r+b") as file:
        length = file.seek(0, os.SEEK_END) - 128  # what stands before it is the file's head
        file.seek(128)
        file.write(b"\xff" * length)


@pytest.mark.slow
def test_the_server_says_and_writes_nothing_of_a_question(server: RealServer) -> None:
    with httpx.Client(base_url=server.url, timeout=60) as client:
        for question in (
            f"{PLANTED}: can I drive home after a treatment?",
            f"{PLANTED} bake a loaf",
            f"{PLANTED} I want to kill myself",
            f"I have chest pain {PLANTED}",
            f"{PLANTED} " * 200,
            PLANTED,
        ):
            answers = _ask_everywhere(client, question)
            assert [answer.status_code for answer in answers] == [200] * 3
        assert answers[2].json()["question"] == PLANTED  # it does arrive
        unknown = {"question": PLANTED, "documents": [f"{PLANTED}.md"]}
        assert client.post("/api/ask", json=unknown).json()["reason"] == "unknown_document"
        statuses = _send_wrongly(client)
        assert all(status >= 400 for status in statuses[:-1]), statuses
        _break_off(server.url)

        _spoil(server.folder / "index")
        failed = _ask_everywhere(client, f"{PLANTED}: can I drive home after a treatment?")
        assert failed[2].status_code == 503, failed[2].text
        assert "could not be answered" in server.said()
        shutil.rmtree(server.folder / "index")
        deadline = time.monotonic() + 30
        while client.get("/health").json()["status"] != "stale":
            assert time.monotonic() < deadline, "the lost index is told of"
            time.sleep(0.1)
        _ask_everywhere(client, f"{PLANTED}: what side effects can it have?")
        assert server.holders(PLANTED) == []
        address = urlsplit(server.url)
        with socket.create_connection(("127.0.0.1", address.port or 0), 30) as stalled:
            stalled.sendall(f"POST /plain HTTP/1.1\r\nHost: {address.netloc}\r\n"
                            f"Content-Length: 900\r\n\r\nquestion={PLANTED}".encode())  # fmt: skip
            server.stop()
    assert "ready at" in server.said()
    assert server.holders(PLANTED) == []


@pytest.mark.slow
def test_a_planted_word_would_be_found(tmp_path: Path, real_index: Path) -> None:
    folder = RealServer(tmp_path / "clinic", real_index)
    folder.process = subprocess.Popen([sys.executable, "-c", ""])
    folder.process.wait()
    (folder.folder / "home" / "deep").mkdir()
    (folder.folder / "home" / "deep" / "log").write_text(f"… {PLANTED.upper()} …", "utf-8")
    (folder.folder / "temporary" / f"{PLANTED}.txt").touch()
    assert len(folder.holders(PLANTED)) == 2


def _unshared() -> list[str]:
    """The command that runs another one without network; skips where the kernel forbids it."""
    if shutil.which("unshare") is None:
        need("unshare", "Install util-linux; there is none outside Linux.")
    said = ""
    for command in (["unshare", "--map-root-user", "--net"], ["unshare", "--net"]):
        tried = subprocess.run([*command, "true"], capture_output=True, text=True, check=False)
        if tried.returncode == 0:
            return command
        said = tried.stderr.strip()
    pytest.skip(f"the kernel allows no namespace without network, in CI neither: {said}")


@pytest.mark.nightly  # the browser, the words kept and the hosts asked are watched by day too
def test_without_any_network_a_question_is_answered(tmp_path: Path, real_index: Path) -> None:
    command = [*_unshared(), sys.executable, "-c", NO_NETWORK, str(tmp_path / "clinic")]
    ran = subprocess.run(
        [*command, str(real_index)],
        cwd=ROOT,
        env=dict(os.environ, PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert "unreachable" in told["outside"]
    assert told["answer"]["kind"] == "answer"
    assert "Do not drive until the next day" in told["answer"]["quotes"][0]["text"]
    assert "Do not drive until the next day" in told["chat"]
    assert told["page"] == 200
