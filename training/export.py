"""The trained reader as files: its weights, and how they were made."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save

from qa.embedding import BUNDLED_SHA256
from qa.evidence_network import EvidenceNetwork
from qa.publishing import replace_file
from training.blending import blend_head
from training.lowrank import low_rank_tensors
from training.recipe import Recipe

__all__ = ["RECORD", "WEIGHTS", "reader_tensors", "write_record", "write_weights"]

WEIGHTS = "reader.safetensors"
RECORD = "training.json"
_LIBRARIES = (
    "torch",
    "transformers",
    "tokenizers",
    "safetensors",
    "numpy",
    "sentence-transformers",
)


def reader_tensors(network: EvidenceNetwork, blend: float = 0.0) -> dict[str, torch.Tensor]:
    """What `qa.evidence_model` loads: low-rank additions by layer, and `head.NAME`; float16.

    `blend` is how much of similarity is mixed in; see `training.blending`.
    """
    tensors = low_rank_tensors(network.encoder)
    for name, value in network.state_dict().items():
        if not name.startswith("encoder."):
            tensors[f"head.{name}"] = value
    blend_head(tensors, blend)
    return {name: value.to(torch.float16).contiguous() for name, value in tensors.items()}


def write_weights(path: Path, network: EvidenceNetwork, blend: float = 0.0) -> str:
    """Writes the weights, all of them or nothing, and gives the file's SHA-256 in hex.

    Raises ValueError where a number is not finite: a training that went astray is not kept.
    """
    tensors = reader_tensors(network, blend)
    astray = [name for name, value in tensors.items() if not bool(value.isfinite().all())]
    if astray:
        raise ValueError(f"{astray[0]} holds numbers that are not finite; nothing was written")
    data = save(tensors)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, data)
    return hashlib.sha256(data).hexdigest()


def write_record(
    path: Path,
    weights_sha256: str,
    recipe: Recipe,
    sets: Mapping[str, Any],
    held_out: Mapping[str, int],
    folds: Mapping[str, Any],
    steps: int | None,
) -> None:
    """Writes down how the weights were made; `sets` and `folds` by name, as JSON has them.

    `held_out` tells which fold of how many the weights have not seen.
    """
    record = {
        "weights": {"file": WEIGHTS, "sha256": weights_sha256},
        "base_model_sha256": BUNDLED_SHA256,
        "recipe": asdict(recipe),
        "steps_at_most": steps,
        "sets": sets,
        "held_out": dict(held_out),
        "figures_of_held_out_folds": folds,
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in _LIBRARIES},
        "made": datetime.now(UTC).date().isoformat(),
    }
    replace_file(path, (json.dumps(record, indent=2) + "\n").encode())
