"""Both layers against danger together: what a message says in words, and what it is like.

Nothing that is done to a question before it is searched for (spelling, follow-ups, length) stands
between a message and this.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import lru_cache

from qa.danger_model import DangerModel, Lead, bundled_danger
from qa.embedding import BUNDLED, Embedder
from qa.query import cleaned
from qa.safety import Assessment, assess, combine, looked_at
from qa.types import Vectors

__all__ = ["DangerDetector"]

_PIECE = 1_000
"""Characters of a long message that are looked at together: what a vector can hold."""

log = logging.getLogger(__name__)


class DangerDetector:
    """Patterns, and the learnt model where the vectors are those it was taught on."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._model = _model_for(embedder)

    def assess(self, text: str) -> Assessment:
        """What danger a text of any length speaks of, the gravest of its pieces; never raises.

        Where no vector is to be had the patterns' finding stands alone.
        """
        text = looked_at(text)
        found = assess(text)
        pieces = list(_pieces(text))
        try:
            vectors = self._embedder.encode([cleaned(piece) for piece in pieces])
            for piece, vector in zip(pieces, vectors, strict=True):
                found = self.with_vector(piece, vector, found)
        except Exception as error:  # its text may hold the message
            log.error("danger was looked for by patterns alone: %s", type(error).__name__)
        return found

    def with_vector(self, text: str, vector: Vectors, by_pattern: Assessment) -> Assessment:
        """The graver of the patterns' finding and the model's, for a text as it was typed.

        `vector` is the text's, float32 (dim,), unit length.
        """
        return combine(by_pattern, self._model.assess(text, vector)) if self._model else by_pattern

    def leads(self, text: str, vector: Vectors) -> tuple[Lead, ...]:
        """How near the model came, or was, to an alarm; nothing where it takes no part."""
        return self._model.leads(text, vector) if self._model else ()


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that end at a blank where there is one."""
    while text.strip():
        end = len(text) if len(text) <= _PIECE else text.rfind(" ", _PIECE // 2, _PIECE) + 1
        yield text[: end or _PIECE]
        text = text[end or _PIECE :]


@lru_cache(maxsize=4)
def _model_for(embedder: Embedder) -> DangerModel | None:
    """The second layer; None for other embedding models than the bundled one, which taught it."""
    return bundled_danger() if embedder.identity.get("model") == BUNDLED else None
