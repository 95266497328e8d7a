"""A generation: one immutable index, loaded with every file checked against its hash.

manifest.json     format, model, settings, counts, SHA-256 of each file and of each document
documents.jsonl   ids, titles, hashes and metadata of the documents; with texts.txt, sections.jsonl
                  and blocks.npy all that they are: `qa.document_table`
chunks.npy        spans, with spans.npy for those of their sentences: `qa.chunk_table`
vectors.npy       one vector a chunk, in order; float32 (n, dim), of unit length
chunks.faiss      finds candidates among them, only where they are many; `qa.vectors`
sentences.npy     one vector a sentence of each chunk, in order; float32 (n, dim), length at most 1
bm25/             term statistics
words/            every word of every document: `qa.mention_table`
synonyms.json     what patients say → words of the documents
pages/            files of documents that have pages, and where their words stand; `qa.page_files`
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.array_file import is_within, mapped
from qa.chunk_table import ChunkTable
from qa.document import Document, Sentence
from qa.document_table import DocumentTable
from qa.errors import DamagedIndex
from qa.generation_files import FORMAT, check_files, file_sha256, files_of
from qa.lexical import LexicalIndex, Tokenizer
from qa.mention_table import MentionTable
from qa.mentions import Speaking, held_in, known_in
from qa.page_files import Boxes, page_file, read_boxes
from qa.publishing import Pointer, pointer_to, read_pointer
from qa.spelling import Speller
from qa.strict_json import read_json
from qa.types import Passage, Vectors
from qa.vector_store import IN_GENERATION, Engine, VectorStore
from qa.vectors import MOST_OF_A_VECTOR, NO_UNIT_VECTORS, VECTORS_FILE, FaissStore

__all__ = [
    "FORMAT",
    "SENTENCE_VECTORS",
    "SYNONYMS_JSON",
    "VECTORS",
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
VECTORS, SENTENCE_VECTORS = VECTORS_FILE, "sentences.npy"
_DAMAGE = (
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
    OSError,
)
"""What comes of files that are not as this program writes them, whatever their hashes."""
_NO_ROWS: NDArray[np.int64] = np.zeros(0, dtype=np.int64)


class Generation:
    """One loaded index. Nothing in it changes once it is loaded."""

    def __init__(
        self,
        name: str,
        folder: Path,
        manifest: dict[str, Any],
        chunks: ChunkTable,
        vectors: VectorStore,
        chunk_vectors: Vectors,
        sentence_vectors: Vectors,
        lexical: LexicalIndex,
        mentions: MentionTable,
        synonyms: Mapping[str, str],
    ) -> None:
        self.name = name
        self.folder = folder
        self.manifest = manifest
        self.documents = tuple(chunks.documents)
        self.chunks = chunks
        self.lexical = lexical
        self.synonyms = synonyms
        self.tokenizer = Tokenizer(manifest["options"]["language"])
        self.vectors = vectors
        self._chunk_vectors = np.asarray(chunk_vectors)
        # A plain array of the mapped file: cutting a part of it is three times as quick.
        self._sentence_vectors = np.asarray(sentence_vectors)
        self._mentions = mentions
        self._number_of = {document.id: n for n, document in enumerate(self.documents)}
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

    def _searched(self, within: Iterable[str] | None) -> list[Speaking]:
        if within is None:
            return [self._mentions]
        return [self._mentions.within(self._numbers(within))]

    def _numbers(self, document_ids: Iterable[str]) -> set[int]:
        return {self._number_of[one] for one in document_ids if one in self._number_of}

    def document(self, document_id: str) -> Document | None:
        """The document of that id, if there is one."""
        number = self._number_of.get(document_id)
        return None if number is None else self.documents[number]

    def page_file(self, document: Document) -> Path | None:
        """The file of a document that has pages, to be shown; None for any other."""
        return page_file(self.folder, document) if document.pages else None

    def boxes(self, document: Document) -> Boxes:
        """Where each word of a document with pages stands, int32 (words, 6); see `WordBox`."""
        return read_boxes(self.folder, document)

    def sentences_of(self, document_id: str) -> Sequence[Sentence]:
        """All sentences of a document that are in chunks, in order."""
        number = self._number_of.get(document_id)
        return () if number is None else self.chunks.sentences_of(number)

    def rows_of(self, document_ids: Iterable[str]) -> NDArray[np.int64]:
        """The rows of all chunks of the documents, in order; int64 (n,)."""
        rows = [self.chunks.rows_of(one) for one in sorted(self._numbers(document_ids))]
        # Documents stand behind one another, so that their rows do.
        return np.concatenate([np.arange(one.start, one.stop) for one in rows] or [_NO_ROWS])

    def vectors_of(self, document_id: str) -> tuple[Vectors, Vectors]:
        """The vectors of a document's chunks and of their sentences, float32 (n, dim) each, bit by
        bit as they were written. Raises KeyError where there is no such document."""
        rows = self.chunks.rows_of(self._number_of[document_id])
        sentences = self.chunks.sentence_rows_of(rows)
        return (
            self._chunk_vectors[rows.start : rows.stop],
            self._sentence_vectors[sentences.start : sentences.stop],
        )

    def passage(self, row: int) -> Passage:
        """A chunk with its document and vectors."""
        chunk = self.chunks[row]
        sentences = self.chunks.sentence_rows_of(range(row, row + 1))
        return Passage(
            self.documents[self._number_of[chunk.document_id]].whole(),
            chunk,
            self._chunk_vectors[row],
            self._sentence_vectors[sentences.start : sentences.stop],
        )


def load(index: Path) -> Generation:
    """Loads the live generation, every file checked against its hash.

    Raises MissingIndex or DamagedIndex.
    """
    pointer = read_pointer(index)
    return open_generation(pointer.folder, pointer.generation, pointer)


def open_generation(
    folder: Path, name: str, pointer: Pointer | None, engine: Engine = IN_GENERATION
) -> Generation:
    """Loads a generation from its folder; `pointer` is None for one that is not published yet.

    Raises DamagedIndex listing every file that is not as it was recorded, VectorStoreError where
    the `engine` that is to search its vectors does not have them.
    """
    manifest, problems = check_files(folder, pointer)
    if problems:
        raise DamagedIndex(str(folder), problems)
    counts = manifest["counts"]
    dimension = int(manifest["model"]["dimension"])
    try:
        documents = DocumentTable(folder)
        chunks = ChunkTable(folder, documents)
        synonyms = _synonyms(folder / SYNONYMS_JSON)
        sentence_vectors = mapped(folder / SENTENCE_VECTORS, np.float32, dimension)
        if not is_within(folder / SENTENCE_VECTORS, sentence_vectors, MOST_OF_A_VECTOR):
            raise ValueError(f"{SENTENCE_VECTORS} {NO_UNIT_VECTORS}")
        terms_of = Tokenizer(manifest["options"]["language"]).every
        mentions = MentionTable(folder, len(documents), terms_of)
    except _DAMAGE as error:
        raise DamagedIndex(str(folder), [_told(error)]) from error
    found = (len(documents), len(chunks), chunks.sentences)
    if found != (counts["documents"], counts["chunks"], counts["sentences"]):
        what = "the numbers of documents, chunks and sentences are not as counted"
        raise DamagedIndex(str(folder), [what])
    if len(sentence_vectors) != chunks.sentences:
        what = f"{SENTENCE_VECTORS} has {len(sentence_vectors)} rows, expected {chunks.sentences}"
        raise DamagedIndex(str(folder), [what])
    own = FaissStore.load(folder, count=len(chunks), dimension=dimension)
    lexical = LexicalIndex.load(folder / "bm25", count=len(chunks))
    vectors = engine.open(name, folder, own)
    return Generation(
        name,
        folder,
        manifest,
        chunks,
        vectors,
        own.all(),
        sentence_vectors,
        lexical,
        mentions,
        synonyms,
    )


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is wrong with a generation; nothing where it is sound."""

    damage: tuple[str, ...] = ()
    """Files that are not as they were recorded: nobody is ever served from such a generation."""
    faults: tuple[str, ...] = ()
    """Chunks that are not cut as they should be, in files that are as they were recorded."""


def _synonyms(path: Path) -> dict[str, str]:
    """Raises ValueError where the file holds anything but texts by texts."""
    found = read_json(path.read_bytes())
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise ValueError(f"{path.name} is no table of words")
    return found


def _told(error: Exception) -> str:
    """What an error says; a name that is missing says nothing by itself."""
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


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
        faults = [fault for one in generation.documents for fault in _recut(generation, one)]
    except DamagedIndex as error:
        return Inspection(error.problems)
    return Inspection((), tuple(faults))


def verify(index: Path, name: str = "") -> list[str]:
    """All that `inspect` finds, as one list; empty where the generation is sound."""
    found = inspect(index, name)
    return [*found.damage, *found.faults]


def _recut(generation: Generation, document: Document) -> Iterator[str]:
    """Chunks that overlap, cross a section, or do not begin and end with a sentence of theirs."""
    text, sections = document.text, document.sections  # read, even where no chunk is of it
    last_end = 0
    for row in generation.rows_of([document.id]):
        chunk = generation.chunks[row]
        where = f"{document.id} {chunk.start}:{chunk.end}"
        section = sections[chunk.section]
        if not text[chunk.start : chunk.end].strip():
            yield f"{where}: the chunk is blank"
        if chunk.start < last_end:
            yield f"{where}: the chunk overlaps the one before it"
        if not section.start <= chunk.start < chunk.end <= section.end:
            yield f"{where}: the chunk is not within its section"
        if chunk.start < chunk.sentences[0].start or chunk.end > chunk.sentences[-1].end:
            yield f"{where}: the chunk does not lie within its sentences"
        last_end = chunk.end
