"""Two generations → whether they are the same to the last byte, and what explains it where not.

The same documents, model, options, libraries and kind of processor make the same bytes, whenever
and wherever they are built; only the name, which has the time, is another. What may make other
bytes is in the manifest, so that a difference is explained or else is a fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa.array_file import any_array
from qa.errors import DamagedIndex
from qa.generation import SENTENCE_VECTORS, VECTORS, check_files, file_sha256
from qa.publishing import Pointer, pointer_to, read_pointer

__all__ = ["Comparison", "compare"]

_MANIFEST = "manifest.json"
_PROGRAM = {
    "format": "another version of the index's format",
    "model": "another embedding model",
    "engine": "another exported file of the model",
    "options": "other options of chunking",
    "libraries": "other versions",
    "processors": "another kind of processor, whose sums round otherwise in their last bits",
}
"""What of a manifest tells how a generation was made: name → what it means where it differs."""
_CORPUS = {"documents": "other documents", "skipped": "other documents that could not be read"}
"""And of what."""
_MOST_NAMES = 5
_AT_ONCE = 8_192


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two generations are alike."""

    one: str
    """Its name."""
    other: str
    files: int
    """How many files both have that are the same, the manifest among them."""
    differing: tuple[str, ...]
    """A sentence for each file that is not; empty where all are."""
    reasons: tuple[str, ...]
    """What the manifests have to explain it, in words."""


def compare(index: Path, name: str, against: Path) -> Comparison:
    """Compares the generation `name`, or the live one, with another: `against` is another index,
    of which the live one is taken, or the folder of a generation.

    Every file is read and checked first. Raises MissingIndex where there is no such generation,
    DamagedIndex where one is not as it was recorded.
    """
    ours = pointer_to(index, name) if name else read_pointer(index)
    if (against / _MANIFEST).is_file():
        theirs = Pointer(against.resolve().name, "", against)
    else:
        theirs = read_pointer(against)
    one, other = _sound(ours), _sound(theirs)
    differing = tuple(_differing(ours.folder, theirs.folder, one, other))
    reasons = tuple(_reasons(one, other)) if differing else ()
    same = 1 + len({*one["files"], *other["files"]}) - len(differing)
    return Comparison(ours.generation, theirs.generation, same, differing, reasons)


def _sound(pointer: Pointer) -> dict[str, Any]:
    """The manifest of a generation whose files are as it has them."""
    manifest, problems = check_files(pointer.folder, pointer)
    if problems:
        raise DamagedIndex(str(pointer.folder), problems)
    return manifest


def _differing(
    ours: Path, theirs: Path, one: Mapping[str, Any], other: Mapping[str, Any]
) -> Iterator[str]:
    for name in sorted({*one["files"], *other["files"]}):
        if name not in other["files"]:
            yield f"{name} is in the first only"
        elif name not in one["files"]:
            yield f"{name} is in the second only"
        elif one["files"][name] != other["files"][name]:
            vectors = name in (VECTORS, SENTENCE_VECTORS)
            by = _by_how_much(ours / name, theirs / name) if vectors else ""
            yield f"{name} differs{by}"
    if file_sha256(ours / _MANIFEST) != file_sha256(theirs / _MANIFEST):
        yield f"{_MANIFEST} differs"


def _by_how_much(one: Path, other: Path) -> str:
    """The largest difference of a number of two files of vectors, in words."""
    first, second = any_array(one), any_array(other)
    if first.shape != second.shape:
        return f": {len(first):,} and {len(second):,} rows"
    most = 0.0
    for begin in range(0, len(first), _AT_ONCE):
        rows = slice(begin, begin + _AT_ONCE)
        most = max(most, float(np.abs(first[rows] - second[rows]).max()))
    return f": its numbers by {most:.1g} at most"


def _reasons(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[str]:
    """What was otherwise when the second was made."""
    for part, what in _PROGRAM.items():
        if changes := _changes(one.get(part), other.get(part)):
            yield f"{what}: {_some(changes)}"
    for part, what in _CORPUS.items():
        had, has = one.get(part, {}), other.get(part, {})
        if names := [name for name in sorted({*had, *has}) if had.get(name) != has.get(name)]:
            yield f"{what}: {_some(names)}"
    files, others = one["files"], other["files"]
    if files.get("synonyms.json") != others.get("synonyms.json"):
        yield "other synonyms (synonyms.csv)"


def _changes(had: Any, has: Any) -> list[str]:
    """ "onnxruntime 1.31.0 → 1.32.0" for each that is another."""
    if isinstance(had, Mapping) and isinstance(has, Mapping):
        names = sorted({*had, *has})
        return [
            f"{name} {_listed(had.get(name))} → {_listed(has.get(name))}"
            for name in names
            if had.get(name) != has.get(name)
        ]
    return [] if had == has else [f"{_listed(had)} → {_listed(has)}"]


def _listed(value: Any) -> str:
    if isinstance(value, list):
        return " and ".join(map(str, value)) or "none"
    return "unknown" if value is None else str(value) or "none"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    return f"{', '.join(names[:_MOST_NAMES])}{more}"
