"""Plain text as people write it: a title, short lines as headings, paragraphs wrapped or not.

The canonical text is the file's own, so that every offset is that of the decoded file. What is
worked out here is only where its blocks lie:

1. lines that were broken by a word wrapper are joined to the line before (`_joins`);
2. the lines that remain are list items, headings (`_looks_like_heading`) or paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from qa.document import BlockKind
from qa.readers.decoding import decode_or_guess
from qa.readers.draft import Draft, DraftBlock
from qa.readers.front_matter import split_front_matter

__all__ = ["read_plain"]

_MARKER = re.compile(
    r"[ \t]*(?:[-*+\u2022\u00b7\u25cf\u25aa\u2013]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]+(?=\S)"
)
_NUMBERED = re.compile(r"[ \t]*\(?\d{1,3}[.)][ \t]+(?=[^\W\d_])")
_HASHES = re.compile(r"[ \t]*#{1,6}[ \t]+(?=\S)")
_RULE = re.compile(r"[ \t]*([-=_*~])[ \t]*(?:\1[ \t]*){2,}$")
_CLOSED = re.compile(r"[.!?:;\u2026\u3002\uff01\uff1f][\"'\u201d\u2019)\]]*$")
_OPEN_FIGURE = re.compile(r"\d[-\u2010\u2013/,]$|[(<>\u2264\u2265\u00b1=]$")
_STOP = re.compile(r"[.!:;,\u2026\u3002][\"'\u201d\u2019)\]]*$")
_MAX_WRAP = 130
"""Lines longer than this were not broken by a word wrapper, but hold a paragraph each."""
_MIN_WRAP = 40
_MAX_HEADING = 90
_MAX_HEADING_WORDS = 14
_MAX_TITLE = 250
_MAX_QUESTION = 220
"""Headings of question-and-answer pages are whole questions."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One or more lines of the file that belong together, with their span in the text."""

    start: int
    end: int
    text: str
    lines: int = 1
    after_blank: bool = True


def read_plain(data: bytes, name: str) -> Draft:
    """Reads plain text; front matter as in Markdown is understood.

    Raises CorpusError where the file's characters cannot be told or its front matter is broken.
    """
    decoded = decode_or_guess(data, name)
    meta, text = split_front_matter(decoded.text, name)
    lines = _join(_split(text))
    blocks = tuple(_classify(lines))
    title = dict(meta).get("title", "")
    if not title and blocks and blocks[0].kind is BlockKind.HEADING:
        title = lines[0].text
    hashes = _HASHES.match(title)
    title = title[hashes.end() :] if hashes else title
    return Draft(title.strip(), text, blocks, meta + decoded.meta)


def _split(text: str) -> list[_Line]:
    """The lines that hold something, ruled lines left out."""
    found: list[_Line] = []
    offset, blank = 0, True
    for raw in text.split("\n"):
        inner = raw.strip()
        if inner and any(letter.isalnum() for letter in inner) and not _RULE.match(raw):
            start = offset + raw.index(inner)
            found.append(_Line(start, start + len(inner), inner, after_blank=blank))
            blank = False
        else:
            blank = True
        offset += len(raw) + 1
    return found


def _join(lines: Sequence[_Line]) -> list[_Line]:
    """Joins each line to the one before it where only a word wrapper parted them."""
    width = _wrap_width(lines)
    groups: list[list[_Line]] = []
    for line in lines:
        if groups and not line.after_blank and _joins(groups[-1][-1].text, line.text, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [
        replace(one[0], end=one[-1].end, text=" ".join(x.text for x in one), lines=len(one))
        for one in groups
    ]


def _wrap_width(lines: Sequence[_Line]) -> int:
    """The width the text was wrapped at, or 0 where its lines are paragraphs of their own."""
    breaks = [
        first.text
        for first, second in pairwise(lines)
        if not second.after_blank and not _MARKER.match(second.text)
    ]
    open_breaks = [
        len(text) for text in breaks if len(text) >= _MIN_WRAP and not _CLOSED.search(text)
    ]
    if not open_breaks or len(open_breaks) < 0.3 * len(breaks) or max(open_breaks) > _MAX_WRAP:
        return 0
    return max(open_breaks)


def _joins(first: str, second: str, width: int) -> bool:
    """Whether `second` goes on with the sentence or paragraph that `first` is a line of."""
    if _MARKER.match(second) or _HASHES.match(first) or _HASHES.match(second):
        return False
    if not _CLOSED.search(first) and (second[0].islower() or _half_said(first, second)):
        return True
    if not width:
        return False
    # A word wrapper breaks a line only when the next word no longer fits.
    broke_for_room = len(first) + 1 + len(second.split(maxsplit=1)[0]) > width
    begins_afresh = bool(_CLOSED.search(first)) and _short_and_open(second)
    return broke_for_room and not (begins_afresh and len(second) < 0.6 * width)


def _half_said(first: str, second: str) -> bool:
    """Whether a line ends within a number or sum, such as a dose "10-" before "20 mg"."""
    return second[0].isdigit() and bool(_OPEN_FIGURE.search(first))


def _short_and_open(text: str) -> bool:
    """Short enough for a heading, with a letter, and not ending as a sentence or lead-in does."""
    if text.endswith("?"):
        return len(text) <= _MAX_QUESTION
    short = len(text) <= _MAX_HEADING and len(text.split()) <= _MAX_HEADING_WORDS
    return short and not _STOP.search(text) and any(letter.isalpha() for letter in text)


def _looks_like_heading(lines: Sequence[_Line], i: int) -> bool:
    """Whether line `i` is a heading: short, open-ended, and with something standing under it."""
    line = lines[i]
    if _HASHES.match(line.text):
        return True
    if line.lines > 1 or i + 1 == len(lines) or line.text[0].islower():
        return False
    if _MARKER.match(line.text) and not _is_numbered_heading(lines, i):
        return False
    return _short_and_open(line.text)


def _is_numbered_heading(lines: Sequence[_Line], i: int) -> bool:
    """ "2. Side effects" with a paragraph below is a heading; among its like it is a list item."""
    if not _NUMBERED.match(lines[i].text):
        return False
    beside = [lines[k].text for k in (i - 1, i + 1) if 0 <= k < len(lines)]
    return not any(_MARKER.match(text) for text in beside)


def _classify(lines: Sequence[_Line]) -> list[DraftBlock]:
    """Gives each line its kind.

    Of three or more heading-like lines on end only the last is a heading: the others are list
    items that were written without bullets. So are heading-like lines behind a lead-in's colon.
    """
    kinds: list[BlockKind] = []
    headings = [_looks_like_heading(lines, i) for i in range(len(lines))]
    i = 0
    while i < len(lines):
        run = i
        while run < len(lines) and headings[run]:
            run += 1
        if run == i:
            kinds.append(_kind_of_text(lines, i, kinds))
            i += 1
            continue
        kinds += _kinds_of_run(lines, i, run)
        i = run
    if lines and _is_title(lines):
        kinds[0] = BlockKind.HEADING
    return [
        _block(line, kind, i == 0) for i, (line, kind) in enumerate(zip(lines, kinds, strict=True))
    ]


def _kinds_of_run(lines: Sequence[_Line], begin: int, end: int) -> list[BlockKind]:
    """The kinds of the heading-like lines from `begin` to `end` that stand on end."""
    members = lines[begin:end]
    after_colon = begin > 0 and lines[begin - 1].text.endswith(":")
    hashed = any(_HASHES.match(line.text) for line in members)
    if hashed or not (after_colon or len(members) > 3 or (begin > 0 and len(members) > 2)):
        return [BlockKind.HEADING] * len(members)
    last = members[-1]
    set_apart = last.after_blank and not all(line.after_blank for line in members)
    heads_next = not after_colon or set_apart or last.text.endswith("?")
    return [BlockKind.ITEM] * (len(members) - 1) + [
        BlockKind.HEADING if heads_next else BlockKind.ITEM
    ]


def _is_title(lines: Sequence[_Line]) -> bool:
    """Whether the first line is a title: one line, without a full stop, with text under it."""
    first = lines[0]
    if first.lines > 1 or len(lines) < 2 or _MARKER.match(first.text) or _STOP.search(first.text):
        return False
    return _short_and_open(first.text) or (lines[1].after_blank and len(first.text) <= _MAX_TITLE)


def _kind_of_text(lines: Sequence[_Line], i: int, kinds: Sequence[BlockKind]) -> BlockKind:
    if _MARKER.match(lines[i].text):
        return BlockKind.ITEM
    follows_item = i > 0 and kinds[-1] is BlockKind.ITEM and not lines[i].after_blank
    unmarked_last = follows_item and _short_and_open(lines[i].text)
    return BlockKind.ITEM if unmarked_last else BlockKind.PARAGRAPH


def _block(line: _Line, kind: BlockKind, first: bool) -> DraftBlock:
    start = line.start
    marker = _HASHES.match(line.text) if kind is BlockKind.HEADING else _MARKER.match(line.text)
    level = 0
    if kind is BlockKind.HEADING:
        level = marker.group().count("#") if marker else 1 if first else 2
    if marker and kind is not BlockKind.PARAGRAPH:
        start += marker.end()
    return DraftBlock(kind, start, line.end, level)
