"""Spelling: words that no document has, but that are one slip away from one that does."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

__all__ = ["Speller", "words_of"]

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 5
"""Letters; shorter words have too many neighbours."""
_SLIPS = 1
"""Letters that are wrong, missing, too many or swapped. Two would turn one drug into another, as
prednisone into prednisolone."""


def words_of(text: str) -> set[str]:
    """The words of a text in small letters."""
    return set(_WORD.findall(text.casefold()))


class Speller:
    """Knows the words of all documents."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._known: set[str] = set()
        for text in texts:
            self._known |= words_of(text)
        self._by_first: dict[str, list[str]] = {}
        for word in sorted(self._known):
            if len(word) >= _SHORTEST:
                self._by_first.setdefault(word[0], []).append(word)

    def meant(self, question: str) -> list[str]:
        """For each misspelt word of the question the word it is a slip away from, if there is one.

        A word that a document has is never taken for another. The first letter is taken as right.
        """
        found: dict[str, None] = {}
        for word in _WORD.findall(question.casefold()):
            if word in self._known or len(word) < _SHORTEST:
                continue
            near = process.extractOne(
                word, self._by_first.get(word[0], []), scorer=OSA.distance, score_cutoff=_SLIPS
            )
            if near:
                found[near[0]] = None
        return list(found)
