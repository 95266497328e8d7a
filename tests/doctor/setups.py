"""Settings for the check-up's tests, as plain values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qa.calibration import Fingerprint, fingerprint_of
from qa.doctor.setup import Setup
from qa.generation import Generation
from qa.notices import Line, SafetyTexts
from qa.wording import load_wording

__all__ = ["TEXTS", "setup_of"]

TEXTS = SafetyTexts(
    country="US",
    emergency="911",
    lines=(Line("988 Lifeline", "988"),),
    verified_on="2026-11-01",
    clinic_phone="555 2368",
)


def setup_of(folder: Path, *, texts: SafetyTexts = TEXTS, **more: Any) -> Setup:
    """Settings for `corpus` and `index` in a folder, with sound numbers."""

    def fingerprint(generation: Generation) -> Fingerprint:
        from qa.answer import Policy
        from qa.embedding import identify

        return fingerprint_of(generation, identify("bundled", "onnx"), Policy(), "reader")

    given: dict[str, Any] = {
        "config": None,
        "corpus": folder / "corpus",
        "index": folder / "index",
        "store": folder / "records.sqlite3",
        "texts": lambda: texts,
        "check_wordings": lambda: load_wording("en"),
        "fingerprint": fingerprint,
    }
    return Setup(**given | more)
