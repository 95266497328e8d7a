"""Low-rank additions to an encoder's linear layers: few numbers to train, and to ship.

After Hu and others, "LoRA: Low-Rank Adaptation of Large Language Models", ICLR 2022. The bundled
weights stay as they are; what is trained is added to them when the reader is loaded
(`qa.evidence_model.merge`).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from qa.evidence_model import SCALE

__all__ = ["LowRank", "add_low_rank", "low_rank_tensors"]


class LowRank(nn.Module):
    """A frozen linear layer with a trained addition of low rank: Wx + SCALE · up(down(x))."""

    def __init__(self, linear: nn.Linear, rank: int) -> None:
        """It begins as the layer itself, since `up` is zero."""
        super().__init__()
        self.linear = linear
        self.down = nn.Linear(linear.in_features, rank, bias=False)
        self.up = nn.Linear(rank, linear.out_features, bias=False)
        nn.init.normal_(self.down.weight, std=1 / rank)
        nn.init.zeros_(self.up.weight)

    def forward(self, x: Tensor) -> Tensor:
        """What the layer gives, and the addition."""
        added: Tensor = self.linear(x) + SCALE * self.up(self.down(x))
        return added


def add_low_rank(encoder: Any, rank: int, frozen: int) -> None:
    """Freezes a BERT encoder and wraps the linear layers of all but its lowest `frozen` layers."""
    for parameter in encoder.parameters():
        parameter.requires_grad_(False)
    for layer in encoder.encoder.layer[frozen:]:
        attention = layer.attention
        for holder, names in (
            (attention.self, ("query", "key", "value")),
            (attention.output, ("dense",)),
            (layer.intermediate, ("dense",)),
            (layer.output, ("dense",)),
        ):
            for name in names:
                setattr(holder, name, LowRank(getattr(holder, name), rank))


def low_rank_tensors(encoder: nn.Module) -> dict[str, torch.Tensor]:
    """The additions by the layer's path in the encoder: `PATH.down` and `PATH.up`."""
    made = {}
    for name, module in encoder.named_modules():
        if isinstance(module, LowRank):
            made[f"{name}.down"] = module.down.weight.detach()
            made[f"{name}.up"] = module.up.weight.detach()
    return made
