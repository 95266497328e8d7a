"""Evidence is a weighted cosine, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qa.chunking import chunk_document
from qa.corpus import make_document
from qa.reader import SimilarityReader
from qa.types import Passage, Vectors
from tests.word_hash import WordHashEmbedder


def vector(*values: float) -> Vectors:
    return np.array(values, dtype=np.float32)


@pytest.fixture
def passage() -> Passage:
    document = make_document("x.md", b"One thing. Another thing.")
    [chunk] = chunk_document(document, WordHashEmbedder().count_tokens)
    return Passage(document, chunk, vector(0.8, 0.6), np.stack([vector(0, 1), vector(-1, 0)]))


def test_numbers_worked_out_by_hand(passage: Passage) -> None:
    [even] = SimilarityReader(0.5).read("?", vector(0, 1), [passage])
    # The chunk has 0.6; its sentences 1 and 0.
    assert even.sentences == pytest.approx((0.5 * 1 + 0.5 * 0.6, 0.5 * 0 + 0.5 * 0.6))
    assert even.answerable == pytest.approx(0.8)
    assert even.on_topic == pytest.approx(1.0)
    [own] = SimilarityReader(1.0).read("?", vector(0, 1), [passage])
    assert own.sentences == pytest.approx((1, 0))
    [chunk] = SimilarityReader(0.0).read("?", vector(0, 1), [passage])
    assert chunk.sentences == pytest.approx((0.6, 0.6))
    assert chunk.on_topic == pytest.approx(1.0)


def test_what_points_elsewhere_is_no_evidence(passage: Passage) -> None:
    [found] = SimilarityReader(0.5).read("?", vector(1, 0), [passage])
    assert found.sentences == pytest.approx((0.5 * 0 + 0.5 * 0.8, 0.5 * 0 + 0.5 * 0.8))
    [against] = SimilarityReader().read("?", vector(-0.6, -0.8), [passage])
    assert min(against.sentences) == 0


def test_rounding_never_leaves_0_to_1(passage: Passage) -> None:
    longer = replace(passage, vector=vector(0, 1.0001), sentence_vectors=np.stack([vector(0, 1.0001)] * 2))
    [found] = SimilarityReader().read("?", vector(0, 1), [longer])
    assert (*found.sentences, found.answerable, found.on_topic) == (1, 1, 1, 1)


def test_one_evidence_a_passage_in_order(passage: Passage) -> None:
    other = replace(passage, vector=vector(0, 1))
    both = SimilarityReader().read("?", vector(0, 1), [passage, other])
    assert both == [
        *SimilarityReader().read("?", vector(0, 1), [passage]),
        *SimilarityReader().read("?", vector(0, 1), [other]),
    ]
    assert both[0].sentences[1] < both[1].sentences[1]
    assert SimilarityReader().read("?", vector(0, 1), []) == []
