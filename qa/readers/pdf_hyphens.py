"""Words that are broken at the end of a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from enum import Enum

__all__ = ["Break", "Vocabulary"]

_EDGES = re.compile(r"^[^\w]+|[^\w\-\u2010]+$")
_BROKEN = re.compile(r"[^\W\d_][\-\u2010]$")
_AND = re.compile(r"and|or|to|y|o|e|u|a|und|oder|bis|et|ou|as|but|nor")
"""Behind "short-" in "short- and long-term"."""
_PREFIX = re.compile(
    r"self|non|not|well|half|all|ex|co|pre|post|anti|long|short|low|high|first|second|third|two|three"
    r"|four|five|six|follow|check|side|drug|dose|risk|year|month|week|day|hour|[a-z]"
)
"""First halves of words that are written with a hyphen more often than without."""
_SUFFIX = re.compile(r"free|based|containing|related|induced|like|term|old|up|in|out|to")
"""Second halves of such words."""
_ADDRESS = re.compile(r"@|www\.|//|\w\.[a-z]")
"""In addresses of pages and of mail a hyphen is part of the address."""
_RANGE = re.compile(r"\d[\-\u2010\u2013]$")
_OPEN_END = re.compile(r"\w[/@]$")
_WITHOUT_BLANKS = re.compile("[\u3001-\u30ff\u3400-\u9fff\uff01-\uff60]")
"""Chinese and Japanese, which have no blanks between words."""
_LEAST = 4
"""Letters of each half, for "out-come" is no word, though "out" and "come" are."""


class Break(Enum):
    """What the end of a line does to the words on both sides of it."""

    BLANK = " "
    KEEP = "-"
    """As it is, without a blank: one word with the hyphen it has."""
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
        document has elsewhere decides, the more frequent of both.
        Where it has neither, the hyphen stays before a capital, a figure or a word such as "and",
        behind a first half such as "self-" or one letter, before a second half such as "free", in
        an address, and between two halves that are words of the document; else it is taken out.
        """
        if soft:
            return Break.JOIN
        if _WITHOUT_BLANKS.match(first[-1]) and _WITHOUT_BLANKS.match(second[0]):
            return Break.KEEP
        if not _BROKEN.search(first):
            ranged = _RANGE.search(first) and second[0].isdigit()
            return Break.KEEP if ranged or _OPEN_END.search(first) else Break.BLANK
        if not second[0].isalnum() or _AND.fullmatch(_core(second)):
            return Break.BLANK
        return Break.KEEP if self._is_written(_core(first[:-1]), second) else Break.JOIN

    def _is_written(self, first: str, second: str) -> bool:
        """Whether a hyphen between two halves belongs to their word."""
        other = _core(second)
        joined, written = self._seen[first + other], self._seen[f"{first}-{other}"]
        if joined or written:
            return written >= joined
        if second[0].isdigit() or second[0] != second[0].lower():
            return True
        if "-" in first or "-" in other or _ADDRESS.search(first) or _ADDRESS.search(other):
            return True
        if _PREFIX.fullmatch(first) or _SUFFIX.fullmatch(other):
            return True
        are_words = self._seen[first] and self._seen[other]
        return bool(are_words) and min(len(first), len(other)) >= _LEAST


def _core(word: str) -> str:
    """A word without the marks around it, in small letters."""
    return _EDGES.sub("", word).casefold().replace("\u2010", "-")
