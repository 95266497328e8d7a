"""The live generation, followed while it is in use: a newly published one takes over in place."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from qa.errors import MissingIndex, QuotewellError
from qa.generation import Generation, open_generation
from qa.publishing import Pointer, generations, read_pointer

__all__ = ["LiveIndex", "PinnedIndex"]

_CHECK_SECONDS = 1.0
"""How often the pointer is looked at."""

log = logging.getLogger(__name__)


class LiveIndex:
    """Gives the generation that answers. A damaged newer one is reported and not taken."""

    def __init__(self, index: Path, model: dict[str, str]) -> None:
        """Loads the live generation; `model` is the identity of the embedder that is in use.

        Raises MissingIndex where there is none or it was built with another model, DamagedIndex
        where it is not whole.
        """
        self._index = index
        self._model = model
        self._lock = threading.Lock()
        self._refused: Pointer | None = None
        self._pointer = read_pointer(index)
        self._generation = self._load(self._pointer)
        self._checked = time.monotonic()

    def current(self) -> Generation:
        """The live generation; looks for a newer one now and then, in one thread at a time."""
        recently = time.monotonic() - self._checked < _CHECK_SECONDS
        if not recently and self._lock.acquire(blocking=False):
            try:
                self._checked = time.monotonic()
                self._follow()
            finally:
                self._lock.release()
        return self._generation

    def _follow(self) -> None:
        try:
            pointer = read_pointer(self._index)
        except QuotewellError as error:
            # What is loaded stays sound whatever happens to the files.
            log.warning("the index folder cannot be followed: %s", error)
            return
        if pointer in (self._pointer, self._refused):
            return
        try:
            self._generation = self._load(pointer)
        except QuotewellError as error:
            self._refused = pointer
            log.error("the new generation is not served: %s", error)
        else:
            self._pointer = pointer
            log.info("serving generation %s", self._generation.name)

    def _load(self, pointer: Pointer) -> Generation:
        generation = open_generation(pointer.folder, pointer.generation, pointer)
        return _made_ready(generation, self._index, self._model)


class PinnedIndex:
    """Gives one generation, live or not, for comparing and for replaying."""

    def __init__(self, index: Path, model: dict[str, str], name: str) -> None:
        """Loads the generation `name` of an index; `model` as in `LiveIndex`.

        Raises MissingIndex where there is none of that name or it was built with another model,
        DamagedIndex where it is not whole.
        """
        folder = index / "generations" / name
        if name not in generations(index):
            raise MissingIndex(
                f"There is no generation {name} at {index}. `qa status` tells which one is live."
            )
        self._generation = _made_ready(open_generation(folder, name, None), index, model)

    def current(self) -> Generation:
        """That generation."""
        return self._generation


def _made_ready(generation: Generation, index: Path, model: dict[str, str]) -> Generation:
    """The generation with what answering needs. Raises MissingIndex where the model is another."""
    built_with = {k: v for k, v in generation.manifest["model"].items() if k != "dimension"}
    if built_with != model:
        raise MissingIndex(
            f"The index at {index} was built with another embedding model "
            f"({built_with.get('model')}). Run `qa build` to make it anew."
        )
    # Made here, not while the first patient waits.
    generation.speller.meant("")
    generation.knows()
    return generation
