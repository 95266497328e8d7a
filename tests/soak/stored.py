"""The documents' texts as the generations hold them, not as the server has them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from qa.errors import QuotewellError
from qa.generation import open_generation
from qa.publishing import generations, pointer_to

__all__ = ["StoredTexts"]

_TOLD = 16
"""Hexadecimal digits of a text's hash that links to quotes carry."""


@dataclass(slots=True)
class StoredTexts:
    """Texts by generation, and by the hash that a link names; those of removed generations stay."""

    index: Path
    _of: dict[tuple[str, str], str] = field(default_factory=dict)
    _hashed: dict[tuple[str, str], str] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def learn(self) -> None:
        """Reads the generations that are there and were not read before.

        One that is damaged is passed over, as whoever serves does.
        """
        with self._lock:
            for name in set(generations(self.index)) - self._known:
                try:
                    pointer = pointer_to(self.index, name)
                    documents = open_generation(pointer.folder, name, pointer).documents
                except QuotewellError:
                    continue
                for document in documents:
                    whole = document.text
                    self._of[name, document.id] = whole
                    self._hashed[document.id, document.sha256[:_TOLD]] = whole
                self._known.add(name)

    def slice_of(self, generation: str, document_id: str, start: int, end: int) -> str | None:
        """The characters there; None where the generation or the document is not known."""
        if generation not in self._known:  # a build may be done and served before it was learnt
            self.learn()
        whole = self._of.get((generation, document_id))
        return None if whole is None else whole[start:end]

    def slice_by_hash(self, document_id: str, sha256: str, start: int, end: int) -> str | None:
        """The same for a link, which names the text by the first digits of its hash."""
        if (document_id, sha256) not in self._hashed:  # as above
            self.learn()
        whole = self._hashed.get((document_id, sha256))
        return None if whole is None else whole[start:end]
