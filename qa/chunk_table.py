"""Chunks and their sentences as tables of numbers in files, made into objects when asked for.

chunks.npy   int64 (chunks, 5): number of the document, start, end, section, and the row of
             spans.npy behind the last of its sentences
spans.npy    int32 (sentences, 4): kind, start, end, block; a row for each row of sentences.npy

Both are mapped into memory: a million chunks take some ten megabytes of a process's own, and
processes share the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self, overload

import numpy as np

from qa.array_file import ArrayWriter, mapped
from qa.document import BlockKind, Chunk, Sentence
from qa.document_table import DocumentTable
from qa.recent import Recent
from qa.records import read_sentences, sentence_rows

__all__ = ["CHUNK_FILES", "ChunkTable", "ChunkWriter"]

_CHUNKS, _SPANS = CHUNK_FILES = ("chunks.npy", "spans.npy")
_DOCUMENT, _START, _END, _SECTION, _LAST = range(5)
_CHUNK_COLUMNS, _SPAN_COLUMNS = 5, 4
_KEPT_SENTENCES = 100_000
"""Of documents that were asked for of late: about 12 MB."""
_KEPT_CHUNKS = 10_000
"""Those that were found of late: about 8 MB."""
_CHECKED_ROWS = 1 << 16


class ChunkWriter:
    """Writes the chunks of documents into a folder, in the documents' order. Used within `with`."""

    def __init__(self, folder: Path) -> None:
        """Begins the files. Raises OSError where they cannot be written."""
        self._open = ExitStack()
        self._chunks = self._open.enter_context(
            ArrayWriter(folder / _CHUNKS, np.int64, _CHUNK_COLUMNS)
        )
        self._spans = self._open.enter_context(
            ArrayWriter(folder / _SPANS, np.int32, _SPAN_COLUMNS)
        )
        self._documents = 0
        self._sentences = 0

    def append(self, chunks: Sequence[Chunk]) -> None:
        """Adds all chunks of the next document; it may have none.

        Raises OSError where the disk is full.
        """
        rows = []
        for chunk in chunks:
            self._sentences += len(chunk.sentences)
            rows.append((self._documents, chunk.start, chunk.end, chunk.section, self._sentences))
        self._chunks.append(rows)
        self._spans.append(sentence_rows(one for chunk in chunks for one in chunk.sentences))
        self._documents += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, error, trace)


class ChunkTable(Sequence[Chunk]):
    """The chunks that a `ChunkWriter` wrote. Each `Chunk` is made when it is asked for."""

    def __init__(self, folder: Path, documents: DocumentTable) -> None:
        """Maps the tables and checks that they fit the documents.

        Raises ValueError or OSError where they do not.
        """
        self.documents = documents
        """Those that the chunks are cut from."""
        self._chunks = mapped(folder / _CHUNKS, np.int64, _CHUNK_COLUMNS)
        self._spans = mapped(folder / _SPANS, np.int32, _SPAN_COLUMNS)
        self._check_chunks()
        self._check_spans()
        numbers = np.ascontiguousarray(self._chunks[:, _DOCUMENT])
        self._first = np.searchsorted(numbers, np.arange(len(documents) + 1))
        self._recent: Recent[int, tuple[Sentence, ...]] = Recent(_KEPT_SENTENCES)
        self._recent_chunks: Recent[int, Chunk] = Recent(_KEPT_CHUNKS)

    def __len__(self) -> int:
        return len(self._chunks)

    @property
    def sentences(self) -> int:
        """Sentences of all chunks together; one that several chunks hold a part of counts for
        each."""
        return len(self._spans)

    @overload
    def __getitem__(self, row: int) -> Chunk: ...

    @overload
    def __getitem__(self, row: slice) -> list[Chunk]: ...

    def __getitem__(self, row: int | slice) -> Chunk | list[Chunk]:
        if isinstance(row, slice):
            return [self[one] for one in range(*row.indices(len(self)))]
        row = range(len(self))[row]
        return self._recent_chunks.get(row, self._chunk, 1)

    def _chunk(self, row: int) -> Chunk:
        number, start, end, section, last = self._chunks[row].tolist()
        begin = int(self._chunks[row - 1, _LAST]) if row else 0
        sentences = read_sentences(self._spans[begin:last].tolist())
        return Chunk(self.documents[number].id, start, end, section, sentences)

    def rows_of(self, document: int) -> range:
        """The rows of the chunks of the document of that number."""
        return range(int(self._first[document]), int(self._first[document + 1]))

    def sentence_rows_of(self, rows: range) -> range:
        """The rows of the sentences of neighbouring chunks, in order."""
        begin = int(self._chunks[rows.start - 1, _LAST]) if rows.start else 0
        end = int(self._chunks[rows.stop - 1, _LAST]) if rows.stop else 0
        return range(begin, end) if rows else range(0)

    def sentences_of(self, document: int) -> tuple[Sentence, ...]:
        """All sentences of the document of that number that are in chunks, each once, in order."""
        size = len(self.sentence_rows_of(self.rows_of(document)))
        return self._recent.get(document, self._sentences_of, size)

    def _sentences_of(self, document: int) -> tuple[Sentence, ...]:
        rows = self.sentence_rows_of(self.rows_of(document))
        # Chunks that hold parts of one long sentence share it.
        return tuple(dict.fromkeys(read_sentences(self._spans[rows.start : rows.stop].tolist())))

    def _check_chunks(self) -> None:
        """Raises ValueError for a chunk that is out of order or not within its document."""
        number, last = 0, 0
        for begin in range(0, len(self), _CHECKED_ROWS):
            rows = self._chunks[begin : begin + _CHECKED_ROWS]
            documents, start, end, section, lasts = rows.T
            there = (documents >= 0) & (documents < len(self.documents))
            if not there.all():
                wrong = int(documents[np.argmin(there)])
                raise ValueError(f"a chunk names document number {wrong}, which is not there")
            if (np.diff(documents, prepend=number) < 0).any():
                raise ValueError(f"{_CHUNKS} is not in the documents' order")
            whole = (start >= 0) & (start < end) & (end <= self.documents.characters[documents])
            whole &= (lasts >= 0) & (lasts < 1 << 48)  # so that no difference overflows
            whole &= np.diff(lasts, prepend=last) > 0
            if not whole.all():
                at = int(np.argmin(whole))
                raise ValueError(
                    f"a chunk at {start[at]}:{end[at]} does not lie within "
                    f"{self.documents[int(documents[at])].id!r}"
                )
            within = (section >= 0) & (section < self.documents.sections[documents])
            if not within.all():
                wrong = int(documents[np.argmin(within)])
                name = self.documents[wrong].id
                raise ValueError(f"a chunk of {name!r} names a section that is not there")
            number, last = int(documents[-1]), int(lasts[-1])
        if last != len(self._spans):
            raise ValueError("the number of sentences is not as counted")

    def _check_spans(self) -> None:
        """Raises ValueError for a sentence that is not within its document."""
        lasts = np.ascontiguousarray(self._chunks[:, _LAST])
        for begin in range(0, len(self._spans), _CHECKED_ROWS):
            rows = self._spans[begin : begin + _CHECKED_ROWS]
            chunk = np.searchsorted(lasts, np.arange(begin, begin + len(rows)), side="right")
            documents = self._chunks[chunk, _DOCUMENT]
            kind, start, end, block = rows.T
            whole = (start >= 0) & (start < end) & (end <= self.documents.characters[documents])
            whole &= (kind >= 0) & (kind < len(BlockKind))
            if not whole.all():
                at = int(np.argmin(whole))
                raise ValueError(
                    f"a sentence at {start[at]}:{end[at]} does not lie within "
                    f"{self.documents[int(documents[at])].id!r}"
                )
            there = (block >= 0) & (block < self.documents.blocks[documents])
            if not there.all():
                name = self.documents[int(documents[np.argmin(there)])].id
                raise ValueError(f"a sentence of {name!r} names a block that is not there")
