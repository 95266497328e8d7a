"""Documents → what each adds to a generation: its chunks, and blocks of texts → their vectors."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np

from qa.chunking import BuildOptions, chunk_document, context, title_and_headings
from qa.document import Chunk, Document
from qa.embedding import Embedder
from qa.types import Vectors

__all__ = [
    "BLOCK",
    "Contexts",
    "Embedding",
    "Part",
    "Progress",
    "VectorsKept",
    "in_blocks",
    "sentence_vectors",
]

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and how many there are."""

BLOCK = 1024
"""Texts that are embedded together, and whose vectors are held at once: enough for texts of like
length to stand side by side, few enough that a corpus of any size takes the same memory."""
_MOST_COUNTED = 10_000
"""Contexts whose length is kept: headings repeat within a document more than between them."""
_KEPT_EVERY_S, _KEPT_AT_ONCE = 1.0, 512
"""Seconds, and texts, between two writings of what was embedded: so much work at most is lost when
a build is killed. Each waits for the disk: 16 ms where it was measured, as 64 texts may take."""

T = TypeVar("T")


class VectorsKept(Protocol):
    """Where vectors that were made before are found: `qa.embedding_cache.EmbeddingCache`."""

    def find(self, texts: Sequence[str], dimension: int) -> dict[str, Vectors]: ...

    def add(self, texts: Sequence[str], vectors: Vectors) -> None: ...


@dataclass(frozen=True, slots=True)
class Part:
    """A document and its chunks."""

    document: Document
    chunks: tuple[Chunk, ...]


class Contexts:
    """Title and headings of each section, as they stand before its text; each counted once."""

    def __init__(self, embedder: Embedder, options: BuildOptions) -> None:
        self.limit = min(options.max_tokens, embedder.max_tokens)
        """Tokens of a chunk with its context, special tokens included."""
        self._embedder = embedder
        self._options = options
        self._counted: dict[str, int] = {}

    def foresee(self, documents: Iterable[Document]) -> None:
        """Counts the contexts of all sections of the documents in one call, which is faster."""
        if len(self._counted) > _MOST_COUNTED:
            self._counted.clear()
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

    def chunks(self, document: Document) -> list[Chunk]:
        """Splits a document so that each chunk fits the model with its context."""
        self.foresee([document])
        target = self._options.target_tokens
        return chunk_document(document, self.count, target=target, limit=self.limit)

    def of(self, document: Document, chunks: Sequence[Chunk]) -> list[str]:
        """The context of each chunk of a document."""
        sections = {
            number: context(document, number, self.count, self.limit)
            for number in dict.fromkeys(chunk.section for chunk in chunks)
        }
        return [sections[chunk.section] for chunk in chunks]


class Embedding:
    """Embeds one kind of texts, block by block, and tells how far it is."""

    def __init__(
        self, embedder: Embedder, kept: VectorsKept, progress: Progress, what: str, total: int
    ) -> None:
        """`total` is how many texts there will be in all, under the name `what`."""
        self._embedder = embedder
        self._kept = kept
        self._progress = progress
        self._what, self._total = what, total
        self._done = 0

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors, float32 (n, dim), each different text embedded once, texts of like
        length together. Raises OSError where `kept` is full."""
        rows_of = Counter(texts)
        different = sorted(rows_of, key=lambda text: (len(text), text))
        made = np.empty((len(different), self._embedder.dimension), dtype=np.float32)
        missing = self._find(different, made)
        self._told(len(texts) - sum(rows_of[different[row]] for row in missing))
        at = kept = 0
        wanted = [different[row] for row in missing]
        began = time.monotonic()
        for batch in self._embedder.encode_alone(wanted) if wanted else ():
            made[missing[at : at + len(batch)]] = batch
            self._told(sum(rows_of[text] for text in wanted[at : at + len(batch)]))
            at += len(batch)
            if at - kept >= _KEPT_AT_ONCE or time.monotonic() - began >= _KEPT_EVERY_S:
                self._kept.add(wanted[kept:at], made[missing[kept:at]])
                kept, began = at, time.monotonic()
        if at > kept:
            self._kept.add(wanted[kept:at], made[missing[kept:at]])
        row_of = {text: row for row, text in enumerate(different)}
        return made[[row_of[text] for text in texts]]

    def _find(self, texts: Sequence[str], into: Vectors) -> list[int]:
        """Puts the vectors that were kept into their rows; gives the other rows."""
        missing = []
        for begin in range(0, len(texts), _KEPT_AT_ONCE):
            part = texts[begin : begin + _KEPT_AT_ONCE]
            found = self._kept.find(part, self._embedder.dimension)
            for row, text in enumerate(part, begin):
                if text in found:
                    into[row] = found[text]
                else:
                    missing.append(row)
        return missing

    def _told(self, more: int) -> None:
        self._done += more
        if self._total:
            self._progress(self._what, self._done, self._total)


def sentence_vectors(
    sentences: Sequence[tuple[str, str]],
    alone: Callable[[Sequence[str]], Vectors],
    in_context: Callable[[Sequence[str]], Vectors],
) -> Vectors:
    """For each (context, sentence) the mean of the sentence's vector alone and behind its context.

    The first finds what a question says, the second what it leaves to be understood. Since
    similarity is linear, this is the mean of both similarities.
    """
    both = alone([text for _, text in sentences])
    # A long one that belongs to many chunks is held once.
    joined: dict[tuple[str, str], str] = {}
    both += in_context([joined.setdefault(one, f"{one[0]}: {one[1]}") for one in sentences])
    return np.multiply(both, 0.5, out=both)


def in_blocks(
    rows: Iterable[Sequence[T] | Vectors], embed: Callable[[Sequence[T]], Vectors]
) -> Iterator[Vectors]:
    """Vectors, float32 (n, dim) each, of all rows in their order, `BLOCK` texts embedded at a time.

    What comes as vectors, since it was embedded before, goes through as it is.
    """
    waiting: list[T] = []
    order: list[int | Vectors] = []
    for row in rows:
        if isinstance(row, np.ndarray):
            if waiting:
                order.append(row)
            else:
                yield row
            continue
        for begin in range(0, len(row), BLOCK):
            piece = row[begin : begin + BLOCK]
            waiting += piece
            order.append(len(piece))
            if len(waiting) >= BLOCK:
                yield from _block(embed(waiting), order)
                waiting, order = [], []
    if waiting:
        yield from _block(embed(waiting), order)


def _block(made: Vectors, order: Sequence[int | Vectors]) -> Iterator[Vectors]:
    """A block's vectors: those made of its texts, and those that were there, in order."""
    at = 0
    for one in order:
        if isinstance(one, int):
            yield made[at : at + one]
            at += one
        else:
            yield one
