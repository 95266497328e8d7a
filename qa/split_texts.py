"""The texts of a build: documents go to disk as they come, split, and are read again in order.

So a build holds one document at a time, whatever the size of the corpus.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import cache, cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from qa.chunk_table import ChunkTable, ChunkWriter
from qa.document import Chunk, Document
from qa.document_table import DocumentTable, DocumentWriter
from qa.parts import Contexts
from qa.records import json_line

__all__ = ["SplitText", "SplitTexts"]


class SplitText:
    """One document with its chunks and the context of each."""

    def __init__(self, document: Document, chunks: Sequence[Chunk], above: Sequence[str]) -> None:
        self.document = document
        self.chunks = chunks
        self._above = above

    @property
    def chunk_texts(self) -> list[str]:
        """Each chunk with its context: what is embedded for it, and searched for its words."""
        text = self.document.text
        return [
            f"{above}\n{text[chunk.start : chunk.end]}"
            for above, chunk in zip(self._above, self.chunks, strict=True)
        ]

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """For each sentence of each chunk its context and its text.

        A sentence without an end belongs to many chunks, and is cut once for all of them.
        """
        text = self.document.text
        cut = cache(lambda start, end: text[start:end])
        return [
            (above, cut(one.start, one.end))
            for above, chunk in zip(self._above, self.chunks, strict=True)
            for one in chunk.sentences
        ]


class SplitTexts:
    """Writes documents and chunks into a folder, then gives them back. Used within `with`."""

    def __init__(self, folder: Path, contexts: Contexts) -> None:
        """Begins the files. Raises OSError where they cannot be written."""
        self._folder = folder
        self._contexts = contexts
        with ExitStack() as opened:
            # Nobody needs it but this build: it has no name, and goes when it is closed.
            self._above = opened.enter_context(tempfile.TemporaryFile(dir=folder))
            self._writing = opened.enter_context(ExitStack())
            self._documents = self._writing.enter_context(DocumentWriter(folder))
            self._chunks = self._writing.enter_context(ChunkWriter(folder))
            self._open = opened.pop_all()

    def append(self, document: Document, chunks: Sequence[Chunk] | None = None) -> None:
        """Adds a document, split unless its chunks are given.

        Raises OSError where the disk is full.
        """
        if chunks is None:
            chunks = self._contexts.chunks(document)
        else:
            self._contexts.foresee([document])
        self._documents.append(document)
        self._chunks.append(chunks)
        self._above.write(json_line(self._contexts.of(document, chunks)))

    def finish(self) -> None:
        """Ends the writing: from now on they can be read. Raises OSError where the disk is full."""
        self._writing.close()

    @cached_property
    def documents(self) -> DocumentTable:
        """All documents, in order."""
        return DocumentTable(self._folder)

    @cached_property
    def chunks(self) -> ChunkTable:
        """All chunks, in order."""
        return ChunkTable(self._folder, self.documents)

    def __iter__(self) -> Iterator[SplitText]:
        """Each document, in order; one reader at a time."""
        self._above.seek(0)
        for number, document in enumerate(self.documents):
            rows = self.chunks.rows_of(number)
            above = json.loads(self._above.readline())
            yield SplitText(document, self.chunks[rows.start : rows.stop], above)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, error, trace)
