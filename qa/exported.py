"""Folders of exported models: made once, whole or not at all, and checked when they are used.

index/models/
└── 53aa51172d142c89-fp32/   the first half of the source's hash, and the form
    ├── encoder.onnx
    ├── tokenizer.json
    └── model.json           what it was made of and by, and the SHA-256 of the files beside it
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from qa.errors import ModelError
from qa.room import FULL, free_bytes, spoken_bytes
from qa.strict_json import read_json

__all__ = ["ENCODER", "MODELS", "TOKENIZER", "Exported", "altered", "find_or_make", "read_exported"]

MODELS = "models"
"""The folder within the index where exported models are."""
ENCODER = "encoder.onnx"
TOKENIZER = "tokenizer.json"
_RECORD = "model.json"
_BESIDE = ".exporting-"
"""What the names of folders begin with in which one is made."""
_FORM = 3
"""Raised whenever the files would be made in another way."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One exported model on disk, whole."""

    folder: Path
    record: Mapping[str, Any]
    """What whoever made it noted, and `files`: name → SHA-256."""

    @property
    def encoder(self) -> Path:
        """The ONNX file."""
        return self.folder / ENCODER

    @property
    def tokenizer(self) -> Path:
        """The file of the library `tokenizers`."""
        return self.folder / TOKENIZER

    @property
    def sha256(self) -> str:
        """Of the ONNX file, in hex."""
        return str(self.record["files"][ENCODER])


def read_exported(folder: Path) -> Exported | None:
    """The model in a folder; None where there is none, or it is not whole as it was recorded."""
    try:
        record = read_json((folder / _RECORD).read_bytes())
        if record["form"] != _FORM or record.pop("self") != _hash_of(record):
            return None
        for name, sha256 in record["files"].items():
            if _sha256(folder / name) != sha256:
                return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return Exported(folder, record)


def altered(models: Path) -> list[str]:
    """A sentence for each exported model in the folder `models` that is not as it was recorded.

    Nobody uses such a one: it is made anew when it is next needed.
    """
    folders = sorted(path for path in models.glob("[!.]*") if path.is_dir())
    return [
        f"The exported model {folder} is not as it was recorded in its {_RECORD}, or was made by "
        "another version of Quotewell. It is not used: `qa build` makes it anew."
        for folder in folders
        if read_exported(folder) is None
    ]


def find_or_make(
    models: Path, key: str, make: Callable[[Path], Mapping[str, Any]], what: str
) -> Exported:
    """The exported model of that key in the folder `models`; it is made if it is not there.

    `make` writes the files into a folder and gives what is to be noted of them. Several processes
    may ask at once: one makes it. `what` names the model in errors. Raises ModelError where it
    cannot be made or written.
    """
    folder = models / key
    if found := read_exported(folder):
        return found
    try:
        models.mkdir(parents=True, exist_ok=True)
        with FileLock(models / "export.lock"):
            if found := read_exported(folder):
                return found
            for left in models.glob(f"{_BESIDE}*"):  # by one that was killed: nobody else is here
                shutil.rmtree(left, ignore_errors=True)
            _make(models, folder, make)
    except OSError as error:
        advice = (
            f"Make room on the disk{_free(models)}, or name a folder on another one as `models` "
            "under [embedding] in qa.toml, then run `qa build` again."
            if error.errno in FULL
            else "Run `qa build` once where the folder can be written, or set `backend = "
            '"torch"` under [embedding] in qa.toml.'
        )
        raise ModelError(
            f"{what} cannot be exported to {folder} ({error.strerror or error}). {advice}"
        ) from error
    found = read_exported(folder)
    if found is None:
        raise ModelError(f"{folder} was changed while it was written. Run `qa build` again.")
    return found


def _free(folder: Path) -> str:
    """How much can be written there, in words; empty where that cannot be told."""
    free = free_bytes(folder)
    return "" if free is None else f" ({spoken_bytes(free)} free)"


def _make(models: Path, folder: Path, make: Callable[[Path], Mapping[str, Any]]) -> None:
    """Makes it beside, and puts it in its place; what is there and not whole goes."""
    with tempfile.TemporaryDirectory(dir=models, prefix=_BESIDE) as beside:
        fresh = Path(beside) / "model"
        fresh.mkdir()
        told = dict(make(fresh))
        files = {path.name: _sha256(path) for path in sorted(fresh.iterdir())}
        record = {"form": _FORM, **told, "files": files}
        record["self"] = _hash_of(record)
        (fresh / _RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(fresh, folder)


def _hash_of(record: Mapping[str, Any]) -> str:
    """The SHA-256 of a record itself, in hex: what is noted of a model must be whole, too."""
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
