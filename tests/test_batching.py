"""Many threads, one model: each gets its own vectors, in order, and nobody's error is another's."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from qa.batching import BatchingEmbedder
from qa.embedding import Embedder
from qa.types import Vectors
from tests.word_hash import WordHashEmbedder

SOON_S = 90.0
"""For what comes at once where no other program has the processor."""


class Held(WordHashEmbedder):
    """Notes what runs together; a text "hold" runs until it is let go, "bad" cannot be read."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[list[str]] = []
        self.let_go = threading.Event()
        self.began = threading.Event()
        self.running = 0
        self.most_running = 0
        self.around: Embedder | None = None
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            self.batches.append(list(texts))
            self.running += 1
            self.most_running = max(self.running, self.most_running)
        try:
            self.began.set()
            time.sleep(0.001)  # as a model does, that lets others compute meanwhile
            if "hold" in texts:
                assert self.let_go.wait(SOON_S)
            if "bad" in texts:
                raise ValueError("it cannot be read")
            if "again" in texts and self.around:
                return np.concatenate([self.around.encode(["inner"]) for _ in texts])
            return super().encode(texts)
        finally:
            with self._lock:
                self.running -= 1


class Crowd:
    """Threads that ask one after the other while the first one's text is held."""

    def __init__(self, model: Held, embedder: BatchingEmbedder) -> None:
        self.model = model
        self.embedder = embedder
        self.pool = ThreadPoolExecutor(80)

    def asks(self, *calls: Sequence[str]) -> list[Callable[[], Vectors]]:
        """What gives the vectors of each call; all wait behind "hold" in this order."""
        first = self.pool.submit(self.embedder.encode, ["hold"])
        assert self.model.began.wait(SOON_S)
        futures = [first]
        for number, texts in enumerate(calls, 1):
            futures.append(self.pool.submit(self.embedder.encode, list(texts)))
            self.wait_for(number)
        self.model.let_go.set()
        return [lambda one=one: one.result(SOON_S) for one in futures]  # type: ignore[misc]

    def wait_for(self, waiting: int) -> None:
        deadline = time.monotonic() + SOON_S
        while len(self.embedder._waiting) != waiting and time.monotonic() < deadline:
            time.sleep(0.001)
        assert len(self.embedder._waiting) == waiting


@pytest.fixture
def model() -> Held:
    return Held()


@pytest.fixture
def crowd(model: Held) -> Crowd:
    return Crowd(model, BatchingEmbedder(model, most=4))


def same(found: Vectors, model: Held, *texts: str) -> bool:
    return np.array_equal(found, WordHashEmbedder.encode(model, texts))


def test_what_comes_while_it_is_busy_runs_together_in_the_order_it_came(
    crowd: Crowd, model: Held
) -> None:
    asked = [["a"], ["b", "c"], ["d"], ["e"], ["f", "g", "h"], ["i"]]
    found = [one() for one in crowd.asks(*asked)]
    assert model.batches == [["hold"], ["a", "b", "c", "d"], ["e", "f", "g", "h"], ["i"]]
    for texts, vectors in zip([["hold"], *asked], found, strict=True):
        assert same(vectors, model, *texts)
        assert vectors.base is None, "it keeps nobody else's rows in memory"


def test_the_first_does_not_wait_for_others(model: Held) -> None:
    embedder = BatchingEmbedder(model)
    assert same(embedder.encode(["alone"]), model, "alone")
    assert model.batches == [["alone"]]
    assert embedder._running == 0


def test_an_error_is_only_that_of_the_call_it_is_about(crowd: Crowd, model: Held) -> None:
    _, first, bad, last = crowd.asks(["a"], ["bad"], ["b"])
    with pytest.raises(ValueError, match="cannot be read"):
        bad()
    assert same(first(), model, "a")
    assert same(last(), model, "b")
    assert same(crowd.embedder.encode(["after"]), model, "after")


def test_what_stops_a_thread_leaves_nobody_waiting(model: Held) -> None:
    class Stopping(Held):
        def encode(self, texts: Sequence[str]) -> Vectors:
            found = super().encode(texts)
            if "stop" in texts:
                raise KeyboardInterrupt
            return found

    model = Stopping()
    crowd = Crowd(model, BatchingEmbedder(model, most=1))
    _, stopped, after = crowd.asks(["stop"], ["a"])
    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert same(after(), model, "a")
    assert crowd.embedder._running == 0


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="signals go to no thread here")
def test_whoever_gives_up_waiting_leaves_its_turn_to_the_next(crowd: Crowd, model: Held) -> None:
    embedder = crowd.embedder
    first = crowd.pool.submit(embedder.encode, ["hold"])
    assert model.began.wait(SOON_S)

    main = threading.get_ident()

    def follow_and_interrupt() -> Vectors:
        crowd.wait_for(1)
        last = crowd.pool.submit(embedder.encode, ["stays"])
        crowd.wait_for(2)
        signal.pthread_kill(main, signal.SIGINT)
        crowd.wait_for(1)
        model.let_go.set()
        return last.result(SOON_S)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        other = crowd.pool.submit(follow_and_interrupt)
        with pytest.raises(KeyboardInterrupt):
            embedder.encode(["gone"])
        assert same(other.result(SOON_S), model, "stays")
        first.result(SOON_S)
    finally:
        signal.signal(signal.SIGINT, before)
    assert model.batches == [["hold"], ["stays"]]


def test_the_model_may_ask_itself(model: Held) -> None:
    embedder = BatchingEmbedder(model)
    model.around = embedder
    assert same(embedder.encode(["again"]), model, "inner")


def test_large_calls_and_empty_ones_go_straight_to_the_model(crowd: Crowd, model: Held) -> None:
    texts = ["a", "b", "c", "d", "e"]
    assert same(crowd.embedder.encode(texts), model, *texts)
    assert crowd.embedder.encode([]).shape == (0, model.dimension)
    assert model.batches == [texts, []]


@pytest.mark.parametrize("at_once", [1, 2])
def test_sixty_four_threads_are_all_served_alike(model: Held, at_once: int) -> None:
    embedder = BatchingEmbedder(model, at_once=at_once)
    served = [0] * 64
    start = threading.Barrier(64)

    def ask(number: int) -> None:
        start.wait(SOON_S)
        while sum(served) < 64 * 40:  # by number, since a slow machine serves few in a second
            text = f"{number} {served[number]}"
            assert same(embedder.encode([text]), model, text)
            served[number] += 1

    with ThreadPoolExecutor(64) as pool:
        list(pool.map(ask, range(64)))
    assert model.most_running <= at_once
    assert max(map(len, model.batches)) <= 8
    assert min(served) > max(served) / 3 > 0, "whoever came first went first"
    assert embedder._running == 0
    assert not embedder._waiting


def test_all_else_is_the_models_own(bundled: Embedder) -> None:
    embedder = BatchingEmbedder(bundled)
    assert (embedder.identity, embedder.engine) == (bundled.identity, bundled.engine)
    assert (embedder.dimension, embedder.max_tokens) == (bundled.dimension, bundled.max_tokens)
    assert embedder.count_tokens(["two words"]) == bundled.count_tokens(["two words"])
    assert embedder.is_common("water") == bundled.is_common("water")
    [found] = embedder.encode_alone(["a text"])
    assert np.array_equal(found, bundled.encode(["a text"]))


def test_vectors_are_those_of_a_text_asked_alone_to_the_last_bit(bundled: Embedder) -> None:
    embedder = BatchingEmbedder(bundled, at_once=2)
    texts = [f"Can I {verb} on day {n}?" + " please" * n for n in range(24)
             for verb in ("drive", "swim")]  # fmt: skip
    with ThreadPoolExecutor(32) as pool:
        found = list(pool.map(lambda text: embedder.encode([text]), texts))
    for text, vectors in zip(texts, found, strict=True):
        assert np.array_equal(vectors, bundled.encode([text])), text
