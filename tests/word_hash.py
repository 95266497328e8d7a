"""An embedder whose numbers can be worked out by hand: no model, no randomness."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

import numpy as np

from qa.types import Vectors

__all__ = ["WordHashEmbedder", "axis_of"]

_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_DIMENSION = 1024


def axis_of(word: str) -> int:
    """The coordinate that counts a word; 0 is kept for texts without any."""
    digest = hashlib.sha256(word.casefold().encode()).digest()
    return 1 + int.from_bytes(digest[:4], "big") % (_DIMENSION - 1)


class WordHashEmbedder:
    """Counts words: the similarity of two texts is the cosine of their word counts.

    "red green" and "red blue" share one of two words each, so their product is 1/2.
    """

    def __init__(self, max_tokens: int = 256, name: str = "word-hash") -> None:
        self.max_tokens = max_tokens
        self._name = name

    @property
    def identity(self) -> dict[str, str]:
        return {"model": self._name, "sha256": "", "backend": "none"}

    @property
    def engine(self) -> dict[str, str]:
        return {}

    @property
    def dimension(self) -> int:
        return _DIMENSION

    def encode(self, texts: Sequence[str]) -> Vectors:
        made = np.zeros((len(texts), _DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            for axis in [axis_of(word) for word in _WORD.findall(text)] or [0]:
                made[row, axis] += 1
        return made / np.linalg.norm(made, axis=1, keepdims=True).astype(np.float32)

    def encode_alone(self, texts: Sequence[str]) -> Iterator[Vectors]:
        for begin in range(0, len(texts), 7):
            yield self.encode(texts[begin : begin + 7])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(_TOKEN.findall(text)) for text in texts]

    def is_common(self, word: str) -> bool:
        """Every word is: a name that is in no list is not guessed from its shape."""
        return True
