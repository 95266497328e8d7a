"""A question with a chunk as the evidence network reads them: token ids, and what each belongs to.

[CLS] question [SEP] title and headings [SEP] sentences [SEP]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.chunking import title_and_headings
from qa.types import Passage

__all__ = ["FEATURES", "MAX_TOKENS", "Packed", "context_of", "pack", "segments"]

FEATURES = 5
"""Similarity features of a sentence; `qa.reader.SimilarityReader.features` says which."""
MAX_QUESTION_TOKENS = 96
MAX_CONTEXT_TOKENS = 40
MAX_TOKENS = 384
"""Together; what is longer is cut at its end, and a sentence cut off has no evidence."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Token ids of a question with a chunk, and what each token belongs to."""

    ids: NDArray[np.int32]
    place: NDArray[np.int16]
    """-3 special and context, -2 question, else the sentence's index; (length,)."""
    features: NDArray[np.float32]
    """(sentences, FEATURES)"""


def context_of(passage: Passage) -> str:
    """Title and headings of a passage, as the network reads them."""
    return ". ".join(title_and_headings(passage.document, passage.chunk.section))


def pack(
    question: Sequence[int],
    context: Sequence[int],
    sentences: Sequence[Sequence[int]],
    features: NDArray[np.float32],
    cls: int,
    sep: int,
) -> Packed:
    """Puts token ids (without special ones) together; see the module's docstring for the order."""
    ids = [cls, *question[:MAX_QUESTION_TOKENS], sep]
    place = [-3, *([-2] * (len(ids) - 2)), -3]
    head = [*context[:MAX_CONTEXT_TOKENS], sep]
    ids += head
    place += [-3] * len(head)
    for index, sentence in enumerate(sentences):
        ids += sentence
        place += [index] * len(sentence)
    ids, place = [*ids[: MAX_TOKENS - 1], sep], [*place[: MAX_TOKENS - 1], -3]
    return Packed(np.array(ids, np.int32), np.array(place, np.int16), features)


def segments(packed: Packed) -> NDArray[np.int64]:
    """BERT's two segments, (length,): 0 up to the [SEP] behind the question, 1 from there on."""
    end = int(np.argmax(packed.place[1:] == -3)) + 1
    return (np.arange(len(packed.ids)) > end).astype(np.int64)
