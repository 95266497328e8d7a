"""Questions of several people to one embedding model: what comes while it is busy runs together.

Nobody waits for a batch to fill. The first text runs at once; those that come meanwhile are the
next batch, in the order in which they came ("continuous batching"; for text generation Yu and
others, "Orca", OSDI 2022). The threads that ask do the work themselves: whoever is first in the
queue runs the batch for all in it, so that there is no thread to start or to close.

It is for models whose vectors depend on their text alone, to the last bit, such as
`qa.onnx_embedder` has: then nobody's answer depends on who else asks.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from qa.embedding import Embedder
from qa.types import Vectors

__all__ = ["BATCH", "BatchingEmbedder"]

BATCH = 8
"""Texts of a batch at most. A question's share of the processor's time is a quarter smaller in
batches of two to eight than alone, and grows again beyond them: shorter questions are padded, and
the batch leaves the processor's caches (`python tests/benchmarks/askers.py --batches`)."""


@dataclass(eq=False, slots=True)
class _Call:
    """What one thread asks for."""

    texts: list[str]
    woken: threading.Event = field(default_factory=threading.Event)
    batch: list[_Call] | None = None
    """What it is to run when it is woken, itself first; None where its vectors are there."""
    vectors: Vectors | None = None
    error: BaseException | None = None


class BatchingEmbedder:
    """An `Embedder` around another one, for many threads."""

    def __init__(self, embedder: Embedder, *, most: int = BATCH, at_once: int = 1) -> None:
        """At most `at_once` batches run at a time, each of `most` texts at most.

        A call of more texts than that goes straight to `embedder`, which has batches of its own.
        """
        self._embedder = embedder
        self._most = most
        self._at_once = at_once
        self._lock = threading.Lock()
        self._waiting: deque[_Call] = deque()
        self._running = 0
        self._own = threading.local()

    @property
    def identity(self) -> dict[str, str]:
        """The embedder's."""
        return self._embedder.identity

    @property
    def engine(self) -> dict[str, str]:
        """The embedder's."""
        return self._embedder.engine

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._embedder.dimension

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text are read."""
        return self._embedder.max_tokens

    def encode(self, texts: Sequence[str]) -> Vectors:
        """float32 (n, dimension), as the embedder gives them.

        Raises what it raises for these texts; what others ask for at the same time fails by itself.
        """
        inside = getattr(self._own, "inside", False)  # the embedder asks itself: it must not wait
        if inside or not 0 < len(texts) <= self._most:
            return self._embedder.encode(texts)
        call = _Call(list(texts))
        with self._lock:
            free = self._running < self._at_once
            if free:
                self._running += 1
                call.batch = [call]
            else:
                self._waiting.append(call)
        if not free:
            self._wait(call)
        if call.batch is not None:
            self._run(call.batch)
        if call.error is not None:
            raise call.error
        assert call.vectors is not None  # noqa: S101 - without an error there are vectors
        return call.vectors

    def encode_alone(self, texts: Sequence[str]) -> Iterator[Vectors]:
        """The embedder's own, for builds."""
        return self._embedder.encode_alone(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text."""
        return self._embedder.count_tokens(texts)

    def is_common(self, word: str) -> bool:
        """Whether the model has the word whole."""
        return self._embedder.is_common(word)

    def _wait(self, call: _Call) -> None:
        """Returns once the call is answered, or is to run a batch."""
        try:
            call.woken.wait()
        except BaseException:  # Ctrl and C: the others in its batch must not wait for it
            with self._lock:
                if call in self._waiting:
                    self._waiting.remove(call)
                elif call.batch is not None:
                    self._waiting.extendleft(reversed(call.batch[1:]))
                    self._hand_over()
            raise

    def _run(self, batch: Sequence[_Call]) -> None:
        """Runs a batch, and leaves the next one to the first that waits."""
        self._own.inside = True
        try:
            self._fill(batch)
        except BaseException as error:
            for call in batch:
                if call.vectors is None and call.error is None:
                    call.error = error
        finally:
            self._own.inside = False
            with self._lock:
                self._hand_over()
            for call in batch[1:]:
                call.batch = None
                call.woken.set()

    def _fill(self, batch: Sequence[_Call]) -> None:
        """Gives each call its vectors, or its own error."""
        try:
            made = self._embedder.encode([text for call in batch for text in call.texts])
        except Exception as error:
            if len(batch) == 1:
                batch[0].error = error
                return
            for call in batch:  # one of them is the reason, and the others are not to know of it
                self._fill([call])
            return
        begin = 0
        for call in batch:
            # Copied, so that nobody's row keeps the whole batch in memory.
            call.vectors = made[begin : begin + len(call.texts)].copy()
            begin += len(call.texts)

    def _hand_over(self) -> None:
        """Wakes the first that waits, to run as many as fit; with the lock held."""
        if not self._waiting:
            self._running -= 1
            return
        batch = [self._waiting.popleft()]
        count = len(batch[0].texts)
        while self._waiting and count + len(self._waiting[0].texts) <= self._most:
            batch.append(self._waiting.popleft())
            count += len(batch[-1].texts)
        batch[0].batch = batch
        batch[0].woken.set()
