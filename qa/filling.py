"""A generation that is kept already is given to the engine that is to search its vectors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qa.generation import open_generation
from qa.publishing import pointer_to
from qa.vector_store import Engine

__all__ = ["fill_kept"]


def fill_kept(
    engine: Engine,
    index: Path,
    name: str,
    progress: Callable[[str, int, int], object] = lambda _what, _done, _total: None,
) -> bool:
    """Fills the engine from a kept generation's files, if it lacks it: one that was built before
    the engine was set, or while it lost what it had. Tells whether there was something to do.

    Raises MissingIndex where there is no such generation, DamagedIndex where it is not whole, and
    as `Engine.fill` does.
    """
    pointer = pointer_to(index, name)
    if not engine.lacks(name, pointer.folder):
        return False
    own = open_generation(pointer.folder, name, pointer).vectors
    engine.fill(index, name, pointer.folder, own, progress)
    return True
