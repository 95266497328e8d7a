"""Footnotes: small print at the foot of a column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.readers.pdf_page import Rule
from qa.readers.pdf_paragraphs import Paragraph

__all__ = ["notes_begin"]

_SMALLER = 0.93
_MARK = re.compile(
    r"(?:[\u00b9\u00b2\u00b3\u2070-\u2079*\u2020\u2021\u00a7]|\[\d+\]|\d{1,3}(?!\d)[.)]?\s)"
)


def notes_begin(paragraphs: Sequence[Paragraph], rules: Sequence[Rule], body: float) -> int:
    """The index from which on a column's paragraphs are footnotes; their number if none are.

    Footnotes are the last paragraphs, in smaller type than the document's, and begin with a mark
    or below a ruled line.
    """
    begin = len(paragraphs)
    while begin and paragraphs[begin - 1].size <= _SMALLER * body:
        begin -= 1
    if begin in (0, len(paragraphs)):
        # A column of nothing but small print, such as notes below two columns, has its marks.
        marked = begin < len(paragraphs) and all(_MARK.match(p.text) for p in paragraphs)
        return 0 if marked else len(paragraphs)
    for index in range(begin, len(paragraphs)):
        if _MARK.match(paragraphs[index].text) or _is_below_rule(paragraphs[index], rules):
            return index
    return len(paragraphs)


def _is_below_rule(paragraph: Paragraph, rules: Sequence[Rule]) -> bool:
    first = paragraph.lines[0]
    return any(
        rule.level
        and 0 <= first.top - rule.top <= 2.5 * first.size
        and rule.left <= first.right
        and rule.right >= first.left
        for rule in rules
    )
