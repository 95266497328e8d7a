"""What a run of the command is to do, and what it is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.examples import Example
from training.recipe import Recipe

__all__ = ["Material", "Plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to do."""

    work: Path
    recipe: Recipe
    folds: int
    steps: int | None = None
    """Training breaks off after so many, for trying whether it runs."""
    every: int = 1
    """Every so-many-th question is taken, likewise."""

    @property
    def folder(self) -> Path:
        """Where examples and folds lie."""
        return self.work / "training"

    def fold_file(self, fold: int, materials: Sequence[Material]) -> Path:
        """Of the logits. A trial leaves what a whole run made as it is."""
        parts = [f"fold-{fold}-of-{self.folds}", *(one.name for one in materials)]
        trial = [] if self.steps is None and self.every == 1 else ["trial"]
        return self.folder / f"{'-'.join([*parts, *trial])}.jsonl"


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """The examples of a set, and what they were made from."""

    name: str
    made_from: Mapping[str, Any]
    examples: Sequence[Example]
    whole_documents: bool
    """Whether its questions were judged by a whole document each."""
