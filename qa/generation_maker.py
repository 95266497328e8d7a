"""Makes the files of a generation in a folder: reads, splits, embeds, and writes it all down."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from qa.array_file import ArrayWriter
from qa.build_plan import synonyms_json
from qa.build_report import BuildReport, encodings_of, skipped_of, unsearchable_of
from qa.chunking import BuildOptions
from qa.corpus import Source, SourceFile, check_together, corpus_remarks, source_files
from qa.document import Document
from qa.embedding import Embedder
from qa.embedding_cache import EmbeddingCache
from qa.generation import (
    FORMAT,
    SENTENCE_VECTORS,
    SYNONYMS_JSON,
    VECTORS,
    file_sha256,
    files_of,
)
from qa.lexical import LexicalIndex, Tokenizer
from qa.mention_table import write_mentions
from qa.page_files import write_pages
from qa.parts import Contexts, Embedding, Progress, in_blocks, sentence_vectors
from qa.processor import processor
from qa.publishing import generations
from qa.reuse import Kept, library_versions, recorded
from qa.room import require_room
from qa.snapshot import Unreadable, digests, gone, read_all, unreadable_error
from qa.split_texts import SplitTexts
from qa.types import Vectors
from qa.vectors import FaissStore

__all__ = ["GenerationMaker"]

_IN_NAME = "%Y%m%dT%H%M%S%fZ"
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
        contexts = Contexts(self._embedder, self._options)
        with SplitTexts(self._folder, contexts) as texts:
            unreadable = self._write_texts(texts, known, to_read, progress)
            check_together(self._files, texts.documents)
            self._write_vectors(texts, known, cache, progress)
            self._write_terms(texts)
            counts = {
                "documents": len(texts.documents),
                "chunks": len(texts.chunks),
                "sentences": texts.chunks.sentences,
            }
            documents = texts.documents
        (self._folder / SYNONYMS_JSON).write_bytes(self._synonyms)
        processors = self._processors(documents, known)
        name, manifest = self._write_manifest(documents, counts, unreadable, processors)
        return BuildReport(
            name,
            **manifest["counts"],
            passed_over=tuple(self._passed_over),
            unchanged=len(old),
            skipped=skipped_of(manifest),
            unsearchable=unsearchable_of(documents),
            encodings=encodings_of(documents),
            remarks=corpus_remarks(self._corpus, documents),
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

    def _write_texts(
        self,
        texts: SplitTexts,
        known: Container[str],
        to_read: Sequence[SourceFile],
        progress: Progress,
    ) -> list[Unreadable]:
        """Writes all documents in the files' order: those that are `known` as they were kept, the
        others read and split, their pages beside them. Gives the files that no document could be
        made of."""
        files = iter(self._files)

        def keep_before(document_id: str) -> None:
            """Writes the known documents up to one that was read; "" for all that are left."""
            for file in files:
                if file.id in known and self._kept:
                    part = self._kept.part(file.id)
                    self._kept.link_pages(part.document, self._folder)
                    texts.append(part.document, part.chunks)
                elif file.id == document_id:
                    return

        def take(source: Source) -> None:
            document = source.document
            keep_before(document.id)
            self._read[document.id] = document.source_sha256
            if document.pages:
                write_pages(self._folder, document, source.data, source.boxes)
            texts.append(document)

        unreadable = read_all(
            to_read, take, lambda done, total: progress("Reading documents", done, total)
        )
        self._read.update({one.file.id: one.sha256 for one in unreadable})
        if unreadable and (not self._skip or len(unreadable) == len(self._files)):
            raise unreadable_error(unreadable, len(self._files))
        keep_before("")
        texts.finish()
        return unreadable

    def _write_vectors(
        self, texts: SplitTexts, known: Container[str], cache: EmbeddingCache, progress: Progress
    ) -> None:
        """Writes the vectors of chunks and of sentences: those of `known` documents as they were
        kept, the others embedded block by block."""
        folder, dimension, chunks = self._folder, self._embedder.dimension, texts.chunks
        new = [n for n, one in enumerate(texts.documents) if one.id not in known]
        rows = [chunks.rows_of(number) for number in new]
        sentences = sum(len(chunks.sentence_rows_of(one)) for one in rows)

        def embedding(what: str, total: int) -> Embedding:
            return Embedding(self._embedder, cache, progress, what, total)

        of_chunks = embedding("Embedding chunks", sum(map(len, rows)))
        with ArrayWriter(folder / VECTORS, np.float32, dimension) as written:
            for made in in_blocks(self._chunk_rows(texts, known), of_chunks):
                written.append(made)
                del made  # or it would be held while the next block is embedded
        FaissStore.write(folder)
        alone = embedding("Embedding sentences", sentences)
        in_context = embedding("Embedding sentences in context", sentences)

        def of_sentences(block: Sequence[tuple[str, str]]) -> Vectors:
            return sentence_vectors(block, alone, in_context)

        with ArrayWriter(folder / SENTENCE_VECTORS, np.float32, dimension) as written:
            for made in in_blocks(self._sentence_rows(texts, known), of_sentences):
                written.append(made)
                del made  # or it would be held while the next block is embedded

    def _chunk_rows(
        self, texts: SplitTexts, known: Container[str]
    ) -> Iterator[Sequence[str] | Vectors]:
        for one in texts:
            kept = self._kept if one.document.id in known else None
            yield kept.vectors(one.document.id) if kept else one.chunk_texts

    def _sentence_rows(
        self, texts: SplitTexts, known: Container[str]
    ) -> Iterator[Sequence[tuple[str, str]] | Vectors]:
        for one in texts:
            kept = self._kept if one.document.id in known else None
            yield kept.sentence_vectors(one.document.id) if kept else one.sentences

    def _write_terms(self, texts: SplitTexts) -> None:
        """Writes the term statistics of all chunks, and the words of all documents."""
        tokenize = Tokenizer(self._options.language)
        terms = (tokenize(text) for one in texts for text in one.chunk_texts)
        LexicalIndex.write(self._folder / "bm25", terms)
        write_mentions(self._folder, (one.text for one in texts.documents), tokenize.every)

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

    def _processors(self, documents: Sequence[Document], known: Container[str]) -> list[str]:
        """The kinds of processor that the vectors were made on: this one's, and that of the older
        generation where those of `known` documents were taken from it."""
        taken = [one.id in known for one in documents]
        found = set() if all(taken) else {processor()}
        if self._kept and any(taken):
            found |= set(self._kept.generation.manifest.get("processors", ()))
        return sorted(found)

    def _write_manifest(
        self,
        documents: Sequence[Document],
        counts: Mapping[str, int],
        unreadable: Sequence[Unreadable],
        processors: Sequence[str],
    ) -> tuple[str, dict[str, Any]]:
        """Writes the manifest. Gives the generation's name, made of time and content, and it.

        The time is in the name alone, and in the history: with the same documents, model, options,
        libraries and kind of processor every file is the same to the last byte.
        """
        folder, by_id = self._folder, {file.id: file for file in self._files}
        files = {
            path.relative_to(folder).as_posix(): file_sha256(path) for path in files_of(folder)
        }
        built_at = datetime.now(UTC)
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "model": self._embedder.identity | {"dimension": str(self._embedder.dimension)},
            "engine": self._embedder.engine,
            "options": asdict(self._options),
            "libraries": library_versions(),
            "processors": list(processors),
            "counts": dict(counts),
            "documents": {one.id: recorded(by_id[one.id], one.source_sha256) for one in documents},
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
        named_at = _after_all(generations(folder.parent.parent), built_at)
        return f"{named_at:{_IN_NAME}}-{digest[:8]}", manifest


def _after_all(names: Sequence[str], built_at: datetime) -> datetime:
    """The time in a generation's name, in UTC: `built_at`, or a microsecond after the latest of the
    `names` that are there, where the clock was put back: by their names they are in order."""
    times = [built_at]
    for name in names:
        with suppress(ValueError):  # somebody's own folder
            there = datetime.strptime(name.partition("-")[0], _IN_NAME).replace(tzinfo=UTC)
            times.append(there + timedelta(microseconds=1))
    return max(times)
