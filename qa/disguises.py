"""Words of danger behind what hides them: run together, starred, unseen signs between, turned.

Who writes so may be careful of filters that other sites have, or in haste. Each function finds
words of `danger_patterns.DISGUISED` only, so that other words stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from qa.danger_patterns import BESIDE, DISGUISED

__all__ = ["readings", "starred", "taken_apart"]

_SHORTEST = 8
"""Letters: "selfharm" is the shortest that is taken apart; shorter ones hold other words too often,
as "diet" and "item" do."""
_LONGEST = 40
_WORDS = DISGUISED | BESIDE
_LONGEST_WORD = max(map(len, _WORDS))
_TURNING = re.compile("[\u202e\u2067\u202b]")
_NO_WIDTH = "\u115f\u1160\u3164\uffa0"


def readings(text: str) -> Iterator[str]:
    """The message, and what else it may look like: with blanks where it has signs that are not
    seen, and backwards where a sign turns it around. Of most messages there is one reading."""
    yield text
    parted = "".join(" " if _is_unseen(c) else c for c in text)
    if parted != text:
        yield parted
    if _TURNING.search(text):
        yield parted[::-1]


def _is_unseen(c: str) -> bool:
    if c.isascii():
        return c < " " and not c.isspace()
    return c in _NO_WIDTH or unicodedata.category(c) in ("Cf", "Cc", "Mn", "Me")


def taken_apart(word: str) -> str:
    """The words that a word of small letters is made of, "i want to die" of "iwanttodie"; the word
    itself where they are not all known, or none of them is of danger."""
    if not (_SHORTEST <= len(word) <= _LONGEST and word.isalpha()):
        return word
    found: list[list[str] | None] = [[], *[None] * len(word)]  # the fewest words up to each letter
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST_WORD), end):
            before, last = found[start], word[start:end]
            best = found[end]
            if before is not None and last in _WORDS and (not best or len(before) + 1 < len(best)):
                found[end] = [*before, last]
    words = found[-1]
    if words is None or DISGUISED.isdisjoint(words):
        return word
    return " ".join(words)


def starred(word: str) -> str:
    """The word of danger in which stars stand for letters, as in "s*icide" and "su**ide", of which
    half at least and the first are there; else the word itself."""
    stars = word.count("*")
    if not stars or word[0] == "*" or stars * 2 > len(word):
        return word
    wanted = re.compile(re.escape(word).replace(r"\*", "[a-z]"))
    return next((one for one in sorted(DISGUISED) if wanted.fullmatch(one)), word)
