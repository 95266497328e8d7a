"""The live generation, followed while it is in use: a newly published one takes over in place."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qa.errors import MissingIndex, QuotewellError, VectorStoreDown, VectorStoreError
from qa.generation import Generation, open_generation
from qa.publishing import Pointer, gone_back_from, pointer_to, read_pointer
from qa.vector_store import IN_GENERATION, Engine

__all__ = ["Following", "LiveIndex", "PinnedIndex", "other_model"]

_CHECK_SECONDS = 1.0
"""How often the pointer is looked at while nothing follows it: by whoever asks."""
_FOLLOW_SECONDS = 0.5
"""How often it is looked at by the thread that follows it."""

_STOP_SECONDS = 2.0
"""How long the end waits for that thread, which hangs where the folder's share does."""

_RETRY_SECONDS = 2.0
"""How long after the engine had not what is published it is asked again."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Following:
    """Which generation answers, and which one is published, where that is another."""

    serving: str
    published: str
    """Empty where the pointer itself cannot be read."""
    stale_since: str = ""
    """When it was first seen that what is published cannot be served, in UTC to the second; empty
    where it can."""


class LiveIndex:
    """Gives the generation that answers. A damaged newer one is reported and not taken."""

    def __init__(self, index: Path, model: dict[str, str], engine: Engine = IN_GENERATION) -> None:
        """Loads the live generation; `model` is the identity of the embedder that is in use, and
        `engine` searches the vectors.

        Raises MissingIndex where there is none or it was built with another model, DamagedIndex
        where it is not whole, VectorStoreError where the engine does not have it.
        """
        self._index = index
        self._model = model
        self._engine = engine
        self._retry_at: float | None = None
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._refused: tuple[Pointer | None, str] | None = None
        self._pointer = read_pointer(index)
        self._generation = self._load(self._pointer)
        self._checked = time.monotonic()

    def check(self) -> None:
        """Raises VectorStoreDown where the vectors cannot be searched at the moment."""
        self._engine.check(self._generation.vectors)

    def current(self) -> Generation:
        """The live generation. Whoever asks looks for a newer one now and then, in one thread at a
        time, unless `follow` does."""
        recently = time.monotonic() - self._checked < _CHECK_SECONDS
        if self._thread is None and not recently and self._lock.acquire(blocking=False):
            try:
                self._checked = time.monotonic()
                self._look()
            finally:
                self._lock.release()
        return self._generation

    def follow(self, on_change: Callable[[], object] = lambda: None) -> None:
        """Looks for newer generations in a thread of its own until `close`, so that nobody who asks
        waits for one to be loaded. `on_change` is called after each that was taken."""
        if self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(
                target=self._keep_looking, args=[on_change], name="follow the index", daemon=True
            )
            self._thread.start()

    def close(self) -> None:
        """Ends what `follow` began."""
        thread, self._thread = self._thread, None
        if thread:
            self._stop.set()
            thread.join(_STOP_SECONDS)

    def following(self) -> Following:
        """What answers now, and what is published."""
        refused = self._refused
        if refused is None:
            return Following(self._generation.name, self._generation.name)
        pointer, since = refused
        return Following(self._generation.name, pointer.generation if pointer else "", since)

    def _keep_looking(self, on_change: Callable[[], object]) -> None:
        while not self._stop.wait(_FOLLOW_SECONDS):
            try:
                with self._lock:
                    changed = self._look()
                if changed:
                    on_change()
            except Exception:  # whatever it is, the next generation must still be taken
                log.exception("the index folder cannot be followed")

    def _look(self) -> bool:
        """Takes the published generation if it is another; tells whether it did."""
        try:
            pointer = read_pointer(self._index)
        except QuotewellError as error:
            # What is loaded stays sound where files are removed or put in the place of others, and
            # small ones whatever happens to them (`qa.array_file`).
            self._refuse(None, logging.WARNING, f"what is loaded goes on, but its folder: {error}")
            return False
        if pointer == self._pointer:
            self._refused = None
            return False
        if self._refused and pointer == self._refused[0] and not self._is_to_retry():
            return False
        self._retry_at = None
        try:
            generation = self._load(pointer)
        except QuotewellError as error:
            if isinstance(error, VectorStoreError):  # which may come right by itself
                self._retry_at = time.monotonic() + _RETRY_SECONDS
            self._refuse(pointer, logging.ERROR, f"the new generation is not served: {error}")
            return False
        self._generation, self._pointer, self._refused = generation, pointer, None
        log.info("serving generation %s", generation.name)
        return True

    def _is_to_retry(self) -> bool:
        return self._retry_at is not None and time.monotonic() >= self._retry_at

    def _refuse(self, pointer: Pointer | None, level: int, message: str) -> None:
        """Stays with what is loaded; says so once for each reason, not twice a second."""
        before = self._refused
        if before is None or before[0] != pointer:
            since = before[1] if before else datetime.now(UTC).isoformat(timespec="seconds")
            self._refused = pointer, since
            log.log(level, "%s", message)

    def _load(self, pointer: Pointer) -> Generation:
        """A generation with the engine that searches it.

        One that somebody went back to must not wait until the engine was given it: the wrong
        leaflet would be quoted until then. Its own vectors are searched, with the same results.
        """
        engine = self._engine
        try:
            engine.require(pointer.generation, pointer.folder)  # before files are read for long
        except VectorStoreDown:
            raise
        except VectorStoreError as error:
            if not gone_back_from(self._index):
                raise
            log.warning("%s is searched on this server until it is restarted: %s",
                        pointer.generation, error)  # fmt: skip
            engine = IN_GENERATION
        generation = open_generation(pointer.folder, pointer.generation, pointer, engine=engine)
        return _made_ready(generation, self._index, self._model)


class PinnedIndex:
    """Gives one generation, live or not, for comparing and for replaying."""

    def __init__(
        self, index: Path, model: dict[str, str], name: str, engine: Engine = IN_GENERATION
    ) -> None:
        """Loads the generation `name` of an index; `model` and `engine` as in `LiveIndex`.

        Raises MissingIndex where there is none of that name or it was built with another model,
        DamagedIndex where it is not whole, VectorStoreError where the engine does not have it.
        """
        pointer = pointer_to(index, name)
        generation = open_generation(pointer.folder, name, pointer, engine=engine)
        self._generation = _made_ready(generation, index, model)
        self._engine = engine

    def check(self) -> None:
        """As in `LiveIndex`."""
        self._engine.check(self._generation.vectors)

    def current(self) -> Generation:
        """That generation."""
        return self._generation

    def follow(self, on_change: Callable[[], object] = lambda: None) -> None:
        """Nothing to do: it stays."""

    def close(self) -> None:
        """Nothing to do either."""

    def following(self) -> Following:
        """Only itself."""
        return Following(self._generation.name, self._generation.name)


def other_model(manifest: Mapping[str, Any], model: Mapping[str, str]) -> str:
    """With what a generation was built, in words, where that is not the embedding model `model` run
    by the same backend; empty where it is."""
    built_with = {k: v for k, v in manifest["model"].items() if k != "dimension"}
    if built_with == model:
        return ""
    backend, now = built_with.get("backend"), model.get("backend")
    if backend != now and built_with | {"backend": now} == model:
        return f'with `backend = "{backend}"` under [embedding], and qa.toml has "{now}"'
    return f"with another embedding model ({built_with.get('model')})"


def _made_ready(generation: Generation, index: Path, model: dict[str, str]) -> Generation:
    """The generation with what answering needs. Raises MissingIndex where the model is another."""
    other = other_model(generation.manifest, model)
    if other:
        raise MissingIndex(
            f"The index at {index} was built {other}. Run `qa build` to make it anew, or set "
            "[embedding] in qa.toml as it was."
        )
    # Made here, not while the first patient waits.
    generation.speller.meant("")
    generation.knows()
    return generation
