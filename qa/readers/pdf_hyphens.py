"""Words that are broken at the end of a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from enum import Enum

__all__ = ["Break", "Vocabulary"]

_EDGES = re.compile(r"^[^\w]+|[^\w\-\u2010]+$")
_BROKEN = re.compile(r"[^\W\d_][\-\u2010]$")
_BEFORE_AND = frozenset(
    ["and", "or", "to", "y", "o", "e", "u", "a", "und", "oder", "bis", "et", "ou", "à", "as", "but", "nor", "versus", "vs", "plus", "minus"]
)
_PREFIXES = frozenset(
    ["self", "non", "well", "half", "all", "ex", "co", "pre", "post", "anti", "long", "short", "low", "high", "first", "second", "third", "two", "three", "four", "five", "six", "follow", "check", "side", "drug", "dose", "risk", "year", "month", "week", "day", "hour"]
)
"""First halves of words that are written with a hyphen more often than without."""
_LEAST = 4


class Break(Enum):
    """What the end of a line does to the words on both sides of it."""

    BLANK = " "
    KEEP = "-"
    """One word with the hyphen it has."""
    JOIN = ""
    """One word; the hyphen only marked the break."""


class Vocabulary:
    """The words of a document, to tell a hyphen that is written from one that only breaks."""

    def __init__(self, words: Iterable[str]) -> None:
        """`words` are those that no line end breaks."""
        self._seen: Counter[str] = Counter(_core(word) for word in words)

    def at_line_end(self, first: str, second: str, *, soft: bool = False) -> Break:
        """What becomes of the last word of a line and the first of the next.

        A soft hyphen is taken out. Where the first word ends with a hyphen, the form that the
        document has elsewhere decides: with the hyphen or without, the more frequent of both.
        Where it has neither, the hyphen stays before a capital, a figure or a word such as "and",
        behind a first half such as "self-", and between two halves that are words of the document;
        else it is taken out.
        """
        if soft:
            return Break.JOIN
        if not _BROKEN.search(first):
            # "10-" or "24/7-" and a figure: a range that was broken
            ranged = re.search(r"\d[\-\u2010\u2013]$", first) and second[0].isdigit()
            return Break.KEEP if ranged or re.search(r"\w/$", first) else Break.BLANK
        one, other = _core(first[:-1]), _core(second)
        if other in _BEFORE_AND:
            return Break.BLANK
        if not second[0].isalnum():
            return Break.BLANK
        joined = self._seen[one + other]
        written = self._seen[f"{one}-{other}"]
        if joined or written:
            return Break.JOIN if joined > written else Break.KEEP
        if not second[0].islower() and second[0].upper() != second[0].lower():
            return Break.KEEP
        if second[0].isdigit() or "-" in one or one in _PREFIXES:
            return Break.KEEP
        both = self._seen[one] and self._seen[other] and min(len(one), len(other)) >= _LEAST
        return Break.KEEP if both else Break.JOIN


def _core(word: str) -> str:
    """A word without the marks around it, in small letters."""
    return _EDGES.sub("", word).casefold().replace("\u2010", "-")
