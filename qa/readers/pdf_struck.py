"""Words of a PDF that are struck out, by a drawn line or by a viewer's strike-out mark."""

from __future__ import annotations

import ctypes
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pypdfium2 import raw

from qa.readers.pdf_page import Area, Rule, Word

__all__ = ["strike_marks", "with_struck"]

_HEIGHT = 0.15, 0.5
"""Above the baseline, in heights of type, a line that strikes out runs: an underline is lower."""
_COVERED = 0.6
"""Of a word's width."""
_BEYOND = 0.6
"""Heights of type by which such a line may reach beyond its words: a ruled one reaches farther."""
_MOST_MARKS = 2_000
_MOST_RULES = 4_000
"""On a page; one with more is a drawing."""


def with_struck(words: Sequence[Word], rules: Sequence[Rule]) -> list[Word]:
    """The words, with a note on those through which a line runs that ends where they do."""
    ordered = sorted(words, key=lambda word: word.baseline)
    baselines = [word.baseline for word in ordered]
    largest = max((word.size for word in words), default=0.0)
    struck: set[int] = set()
    level = [rule for rule in rules if rule.level]
    for rule in level if len(level) <= _MOST_RULES else ():
        begin = bisect_left(baselines, rule.top)
        end = bisect_right(baselines, rule.top + largest)
        crossed = [word for word in ordered[begin:end] if _crosses(rule, word)]
        if not crossed:
            continue
        room = _BEYOND * max(word.size for word in crossed)
        left, right = min(word.left for word in crossed), max(word.right for word in crossed)
        if left - room <= rule.left and rule.right <= right + room:
            struck.update(id(word) for word in crossed)
    return [replace(word, struck=True) if id(word) in struck else word for word in words]


def _crosses(rule: Rule, word: Word) -> bool:
    lowest, highest = _HEIGHT
    if not lowest * word.size <= word.baseline - rule.top <= highest * word.size:
        return False
    shared = min(rule.right, word.right) - max(rule.left, word.left)
    return shared >= _COVERED * (word.right - word.left)


def strike_marks(page: Any) -> list[Area]:
    """The middle of each stretch of text that a strike-out mark of a raw page crosses.

    Left, bottom, right and top on the PDF's own page, as those of a drawn line.
    """
    found: list[Area] = []
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_MARKS)):
        mark = raw.FPDFPage_GetAnnot(page, index)
        if not mark:
            continue
        if raw.FPDFAnnot_GetSubtype(mark) == raw.FPDF_ANNOT_STRIKEOUT:
            found += _stretches(mark)
        raw.FPDFPage_CloseAnnot(mark)
    return found


def _stretches(mark: Any) -> list[Area]:
    found: list[Area] = []
    quad = raw.FS_QUADPOINTSF()
    for index in range(min(raw.FPDFAnnot_CountAttachmentPoints(mark), _MOST_MARKS)):
        if raw.FPDFAnnot_GetAttachmentPoints(mark, index, ctypes.byref(quad)):
            across = quad.x1, quad.x2, quad.x3, quad.x4
            up = quad.y1, quad.y2, quad.y3, quad.y4
            left, bottom, right, top = min(across), min(up), max(across), max(up)
            if right - left >= top - bottom:
                middle = bottom + 0.45 * (top - bottom)
                found.append((left, middle, right, middle))
            else:
                middle = (left + right) / 2
                found.append((middle, bottom, middle, top))
    return found
