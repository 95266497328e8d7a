"""Large initials, which hang over several lines, put back to the word that they begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from qa.readers.pdf_page import Word

__all__ = ["with_initials"]

_LARGER = 1.9
"""How many times larger than the text's type an initial is at least."""
_MOST = 20
"""On a page."""
_NEAR = 1.2
"""Between an initial and its line, in heights of the text's type."""
_WORDS = frozenset("AIYOEU\u00c0\u00c9")
"""Letters that are words by themselves in some language."""


def with_initials(words: Sequence[Word]) -> list[Word]:
    """The words of a page, a large single letter being the first one of the word at its right.

    That word stands at the letter's top, and its type tells the size and line of both. A letter
    that can be a word becomes a word of that line, for whether it is one cannot be told.
    """
    found = list(words)
    usual = median(word.size for word in words) if words else 0.0
    initials = [
        word
        for word in words
        if len(word.text) == 1 and word.text.isupper() and word.size >= _LARGER * usual
    ]
    for initial in initials if len(initials) <= _MOST else ():
        at = min(
            (i for i, word in enumerate(found) if _begins(initial, word)),
            key=lambda i: found[i].baseline,
            default=None,
        )
        if at is None:
            continue
        word = found[at]
        if initial.text in _WORDS:
            place = found.index(initial)
            found[place] = replace(initial, baseline=word.baseline, size=word.size)
        else:
            both = initial.joined(word, initial.text + word.text)
            found[at] = replace(both, baseline=word.baseline, size=word.size, top=word.top)
            found.remove(initial)
    return found


def _begins(initial: Word, word: Word) -> bool:
    size = word.size
    if initial.size < _LARGER * size or not word.text[0].isalpha() or word.text[0].isupper():
        return False
    below = word.bottom < initial.bottom - 0.5 * size
    at_top = abs(word.top - initial.top) < 0.8 * size
    return below and at_top and -0.2 * size <= word.left - initial.right <= _NEAR * size
