"""Patients who go on asking while something breaks: each answer is held to what it promises.

An answer's quotes are slices of the generation that it names, a refusal carries the help line, and
nobody is shown a traceback. Whatever is neither is kept as `wrong`.
"""

from __future__ import annotations

import html
import re
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from qa.generation import open_generation
from qa.publishing import generations, pointer_to
from tests.web.real_server import ask_chat

__all__ = ["HELP", "Patients", "texts_of"]

QUESTIONS = (
    "Can I drive home after a treatment?",
    "What is ketamine?",
    "Is ketamine addictive?",
    "How do I bake bread?",
    "What happens at a visit?",
)
HELP = "988"
"""The help line's number, in every answer and every refusal."""
_SHOWN = re.compile(r'<blockquote class="text"[^>]*><span class="words"[^>]*>(.*?)</span>', re.S)
_APOLOGY = "could not be looked up"
_INTERNALS = ("Traceback", 'File "', "site-packages", "Errno")

Texts = Mapping[str, Mapping[str, str]]
"""A generation's name → its documents' texts by id."""


def texts_of(index: Path) -> dict[str, dict[str, str]]:
    """The texts of all generations of an index, read before anything breaks."""
    found = {}
    for name in generations(index):
        pointer = pointer_to(index, name)
        made = open_generation(pointer.folder, name, pointer)
        found[name] = {one.id: one.text for one in made.documents}
    return found


class Patients:
    """Ask a server by API, by the chat page and by the page without scripts.

    Used within `with` they ask in threads of their own; `ask_once` asks each way one time.
    """

    def __init__(self, url: str, texts: Texts, threads: int = 2) -> None:
        self.url = url
        self.texts = texts
        self.kinds: Counter[str] = Counter()
        """How often each kind of answer came: answer, refusal, unavailable, lost."""
        self.wrong: list[str] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._go_on, args=[n]) for n in range(threads)]

    def __enter__(self) -> Self:
        for one in self._threads:
            one.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        for one in self._threads:
            one.join(60)

    def ask_once(self, ways: int = 3, question: str = QUESTIONS[0]) -> set[str]:
        """Asks in the first `ways` of API, chat and plain page, and gives the kinds of what
        came."""
        with httpx.Client(base_url=self.url, timeout=30) as client:
            return {self._ask(client, turn, question) for turn in range(ways)}

    def has_answers(self, ways: int = 3, within_s: float = 90.0) -> None:
        """Waits until they get answers again. Raises AssertionError where they do not."""
        deadline = time.monotonic() + within_s
        while (kinds := self.ask_once(ways)) != {"answer"}:
            assert time.monotonic() < deadline, f"{kinds} after {within_s} s; {self.wrong}"
            time.sleep(0.2)

    def health(self) -> dict[str, Any]:
        """What /health says."""
        told: dict[str, Any] = httpx.get(f"{self.url}/health", timeout=60).json()
        return told

    def waits_for(self, status: str, within_s: float = 90.0) -> dict[str, Any]:
        """Waits until /health has that status. Raises AssertionError where it never has."""
        deadline = time.monotonic() + within_s
        while (told := self.health())["status"] != status:
            assert time.monotonic() < deadline, told
            time.sleep(0.1)
        return told

    def _go_on(self, first: int) -> None:
        turn = first
        while not self._stop.is_set():
            with httpx.Client(base_url=self.url, timeout=30) as client:
                for _ in range(5):
                    turn += 1
                    self._ask(client, turn, QUESTIONS[turn // 3 % len(QUESTIONS)])
                    if self._stop.wait(0.02):
                        return

    def _ask(self, client: httpx.Client, turn: int, question: str) -> str:
        ways = (self._ask_api, self._ask_page, self._ask_plain)
        try:
            kind = ways[turn % 3](client, question)
        except httpx.TransportError as error:
            kind = "lost"
            if isinstance(error, httpx.TimeoutException):
                self.wrong.append(f"no answer within 30 s: {error!r}")
        except (ValueError, KeyError) as error:
            kind = "wrong"
            self.wrong.append(f"not to be read: {error!r}")
        self.kinds[kind] += 1
        return kind

    def _ask_api(self, client: httpx.Client, question: str) -> str:
        response = client.post("/api/ask", json={"question": question})
        told = response.json()
        self._check_text("/api/ask", response.text)
        if response.status_code == 503:
            return "unavailable"
        if response.status_code != 200:
            self.wrong.append(f"/api/ask: {response.status_code} {response.text[:200]}")
            return "wrong"
        for quote in told["quotes"]:
            text = self.texts[told["generation"]][quote["document_id"]]
            if text[quote["start"] : quote["end"]] != quote["text"]:
                self.wrong.append(f"no slice of {told['generation']}: {quote}")
        return str(told["kind"])

    def _ask_page(self, client: httpx.Client, question: str) -> str:
        response = ask_chat(client, question)
        if response.status_code != 200:
            self.wrong.append(f"chat: {response.status_code} {response.text[:200]}")
            return "wrong"
        said = response.json()["data"][1][-1]["content"][0]["text"]
        return self._shown("chat", said)

    def _ask_plain(self, client: httpx.Client, question: str) -> str:
        response = client.post("/plain", data={"question": question})
        if response.status_code not in (200, 503):
            self.wrong.append(f"/plain: {response.status_code} {response.text[:200]}")
            return "wrong"
        return self._shown("/plain", response.text)

    def _shown(self, where: str, page: str) -> str:
        """The kind of a reply as a page shows it."""
        self._check_text(where, page)
        quoted = [html.unescape(one) for one in _SHOWN.findall(page)]
        texts = [_joined(text) for those in self.texts.values() for text in those.values()]
        for one in quoted:
            if not any(_joined(one) in text for text in texts):
                self.wrong.append(f"{where}: nowhere stands {one!r}")
        if quoted:
            return "answer"
        return "unavailable" if _APOLOGY in html.unescape(page) else "refusal"

    def _check_text(self, where: str, text: str) -> None:
        if HELP not in html.unescape(text):
            self.wrong.append(f"{where}: no help line in {text[:300]!r}")
        for one in _INTERNALS:
            if one in text:
                self.wrong.append(f"{where}: {one} in {text[:300]!r}")


def _joined(text: str) -> str:
    return " ".join(text.split())
