"""The numbers that some documents have at the side of their lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from qa.readers.pdf_page import Word

__all__ = ["without_line_numbers"]

_LEAST, _MOST = 4, 150
"""Numbers on a page."""
_STEPS = (1, 2, 5, 10)
_EVEN = 0.15
"""Of their distance: how much two line numbers may be farther apart than others."""
_MID_SENTENCE = 0.4
"""Share of numbered lines that begin with a small letter: items of a list seldom do."""


def without_line_numbers(words: Sequence[Word]) -> list[Word]:
    """The words of a page less the numbers of its lines.

    Those stand one below another at the left of everything, evenly apart, and count up; the lines
    that they stand at begin within sentences, as those of a numbered list do not.
    """
    numbers = _numbers_at_left(words)
    if not _LEAST <= len(numbers) <= _MOST or not _count_up(numbers):
        return list(words)
    firsts = [_beside(number, words) for number in numbers]
    small = sum(first is not None and first.text[0].islower() for first in firsts)
    if small < _MID_SENTENCE * len(numbers):
        return list(words)
    gone = set(map(id, numbers))
    return [word for word in words if id(word) not in gone]


def _numbers_at_left(words: Sequence[Word]) -> list[Word]:
    """The numbers that end left of all other words, from the top down."""
    figures = [word for word in words if word.text.isdecimal() and len(word.text) < 5]
    others = [word.left for word in words if not word.text.isdecimal()]
    numbers = [word for word in figures if word.right <= min(others)] if others else []
    return sorted(numbers, key=lambda word: word.baseline)


def _count_up(numbers: Sequence[Word]) -> bool:
    steps = {int(b.text) - int(a.text) for a, b in pairwise(numbers)}
    rooms = sorted(b.baseline - a.baseline for a, b in pairwise(numbers))
    usual = rooms[len(rooms) // 2]
    even = sum(abs(room - usual) <= _EVEN * usual for room in rooms)
    return len(steps) == 1 and steps <= set(_STEPS) and even >= 0.7 * len(rooms)


def _beside(number: Word, words: Sequence[Word]) -> Word | None:
    """The word that stands next to a number, on its line."""
    line = [
        word
        for word in words
        if word.left > number.right and abs(word.baseline - number.baseline) < 0.4 * word.size
    ]
    return min(line, key=lambda word: word.left, default=None)
