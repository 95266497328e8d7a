"""Encoders written as ONNX files: once, at build, by torch. Serving reads the file without torch.

`sentence-transformers` has an ONNX backend of its own. It needs the package optimum-onnx, which
holds transformers back by a major version and pads, pools and copies through torch; so the encoder
that sentence-transformers loads is exported here, and what the file gives is compared with what
sentence-transformers gives before it is ever used (`qa.exported`).
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = ["INPUTS", "export_encoder"]

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
"""All that an encoder may take, in the order of its arguments."""
_EXAMPLE = ([101, 2003, 2023, 102], [101, 2003, 102, 0])


def export_encoder(
    encoder: Any, path: Path, inputs: Sequence[str], *, eight_bits: bool = False
) -> None:
    """Writes a transformers encoder's last hidden state as a function of `inputs`.

    Rows and lengths are free. With `eight_bits` weights are kept as whole numbers of 8 bits (7 of
    which are used, so that no processor's sums overflow) with a scale for each column, and
    activations are rounded so while it runs. Raises whatever torch or ONNX Runtime raise.
    """
    import torch
    from torch import nn

    class Encoder(nn.Module):
        """Takes `inputs` in order, and gives one tensor."""

        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            given = dict(zip(inputs, tensors, strict=True))
            found: torch.Tensor = self.encoder(**given).last_hidden_state
            return found

    # The plain form of attention: the other one guards against rows without any token, at a cost.
    encoder.set_attn_implementation("eager")
    ids = torch.tensor(_EXAMPLE)
    examples = {"input_ids": ids, "attention_mask": (ids > 0).long(), "token_type_ids": ids * 0}
    rows, length = torch.export.Dim("rows", min=1), torch.export.Dim("length", min=2, max=512)
    target = path.with_suffix(".full.onnx") if eight_bits else path
    with warnings.catch_warnings(), _quiet():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Encoder().eval(),
            tuple(examples[name] for name in inputs),
            target,
            dynamo=True,
            input_names=list(inputs),
            output_names=["last_hidden_state"],
            dynamic_shapes=(tuple({0: rows, 1: length} for _ in inputs),),
            external_data=False,
            verbose=False,
        )
        if eight_bits:
            _quantise(target, path)
            target.unlink()
    _without_traces(path)


def _without_traces(path: Path) -> None:
    """Takes out what the exporter notes of its own work: file names and lines of this machine.

    Nothing computes with it, and without it the same weights and libraries make the same file
    wherever they are installed.
    """
    import onnx

    model = onnx.load(path)
    graph = model.graph
    parts = (graph.node, graph.input, graph.output, graph.initializer, graph.value_info)
    for one in (model, graph, *(one for part in parts for one in part)):
        one.ClearField("metadata_props")
        one.ClearField("doc_string")
    path.write_bytes(model.SerializeToString(deterministic=True))


def _quantise(source: Path, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        source, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
    )


class _quiet:  # noqa: N801 - used as a word within `with`
    """Keeps the exporters' remarks from the screen of whoever builds."""

    def __enter__(self) -> None:
        self._before = logging.root.manager.disable
        logging.disable(logging.ERROR)

    def __exit__(self, *_: object) -> None:
        logging.disable(self._before)
