"""Evidence worked out by hand in two dimensions."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from qa.chunking import chunk_document
from qa.corpus import make_document
from qa.document import BlockKind, Chunk, Sentence
from qa.reader import ReaderWeights, SimilarityReader
from qa.types import Evidence, Passage, Vectors
from tests.word_hash import WordHashEmbedder

QUESTION = "one zebra"


def vector(*values: float) -> Vectors:
    return np.array(values, dtype=np.float32)


def words(text: str) -> list[str]:
    return text.lower().replace(".", " ").split()


@pytest.fixture
def passage() -> Passage:
    document = make_document("x.md", b"One thing. Another thing.")
    [chunk] = chunk_document(document, WordHashEmbedder().count_tokens)
    return Passage(document, chunk, vector(0.8, 0.6), np.stack([vector(0, 1), vector(-1, 0)]))


def read(
    passages: list[Passage], *weights: float, at: tuple[float, float] = (0, 1)
) -> list[Evidence]:
    reader = SimilarityReader(words, ReaderWeights(*weights) if weights else None)
    return reader.read(QUESTION, vector(*at), passages)


def test_similarity_without_what_the_passages_share(passage: Passage) -> None:
    # The sentences' mean is (-1/2, 1/2). Without its direction they are (1/2, 1/2) and
    # (-1/2, -1/2), the chunk is (0.7, 0.7) and the question (1/2, 1/2). The mean with the
    # similarities as they are is taken, and is at least 0.
    [by_sentence] = read([passage], 1, 0, 0)
    assert by_sentence.sentences == pytest.approx((1, 0))
    [by_chunk] = read([passage], 0, 1, 0)
    assert by_chunk.sentences == pytest.approx((0.8, 0.8))  # as it is: 0.6
    [even] = read([passage], 0.5, 0.5, 0)
    assert even.sentences == pytest.approx((0.9, 0.4))


def test_plain_similarity_tells_topic_and_answerability(passage: Passage) -> None:
    [found] = read([passage], 1, 0, 0)
    # Plain: two parts the sentence's own cosine, 1 and 0, one part the chunk's, 0.6.
    assert found.on_topic == pytest.approx(2.6 / 3)
    assert found.answerable == pytest.approx((2.6 / 3 + 1) / 2)


def test_terms_count_by_their_rarity(passage: Passage) -> None:
    [found] = read([passage], 0, 0, 1)
    # "one" is in one of two sentences, "zebra" in none.
    one, zebra = math.log(1 + 1.5 / 1.5), math.log(1 + 2.5 / 0.5)
    assert found.sentences == pytest.approx((one / (one + zebra), 0))


def test_a_heading_lends_its_terms(passage: Passage) -> None:
    document = make_document("x.md", b"# Zebra\n\nOne thing. Another thing.")
    [chunk] = chunk_document(document, WordHashEmbedder().count_tokens)
    [found] = read([replace(passage, document=document, chunk=chunk)], 0, 0, 1)
    one, zebra = math.log(1 + 1.5 / 1.5), math.log(1 + 0.5 / 2.5)
    assert found.sentences == pytest.approx((1, zebra / (one + zebra)))


def test_what_is_kept_of_passages_is_bounded_by_their_length() -> None:
    """A sentence without an end belongs to each of the chunks that hold a part of it."""
    text = "one " + "more " * 300_000 + "thing."
    document = make_document("x.md", text.encode())
    sentence = Sentence(0, len(text), BlockKind.PARAGRAPH, 0)
    reader = SimilarityReader(words)
    for start in range(0, 1_000, 100):
        chunk = Chunk(document.id, start, start + 100, 0, (sentence,))
        one = Passage(document, chunk, vector(0, 1), vector(0, 1).reshape(1, 2))
        reader.read(QUESTION, vector(0, 1), [one])
    assert len(reader._terms) == 2


def test_nothing_leaves_0_to_1(passage: Passage) -> None:
    rounded = replace(
        passage, vector=vector(0, 1.0001), sentence_vectors=np.stack([vector(0, 1.0001)] * 2)
    )
    alike = replace(passage, sentence_vectors=np.zeros((2, 2), dtype=np.float32))
    for passages in ([passage], [rounded], [alike], [passage, rounded, alike]):
        for at in ((0, 1), (0, -1), (1, 0), (0, 0)):
            for found in read(passages, at=at):
                values = (*found.sentences, found.answerable, found.on_topic)
                assert all(0 <= value <= 1 for value in values)


def test_one_evidence_a_passage_in_order(passage: Passage) -> None:
    document = make_document("y.md", b"Only this.")
    [chunk] = chunk_document(document, WordHashEmbedder().count_tokens)
    other = Passage(document, chunk, vector(1, 0), np.stack([vector(1, 0)]))
    first, second = read([passage, other])
    assert (len(first.sentences), len(second.sentences)) == (2, 1)
    swapped = read([other, passage])
    assert swapped[0].sentences == pytest.approx(second.sentences)
    assert swapped[1].sentences == pytest.approx(first.sentences)
    assert read([]) == []


def test_the_weights_are_shares() -> None:
    weights = ReaderWeights()
    assert weights.sentence + weights.chunk + weights.terms == pytest.approx(1)
