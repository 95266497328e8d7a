"""A generation: one immutable index, loaded with every file checked against its hash.

manifest.json     format, model, settings, counts, SHA-256 of each file and of each document
documents.jsonl   canonical texts with sections and blocks
chunks.jsonl      spans
chunks.faiss      one vector a chunk
sentences.npy     one vector a sentence of each chunk, in order; float32 (n, dim), length at most 1
bm25/             term statistics
synonyms.json     what patients say → words of the documents
pages/            files of documents that have pages, and where their words stand; `qa.page_files`
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.document import Chunk, Document, Sentence
from qa.errors import DamagedIndex
from qa.lexical import LexicalIndex, Tokenizer
from qa.mentions import Mentions, held_in, known_in
from qa.page_files import Boxes, page_file, read_boxes
from qa.publishing import Pointer, pointer_to, read_pointer
from qa.records import read_chunk, read_document, read_lines
from qa.spelling import Speller
from qa.types import Passage, Vectors
from qa.vectors import VectorStore

__all__ = [
    "FORMAT",
    "SYNONYMS_JSON",
    "Generation",
    "Inspection",
    "check_files",
    "file_sha256",
    "files_of",
    "inspect",
    "load",
    "open_generation",
    "verify",
]

SYNONYMS_JSON = "synonyms.json"
FORMAT = 3
"""Raised whenever the same documents and settings would give another index than before."""


class Generation:
    """One loaded index. Nothing in it changes once it is loaded."""

    def __init__(
        self,
        name: str,
        folder: Path,
        manifest: dict[str, Any],
        documents: Sequence[Document],
        chunks: Sequence[Chunk],
        vectors: VectorStore,
        sentence_vectors: Vectors,
        lexical: LexicalIndex,
        synonyms: Mapping[str, str],
    ) -> None:
        self.name = name
        self.folder = folder
        self.manifest = manifest
        self.documents = tuple(documents)
        self.chunks = tuple(chunks)
        self.vectors = vectors
        self.lexical = lexical
        self.synonyms = synonyms
        self.tokenizer = Tokenizer(manifest["options"]["language"])
        # A plain array of the mapped file: cutting a part of it is three times as quick.
        self._sentence_vectors = np.asarray(sentence_vectors)
        self._by_id = {document.id: document for document in self.documents}
        counts = [len(chunk.sentences) for chunk in self.chunks]
        self._first_sentence = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self._rows: dict[str, list[int]] = {}
        for row, chunk in enumerate(self.chunks):
            self._rows.setdefault(chunk.document_id, []).append(row)
        # A dict for each document, since chunks that hold parts of one long sentence share it.
        sentences: dict[str, dict[Sentence, None]] = {}
        for chunk in self.chunks:
            sentences.setdefault(chunk.document_id, {}).update(dict.fromkeys(chunk.sentences))
        self._sentences = {name: tuple(found) for name, found in sentences.items()}
        self._spellers: dict[frozenset[str], Speller] = {}

    @cached_property
    def speller(self) -> Speller:
        """Knows the words of all documents, and those that have a synonym."""
        texts = (document.text for document in self.documents)
        return Speller(texts, self.tokenizer.every, self.synonyms)

    def speller_of(self, among: Iterable[str] | None) -> Speller:
        """Knows the words of the documents of these ids only; of all where it is None."""
        if among is None:
            return self.speller
        ids = frozenset(among)
        if ids not in self._spellers:
            texts = (document.text for document in self.documents if document.id in ids)
            # One set at a time, or two: what patients are quoted, and what staff are.
            kept = list(self._spellers.items())[-1:]
            self._spellers = dict(
                [*kept, (ids, Speller(texts, self.tokenizer.every, self.synonyms))]
            )
        return self._spellers[ids]

    @cached_property
    def _mentions(self) -> dict[str, Mentions]:
        """What each document speaks of."""
        terms_of = self.tokenizer.every
        return {document.id: Mentions(document.text, terms_of) for document in self.documents}

    def knows(
        self, within: Iterable[str] | None = None, among: Iterable[str] | None = None
    ) -> Callable[[str], bool]:
        """Tells of a name whether the documents of these ids, or all, speak of it.

        It may be a slip away from a word of the documents `among`, or of all.
        """
        return known_in(self._searched(within), self.speller_of(among).meant, self.synonyms)

    def holds(self, within: Iterable[str] | None = None) -> Callable[[str], bool]:
        """Tells of a phrase whether the documents of these ids, or all, have its words."""
        return held_in(self._searched(within))

    def _searched(self, within: Iterable[str] | None) -> list[Mentions]:
        ids = list(self._mentions) if within is None else within
        return [self._mentions[one] for one in ids if one in self._mentions]

    def document(self, document_id: str) -> Document | None:
        """The document of that id, if there is one."""
        return self._by_id.get(document_id)

    def page_file(self, document: Document) -> Path | None:
        """The file of a document that has pages, to be shown; None for any other."""
        return page_file(self.folder, document) if document.pages else None

    def boxes(self, document: Document) -> Boxes:
        """Where each word of a document with pages stands, int32 (words, 6); see `WordBox`."""
        return read_boxes(self.folder, document)

    def sentences_of(self, document_id: str) -> Sequence[Sentence]:
        """All sentences of a document that are in chunks, in order."""
        return self._sentences.get(document_id, ())

    def rows_of(self, document_ids: Iterable[str]) -> NDArray[np.int64]:
        """The rows of all chunks of the documents, in order; int64 (n,)."""
        return np.array(
            sorted(row for one in set(document_ids) for row in self._rows.get(one, [])),
            dtype=np.int64,
        )

    def passage(self, row: int) -> Passage:
        """A chunk with its document and vectors."""
        chunk = self.chunks[row]
        begin, end = self._first_sentence[row], self._first_sentence[row + 1]
        return Passage(
            self._by_id[chunk.document_id],
            chunk,
            self.vectors.get(row),
            self._sentence_vectors[begin:end],
        )


def load(index: Path) -> Generation:
    """Loads the live generation, every file checked against its hash.

    Raises MissingIndex or DamagedIndex.
    """
    pointer = read_pointer(index)
    return open_generation(pointer.folder, pointer.generation, pointer)


def open_generation(folder: Path, name: str, pointer: Pointer | None) -> Generation:
    """Loads a generation from its folder; `pointer` is None for one that is not published yet.

    Raises DamagedIndex listing every file that is not as it was recorded.
    """
    manifest, problems = check_files(folder, pointer)
    if problems:
        raise DamagedIndex(str(folder), problems)
    counts = manifest["counts"]
    dimension = int(manifest["model"]["dimension"])
    try:
        documents = [read_document(record) for record in read_lines(folder / "documents.jsonl")]
        chunks = [read_chunk(record, documents) for record in read_lines(folder / "chunks.jsonl")]
        synonyms = json.loads((folder / SYNONYMS_JSON).read_bytes())
        sentence_vectors = np.load(folder / "sentences.npy", mmap_mode="r", allow_pickle=False)
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise DamagedIndex(str(folder), [str(error)]) from error
    wanted = (counts["sentences"], dimension)
    if sentence_vectors.shape != wanted or sentence_vectors.dtype != np.float32:
        found = f"{sentence_vectors.dtype} {sentence_vectors.shape}"
        raise DamagedIndex(str(folder), [f"sentences.npy is {found}, expected float32 {wanted}"])
    if (len(documents), len(chunks)) != (counts["documents"], counts["chunks"]):
        raise DamagedIndex(str(folder), ["the numbers of documents and chunks are not as counted"])
    if sum(len(chunk.sentences) for chunk in chunks) != counts["sentences"]:
        raise DamagedIndex(str(folder), ["the number of sentences is not as counted"])
    vectors = VectorStore.load(folder / "chunks.faiss", count=len(chunks), dimension=dimension)
    lexical = LexicalIndex.load(folder / "bm25", count=len(chunks))
    return Generation(
        name, folder, manifest, documents, chunks, vectors, sentence_vectors, lexical, synonyms
    )


def check_files(folder: Path, pointer: Pointer | None) -> tuple[dict[str, Any], list[str]]:
    """The manifest, and what is wrong with it (then it is empty) or with the files it lists."""
    path = folder / "manifest.json"
    try:
        data = path.read_bytes()
        recorded = pointer.manifest_sha256 if pointer else ""
        if recorded and hashlib.sha256(data).hexdigest() != recorded:
            return {}, ["manifest.json is not the one that was recorded"]
        manifest: dict[str, Any] = json.loads(data)
        if manifest["format"] != FORMAT:
            what = f"its format is {manifest['format']}, this version reads {FORMAT}"
            return {}, [what]
    except (OSError, ValueError, KeyError, TypeError) as error:
        return {}, [f"manifest.json cannot be read ({error})"]
    problems = []
    for name, sha256 in manifest["files"].items():
        try:
            if file_sha256(folder / name) != sha256:
                problems.append(f"{name} was altered (its SHA-256 is not the one recorded)")
        except OSError as error:
            problems.append(f"{name}: {error.strerror}")
    present = {p.relative_to(folder).as_posix() for p in files_of(folder)} - {"manifest.json"}
    foreign = sorted(present - set(manifest["files"]))
    problems += [f"{name} does not belong here" for name in foreign]
    return manifest, problems


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is wrong with a generation; nothing where it is sound."""

    damage: tuple[str, ...] = ()
    """Files that are not as they were recorded: nobody is ever served from such a generation."""
    faults: tuple[str, ...] = ()
    """Chunks that are not cut as they should be, in files that are as they were recorded."""


def inspect(index: Path, name: str = "") -> Inspection:
    """Everything that is wrong with the generation `name`, or with the live one.

    Every hash is computed again, every chunk cut again, FAISS and BM25 loaded again.
    Raises MissingIndex where there is none.
    """
    try:
        pointer = pointer_to(index, name) if name else read_pointer(index)
        _, problems = check_files(pointer.folder, pointer)
        if problems:
            return Inspection(tuple(problems))
        generation = open_generation(pointer.folder, pointer.generation, pointer)
    except DamagedIndex as error:
        return Inspection(error.problems)
    documents = generation.documents
    return Inspection((), tuple(fault for one in documents for fault in _recut(generation, one)))


def verify(index: Path, name: str = "") -> list[str]:
    """All that `inspect` finds, as one list; empty where the generation is sound."""
    found = inspect(index, name)
    return [*found.damage, *found.faults]


def _recut(generation: Generation, document: Document) -> Iterator[str]:
    """Chunks that overlap, cross a section, or do not begin and end with a sentence of theirs."""
    last_end = 0
    for row in generation.rows_of([document.id]):
        chunk = generation.chunks[row]
        where = f"{document.id} {chunk.start}:{chunk.end}"
        section = document.sections[chunk.section]
        if not document.text[chunk.start : chunk.end].strip():
            yield f"{where}: the chunk is blank"
        if chunk.start < last_end:
            yield f"{where}: the chunk overlaps the one before it"
        if not section.start <= chunk.start < chunk.end <= section.end:
            yield f"{where}: the chunk is not within its section"
        if chunk.start < chunk.sentences[0].start or chunk.end > chunk.sentences[-1].end:
            yield f"{where}: the chunk does not lie within its sentences"
        last_end = chunk.end


def files_of(folder: Path) -> Iterator[Path]:
    """All files in a folder and its subfolders, in order."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
