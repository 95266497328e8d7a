"""Makes the files of a generation in a folder: reads, splits, embeds, and writes it all down."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from qa.build_plan import synonyms_json
from qa.build_report import BuildReport, encodings_of, skipped_of, unsearchable_of
from qa.chunking import BuildOptions
from qa.corpus import Source, SourceFile, check_together, corpus_remarks, source_files
from qa.document import Document
from qa.embedding import Embedder
from qa.embedding_cache import EmbeddingCache
from qa.generation import FORMAT, SYNONYMS_JSON, file_sha256, files_of
from qa.lexical import LexicalIndex, Tokenizer
from qa.page_files import write_pages
from qa.parts import Contexts, Part, Progress, make_parts
from qa.records import chunk_record, document_record, write_lines
from qa.reuse import Kept, library_versions, recorded
from qa.room import require_room
from qa.snapshot import Unreadable, digests, gone, read_all, unreadable_error
from qa.vectors import FaissStore

__all__ = ["GenerationMaker"]

_TEXT = frozenset({".md", ".txt"})
_LEAST_GROWTH = 5
"""Bytes of a generation for each byte of plain text, at the very least; it is 25 in leaflets, since
a sentence of 100 letters has a vector of 1,536 bytes."""


class GenerationMaker:
    """One attempt at a generation, of the corpus as it is at one moment."""

    def __init__(
        self,
        corpus: Path,
        folder: Path,
        embedder: Embedder,
        options: BuildOptions,
        kept: Kept | None,
        skip_unreadable: bool,
    ) -> None:
        """Notes what there is to be read. Raises CorpusError as `source_files` does."""
        self._corpus = corpus
        self._folder = folder
        self._embedder = embedder
        self._options = options
        self._kept = kept
        self._skip = skip_unreadable
        self._files, self._passed_over = source_files(corpus)
        self._read = digests(self._files)
        self._synonyms = synonyms_json(corpus)

    def make(
        self, cache: EmbeddingCache, progress: Progress, say: Callable[[str], None]
    ) -> BuildReport:
        """Writes the generation's files. Raises CorpusError, BuildError and OSError."""
        kept = self._kept
        old = [file for file in self._files if kept and kept.has(file, self._read[file.id])]
        known = {file.id for file in old}
        to_read = [file for file in self._files if file.id not in known]
        if old:
            say(f"{len(old):,} of {len(self._files):,} documents are unchanged.")
        require_room(self._folder.parent.parent, self._least_bytes(to_read, len(old)))
        parts = {file.id: kept.part(file.id) for file in old} if kept else {}
        for part in parts.values():
            if kept:
                kept.link_pages(part.document, self._folder)
        documents, unreadable = self._read_files(to_read, progress)
        by_id = {one.id: one for one in (*documents, *(part.document for part in parts.values()))}
        everything = [by_id[file.id] for file in self._files if file.id in by_id]
        check_together(self._files, everything)
        contexts = Contexts(self._embedder, self._options)
        contexts.foresee(everything)
        made = make_parts(documents, self._embedder, self._options, contexts, cache, progress)
        parts.update({part.document.id: part for part in made})
        in_order = [parts[document.id] for document in everything]
        _write(self._folder, in_order, contexts, self._options)
        (self._folder / SYNONYMS_JSON).write_bytes(self._synonyms)
        name, manifest = self._write_manifest(in_order, unreadable)
        return BuildReport(
            name,
            **manifest["counts"],
            passed_over=tuple(self._passed_over),
            unchanged=len(old),
            skipped=skipped_of(manifest),
            unsearchable=unsearchable_of(everything),
            encodings=encodings_of(everything),
            remarks=corpus_remarks(self._corpus, everything),
        )

    def changed_since(self) -> list[str]:
        """What is not as it was read: ids of documents, or the synonyms' file.

        Raises BuildError where a document is gone. New ones are the next build's.
        """
        now = {file.id: file for file in source_files(self._corpus)[0]}
        missing = [file.path for file in self._files if file.id not in now]
        if missing:
            raise gone(missing)
        files = [now[file.id] for file in self._files]
        hashes = digests(files)
        changed = [
            file.id
            for file, before in zip(files, self._files, strict=True)
            if (hashes[file.id], file.entry) != (self._read[file.id], before.entry)
        ]
        same = synonyms_json(self._corpus) == self._synonyms
        return changed if same else [*changed, "synonyms.csv"]

    def _read_files(
        self, files: Sequence[SourceFile], progress: Progress
    ) -> tuple[list[Document], list[Unreadable]]:
        """The documents of the files, their pages written, and the files that have none."""
        documents: list[Document] = []

        def take(source: Source) -> None:
            documents.append(source.document)
            self._read[source.document.id] = source.document.source_sha256
            if source.document.pages:
                write_pages(self._folder, source.document, source.data, source.boxes)

        unreadable = read_all(
            files, take, lambda done, total: progress("Reading documents", done, total)
        )
        self._read.update({one.file.id: one.sha256 for one in unreadable})
        if unreadable and (not self._skip or len(unreadable) == len(self._files)):
            raise unreadable_error(unreadable, len(self._files))
        return documents, unreadable

    def _least_bytes(self, to_read: Sequence[SourceFile], unchanged: int) -> int:
        """Bytes that the generation will take, at the very least."""
        needed = 0
        for file in to_read:
            suffix = file.path.suffix.lower()
            growth = _LEAST_GROWTH if suffix in _TEXT else int(suffix == ".pdf")
            try:
                needed += growth * file.path.stat().st_size
            except OSError:
                continue  # told of where it is read
        if self._kept and unchanged:
            older = self._kept.generation
            files = [path for path in files_of(older.folder) if path.parent.name != "pages"]
            whole = sum(path.stat().st_size for path in files)
            needed += whole * unchanged // (2 * len(older.documents))
        return needed

    def _write_manifest(
        self, parts: Sequence[Part], unreadable: Sequence[Unreadable]
    ) -> tuple[str, dict[str, Any]]:
        """Writes the manifest. Gives the generation's name, made of time and content, and it."""
        folder, by_id = self._folder, {file.id: file for file in self._files}
        files = {
            path.relative_to(folder).as_posix(): file_sha256(path) for path in files_of(folder)
        }
        built_at = datetime.now(UTC)
        chunks = [chunk for part in parts for chunk in part.chunks]
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "built_at": built_at.isoformat(timespec="seconds"),
            "model": self._embedder.identity | {"dimension": str(self._embedder.dimension)},
            "options": asdict(self._options),
            "libraries": library_versions(),
            "counts": {
                "documents": len(parts),
                "chunks": len(chunks),
                "sentences": sum(len(chunk.sentences) for chunk in chunks),
            },
            "documents": {
                part.document.id: recorded(by_id[part.document.id], part.document.source_sha256)
                for part in parts
            },
            "skipped": {
                one.file.id: recorded(one.file, one.sha256)
                | {"error": one.error.replace(str(one.file.path), one.file.id)}
                for one in unreadable
            },
            "files": files,
        }
        content = json.dumps(manifest, ensure_ascii=False, indent=1)
        (folder / "manifest.json").write_text(content + "\n", encoding="utf-8")
        digest = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
        return f"{built_at:%Y%m%dT%H%M%S%fZ}-{digest[:8]}", manifest


def _write(folder: Path, parts: Sequence[Part], contexts: Contexts, options: BuildOptions) -> None:
    """Writes texts, spans, vectors and terms of the parts, in their order."""
    numbers = {part.document.id: number for number, part in enumerate(parts)}
    chunks = [chunk for part in parts for chunk in part.chunks]
    write_lines(folder / "documents.jsonl", (document_record(part.document) for part in parts))
    write_lines(folder / "chunks.jsonl", (chunk_record(chunk, numbers) for chunk in chunks))
    vectors = np.concatenate([part.vectors for part in parts])
    FaissStore.build(vectors).save(folder / "chunks.faiss")
    np.save(folder / "sentences.npy", np.concatenate([part.sentence_vectors for part in parts]))
    tokenize = Tokenizer(options.language)
    texts = [text for part in parts for text in contexts.texts(part.document, part.chunks)]
    LexicalIndex.build([tokenize(text) for text in texts]).save(folder / "bm25")
