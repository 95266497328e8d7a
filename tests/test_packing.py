"""Token ids of a question with a chunk, and what each belongs to."""

from __future__ import annotations

import numpy as np

from qa.corpus import make_document
from qa.document import Chunk, Sentence
from qa.packing import MAX_TOKENS, Packed, context_of, pack, segments
from qa.types import Passage

CLS, SEP = 1, 2


def packed(sentences: list[list[int]], question: list[int]) -> Packed:
    features = np.zeros((len(sentences), 5), np.float32)
    return pack(question, [7], sentences, features, CLS, SEP)


def test_tokens_and_the_sentence_each_belongs_to() -> None:
    one = packed([[8, 9], [10]], [5, 6])
    assert one.ids.tolist() == [CLS, 5, 6, SEP, 7, SEP, 8, 9, 10, SEP]
    assert one.place.tolist() == [-3, -2, -2, -3, -3, -3, 0, 0, 1, -3]
    assert segments(one).tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 1, 1]


def test_a_question_without_tokens_has_no_place() -> None:
    one = packed([[8]], [])
    assert one.ids.tolist() == [CLS, SEP, 7, SEP, 8, SEP]
    assert not (one.place == -2).any()
    assert segments(one).tolist() == [0, 0, 1, 1, 1, 1]


def test_a_long_question_leaves_room_for_the_passage() -> None:
    one = packed([[8]], [5] * 500)
    assert (one.place == -2).sum() == 96
    assert (one.place == 0).sum() == 1


def test_a_long_passage_is_cut_at_its_end() -> None:
    one = packed([[8] * MAX_TOKENS, [9]], [5])
    assert len(one.ids) == MAX_TOKENS
    assert one.ids[-1] == SEP
    assert not (one.place == 1).any()


def test_title_and_headings_are_read_once_each() -> None:
    text = b"# Ear drops\n\n## After the drops\n\nLie on your side.\n"
    document = make_document("drops.md", text)
    start = document.text.index("Lie")
    sentence = Sentence(start, start + 17, document.blocks[-1].kind, 0)
    vector = np.zeros(2, np.float32)
    section = len(document.sections) - 1
    chunk = Chunk(document.id, start, start + 17, section, (sentence,))
    assert context_of(Passage(document, chunk, vector, vector[None])) == (
        "Ear drops. After the drops"
    )
