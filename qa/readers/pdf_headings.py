"""Which paragraphs of a PDF are headings, told by their type, and of what level."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from qa.readers.pdf_markers import is_sign
from qa.readers.pdf_paragraphs import LARGER, Paragraph

__all__ = ["heading_levels"]

_MOST_LETTERS = 160
_MOST_WORDS = 20
_MOST_LINES = 3
_MOST_DIGITS = 5
"""A number of six digits is one to be called, and must stay quotable."""
_STOP = re.compile(r"[.;,\u2026\u3002][\"'\u201d\u2019)\]]*$")
_SENTENCES = re.compile(r"[.!?] +[A-Z]")
_NUMBER = re.compile(r"^\W*(?:\d+(?:\.\d+)*|[A-Za-z])[.)] +")
_DEEPEST = 6

Look = tuple[float, bool, bool]
"""Height of type, bold, capitals only: the greater, the more outward the heading."""


def heading_levels(flow: Sequence[Paragraph | None]) -> dict[int, int]:
    """For each heading among a document's paragraphs, by its index, its level from 1 to 6.

    `flow` has None where something else stands, such as a table. A heading is short, open-ended,
    and stands out from the text: larger by an eighth, or bold where the text is not, or in
    capitals. What has no text of its own below it is no heading, for headings are not quoted.
    """
    body = _body(flow)
    looks = {
        index: _look(paragraph)
        for index, paragraph in enumerate(flow)
        if paragraph is not None and _stands_out(paragraph, body) and _is_like_heading(flow, index)
    }
    levels = _levels(looks)
    for index in sorted(levels, reverse=True):
        if _is_bare(flow, levels, index):
            del levels[index]
    return levels


def _body(flow: Sequence[Paragraph | None]) -> tuple[float, bool]:
    counted: Counter[tuple[float, bool]] = Counter()
    for paragraph in flow:
        if paragraph is not None:
            counted[round(2 * paragraph.size) / 2, paragraph.bold] += len(paragraph.text)
    return counted.most_common(1)[0][0] if counted else (0.0, False)


def _look(paragraph: Paragraph) -> Look:
    return round(2 * paragraph.size) / 2, paragraph.bold, _is_capitals(paragraph.text)


def _is_capitals(text: str) -> bool:
    return text.isupper() and sum(map(str.isalpha, text)) >= 4


def _stands_out(paragraph: Paragraph, body: tuple[float, bool]) -> bool:
    size, bold = body
    if paragraph.size >= LARGER * size:
        return True
    if paragraph.size < 0.9 * size:
        return False
    return (paragraph.bold and not bold) or _is_capitals(paragraph.text)


def _is_like_heading(flow: Sequence[Paragraph | None], index: int) -> bool:
    paragraph = flow[index]
    if paragraph is None:
        return False
    if len(paragraph.lines) > _MOST_LINES or not _reads_like_heading(paragraph.text):
        return False
    if is_sign(paragraph.lines[0].words[0].text[:1]):
        return False
    after = flow[index + 1] if index + 1 < len(flow) else None
    if paragraph.text.endswith(":"):
        return after is not None and not after.is_item
    if any(_is_beside(paragraph, flow[i]) for i in (index - 1, index + 1) if 0 <= i < len(flow)):
        return False
    # Among its like a numbered line is an item of a list, however bold.
    beside = [flow[i] for i in (index - 1, index + 1) if 0 <= i < len(flow)]
    return not paragraph.is_item or not any(
        other is not None and other.is_item and _look(other) == _look(paragraph) for other in beside
    )


def _is_beside(one: Paragraph, other: Paragraph | None) -> bool:
    """Whether two paragraphs begin on one line, as the names of a table's columns do."""
    if other is None or one.pages[0] != other.pages[0]:
        return False
    return abs(one.lines[0].baseline - other.lines[0].baseline) < 1.0


def _reads_like_heading(text: str) -> bool:
    """Whether a text is short, of words, and no whole sentence."""
    if len(text) > _MOST_LETTERS or len(text.split()) > _MOST_WORDS or text[0].islower():
        return False
    if _STOP.search(text) or _SENTENCES.search(_NUMBER.sub("", text)):
        return False
    digits, letters = sum(map(str.isdigit, text)), sum(map(str.isalpha, text))
    return digits <= _MOST_DIGITS and letters > 1


def _levels(looks: Mapping[int, Look]) -> dict[int, int]:
    ranks = {look: rank for rank, look in enumerate(sorted(set(looks.values()), reverse=True), 1)}
    return {index: min(ranks[look], _DEEPEST) for index, look in looks.items()}


def _is_bare(flow: Sequence[Paragraph | None], levels: Mapping[int, int], index: int) -> bool:
    """Whether nothing stands under a heading before the next one that is not an inner one."""
    after = index + 1
    return after == len(flow) or (after in levels and levels[after] <= levels[index])
