"""The file of the trained reader: where it is, and that it is the known one.

`qa/data/reader/reader.safetensors` holds a low-rank addition to the bundled model's weights and the
head (`qa.evidence_network`); `training/` made it.
"""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path

from qa.errors import ModelError

__all__ = ["READER_SHA256", "bundled_reader", "sha256_of"]

READER_SHA256 = "ac0ca998b82feabb02a5503f4fe1015748a603f0fb627cbcf358bb2de5a4b0ce"
"""Of `reader.safetensors`; `python -m training` prints this line."""


def bundled_reader() -> Path:
    """The file of the bundled reader. Raises ModelError where it is missing or was altered."""
    path = Path(str(resources.files("qa"))) / "data" / "reader" / "reader.safetensors"
    try:
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(
            f"The trained reader {path} cannot be read ({error.strerror}). Install the program "
            'anew, or set `model = "similarity"` under [reading] in qa.toml.'
        ) from error
    if found != READER_SHA256:
        raise ModelError(
            f"The trained reader {path} was altered (SHA-256 {found}, expected {READER_SHA256}). "
            "It is not used. Install the program anew."
        )
    return path


def sha256_of(weights: Path) -> str:
    """Of a reader's file, in hex. Raises ModelError where there is none."""
    try:
        return hashlib.sha256(weights.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(
            f"The reader {weights} cannot be read ({error.strerror}). Check `model` "
            "under [reading] in qa.toml."
        ) from error
