"""sentence-transformers' model → the files that `qa.onnx_embedder` runs, compared before use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from qa.embedding import Embedder, SentenceEmbedder, identify
from qa.errors import ModelError
from qa.exported import ENCODER, TOKENIZER, Exported, find_or_make
from qa.exporting import INPUTS, export_encoder
from qa.onnx_embedder import OnnxEmbedder

__all__ = ["embedder_for"]

TOLERANCE = 1e-5
"""By how much a number of a vector may differ from sentence-transformers'. It is 2e-7 for the
bundled model (`python tests/benchmarks/encoders.py`); similarities are told to three places."""
_TRIED = (
    "Can I drive home after the treatment?",
    "¿Puedo comer antes?",
    "a",
    "",
    "10³ mg/kg — e.g. 0.5\u00a0mg; naïve café, 氯胺酮, \U0001f600 e\u0301 \ufeff\u200b",
    "[CLS] not a token [SEP] <mask> ## ##ing",
    "Do not eat for six hours before your appointment. " * 40,
)
"""Texts whose vectors are compared: short, empty, foreign, hostile, and longer than is read."""


def embedder_for(
    model: str, backend: str, models: Path, *, download: bool = False, threads: int = 0
) -> Embedder:
    """The embedder of the settings' model and backend.

    For `onnx` the model is exported into the folder `models`, unless it is there; for `torch`
    sentence-transformers itself runs it. A model named by its hub name has no hash to be found by,
    so that torch runs it. `threads` share the work, 0 for as many as there are cores. Raises
    ModelError as `SentenceEmbedder` does, or where the export does
    not give the same vectors.
    """
    identity = identify(model, backend)
    if backend != "onnx":
        return SentenceEmbedder(model, backend, download=download, threads=threads or None)
    if not identity["sha256"]:
        raise ModelError(
            f'The model {model} is named by its hub name. `backend = "onnx"` needs a folder: '
            'download it and name the folder, or set `backend = "torch"` under [embedding] in '
            "qa.toml."
        )
    key = f"{identity['sha256'][:16]}-fp32"
    found = find_or_make(models, key, lambda folder: _export(model, folder), f"The model {model}")
    # It is found by its hash, and may have been exported when it lay in another folder.
    embedding = {**found.record["embedding"], "identity": identity}
    return OnnxEmbedder(Exported(found.folder, {**found.record, "embedding": embedding}), threads)


def _export(model: str, folder: Path) -> Mapping[str, Any]:
    """Writes encoder and tokenizer; gives what `OnnxEmbedder` needs to know."""
    known = SentenceEmbedder(model)
    parts = known.parts()
    encoder, tokenizer = parts.encoder, parts.tokenizer
    try:
        inputs = [name for name in tokenizer.model_input_names if name in INPUTS[:2]]
        export_encoder(encoder, folder / ENCODER, inputs)
        tokenizer.backend_tokenizer.save(str(folder / TOKENIZER))
    except OSError:  # such as a full disk: `find_or_make` tells of it
        raise
    except Exception as error:  # the libraries raise whatever their parts raise
        raise ModelError(
            f"The model {model} cannot be exported ({type(error).__name__}: {error}). Set "
            '`backend = "torch"` under [embedding] in qa.toml.'
        ) from error
    record = {
        "embedding": {
            "identity": identify(model, "onnx"),
            "dimension": known.dimension,
            "max_tokens": known.max_tokens,
            "pooling": parts.pooling,
            "padding": int(tokenizer.pad_token_id or 0),
        }
    }
    _compare(known, OnnxEmbedder(Exported(folder, {**record, "files": {ENCODER: ""}})), model)
    return record


def _compare(known: SentenceEmbedder, made: OnnxEmbedder, model: str) -> None:
    """Raises ModelError where vectors or counts of tokens are not the same."""
    off = float(np.abs(known.encode(_TRIED) - made.encode(_TRIED)).max())
    counted = known.count_tokens(_TRIED) == made.count_tokens(_TRIED)
    if not off <= TOLERANCE or not counted:
        raise ModelError(
            f"The model {model} gives other vectors once it is exported (off by {off:.2g}, "
            f"{'same' if counted else 'other'} tokens), so it is not used so. Set "
            '`backend = "torch"` under [embedding] in qa.toml.'
        )
