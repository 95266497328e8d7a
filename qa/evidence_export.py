"""A trained reader → the files that `qa.evidence_session` runs, compared before they are used."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from qa.errors import ModelError
from qa.evidence_session import OnnxEvidence
from qa.exported import ENCODER, TOKENIZER, Exported, find_or_make
from qa.exporting import export_encoder
from qa.packing import FEATURES
from qa.reader_weights import sha256_of
from qa.torch_packages import torch_packages

__all__ = ["TOLERANCE", "evidence_for", "export_reader"]

TOLERANCE = 1e-3
"""By how much a sentence's logit may differ from torch's. It is 1e-5 for the bundled reader; a
logit that is off by 0.001 is a probability that is off by 0.00025 at most."""
_INPUTS = ("input_ids", "token_type_ids")
"""Without a mask: rows run alone, so there is no padding."""
_TRIED = (
    ("How long do I have to lie down?", "Ear drops. After the drops"),
    ("¿Puedo comer antes?", ""),
    ("a", "[SEP] 10³ mg/kg \u200b \U0001f600"),
    ("zzz " * 200, "Title. " * 50),
)
"""Questions and headings that are read with `_SENTENCES`: usual, foreign, hostile, too long."""
_SENTENCES = (
    "Lie on your side for ten minutes.",
    "- Call us if your hearing stays dull: 555-0100.",
    "",
    "Do not eat for six hours before the treatment, unless your doctor said otherwise. " * 20,
    "This one is cut off.",
)


def export_reader(weights: Path, models: Path) -> Exported:
    """The exported form of a trained file; made in the folder `models` where it is not there yet,
    by torch. Raises ModelError where it cannot be, or gives other logits."""
    key = f"{sha256_of(weights)[:16]}-reader-fp32"
    what = f"The trained reader {weights}"
    return find_or_make(models, key, lambda folder: _export(weights, folder), what)


def evidence_for(weights: Path, models: Path) -> OnnxEvidence:
    """A trained file as it serves. Raises ModelError as `export_reader` does."""
    return OnnxEvidence(export_reader(weights, models), weights)


def _export(weights: Path, folder: Path) -> Mapping[str, Any]:
    """Writes encoder and tokenizer; gives what `OnnxEvidence` needs to know."""
    with torch_packages(f"The trained reader {weights}"):
        from qa.evidence_model import EvidenceModel, bundled_tokenizer  # noqa: PLC0415

        model, tokenizer = EvidenceModel(weights), bundled_tokenizer()
    network = model.network
    try:
        export_encoder(network.encoder, folder / ENCODER, _INPUTS)
        tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))
    except OSError:  # such as a full disk: `find_or_make` tells of it
        raise
    except Exception as error:  # the libraries raise whatever their parts raise
        raise ModelError(
            f"The trained reader {weights} cannot be exported ({type(error).__name__}: {error}). "
            'Set `backend = "torch"` under [embedding] in qa.toml.'
        ) from error
    record = {
        "reader": {
            "sha256": sha256_of(weights),
            "cls": tokenizer.cls_token_id,
            "sep": tokenizer.sep_token_id,
        }
    }
    _compare(model, OnnxEvidence(Exported(folder, record), weights), weights)
    return record


def _compare(known: Any, made: OnnxEvidence, weights: Path) -> None:
    """Raises ModelError where a logit is another."""
    features = np.linspace(0, 1, len(_SENTENCES) * FEATURES, dtype=np.float32)
    features = features.reshape(len(_SENTENCES), FEATURES)
    off = 0.0
    for question, context in _TRIED:
        packed = made.packed(question, context, _SENTENCES, features)
        off = max(off, float(np.abs(known.logits([packed]) - made.logits(packed)).max()))
    if not off <= TOLERANCE:
        raise ModelError(
            f"The trained reader {weights} gives other logits once it is exported (off by "
            f'{off:.2g}), so it is not used so. Set `backend = "torch"` under [embedding] in '
            "qa.toml."
        )
