"""Removing generations that nobody needs any more, and which those are.

Kept are the live one, the one that going back leads to, and the newest others: `keep` in all beside
the live one, of which the one to go back to is the first.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from qa.history import BUILD, Event, Signature, append
from qa.publishing import (
    CALIBRATIONS,
    alone,
    generations,
    going_back_to,
    live_generation,
    staged,
    waiting,
)
from qa.vector_store import IN_GENERATION, Engine

__all__ = ["KEPT", "Removed", "bytes_of", "prune", "superfluous"]

KEPT = 5
"""Generations kept beside the live one, unless the settings say otherwise."""
_REMOVED = ".building-removed-"
"""A folder with this prefix is no generation, and the next build sweeps it away."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What became of a generation that was to be removed."""

    generation: str
    bytes: int
    problem: str = ""
    """Why it is still there; empty where it is gone."""
    staged: bool = False
    """Whether it was never live."""


def superfluous(index: Path, keep: int, spare_staged: bool = False) -> list[str]:
    """Which generations `prune` would remove, oldest last; `spare_staged` is as there."""
    live = live_generation(index)
    others = [name for name in generations(index) if name != live]
    if spare_staged:
        spared = set(waiting(index))
        others = [name for name in others if name not in spared]
    first = [name for name in going_back_to(index)[:1] if name in others]
    return [*first, *(name for name in others if name not in first)][keep:]


def prune(
    index: Path,
    keep: int,
    signature: Signature = BUILD,
    spare_staged: bool = False,
    engine: Engine = IN_GENERATION,
) -> list[Removed]:
    """Removes all generations but the live one and `keep` others, and calibrations without a
    generation. To be called under the lock of a build.

    With `spare_staged`, as after a build, those that wait to be published stay as well. One that
    cannot be removed, as on Windows while a server reads it, stays whole, and the others go. The
    `engine` forgets those that are gone.

    Raises PublishError where the history cannot be read or the index not be written, OSError where
    the history cannot be written.
    """
    done = []
    never_live = set(staged(index))  # asked now: a generation that is gone is not staged any more
    for name in superfluous(index, keep, spare_staged):
        with alone(index):
            if name == live_generation(index):
                continue  # somebody published it a moment ago
            done.append(replace(_remove(index, name, signature), staged=name in never_live))
    kept = generations(index)
    engine.forget(index, kept)
    for stated in (index / CALIBRATIONS).glob("*.json"):
        if stated.stem not in kept:
            with suppress(OSError):
                stated.unlink()
    return done


def _remove(index: Path, name: str, signature: Signature) -> Removed:
    """By a rename first, so that a kill never leaves half of a generation under its name."""
    folder = index / "generations" / name
    size = bytes_of([folder])
    gone = folder.with_name(_REMOVED + name)
    try:
        os.rename(folder, gone)
    except OSError as error:
        return Removed(name, 0, f"it is in use, or its folder cannot be written ({error.strerror})")
    shutil.rmtree(gone, ignore_errors=True)
    append(index, Event.now("pruned", name, signature))
    return Removed(name, size)


def bytes_of(folders: Sequence[Path]) -> int:
    """The sizes of all files in some folders together, in bytes."""
    sizes = 0
    for folder in folders:
        for path in folder.rglob("*"):
            with suppress(OSError):
                sizes += path.stat().st_size
    return sizes
