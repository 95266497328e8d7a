"""Judged questions as training examples, made by the real program: its chunks, its similarities.

What the network reads in training is thereby what it will read in service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.embedding import Embedder
from qa.generation import Generation
from qa.packing import context_of
from qa.reader import SimilarityReader
from qa.search import search
from qa.types import Passage
from training.asking import Asked

__all__ = [
    "EVIDENCE",
    "PASSAGES",
    "STRANGE",
    "Example",
    "PassageExample",
    "fold_text",
    "is_evidence",
    "make_examples",
]

PASSAGES = 24
"""Asked of search for each question; similarities are reckoned over all of them."""
EVIDENCE = 1
STRANGE = -1
"""Label of a strange sentence: no evidence, and counted more. See `training.strangers`."""
_SHORT = 12
"""A sentence within an evidence text is evidence if it has more characters than this."""

Strange = Callable[[Asked], Sequence[Passage]]


@dataclass(frozen=True, slots=True, eq=False)
class PassageExample:
    """A chunk as the network reads it."""

    row: int
    """In the generation; -1 for a strange sentence."""
    context: str
    sentences: tuple[str, ...]
    labels: NDArray[np.int8]
    """Of each sentence: EVIDENCE, 0 or STRANGE."""
    features: NDArray[np.float32]
    """(sentences, 5); see `qa.reader.SimilarityReader.features`."""

    @property
    def has_evidence(self) -> bool:
        """Whether any of its sentences is evidence."""
        return bool((self.labels == EVIDENCE).any())


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A question with the passages that search found, best first."""

    qid: str
    question: str
    group: str
    """What may not stand on both sides of a fold."""
    kind: str
    answerable: bool
    twin_of: str | None
    passages: tuple[PassageExample, ...]
    strangers: tuple[PassageExample, ...] = ()
    """One sentence each; see `training.strangers`."""


def make_examples(
    generation: Generation,
    asked: Sequence[Asked],
    embedder: Embedder,
    strangers_of: Strange = lambda _: (),
    progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None,
) -> Iterator[Example]:
    """Asks each question of its document and labels the sentences found.

    A question of which search finds nothing gives no example. `strangers_of` gives passages of one
    sentence each.
    """
    reader = SimilarityReader(generation.tokenizer)
    vectors = embedder.encode([one.question.text for one in asked])
    for done, (one, vector) in enumerate(zip(asked, vectors, strict=True), 1):
        hits = search(generation, one.question.text, vector, PASSAGES, [one.document])
        passages = [generation.passage(hit.row) for hit in hits]
        progress("Making examples", done, len(asked))
        if not passages:
            continue
        strange = strangers_of(one)
        features = reader.features(one.question.text, vector, [*passages, *strange])
        ends = np.cumsum([len(passage.chunk.sentences) for passage in [*passages, *strange]])
        parts = np.split(np.asarray(features, np.float32), ends[:-1])
        found = [
            _labelled(one, hit.row, passage, part)
            for hit, passage, part in zip(hits, passages, parts, strict=False)
        ]
        lonely = zip(strange, parts[len(passages) :], strict=True)
        yield Example(
            one.question.qid,
            one.question.text,
            one.question.about,
            one.question.kind,
            one.question.answerable,
            one.question.twin_of,
            tuple(found[: one.kept]),
            tuple(_stranger(passage, part) for passage, part in lonely),
        )


def _labelled(
    asked: Asked, row: int, passage: Passage, features: NDArray[np.float32]
) -> PassageExample:
    sentences = passage.chunk.sentences
    texts = tuple(passage.document.text[s.start : s.end] for s in sentences)
    labels = np.zeros(len(texts), np.int8)
    if asked.question.answerable:
        gold = [fold_text(text) for text in asked.question.golds[0].texts]
        begin, end = asked.paragraph or (0, len(passage.document.text))
        for at, (sentence, text) in enumerate(zip(sentences, texts, strict=True)):
            if begin <= sentence.start < end and is_evidence(text, gold):
                labels[at] = EVIDENCE
    return PassageExample(row, context_of(passage), texts, labels, features)


def _stranger(passage: Passage, features: NDArray[np.float32]) -> PassageExample:
    text = passage.document.text[passage.chunk.start : passage.chunk.end]
    return PassageExample(-1, "", (text,), np.full(1, STRANGE, np.int8), features)


def fold_text(text: str) -> str:
    """A text in small letters with single spaces, for comparing."""
    return " ".join(text.split()).lower()


def is_evidence(sentence: str, gold: Sequence[str]) -> bool:
    """Whether a sentence holds one of the folded evidence texts, or is a good part of one."""
    folded = fold_text(sentence)
    return any(text in folded or (len(folded) > _SHORT and folded in text) for text in gold)
