"""`index/collections.txt`: which collections in Milvus were made for an index, and may be dropped.

Each line is a collection and, behind a tab, the folder of the index that it was made for. So a copy
of an index, made for a trial or a backup, never drops what the first one is searched in: what is
listed for another folder is left in Milvus. An index that was moved leaves its older collections
behind, and says so.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from qa.publishing import replace_file

__all__ = ["LEDGER", "note", "noted", "write"]

LEDGER = "collections.txt"

log = logging.getLogger(__name__)


def noted(index: Path) -> list[str]:
    """The collections that were made for the index in this folder."""
    return [name for name, made_for in _lines(index) if made_for == _place(index)]


def note(index: Path, collection: str) -> None:
    """Notes a collection before it is made, on disk before this returns. Raises OSError."""
    made = noted(index)
    if collection not in made:
        write(index, [*made, collection])


def write(index: Path, collections: Sequence[str]) -> None:
    """Lists these collections of the index and no others. Raises OSError."""
    foreign = [name for name, made_for in _lines(index) if made_for != _place(index)]
    if foreign:
        log.warning(
            "left in Milvus, since they were made for an index in another folder: %s. Drop them "
            "by hand if that index was moved here and not copied",
            ", ".join(foreign),
        )
    told = "".join(f"{one}\t{_place(index)}\n" for one in collections)
    replace_file(index / LEDGER, told.encode("utf-8", "surrogateescape"))


def _place(index: Path) -> str:
    # A folder's name may hold a line's end, where a ledger must not.
    return " ".join(str(index.resolve()).splitlines())


def _lines(index: Path) -> list[tuple[str, str]]:
    try:
        text = (index / LEDGER).read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return []
    lines = (line.partition("\t") for line in text.split("\n") if line)
    return [(name, made_for) for name, _, made_for in lines]
