"""The bundled embedding model as the program runs it, exported once for all tests."""

from __future__ import annotations

from pathlib import Path

from qa.embedding import BUNDLED, Embedder
from qa.embedding_export import embedder_for

EXPORTED = Path(__file__).resolve().parents[1] / "build" / "models"
"""Not committed; kept from run to run, since it takes ten seconds to make."""


def bundled_embedder() -> Embedder:
    """The bundled model, by ONNX Runtime."""
    return embedder_for(BUNDLED, "onnx", EXPORTED)
