"""More questions than can be answered: those in time are, the others are told at once, help first.

The assistant is the real one; only its embedding model is held, so that the questions pile up.
"""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import weakref
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from qa.assistant import Assistant
from qa.embedding import Embedder
from qa.notices import SafetyTexts
from qa.reading import by_similarity
from qa.types import Vectors
from qa.web.admission import Admission, TurnedAway
from qa.web.application import create_app
from qa.web.types import Page
from tests.web.serving import serving

AT_ONCE = 4
WAITING = 60
ROOM = AT_ONCE + WAITING
AT_ONCE_S = 10.0
"""What is answered "at once" takes some 0.1 s, more where other programs have the processors. What
waits for its turn waits for a gate that opens only after it was looked at: 20 seconds and more."""
SOON_S = 30.0
"""For what is waited for to become so; with the processors to oneself it takes 0.1 s."""
CRISIS = "I want to kill myself tonight"
LEARNT = "I have everything ready for tonight and wrote the letters"
"""No pattern knows it."""


class Slow:
    """The bundled model, which stops while the gate is shut; all else is its own."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.gate = threading.Event()
        self.gate.set()

    def encode(self, texts: Sequence[str]) -> Vectors:
        # What /health and those who look for danger ask goes through, as where models are busy.
        through = threading.current_thread().name.startswith(("answer first", "look for danger"))
        assert through or texts == ["ready?"] or self.gate.wait(60)
        return self._embedder.encode(texts)

    def __getattr__(self, name: str) -> object:
        return getattr(self._embedder, name)


@pytest.fixture(scope="module")
def slow(bundled: Embedder) -> Slow:
    return Slow(bundled)


@pytest.fixture(scope="module")
def admission() -> Admission:
    return Admission(AT_ONCE, WAITING)


@pytest.fixture(scope="module")
def crowded(
    slow: Slow, admission: Admission, real_index: Path, safety_texts: SafetyTexts
) -> Iterator[str]:
    assistant = Assistant(real_index, slow, safety_texts, reader=by_similarity())  # type: ignore[arg-type]
    pages = [Page.of(), Page.of("es", root="/es")]
    app: FastAPI = create_app(assistant, pages=pages, admission=admission)
    with serving(app) as address:
        yield address


def question(number: int) -> dict[str, str]:
    return {"question": f"Can I drive home {number} hours after a treatment?"}


def dull(number: int) -> dict[str, str]:
    """One that takes a place, and little work once the model goes on."""
    return {"question": "?" * (number + 1)}


@asynccontextmanager
async def full(
    url: str, slow: Slow, admission: Admission, asked_by: Callable[[int], dict[str, str]] = dull
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the server while every place is taken. All of them are answered at the end."""
    slow.gate.clear()
    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client:
        asked = [
            asyncio.create_task(client.post("/api/ask", json=asked_by(n))) for n in range(ROOM)
        ]
        try:
            await inside(admission, ROOM)
            yield client
        finally:
            slow.gate.set()
            answers = await asyncio.gather(*asked)
    assert {answer.status_code for answer in answers} == {200}
    assert [answer.json()["question"] for answer in answers] == [
        asked_by(n)["question"] for n in range(ROOM)
    ]
    assert admission.inside == 0


def test_one_too_many_is_told_at_once_when_to_come_again(
    crowded: str, slow: Slow, admission: Admission
) -> None:
    async def trial() -> None:
        async with full(crowded, slow, admission, question) as client:
            began = time.monotonic()
            answer = await client.post("/api/ask", json=question(65))
            assert time.monotonic() - began < AT_ONCE_S
            assert answer.status_code == 503
            assert 1 <= int(answer.headers["Retry-After"]) <= 60
            told = answer.json()
            assert "drive" not in answer.text
            assert [one["kind"] for one in told["notices"]] == ["disclaimer", "crisis_line"]
        assert (await asked_alone(crowded)).status_code == 200

    asyncio.run(trial())


async def asked_alone(url: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        return await client.post("/api/ask", json=question(1))


def test_help_comes_first_in_what_is_turned_away(
    crowded: str, slow: Slow, admission: Admission
) -> None:
    async def trial() -> None:
        async with full(crowded, slow, admission) as client:
            told = await client.post("/api/ask", json={"question": CRISIS})
            assert told.status_code == 503
            first, *_, last = told.json()["notices"]
            assert (first["kind"], last["kind"]) == ("crisis", "crisis_line")
            assert "988" in first["text"]
            learnt = await client.post("/api/ask", json={"question": LEARNT})
            assert (learnt.status_code, learnt.json()["notices"][0]["kind"]) == (503, "crisis")
            urgent = await client.post("/api/ask", json={"question": "I have chest pain right now"})
            assert urgent.json()["notices"][0]["kind"] == "emergency"
            page = await client.post("/plain", data={"question": CRISIS})
            assert (page.status_code, page.headers["Retry-After"] > "") == (503, True)
            shown = page.text[page.text.index('id="log"') :]
            assert 0 < shown.index('class="alarm') < shown.index("Many people are asking")
            spanish = await client.post("/es/plain", data={"question": "quiero matarme"})
            shown = spanish.text[spanish.text.index('id="log"') :]
            assert 0 < shown.index('class="alarm') < shown.index("preguntan muchas personas")
            chat = (await in_chat(client, "", CRISIS))["data"]
            assert chat[0] == "", "their words are not shown again"
            message = chat[1][-1]["content"]
            text = message if isinstance(message, str) else message[0]["text"]
            assert 0 < text.index('class="alarm') < text.index("Many people are asking")

    asyncio.run(trial())


def test_the_chat_says_so_in_the_pages_words_and_keeps_the_question(
    crowded: str, slow: Slow, admission: Admission
) -> None:
    async def trial() -> None:
        async with full(crowded, slow, admission) as client:
            for root, words in [
                ("", "Many people are asking"),
                ("/es", "preguntan muchas personas"),
            ]:
                typed = "What is ketamine?"
                box, log = (await in_chat(client, root, typed))["data"]
                assert box == typed
                assert words in str(log[-1]["content"])
        async with httpx.AsyncClient(base_url=crowded, timeout=30) as client:
            box, log = (await in_chat(client, "", "What is ketamine?"))["data"]
            assert box == ""
            assert "blockquote" in str(log[-1]["content"])

    asyncio.run(trial())


def test_who_is_in_danger_does_not_wait_for_those_who_are_not() -> None:
    admission = Admission(1, 20)
    gate = threading.Event()

    async def trial() -> None:
        waiting = [asyncio.create_task(admission.run(lambda: gate.wait(20))) for _ in range(5)]
        await inside(admission, 5)
        assert admission.is_crowded
        began = time.monotonic()
        assert await admission.run(lambda: "help", urgent=True) == "help"
        assert time.monotonic() - began < AT_ONCE_S
        assert admission.inside == 5
        gate.set()
        await asyncio.gather(*waiting)
        assert not admission.is_crowded

    asyncio.run(trial())


@pytest.mark.parametrize("text", [CRISIS, "I want to kill\u200b myself", "quiero matarme"])
def test_danger_is_answered_before_questions_that_came_first(
    crowded: str, slow: Slow, admission: Admission, text: str
) -> None:
    async def trial() -> None:
        slow.gate.clear()
        async with httpx.AsyncClient(base_url=crowded, timeout=60) as client:
            try:
                before = [
                    asyncio.create_task(client.post("/api/ask", json=dull(n))) for n in range(12)
                ]
                await inside(admission, 12)
                answer = await client.post("/api/ask", json={"question": text})
                assert answer.json()["kind"] == "crisis"
                assert not any(one.done() for one in before)
            finally:
                slow.gate.set()
            await asyncio.gather(*before)

    asyncio.run(trial())


def test_whoever_hangs_up_leaves_the_place_to_others(
    crowded: str, slow: Slow, admission: Admission
) -> None:
    async def trial() -> None:
        async with httpx.AsyncClient(base_url=crowded, timeout=30) as client:
            ways = [
                lambda: client.post("/api/ask", json=question(1)),
                lambda: client.post("/plain", data=question(1)),
                lambda: in_chat(client, "", question(1)["question"]),
            ]
            slow.gate.clear()
            try:
                asked = [asyncio.create_task(ways[n % 3]()) for n in range(30)]
                await inside(admission, 30)
                for one in asked:
                    one.cancel()
                await asyncio.gather(*asked, return_exceptions=True)
                await inside(admission, 0)
            finally:
                slow.gate.set()
        assert (await asked_alone(crowded)).status_code == 200

    asyncio.run(trial())


async def inside(admission: Admission, count: int) -> None:
    deadline = time.monotonic() + SOON_S
    while admission.inside != count and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    assert admission.inside == count


async def in_chat(client: httpx.AsyncClient, root: str, typed: str) -> dict[str, list]:  # type: ignore[type-arg]
    """What the chat page gets for a question, by its own route and body."""
    config = (await client.get(f"{root}/config")).json()
    names = {one["id"]: one["props"].get("elem_id") for one in config["components"]}
    event = next(
        one
        for one in config["dependencies"]
        if any((names.get(at), what) == ("question", "submit") for at, what in one["targets"])
    )
    given = {"question": typed, "log": []}
    data = [given.get(names[one]) for one in event["inputs"]]
    body = {"data": data, "fn_index": event["id"], "session_hash": "test"}
    answer = await client.post(f"{root}/gradio_api/run/predict", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, list] = answer.json()  # type: ignore[type-arg]
    return found


def test_pages_and_health_stay_quick_while_all_places_are_taken(
    crowded: str, slow: Slow, admission: Admission
) -> None:
    async def trial() -> None:
        async with full(crowded, slow, admission) as client:
            for path in ("/health", "/plain", "/documents", "/api/documents", "/"):
                began = time.monotonic()
                answer = await client.get(path)
                assert answer.status_code == 200
                assert time.monotonic() - began < AT_ONCE_S, path

    asyncio.run(trial())


def test_first_come_first_served_and_no_more_at_once_than_said() -> None:
    admission = Admission(1, 20)
    served: list[int] = []
    running: list[int] = []
    most = 0

    def work(number: int) -> int:
        nonlocal most
        running.append(number)
        most = max(most, len(running))
        time.sleep(0.002)
        served.append(number)
        running.remove(number)
        return number

    async def trial() -> list[int]:
        return await asyncio.gather(*(admission.run(lambda n=n: work(n)) for n in range(21)))

    assert asyncio.run(trial()) == list(range(21))
    assert served == list(range(21))
    assert most == 1


def test_what_is_turned_away_leaves_nothing_in_memory() -> None:
    class Question(str):
        __slots__ = ("__weakref__",)

    admission = Admission(1, 0)
    gate = threading.Event()
    kept: list[weakref.ref[Question]] = []

    async def trial() -> None:
        first = asyncio.create_task(admission.run(lambda: gate.wait(20)))
        await inside(admission, 1)
        for number in range(50):
            asked = Question(f"question {number}")
            kept.append(weakref.ref(asked))
            with pytest.raises(TurnedAway) as told:
                await admission.run(lambda asked=asked: asked)
            del told, asked
        gate.set()
        assert await first

    asyncio.run(trial())
    gc.collect()
    assert [one() for one in kept] == [None] * 50
    assert admission.inside == 0


def test_a_question_that_fails_or_whose_asker_goes_leaves_its_place() -> None:
    admission = Admission(1, 1)

    async def trial() -> None:
        def fails() -> None:
            raise ValueError("it does not work")

        with pytest.raises(ValueError, match="does not work"):
            await admission.run(fails)
        gate = threading.Event()
        first = asyncio.create_task(admission.run(lambda: gate.wait(20)))
        await inside(admission, 1)
        called: list[int] = []
        second = asyncio.create_task(admission.run(lambda: called.append(1)))
        await inside(admission, 2)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        gate.set()
        assert await first
        assert await admission.run(lambda: "room again") == "room again"
        assert not called, "nobody waits for that answer"

    asyncio.run(trial())
