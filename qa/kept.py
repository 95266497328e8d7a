"""The generations of an index as people ask about them: what each is, and who made it live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.generation import check_files
from qa.history import Event, read_history, took_effect
from qa.publishing import built_at, generations, live_generation, pointer_to, staged
from qa.strict_json import read_json

__all__ = ["LIVE", "PAST", "STAGED", "KeptGeneration", "kept_generations", "what_became_of"]

LIVE, STAGED, PAST = "live", "staged", "past"


@dataclass(frozen=True, slots=True)
class KeptGeneration:
    """A generation that is kept."""

    name: str
    state: str
    """live; staged: never live yet; or past."""
    built_at: str
    """When it was built, in UTC; empty, and the counts 0, where its manifest cannot be read."""
    documents: int
    chunks: int
    events: tuple[Event, ...]
    """When it was brought here, published, gone back from and gone back to, oldest first."""
    problems: tuple[str, ...]
    """Files that are not as they were recorded."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "generation": self.name,
            "state": self.state,
            "built_at": self.built_at,
            "documents": self.documents,
            "chunks": self.chunks,
            "events": [self._signed(one) for one in self.events],
            "problems": list(self.problems),
        }

    def _signed(self, event: Event) -> dict[str, Any]:
        action = event.action if event.generation == self.name else "rolled_back_from"
        figures = {name: list(counts) for name, counts in event.figures.items()}
        said = {"action": action, "at": event.at, "by": event.by, "why": event.why}
        return said | {"forced": event.forced, "figures": figures}


def kept_generations(index: Path) -> list[KeptGeneration]:
    """All kept generations, newest first, each file's hash computed again.

    Raises PublishError where the history cannot be read.
    """
    live = live_generation(index)
    waiting = set(staged(index))
    events = read_history(index).events
    brought = [one for one in events if one.action == "imported"]
    done = brought + took_effect(events, live)
    return [
        _described(index, name, LIVE if name == live else STAGED if name in waiting else PAST, done)
        for name in generations(index)
    ]


def what_became_of(index: Path, name: str) -> str:
    """A sentence, and a blank, on a generation that is not kept: who removed it, when and why.

    Raises PublishError where the history cannot be read.
    """
    events = [one for one in read_history(index).events if one.generation == name]
    if not events:
        return "The history of this index does not know it: --index names another one. "
    removed = [one for one in events if one.action == "pruned"]
    if not removed:
        return ""
    why = f": {removed[-1].why}" if removed[-1].why else ""
    return f"It was removed on {removed[-1].at[:10]} by {removed[-1].by}{why}. "


def _described(index: Path, name: str, state: str, done: list[Event]) -> KeptGeneration:
    pointer = pointer_to(index, name)
    _, problems = check_files(pointer.folder, pointer)
    manifest = _manifest(pointer.folder)
    counts = manifest.get("counts", {})
    own = [
        one
        for one in done
        if one.generation == name or (one.action == "rolled_back" and one.previous == name)
    ]
    return KeptGeneration(
        name,
        state,
        built_at(name) if manifest else "",
        int(counts.get("documents", 0)),
        int(counts.get("chunks", 0)),
        tuple(own),
        tuple(problems),
    )


def _manifest(folder: Path) -> Mapping[str, Any]:
    """What a manifest says, damaged or not: only shown, never served from."""
    try:
        read = read_json((folder / "manifest.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) and isinstance(read.get("counts", {}), dict) else {}
