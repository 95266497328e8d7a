"""The network: what belongs to which sentence, and what a sentence's logit depends on."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from qa.evidence_network import EvidenceNetwork, collate
from qa.packing import MAX_TOKENS, Packed, pack

CLS, SEP = 1, 2


def packed(sentences: list[list[int]], question: list[int] | None = None) -> Packed:
    features = np.zeros((len(sentences), 5), np.float32)
    return pack(question or [5, 6], [7], sentences, features, CLS, SEP)


@pytest.fixture(scope="module")
def network() -> EvidenceNetwork:
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=50,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=MAX_TOKENS,
    )
    made = EvidenceNetwork(BertModel(config, add_pooling_layer=False))
    torch.nn.init.normal_(made.out.weight)
    torch.nn.init.normal_(made.late.weight)
    return made.eval()


def logits(network: EvidenceNetwork, *given: Packed) -> list[float]:
    with torch.no_grad():
        return [float(one) for one in network(collate(given))]


def test_a_batch_marks_question_passage_and_padding() -> None:
    batch = collate([packed([[8, 9], [10]]), packed([[11]], [5])])
    assert batch.ids.shape == (2, 10)
    assert batch.mask.sum(1).tolist() == [10, 7]
    assert batch.types[0].tolist() == [0] * 4 + [1] * 6
    assert batch.types[1].tolist() == [0] * 3 + [1] * 4 + [0] * 3
    assert batch.question.sum(1).tolist() == [2, 1]
    assert (batch.count, batch.row.tolist()) == (3, [0, 0, 1])
    assert batch.sentence[1].tolist() == [3, 3, 3, 3, 3, 2, 3, 3, 3, 3]


def test_what_stands_beside_a_passage_in_a_batch_does_not_matter(network: EvidenceNetwork) -> None:
    one, other = packed([[8, 9], [10]]), packed([[11, 12, 13, 14, 15, 16]], [20, 21, 22])
    assert logits(network, one, other) == pytest.approx(
        logits(network, one) + logits(network, other), abs=1e-5
    )


def test_the_question_and_the_sentences_matter(network: EvidenceNetwork) -> None:
    first = logits(network, packed([[8, 9], [10]]))
    assert logits(network, packed([[8, 9], [10]], [6, 7])) != pytest.approx(first, abs=1e-4)
    assert logits(network, packed([[8, 9], [12]]))[1] != pytest.approx(first[1], abs=1e-4)


def test_similarity_is_added_to_what_was_read(network: EvidenceNetwork) -> None:
    plain, similar = packed([[8]]), packed([[8]])
    similar.features[:] = 0.5
    added = float(network.similar.weight.detach().sum()) * 0.5
    assert logits(network, similar)[0] - logits(network, plain)[0] == pytest.approx(added, abs=1e-5)


def test_a_sentence_that_was_cut_off_has_no_evidence(network: EvidenceNetwork) -> None:
    long = packed([[8] * MAX_TOKENS, [9]])
    assert len(long.ids) == MAX_TOKENS
    found = logits(network, long)
    assert found[1] == -20
    assert found[0] > -20
