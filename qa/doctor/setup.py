"""What the check-up needs to know of the settings, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qa.calibration import Fingerprint
from qa.chunking import BuildOptions
from qa.generation import Generation
from qa.notices import SafetyTexts

__all__ = ["Setup"]


@dataclass(frozen=True, slots=True)
class Setup:
    """The settings that hold, and what is made of them when it is looked at.

    The functions raise QuotewellError where what they give is not to be had.
    """

    config: Path | None
    corpus: Path
    index: Path
    store: Path
    """The file of feedback and logged questions."""
    texts: Callable[[], SafetyTexts]
    """The numbers and notices."""
    check_wordings: Callable[[], object]
    """Loads the catalogue of each of the page's languages."""
    fingerprint: Callable[[Generation], Fingerprint]
    """What answers depend on now."""
    require_vectors: Callable[[Generation], object] = lambda _generation: None
    """Raises VectorStoreError unless the vectors of a generation can be searched where the settings
    say."""
    options: BuildOptions = field(default_factory=BuildOptions)
    embedding: str = "bundled"
    backend: str = "onnx"
    reading: str = "bundled"
    models: Path | None = None
    """The folder of exported models, where those are what is run."""
    threshold: float | None = None
    wrong_at_most: float | None = None
    host: str = "127.0.0.1"
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    """Those of the settings, else of the variable FORWARDED_ALLOW_IPS."""
    metrics_from: tuple[str, ...] = ()
    questions_per_minute: int = 60
    languages: tuple[str, ...] = ("en",)
    page_texts: Mapping[str, str] = field(default_factory=dict)
    """Setting's name → what the page says of itself."""
