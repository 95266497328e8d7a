"""Strangers: sentences written for other questions about the same leaflet, put among its own.

The set `patients` has twins whose answering sentence was written for the question and inserted into
a variant of the leaflet. Such a sentence sounds a little different from the leaflet around it, and
a network finds that out: trained without strangers it learnt "a written sentence is the answer".
It then gave written sentences that answer *another* question logits higher by 3 than it gave the
leaflet's own at equal similarity, and looked excellent on inserted twins (AUROC 0.945) while it was
poor on the twins that had lost an evidence sentence of the leaflet's own (0.70).

So training puts up to two written sentences at random places into the passages, labelled as no
evidence and counted more. How a sentence sounds then gives nothing away, and what it says has to be
read. `training.figures.style_gap` measures what is left of the shortcut.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np

from qa.document import Chunk
from qa.generation import Generation
from qa.types import Passage
from training.asking import Asked
from training.examples import STRANGE, PassageExample, fold_text, is_evidence

__all__ = ["INSERTED", "Strangers", "with_strangers"]

INSERTED = "evidence_inserted"
"""The kind of the questions whose answering sentence was written for them."""
_SEED = 3
_OFFERED = 4
"""Strangers an example carries at most; each passage takes some of them, anew in each epoch."""
_TAKEN = (0, 0, 1, 2)
"""How many a passage takes, each as likely: half of the passages stay as they are."""


class Strangers:
    """The written sentences of a set by leaflet."""

    def __init__(self, generation: Generation, asked: Sequence[Asked]) -> None:
        """`asked` are all questions of the set, not only those examples are made of."""
        self._random = random.Random(_SEED)
        self._pool: dict[str, list[tuple[set[str], Passage]]] = {}
        for one in asked:
            if one.question.kind == INSERTED:
                ids = {one.question.qid, one.question.twin_of or one.question.qid}
                written = _written(generation, one)
                self._pool.setdefault(one.leaflet, []).extend((ids, made) for made in written)

    def of(self, asked: Asked) -> list[Passage]:
        """Up to four passages of one sentence each, none written for the question or its twin."""
        own = {asked.question.qid, asked.question.twin_of}
        others = [made for ids, made in self._pool.get(asked.leaflet, []) if not ids & own]
        return self._random.sample(others, min(_OFFERED, len(others)))


def _written(generation: Generation, asked: Asked) -> list[Passage]:
    """The evidence of a question, each sentence as a passage of its own."""
    gold = [fold_text(text) for gold in asked.question.golds[:1] for text in gold.texts]
    made = []
    for row in generation.rows_of([asked.document]):
        passage = generation.passage(int(row))
        document, chunk = passage.document, passage.chunk
        for at, one in enumerate(chunk.sentences):
            if is_evidence(document.text[one.start : one.end], gold):
                alone = Chunk(document.id, one.start, one.end, chunk.section, (one,))
                vectors = passage.sentence_vectors[at : at + 1]
                made.append(Passage(document, alone, passage.vector, vectors))
    return made


def with_strangers(
    passage: PassageExample, strangers: Sequence[PassageExample], random_: random.Random
) -> PassageExample:
    """The passage with up to two strangers at random places.

    Its own sentences keep their order, labels and features. One that it has already is left out.
    """
    count = random_.choice(_TAKEN)
    sentences, labels = list(passage.sentences), list(passage.labels)
    features = list(passage.features)
    for one in random_.sample(strangers, min(count, len(strangers))):
        if one.sentences[0] in sentences:
            continue
        at = random_.randrange(len(sentences) + 1)
        row = one.features[0].copy()
        row[2:4] = passage.features[0, 2:4]  # similarity of the chunk: it stands in this one now
        sentences.insert(at, one.sentences[0])
        labels.insert(at, np.int8(STRANGE))
        features.insert(at, row)
    return PassageExample(
        passage.row,
        passage.context,
        tuple(sentences),
        np.array(labels, dtype=np.int8),
        np.array(features, dtype=np.float32),
    )
