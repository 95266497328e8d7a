"""What each document adds to a generation: its chunks, with the vectors that belong to them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.chunking import BuildOptions, context
from qa.corpus import make_document
from qa.parts import Contexts, make_parts
from qa.types import Vectors
from tests.word_hash import WordHashEmbedder

FIRST = make_document("a.md", b"# A\n\nOne sentence. Another one.\n\n## More\n\nOne sentence.\n")
SECOND = make_document("b.md", b"# A\n\nOne sentence. Another one.\n")
ONLY_REFERENCES = make_document("r.md", b"# References\n\nSomebody. A paper. 1999.\n")
OPTIONS = BuildOptions()


class Counting(WordHashEmbedder):
    """Notes each call that counts tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[list[str]] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        self.calls.append(list(texts))
        return super().count_tokens(texts)


class Remembers:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.vectors: dict[str, Vectors] = {}

    def find(self, texts: Sequence[str], dimension: int) -> dict[str, Vectors]:
        return {text: self.vectors[text] for text in texts if text in self.vectors}

    def add(self, texts: Sequence[str], vectors: Vectors) -> None:
        self.vectors.update(zip(texts, vectors, strict=True))


def test_contexts_are_counted_once_and_together() -> None:
    embedder = Counting()
    contexts = Contexts(embedder, OPTIONS)
    contexts.foresee([FIRST, SECOND])
    assert embedder.calls == [["A", "A. More"]]
    assert contexts.count(["A", "new", "A"]) == [1, 1, 1]
    assert embedder.calls[1:] == [["new"]]


def test_parts_are_those_of_each_document_alone() -> None:
    embedder, kept = WordHashEmbedder(), Remembers()
    documents = [FIRST, ONLY_REFERENCES, SECOND]
    contexts = Contexts(embedder, OPTIONS)
    together = make_parts(documents, embedder, OPTIONS, contexts, kept, lambda *_: None)
    assert [part.document for part in together] == documents
    for part in together:
        [alone] = make_parts(
            [part.document], embedder, OPTIONS, contexts, Remembers(), lambda *_: None
        )
        assert part.chunks == alone.chunks
        assert np.array_equal(part.vectors, alone.vectors)
        assert np.array_equal(part.sentence_vectors, alone.sentence_vectors)
    assert (together[1].chunks, together[1].vectors.shape) == ((), (0, 1024))
    assert together[1].sentence_vectors.shape == (0, 1024)
    chunk = together[2].chunks[0]
    text = f"{context(SECOND, chunk.section, embedder.count_tokens)}\n{SECOND.text[chunk.start :]}"
    assert np.array_equal(together[2].vectors, embedder.encode([text]))


def test_nothing_that_was_kept_is_embedded_again() -> None:
    embedder, kept = WordHashEmbedder(), Remembers()
    contexts = Contexts(embedder, OPTIONS)
    make_parts([FIRST], embedder, OPTIONS, contexts, kept, lambda *_: None)
    count = len(kept.vectors)
    steps: list[tuple[str, int, int]] = []
    make_parts([SECOND], embedder, OPTIONS, contexts, kept, lambda *step: steps.append(step))
    assert len(kept.vectors) == count
    assert ("Embedding sentences", 2, 2) in steps
