"""The head in NumPy gives the logits that the network gives which was trained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertModel

from qa.errors import ModelError
from qa.evidence_head import UNREAD, EvidenceHead, read_head
from qa.evidence_network import EvidenceNetwork, collate
from qa.packing import MAX_TOKENS, Packed, pack
from qa.reader_weights import bundled_reader

CLS, SEP = 1, 2


@pytest.fixture(scope="module")
def network() -> EvidenceNetwork:
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=50,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=MAX_TOKENS,
    )
    made = EvidenceNetwork(BertModel(config, add_pooling_layer=False))
    for layer in (made.out, made.weight, made.late, made.similar):
        torch.nn.init.normal_(layer.weight)
    return made.eval()


@pytest.fixture(scope="module")
def head(network: EvidenceNetwork, tmp_path_factory: pytest.TempPathFactory) -> EvidenceHead:
    path = tmp_path_factory.mktemp("head") / "reader.safetensors"
    parts = network.state_dict().items()
    save_file({f"head.{n}": t for n, t in parts if not n.startswith("encoder.")}, path)
    return read_head(path)


def packed(question: list[int], sentences: list[list[int]]) -> Packed:
    numbers = np.random.default_rng(len(question))
    features = numbers.uniform(0, 1, (len(sentences), 5)).astype(np.float32)
    return pack(question, [7], sentences, features, CLS, SEP)


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        ([5, 6], [[8, 9], [10]]),
        ([5], [[8]]),
        ([5, 6, 6, 7], [[8, 9], [], [10, 11, 12]]),
        ([], [[8, 9], [10]]),
        ([5] * 300, [[8] * 20, [9] * 30]),
        ([5, 6], [[8] * MAX_TOKENS, [9]]),
    ],
    ids=["usual", "one word", "an empty sentence", "no question", "long", "cut off"],
)
def test_its_logits_are_those_of_the_network(
    network: EvidenceNetwork, head: EvidenceHead, question: list[int], sentences: list[list[int]]
) -> None:
    one = packed(question, sentences)
    batch = collate([one])
    with torch.inference_mode():
        expected = network(batch).numpy()
        hidden = network.encoder(
            input_ids=batch.ids, attention_mask=batch.mask, token_type_ids=batch.types
        ).last_hidden_state[0]
    found = head.logits(hidden.numpy(), one)
    assert found.dtype == np.float32
    assert found == pytest.approx(expected, abs=1e-4)
    assert (found == UNREAD).tolist() == [not (one.place == i).any() for i in range(len(sentences))]


def test_what_is_no_number_is_no_evidence(head: EvidenceHead) -> None:
    one = packed([5, 6], [[8, 9], [10]])
    hidden = np.ones((len(one.place), 32), np.float32)
    assert np.isfinite(head.logits(hidden, one)).all()
    hidden[2, 3] = np.nan
    with pytest.raises(ModelError, match=r"gives what is no number\. Run `qa verify`"):
        head.logits(hidden, one)


def test_a_file_with_other_tensors_says_which(tmp_path: Path) -> None:
    tensors = load_file(bundled_reader())
    tensors["head.more"] = tensors.pop("head.out.weight")
    path = tmp_path / "reader.safetensors"
    save_file(tensors, path)
    with pytest.raises(ValueError, match=r"lacks \['out\.weight'\] and has \['more'\]"):
        read_head(path)
