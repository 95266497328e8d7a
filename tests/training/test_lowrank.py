"""What is trained beside the weights can be added into them."""

from __future__ import annotations

import copy

import pytest
import torch

from qa.embedding import Embedder
from qa.evidence_model import bundled_encoder, merge
from training.lowrank import LowRank, add_low_rank, low_rank_tensors

IDS = torch.tensor([[101, 2064, 1045, 6457, 102, 2562, 1996, 3459, 4318, 102]])


def test_the_addition_merged_equals_the_wrapped_layers(bundled: Embedder) -> None:
    plain, wrapped = bundled_encoder().eval(), bundled_encoder().eval()
    with torch.inference_mode():
        before = plain(IDS).last_hidden_state
    torch.manual_seed(0)
    add_low_rank(wrapped, rank=4, frozen=1)
    with torch.inference_mode():
        assert torch.equal(wrapped(IDS).last_hidden_state, before)  # it begins as the layer itself
    for name, parameter in wrapped.named_parameters():
        assert parameter.requires_grad == (".down." in name or ".up." in name)
        if ".up." in name:
            torch.nn.init.normal_(parameter, std=0.02)
    tensors = low_rank_tensors(wrapped)
    assert len(tensors) == 2 * 6 * 5  # six layers in each of five blocks
    assert not any(name.startswith("encoder.layer.0.") for name in tensors)
    assert tensors["encoder.layer.1.attention.self.query.down"].shape == (4, 384)
    assert tensors["encoder.layer.5.intermediate.dense.up"].shape == (1536, 4)
    merge(plain, tensors)
    with torch.inference_mode():
        merged, apart = plain(IDS).last_hidden_state, wrapped(IDS).last_hidden_state
    assert (apart - before).abs().max() > 0.01
    assert (merged - apart).abs().max() < 1e-5


def test_a_single_layer() -> None:
    torch.manual_seed(0)
    linear = torch.nn.Linear(8, 6)
    wrapped = LowRank(copy.deepcopy(linear), rank=2)
    torch.nn.init.normal_(wrapped.up.weight)
    x = torch.randn(3, 8)
    weight = linear.weight + 2.0 * wrapped.up.weight @ wrapped.down.weight
    assert wrapped(x).detach().numpy() == pytest.approx(
        (x @ weight.T + linear.bias).detach().numpy(), abs=1e-5
    )
