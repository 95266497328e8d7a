"""Which reader reads: the one that comes with the program, similarity, or a model that is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from pathlib import Path

from qa.confidence import bundled_confidence
from qa.embedding import BUNDLED as EMBEDDING
from qa.embedding import Embedder
from qa.evidence_export import evidence_for, export_reader
from qa.onnx_embedder import OnnxEmbedder
from qa.reader import ReaderWeights, SimilarityReader
from qa.reader_weights import bundled_reader, sha256_of
from qa.torch_packages import torch_packages
from qa.trained_reader import EvidenceReader, TrainedReader
from qa.types import Reader

__all__ = ["BUNDLED", "SIMILARITY", "Reading", "by_similarity", "reading", "reading_beside"]

BUNDLED = "bundled"
"""What comes with the program."""
_WEIGHTS = ".safetensors"
SIMILARITY = "similarity"
"""Similarity and shared terms alone, without a trained reader."""

Tokenize = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A reader, ready to be made for the terms of an index."""

    identity: dict[str, str]
    """The reader's name, and the SHA-256 of its weights; empty where it has none."""
    make: Callable[[Tokenize], Reader]
    """A reader, from the function that gives a text's terms; the same for the same function, so
    that what it keeps of passages serves every question. Loads a model when first called, and
    raises ModelError where it cannot be."""
    evidence_is_probability: bool = False
    """Whether `Evidence.answerable` is a probability as it is; see `qa.answer.Policy`."""
    prepare: Callable[[], object] = lambda: None
    """Makes the files that serving needs, where there are none yet. Raises ModelError where they
    cannot be made."""

    def __str__(self) -> str:
        sha256 = self.identity["sha256"]
        return self.identity["model"] + (f" (SHA-256 {sha256})" if sha256 else "")


def by_similarity(weights: ReaderWeights | None = None) -> Reading:
    """Reading by similarity; `weights` are for measuring others."""
    make = partial(SimilarityReader, weights=weights)
    return Reading({"model": SIMILARITY, "sha256": ""}, _kept(make))


def reading(
    model: str = BUNDLED,
    *,
    embedding: str = EMBEDDING,
    models: Path | None = None,
    download: bool = False,
) -> Reading:
    """The reader of that name: `bundled`, `similarity`, or a SQuAD2-style model's folder or name.

    A file ending in `.safetensors` is a network as `python -m training` leaves it for each fold, by
    which questions can be asked that it was not trained on.

    Nothing is loaded yet. `embedding` is the model that made the index's vectors: the bundled
    reader was trained with the bundled one, so with another the reader is `similarity` instead.
    `models` is the folder of exported models: trained readers are exported to it, and run without
    torch; where none is given, torch runs them. SQuAD2-style models are always run by torch.
    `download` lets a model named by its hub name be fetched. Raises ModelError where there is no
    such model on this machine.
    """
    if model == SIMILARITY or (model == BUNDLED and embedding != EMBEDDING):
        return by_similarity()
    if model == BUNDLED:
        return _trained(BUNDLED, bundled_reader(), models)
    if model.endswith(_WEIGHTS):
        return _trained(model, Path(model), models)
    # Torch is imported for such a model alone.
    from qa.span_model import SpanModel  # noqa: PLC0415 - imports torch
    from qa.span_reader import SpanReader  # noqa: PLC0415 - imports torch

    spans = SpanModel(model, download=download)
    make = partial(SpanReader, spans)
    return Reading(spans.identity, _kept(make), evidence_is_probability=True)


def reading_beside(embedder: Embedder) -> Reading:
    """The reader that comes with the program, run by what runs the embedder."""
    models = embedder.models if isinstance(embedder, OnnxEmbedder) else None
    return reading(embedding=embedder.identity.get("model", ""), models=models)


def _trained(name: str, weights: Path, models: Path | None) -> Reading:
    sha256 = sha256_of(weights)

    def make(tokenize: Tokenize) -> Reader:
        evidence = _evidence(weights, sha256, models)
        return TrainedReader(evidence, bundled_confidence(), tokenize)

    return Reading(
        {"model": name, "sha256": sha256},
        _kept(make),
        evidence_is_probability=True,
        prepare=lambda: export_reader(weights, models) if models else None,
    )


@cache
def _evidence(weights: Path, sha256: str, models: Path | None) -> EvidenceReader:
    """The network, loaded once for all indexes; `sha256` is that of the file."""
    if models:
        return evidence_for(weights, models)
    with torch_packages(f"The trained reader {weights}"):
        from qa.evidence_model import EvidenceModel  # noqa: PLC0415 - imports torch

        model = EvidenceModel(weights)
        model.load()
    return model


def _kept(make: Callable[[Tokenize], Reader]) -> Callable[[Tokenize], Reader]:
    """The same with the readers of two indexes kept: of the live one and of one beside it."""
    return lru_cache(maxsize=2)(make)
