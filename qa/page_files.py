"""What showing a document's pages needs: the file itself, and where each word stands on its page.

    pages/<SHA-256 of the file>.pdf   the file as it was read; the suffix is the file's own
    pages/<SHA-256 of the file>.npy   int32 (words, 6): see `qa.readers.draft.WordBox`

Only documents that have pages have them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.array_file import mapped
from qa.document import Document

__all__ = ["Boxes", "link_pages", "page_file", "read_boxes", "write_pages"]

Boxes = NDArray[np.int32]
_FOLDER = "pages"


def page_file(folder: Path, document: Document) -> Path:
    """Where the file of a document with pages lies in a generation's folder."""
    return folder / _FOLDER / f"{document.source_sha256}{Path(document.id).suffix.lower()}"


def write_pages(
    folder: Path, document: Document, data: bytes, boxes: Sequence[Sequence[int]]
) -> None:
    """Writes both files of a document with pages. Raises OSError where that cannot be.

    Files that are there already belong to a document of the same bytes and stay as they are: they
    may be those of an older generation (`link_pages`), which nobody writes to.
    """
    path = page_file(folder, document)
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_bytes(data)
    if not path.with_suffix(".npy").exists():
        np.save(path.with_suffix(".npy"), np.array(boxes, dtype=np.int32).reshape(-1, 6))


def link_pages(old: Path, folder: Path, document: Document) -> None:
    """Puts both files of a document with pages from an older generation's folder into a new one's.

    They are hard links, which take no room, or copies where the file system knows no links.
    Raises OSError where that cannot be.
    """
    source, target = page_file(old, document), page_file(folder, document)
    target.parent.mkdir(exist_ok=True)
    for suffix in (source.suffix, ".npy"):
        goal = target.with_suffix(suffix)
        if goal.exists():
            continue  # another document of the same bytes
        try:
            os.link(source.with_suffix(suffix), goal)
        except OSError:
            shutil.copyfile(source.with_suffix(suffix), goal)


def read_boxes(folder: Path, document: Document) -> Boxes:
    """The words' boxes, int32 (words, 6). Raises OSError or ValueError where they are not there."""
    path = page_file(folder, document).with_suffix(".npy")
    boxes: Boxes = mapped(path, np.int32, 6)
    return boxes
