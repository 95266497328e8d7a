"""What a build did, as it is told to whoever started it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qa.document import Document

__all__ = ["BuildReport", "encodings_of", "skipped_of", "unsearchable_of"]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did."""

    generation: str
    documents: int
    chunks: int
    sentences: int
    passed_over: tuple[str, ...]
    """Files that no reader knows."""
    unchanged: int = 0
    """Documents that were taken from an older generation."""
    skipped: tuple[tuple[str, str], ...] = ()
    """Documents that could not be read: (id, what is wrong)."""
    unsearchable: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """Documents with pages (from 1) that have no text: (id, pages)."""
    encodings: tuple[tuple[str, str], ...] = ()
    """Documents whose encoding was guessed: (id, encoding)."""
    remarks: tuple[str, ...] = ()
    """What the maintainer should know of the corpus; see `qa.corpus.corpus_remarks`."""
    staged: bool = False
    """Whether it was left beside the live one, to be published later."""
    built: bool = True
    """False where nothing had changed: then `generation` was there before."""
    filled: bool = False
    """Whether only the engine was given a generation that was there before; see `qa.filling`."""
    withdrawn: str = ""
    """Why nothing was built, where that is what somebody went back from."""


def skipped_of(manifest: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The documents that a generation was built without, as its manifest names them."""
    return tuple((name, one["error"]) for name, one in manifest.get("skipped", {}).items())


def unsearchable_of(documents: Iterable[Document]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The documents that have pages without text, and those pages."""
    return tuple((one.id, one.unsearchable) for one in documents if one.unsearchable)


def encodings_of(documents: Iterable[Document]) -> tuple[tuple[str, str], ...]:
    """The documents whose reader had to guess the encoding, and what it took."""
    return tuple((one.id, found) for one in documents if (found := one.metadata("encoding")))
