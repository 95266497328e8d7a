"""The bundled embedding model as the program runs it, exported once for all tests."""

from __future__ import annotations

from pathlib import Path

from qa.embedding import BUNDLED, BUNDLED_SHA256, Embedder
from qa.embedding_export import embedder_for
from qa.exported import Exported, read_exported

EXPORTED = Path(__file__).resolve().parents[1] / "build" / "models"
"""Not committed; kept from run to run, since it takes ten seconds to make."""


def bundled_embedder() -> Embedder:
    """The bundled model, by ONNX Runtime."""
    return embedder_for(BUNDLED, "onnx", EXPORTED)


def exported_bundled() -> Exported:
    """The files that it runs."""
    bundled_embedder()
    found = read_exported(EXPORTED / f"{BUNDLED_SHA256[:16]}-fp32")
    assert found
    return found
