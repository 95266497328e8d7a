"""Those who come to the server: each visit is one person's, from an address of its own.

A visit checks what it is shown: that each quote is what the generation's files hold at its place,
that a message of danger gets help first, and that whatever is refused has the status it should.
"""

from __future__ import annotations

import random
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.benchmarks.asking import fresh_questions
from tests.soak.ledger import Ledger, Wrong
from tests.soak.stored import StoredTexts
from tests.web.real_server import ask_chat

__all__ = ["KINDS", "Visitors"]

DANGER = (
    "I want to kill myself",
    "I have taken all my pills and I feel sleepy",
    "my brother says he will shoot himself tonight",
    "quiero matarme",
)
ODD = (
    "",
    " ",
    "????",
    "How do I bake bread?",
    "what are the side effects of metformin",
    "\u202eevil\u202c <script>alert(1)</script> {{7*7}} ![](http://127.0.0.2/x)",
    "\ufdfa" * 300,
    "a" * 1_001,
    "\U0001f600" * 200,
    "\u0647\u0644 \u0647\u0648 \u0622\u0645\u0646",
)
REFUSED: tuple[tuple[str, str, dict[str, Any], int], ...] = (
    ("POST", "/api/ask", {"content": b"{", "headers": {"content-type": "application/json"}}, 422),
    ("POST", "/api/ask", {"content": b"question=x"}, 415),
    ("POST", "/api/ask", {"json": {"question": "x" * 300_000}}, 413),
    ("GET", "/gradio_api/file=/etc/passwd", {}, 404),
    ("POST", "/gradio_api/upload", {"files": {"files": b"x"}}, 404),
    ("GET", "/documents/..%2f..%2fetc%2fpasswd", {}, 404),
    ("DELETE", "/api/ask", {}, 405),
    ("GET", "/", {"headers": {"host": "evil.example"}}, 400),
)  # fmt: skip
"""Method, path, more, and the status that it must have."""


@dataclass(slots=True)
class Visitors:
    """All of a run; each method is one visit, and is called by several threads."""

    url: str
    texts: StoredTexts
    ledger: Ledger
    cookie: str = ""
    """Of somebody who is logged in to the staff's pages."""
    _questions: Iterator[str] = field(default_factory=fresh_questions)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def question(self) -> str:
        """One that nobody has asked."""
        with self._lock:
            return next(self._questions)

    def client(self) -> httpx.Client:
        """A browser or program at an address of its own; all of 127.0.0.0/8 is this machine."""
        address = (
            f"127.{random.randrange(1, 250)}.{random.randrange(250)}.{random.randrange(1, 250)}"
        )
        transport = httpx.HTTPTransport(local_address=address)

        def note(response: httpx.Response) -> None:
            request = response.request
            response.read()
            ended = time.monotonic()
            began = ended - response.elapsed.total_seconds()
            self.ledger.answered(request.url.path, response.status_code, began, ended)

        return httpx.Client(
            base_url=self.url, transport=transport, timeout=60, event_hooks={"response": [note]}
        )

    def program(self) -> None:
        """Asks by the JSON API, and then what only the first question makes clear."""
        with self.client() as client:
            previous: list[str] = []
            for question in (self.question(), "and how long does it last?"):
                told = client.post("/api/ask", json={"question": question, "previous": previous})
                if _is_served(told):
                    self._check_answer(told.json())
                previous = [question]

    def patient(self) -> None:
        """Opens the page, asks in the chat and follows the link of a quote."""
        with self.client() as client:
            if not _is_served(client.get("/")):
                return
            reply = ask_chat(client, self.question())
            if _is_served(reply):
                self._check_shown(client, _message_of(reply.json()))

    def plain(self) -> None:
        """Asks without scripts, prints the answer and says whether it helped."""
        with self.client() as client:
            _is_served(client.get("/plain"))
            told = client.post("/plain", data={"question": self.question()})
            if not _is_served(told):
                return
            page = self._check_shown(client, told.text)
            self._send_form(client, page, "form.to-print", {}, (200,))
            given = {"verdict": random.choice(["helped", "did_not_help"]), "note": "It is clear."}
            self._send_form(client, page, "form.feedback", given, (303, 409, 422, 503))

    def in_danger(self) -> None:
        """Says so by each way, and must be helped first."""
        message = random.choice(DANGER)
        with self.client() as client:
            told = client.post("/api/ask", json={"question": message})
            kinds = [one["kind"] for one in told.json()["notices"]]
            if not kinds or kinds[0] not in ("crisis", "emergency"):
                raise Wrong(f"{message!r} got {kinds} by the API")
            shown = [client.post("/plain", data={"question": message}).text]
            reply = ask_chat(client, message)
            if _is_served(reply):
                shown.append(_message_of(reply.json()))
            for one in shown:
                if not LexborHTMLParser(one).css_first(".alarm a[href^='tel:']"):
                    raise Wrong(f"{message!r} got no help on a page")

    def odd(self) -> None:
        """Asks what nobody should, and does what nobody may."""
        with self.client() as client:
            told = client.post("/api/ask", json={"question": random.choice(ODD)})
            if _is_served(told):
                self._check_answer(told.json())
            method, path, more, status = random.choice(REFUSED)
            got = client.request(method, path, **more)
            if got.status_code != status:
                raise Wrong(f"{method} {path} answered {got.status_code} in place of {status}")

    def rude(self) -> None:
        """Hangs up: in the head, in the body, and while the answer is made."""
        host, port = urlsplit(self.url).hostname, urlsplit(self.url).port
        body = b'{"question": "Can I drive home after a treatment?"}'
        whole = b"POST /api/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        whole += b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        for sent in (whole[:30], whole[:-10], whole):
            with socket.create_connection((host, port), 10) as open_one:
                open_one.sendall(sent)
                time.sleep(random.random() / 20)

    def nurse(self) -> None:
        """Looks through the staff's pages."""
        headers = {"cookie": self.cookie, "x-forwarded-proto": "https"}
        with self.client() as client:
            for path in ("/staff/questions", "/staff/runs", "/staff/publishing", "/staff/audit"):
                _is_served(client.get(path, headers=headers))
            if client.get("/staff/questions").status_code == 200:
                raise Wrong("a stranger sees the staff's questions")

    def proxy(self) -> None:
        """Asks whether the server is well and ready, and reads its figures."""
        with self.client() as client:
            if client.get("/health").json()["status"] not in ("ok", "stale"):
                raise Wrong("/health has neither ok nor stale")
            if (ready := client.get("/ready")).status_code != 200:
                raise Wrong(f"/ready answered {ready.status_code}")
        with httpx.Client(base_url=self.url, timeout=60) as client:  # from 127.0.0.1, who may
            figures = client.get("/metrics").text
        if "quotewell_" not in figures or "ketamine" in figures:
            raise Wrong("/metrics has no figures, or says too much")

    def _check_answer(self, told: dict[str, Any]) -> None:
        quotes, reason = told["quotes"], told["reason"]
        if told["kind"] == "answer" and (not quotes or reason):
            raise Wrong("an answer without quotes, or with a reason for refusing")
        if told["kind"] == "refusal" and (quotes or not reason):
            raise Wrong("a refusal with quotes, or without a reason")
        if not any(one["kind"] == "disclaimer" for one in told["notices"]):
            raise Wrong("no disclaimer")
        for one in quotes:
            place = one["document_id"], one["start"], one["end"]
            stored = self.texts.slice_of(told["generation"], *place)
            self._compare(one["text"], stored, f"{told['generation']} {place}")

    def _check_shown(self, client: httpx.Client, shown: str) -> LexborHTMLParser:
        """Compares the quotes of a message with their places; follows one."""
        page = LexborHTMLParser(shown)
        figures = page.css("figure.quote")
        if not page.css_first(".reply > .help-line, .alarm"):
            raise Wrong("a message without the help line")
        if not figures and not page.css_first(".reply > .lead, .alarm, .advice"):
            raise Wrong("a message with neither quotes nor a refusal")
        links = []
        for figure in figures:
            link = _attribute(figure.css_first("a.source"), "href")
            words = figure.css_first("span.words")
            parts, asked = urlsplit(link), parse_qs(urlsplit(link).query)
            document = unquote(parts.path).partition("/documents/")[2]
            start, end = int(asked["start"][0]), int(asked["end"][0])
            stored = self.texts.slice_by_hash(document, asked["sha256"][0], start, end)
            self._compare(words.text() if words else "", stored, link)
            links.append(link)
        if links:
            self._follow(client, random.choice(links))
        return page

    def _follow(self, client: httpx.Client, link: str) -> None:
        viewed = client.get(link)
        if viewed.status_code != 200:
            raise Wrong(f"the link of a quote leads to {viewed.status_code}")

    def _compare(self, shown: str, stored: str | None, where: str) -> None:
        if shown != stored or not shown.strip():
            raise Wrong(f"{where}: {shown[:80]!r} in place of {(stored or '')[:80]!r}")
        self.ledger.compared()

    def _send_form(
        self, client: httpx.Client, page: LexborHTMLParser, which: str, more: dict[str, str],
        statuses: tuple[int, ...],
    ) -> None:  # fmt: skip
        form = page.css_first(which)
        if form is None:
            return
        fields: dict[str, list[str]] = {}
        for one in form.css("input[type=hidden]"):
            fields.setdefault(_attribute(one, "name"), []).append(_attribute(one, "value"))
        path = _attribute(form, "action")
        sent = client.post(path, data={**fields, **more}, headers={"origin": self.url})
        if sent.status_code not in statuses:
            raise Wrong(f"{path} answered {sent.status_code}: {sent.text[:100]}")


Visit = Callable[[Visitors], None]
KINDS: dict[str, tuple[Visit, int]] = {
    "program": (Visitors.program, 6),
    "patient": (Visitors.patient, 4),
    "plain": (Visitors.plain, 3),
    "in danger": (Visitors.in_danger, 2),
    "odd": (Visitors.odd, 3),
    "rude": (Visitors.rude, 1),
    "nurse": (Visitors.nurse, 1),
    "proxy": (Visitors.proxy, 2),
}
"""Who comes, and how often beside the others."""


def _is_served(response: httpx.Response) -> bool:
    """Whether it is 200; not where it is a 5xx, of which the ledger judges. Raises Wrong for any
    other status."""
    status = response.status_code
    if status != 200 and status < 500:
        raise Wrong(f"{response.request.url.path} answered {status} in place of 200")
    return status == 200


def _attribute(node: LexborNode | None, name: str) -> str:
    if node is None:
        raise Wrong("a quote without its link")
    return node.attributes.get(name) or ""


def _message_of(reply: dict[str, Any]) -> str:
    """The last message of the chat in what its event gives back."""
    found = re.findall(r'<div class="reply">.*?(?=<div class="reply">|$)', _texts(reply), re.S)
    if not found:
        raise Wrong("the chat gave no message")
    return str(found[-1])


def _texts(value: Any) -> str:
    if isinstance(value, str):
        return value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return "".join(map(_texts, parts))
