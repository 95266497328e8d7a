"""Documents → what each adds to a generation: its chunks and their vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import numpy as np

from qa.chunking import BuildOptions, chunk_document, context, title_and_headings
from qa.document import Chunk, Document
from qa.embedding import Embedder
from qa.types import Vectors

__all__ = ["Contexts", "Part", "Progress", "VectorsKept", "make_parts"]

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and how many there are."""


class VectorsKept(Protocol):
    """Where vectors that were made before are found: `qa.embedding_cache.EmbeddingCache`."""

    def find(self, texts: Sequence[str], dimension: int) -> dict[str, Vectors]: ...

    def add(self, texts: Sequence[str], vectors: Vectors) -> None: ...


@dataclass(frozen=True, slots=True)
class Part:
    """What one document adds to a generation."""

    document: Document
    chunks: tuple[Chunk, ...]
    vectors: Vectors
    """float32 (chunks, dim)"""
    sentence_vectors: Vectors
    """float32 (sentences of the chunks, dim)"""


class Contexts:
    """Title and headings of each section, as they stand before its text; each counted once."""

    def __init__(self, embedder: Embedder, options: BuildOptions) -> None:
        self.limit = min(options.max_tokens, embedder.max_tokens)
        """Tokens of a chunk with its context, special tokens included."""
        self._embedder = embedder
        self._counted: dict[str, int] = {}

    def foresee(self, documents: Iterable[Document]) -> None:
        """Counts the contexts of all sections of the documents in one call, which is faster."""
        self.count(
            [
                ". ".join(title_and_headings(document, section))
                for document in documents
                for section in range(len(document.sections))
            ]
        )

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, without special tokens."""
        new = list(dict.fromkeys(text for text in texts if text not in self._counted))
        self._counted.update(zip(new, self._embedder.count_tokens(new), strict=True))
        return [self._counted[text] for text in texts]

    def of(self, document: Document, chunks: Sequence[Chunk]) -> list[str]:
        """The context of each chunk of a document."""
        sections = {
            number: context(document, number, self.count, self.limit)
            for number in dict.fromkeys(chunk.section for chunk in chunks)
        }
        return [sections[chunk.section] for chunk in chunks]

    def texts(self, document: Document, chunks: Sequence[Chunk]) -> list[str]:
        """Each chunk with its context: what is embedded for it, and searched for its words."""
        bodies = [document.text[chunk.start : chunk.end] for chunk in chunks]
        above_each = self.of(document, chunks)
        return [f"{above}\n{body}" for above, body in zip(above_each, bodies, strict=True)]


def make_parts(
    documents: Sequence[Document],
    embedder: Embedder,
    options: BuildOptions,
    contexts: Contexts,
    kept: VectorsKept,
    progress: Progress,
) -> list[Part]:
    """Splits and embeds the documents, in their order. Raises OSError where `kept` is full."""
    split: list[list[Chunk]] = []
    for done, document in enumerate(documents, 1):
        split.append(
            chunk_document(
                document, contexts.count, target=options.target_tokens, limit=contexts.limit
            )
        )
        progress("Splitting", done, len(documents))
    both = list(zip(documents, split, strict=True))
    texts = [text for document, chunks in both for text in contexts.texts(document, chunks)]
    vectors = iter(_embed(embedder, texts, "Embedding chunks", kept, progress))
    sentences = [
        (above, document.text[sentence.start : sentence.end])
        for document, chunks in both
        for above, chunk in zip(contexts.of(document, chunks), chunks, strict=True)
        for sentence in chunk.sentences
    ]
    sentence_vectors = iter(_sentence_vectors(embedder, sentences, kept, progress))
    return [
        Part(
            document,
            tuple(chunks),
            _taken(vectors, len(chunks), embedder.dimension),
            _taken(sentence_vectors, sum(len(c.sentences) for c in chunks), embedder.dimension),
        )
        for document, chunks in both
    ]


def _taken(rows: Iterator[Vectors], count: int, dimension: int) -> Vectors:
    """The next `count` rows, float32 (count, dim)."""
    return np.array(list(islice(rows, count)), dtype=np.float32).reshape(count, dimension)


def _sentence_vectors(
    embedder: Embedder,
    sentences: Sequence[tuple[str, str]],
    kept: VectorsKept,
    progress: Progress,
) -> Vectors:
    """For each (context, sentence) the mean of the sentence's vector alone and behind its context.

    The first finds what a question says, the second what it leaves to be understood. Since
    similarity is linear, this is the mean of both similarities.
    """
    texts = [text for _, text in sentences]
    in_context = [f"{above}: {text}" for above, text in sentences]
    alone = _embed(embedder, texts, "Embedding sentences", kept, progress)
    with_context = _embed(embedder, in_context, "Embedding sentences in context", kept, progress)
    both: Vectors = alone + with_context
    return np.multiply(both, 0.5, dtype=np.float32)


def _embed(
    embedder: Embedder, texts: Sequence[str], what: str, kept: VectorsKept, progress: Progress
) -> Vectors:
    """The texts' vectors, each different text embedded once, texts of like length together."""
    different = sorted(set(texts), key=lambda text: (len(text), text))
    vectors: dict[str, Vectors] = kept.find(different, embedder.dimension)
    missing = [text for text in different if text not in vectors]
    if different:
        progress(what, len(vectors), len(different))
    done = 0
    for batch in embedder.encode_alone(missing) if missing else ():
        made = missing[done : done + len(batch)]
        kept.add(made, batch)
        vectors.update(zip(made, batch, strict=True))
        done += len(batch)
        progress(what, len(vectors), len(different))
    rows = np.empty((len(texts), embedder.dimension), dtype=np.float32)
    for row, text in enumerate(texts):
        rows[row] = vectors[text]
    return rows
