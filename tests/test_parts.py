"""Contexts are counted once, texts embedded once, and vectors come in the order of their texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from qa.chunking import BuildOptions
from qa.corpus import make_document
from qa.parts import BLOCK, Contexts, Embedding, in_blocks, sentence_vectors
from qa.split_texts import SplitTexts
from qa.types import Vectors
from tests.word_hash import WordHashEmbedder

FIRST = make_document("a.md", b"# A\n\nOne sentence. Another one.\n\n## More\n\nOne sentence.\n")
SECOND = make_document("b.md", b"# A\n\nOne sentence. Another one.\n")
OPTIONS = BuildOptions()


class Counting(WordHashEmbedder):
    """Notes each call that counts tokens, and each text that is embedded."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[list[str]] = []
        self.embedded: list[str] = []

    def encode_alone(self, texts: Sequence[str]) -> Iterator[Vectors]:
        self.embedded += texts
        return super().encode_alone(texts)

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


def test_each_different_text_is_embedded_once_and_in_order() -> None:
    embedder, kept = Counting(), Remembers()
    steps: list[tuple[str, int, int]] = []
    embed = Embedding(embedder, kept, lambda *step: steps.append(step), "Embedding", 5)
    texts = ["a much longer text", "short", "short", "", "between"]
    assert np.array_equal(embed(texts), embedder.encode(texts))
    assert embedder.embedded == ["", "short", "between", "a much longer text"]
    assert steps[0] == ("Embedding", 0, 5)
    assert steps[-1] == ("Embedding", 5, 5)


def test_nothing_that_was_kept_is_embedded_again() -> None:
    embedder, kept = Counting(), Remembers()
    Embedding(embedder, kept, lambda *_: None, "", 2)(["one", "two"])
    embedder.embedded.clear()
    steps: list[tuple[str, int, int]] = []
    embed = Embedding(embedder, kept, lambda *step: steps.append(step), "Again", 3)
    assert np.array_equal(embed(["two", "three", "two"]), embedder.encode(["two", "three", "two"]))
    assert embedder.embedded == ["three"]
    assert steps == [("Again", 2, 3), ("Again", 3, 3)]


def test_a_sentence_is_embedded_alone_and_behind_its_context() -> None:
    embedder = WordHashEmbedder()
    made = sentence_vectors([("A", "red"), ("B", "green")], embedder.encode, embedder.encode)
    wanted = (embedder.encode(["red", "green"]) + embedder.encode(["A: red", "B: green"])) / 2
    assert made.dtype == np.float32
    assert np.array_equal(made, wanted.astype(np.float32))


def test_a_sentence_of_many_chunks_is_held_once(tmp_path: Path) -> None:
    """One without an end, as long as its document, would else be held for each of its chunks."""
    document = make_document("a.md", b"# A\n\nno end " + b"and on " * 2_000)
    seen: list[Sequence[str]] = []

    def embed(texts: Sequence[str]) -> Vectors:
        seen.append(texts)
        return np.zeros((len(texts), 1), dtype=np.float32)

    with SplitTexts(tmp_path, Contexts(WordHashEmbedder(), OPTIONS)) as texts:
        texts.append(document)
        texts.finish()
        [one] = texts
        sentence_vectors(one.sentences, embed, embed)
    for given in seen:
        assert len(given) > 5
        assert len({id(text) for text in given}) == 1


def test_blocks_are_bounded_and_keep_the_order() -> None:
    """However the texts are parted, with rows between them that were embedded before."""
    embedder, sizes = WordHashEmbedder(), []

    def embed(texts: Sequence[str]) -> Vectors:
        sizes.append(len(texts))
        return np.array([[float(text)] for text in texts], dtype=np.float32)

    def rows() -> Iterator[Sequence[str] | Vectors]:
        number = 0
        for count in (0, 3, 5000, 1, 0, 2047, 700, 700, 700):
            texts = [str(number + n) for n in range(count)]
            number += count
            yield texts
            yield np.arange(number, number + 2, dtype=np.float32).reshape(2, 1)
            number += 2

    made = np.concatenate(list(in_blocks(rows(), embed)))
    assert np.array_equal(made[:, 0], np.arange(len(made)))
    assert max(sizes) < 2 * BLOCK
    assert sum(sizes) == len(made) - 18
    assert list(in_blocks([[], []], embedder.encode)) == []
