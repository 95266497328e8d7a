"""Mentions: whether documents speak of a name at all, whatever its endings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from qa.synonyms import formal_phrases
from qa.unicode_forms import without_accents

__all__ = ["SLACK", "Mentions", "Speaking", "held_in", "known_in", "plain"]

SLACK = 3
"""Words that may stand between those of a name: "cancer of the thyroid" mentions thyroid cancer."""

_EVERY_QUESTION = re.compile(
    "an?|am|and|any|are|at|be|by|can|did|do|does|for|from|gets?|gives?|given|go|goes|have|how|i|if|in"
    "|is|it|its|long|many|me|much|my|of|off|on|one|or|out|so|somebody|take|that|the|there|they|this"
    "|to|up|us|was|what|when|where|which|who|why|will|with|you|your"
)
"""Words that tell nothing of a question's subject."""


class Speaking(Protocol):
    """One document or several, as far as they are asked what they speak of."""

    def has(self, name: str) -> bool:
        """Whether one of them has the words of the name close together; see `Mentions.has`."""


class Mentions:
    """The terms of one document, in order."""

    def __init__(self, text: str, terms_of: Callable[[str], list[str]]) -> None:
        """`terms_of` gives every word of a text as its stem, in order, stop words too."""
        self._terms_of = terms_of
        self._terms = tuple(terms_of(plain(text)))
        self._known = frozenset(self._terms)

    def has(self, name: str) -> bool:
        """Whether the words of the name stand close together, in any order.

        Where one is a letter or a number (hepatitis A, type 2) they must stand as they are named.
        """
        wanted = tuple(self._terms_of(plain(name)))
        if not wanted or not self._known.issuperset(wanted):
            return False
        if len(wanted) == 1:
            return True
        exact = any(len(term) == 1 or term.isdigit() for term in wanted)
        return self._in_row(wanted) or (not exact and self._close(set(wanted)))

    def _in_row(self, wanted: Sequence[str]) -> bool:
        length = len(wanted)
        return any(self._terms[at : at + length] == wanted for at in self._places({wanted[0]}))

    def _close(self, wanted: set[str]) -> bool:
        length = len(wanted) + SLACK
        return any(wanted.issubset(self._terms[at : at + length]) for at in self._places(wanted))

    def _places(self, wanted: set[str]) -> Iterable[int]:
        return (at for at, term in enumerate(self._terms) if term in wanted)


def known_in(
    documents: Sequence[Speaking],
    meant: Callable[[str], list[str]],
    synonyms: Mapping[str, str],
) -> Callable[[str], bool]:
    """Tells of a name whether any of the documents speaks of it.

    One does where it has the name's words, the words they are a slip away from (`meant` gives those
    of a word), or a phrase that the name is a synonym of.
    """

    def mentioned(name: str) -> bool:
        return any(document.has(name) for document in documents)

    def known(name: str) -> bool:
        formal = formal_phrases(synonyms.get(" ".join(name.casefold().split()), ""))
        mended = " ".join((meant(word) or [word])[0] for word in name.split())
        return any(map(mentioned, dict.fromkeys((name, mended, *formal))))

    return known


def held_in(documents: Sequence[Speaking]) -> Callable[[str], bool]:
    """Tells of what somebody says whether any of the documents has the words of it that count.

    A phrase of words that every question has ("how long does it") counts as one they have.
    """

    def held(phrase: str) -> bool:
        telling = " ".join(word for word in phrase.split() if not _EVERY_QUESTION.fullmatch(word))
        return not telling or any(document.has(telling) for document in documents)

    return held


def plain(text: str) -> str:
    """Without accents, which patients leave out."""
    return without_accents(text)
