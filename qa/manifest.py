"""What a generation's manifest must have before anything in it is believed."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

__all__ = ["are_texts", "is_manifest"]


def is_manifest(manifest: dict[str, Any]) -> bool:
    """Whether it has all that is taken from it, each of its kind, and names files of its folder
    alone. Raises KeyError or TypeError where something is missing."""
    counts, model, files = manifest["counts"], manifest["model"], manifest["files"]
    sizes = [counts[name] for name in ("documents", "chunks", "sentences")]
    return (
        all(type(size) is int and size >= 0 for size in sizes)
        and are_texts(model)
        and re.fullmatch(r"[0-9]{1,6}", model["dimension"]) is not None
        and are_texts(files)
        and all(map(_is_inside, files))
        and isinstance(manifest["options"]["language"], str)
        and isinstance(manifest["documents"], dict)
    )


def _is_inside(name: str) -> bool:
    """Whether a file's name leads nowhere but into the generation's folder."""
    path = PurePosixPath(name)
    plain = not path.is_absolute() and ".." not in path.parts and not set(name) & set("\\:\0")
    return bool(path.parts) and plain


def are_texts(value: object) -> bool:
    """Whether it is a table of names and texts."""
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
