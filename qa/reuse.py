"""What a build need not make anew: documents that an older generation holds just as they are.

A generation is taken from only if all of it is whole, and if it was made in the same format, with
the same model, options and libraries: then what it holds of an unchanged document is, to the last
bit, what a build from nothing would make.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

from qa import __version__
from qa.chunking import BuildOptions
from qa.corpus import SourceFile
from qa.document import Document
from qa.errors import DamagedIndex, MissingIndex
from qa.generation import FORMAT, Generation, open_generation
from qa.page_files import link_pages
from qa.parts import Part
from qa.publishing import Pointer, generations, read_pointer
from qa.strict_json import read_json
from qa.types import Vectors

__all__ = [
    "LIBRARIES",
    "Kept",
    "differences",
    "entry_of",
    "library_versions",
    "manifest_of",
    "newest_like",
    "recorded",
]

LIBRARIES = (
    "charset-normalizer",
    "lxml",
    "markdown-it-py",
    "onnxruntime",
    "pypdfium2",
    "quotewell",
    "PyYAML",
    "selectolax",
    "sentence-transformers",
    "sentencex",
    "tokenizers",
    "torch",
    "transformers",
)
"""What reads, splits and embeds, this program with its readers too: another version of one may give
other bytes."""


_EXPORTING = frozenset({"sentence-transformers", "torch", "transformers"})
"""Of these, what runs the model itself, or exports it. An exported file runs without them."""


class Kept:
    """An older generation to take from."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation

    def has(self, file: SourceFile, sha256: str) -> bool:
        """Whether it holds the file with these bytes and this catalogue entry."""
        held = self.generation.manifest["documents"].get(file.id)
        return bool(held == recorded(file, sha256))

    def part(self, document_id: str) -> Part:
        """A document that it has, and its chunks. Raises KeyError where it has none of that id."""
        document = self.generation.document(document_id)
        if document is None:
            raise KeyError(document_id)
        rows = self.generation.rows_of([document_id])
        return Part(document, tuple(self.generation.chunks[int(row)] for row in rows))

    def vectors(self, document_id: str) -> Vectors:
        """Those of the document's chunks, float32 (chunks, dim), not loaded before they are read.

        Raises KeyError as `part` does.
        """
        return self.generation.vectors_of(document_id)[0]

    def sentence_vectors(self, document_id: str) -> Vectors:
        """The same of the sentences of its chunks, float32 (sentences, dim)."""
        return self.generation.vectors_of(document_id)[1]

    def link_pages(self, document: Document, folder: Path) -> None:
        """Puts the document's page files, if it has any, into another generation's folder."""
        if document.pages:
            link_pages(self.generation.folder, folder, document)


def newest_like(
    index: Path,
    model: Mapping[str, str],
    options: BuildOptions,
    engine: Mapping[str, str] | None = None,
) -> Kept | None:
    """The newest kept generation, live or not, that can be taken from; None where there is none.

    `engine` is what computes the vectors, where that is known; see `Embedder.engine`.
    """
    live = _live(index)
    for name in generations(index):
        folder = index / "generations" / name
        if differences(manifest_of(folder), model, options, engine):
            continue
        pointer = live if live and live.generation == name else None
        try:
            return Kept(open_generation(folder, name, pointer))
        except DamagedIndex:
            continue
    return None


def differences(
    manifest: Mapping[str, Any],
    model: Mapping[str, str],
    options: BuildOptions,
    engine: Mapping[str, str] | None = None,
) -> list[str]:
    """Why nothing can be taken from the generation of a manifest, in words; empty if it can be."""
    if manifest.get("format") != FORMAT:
        return [f"the index's format is {manifest.get('format')}, this version makes {FORMAT}"]
    found = []
    had = {name: value for name, value in manifest["model"].items() if name != "dimension"}
    if had != dict(model):
        found.append(f"the embedding model is another (it was {had.get('model')})")
    elif engine is not None and manifest.get("engine") != dict(engine):
        found.append("the exported model is another file than it was")
    for name, value in asdict(options).items():
        before = manifest["options"].get(name)
        if before != value:
            found.append(f"{name} under [chunking] was {before}, now it is {value}")
    had, have = manifest.get("libraries", {}), library_versions()
    exported = model.get("backend") == "onnx"
    changed = [
        f"{name} {had.get(name)} → {have[name] or 'not installed'}"
        for name in have
        if had.get(name) != have[name]
        # A machine that was given exported models does without.
        and not (exported and name in _EXPORTING and not (had.get(name) and have[name]))
    ]
    if changed:
        found.append(f"other versions of libraries are installed ({', '.join(changed)})")
    return found


def library_versions(names: Sequence[str] = LIBRARIES) -> dict[str, str]:
    """The installed version of each library; empty for one that is not there."""
    found = {}
    for name in names:
        if name == "quotewell":
            found[name] = __version__  # what is installed may be an older one's name
            continue
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = ""
    return found


def recorded(file: SourceFile, sha256: str) -> dict[str, Any]:
    """A source file as a manifest records it."""
    return {"sha256": sha256, "entry": entry_of(file)}


def entry_of(file: SourceFile) -> list[list[str]]:
    """The file's line of the catalogue as JSON gives it back."""
    return [list(pair) for pair in file.entry]


def manifest_of(folder: Path) -> dict[str, Any]:
    """A generation's manifest, unchecked; empty where it cannot be read."""
    try:
        found = read_json((folder / "manifest.json").read_bytes())
        needed = ("model", "options", "documents")
        return dict(found) if all(isinstance(found[one], dict) for one in needed) else {}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _live(index: Path) -> Pointer | None:
    try:
        return read_pointer(index)
    except (DamagedIndex, MissingIndex):
        return None
