"""Making a sentence stand alone: what must be quoted with it so that its meaning is not lost.

A list item needs its lead-in ("Do not take ketamine if you have:"), a row its table's head, "It"
the sentence before, a sentence the "But ..." or "Do not ..." behind it, and a part of a warning
the mark in front of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.document import BlockKind, Document, Sentence
from qa.limits import limits, points_back
from qa.marked import is_bare_mark, is_marked

__all__ = ["marked_warning", "stand_alone"]

_MAX_LIST_WORDS = 80
"""A list up to this long is quoted whole: who asks for one side effect should see the others. So is
a marked warning."""
_MAX_BACK = 2
"""How many sentences back a chain of "It ... This ..." is followed."""


def stand_alone(document: Document, sentences: Sequence[Sentence], i: int) -> tuple[int, int]:
    """First and last index, both included, of the sentences to quote for sentence `i`.

    `sentences` are all of the document's, in order. The quote never ends just before a sentence of
    the same paragraph that limits it, however many of them follow one another.
    """
    first, last = _unit(document, sentences, i)
    begin, end = _warning_around(document, sentences, i)
    first, last = min(first, begin), max(last, end)
    for _ in range(_MAX_BACK):
        before = _antecedent(document, sentences, first)
        if before == first:
            break
        first = before
    first, _ = _warning_around(document, sentences, first)
    return first, _with_limits(document, sentences, last)


def marked_warning(document: Document, sentences: Sequence[Sentence], i: int) -> tuple[int, int]:
    """First and last index of the warning whose mark sentence `i` begins with.

    It reaches to the end of the paragraph that it opens or, where the mark stands alone or ends
    with a colon, of the paragraph or list behind it; of a long one as many whole sentences as have
    room. Amid a paragraph it is the sentence and its limits.
    """
    if sentences[i].kind is not BlockKind.PARAGRAPH:
        first, last = _unit(document, sentences, i)
        return first, _with_limits(document, sentences, last)
    if i and sentences[i - 1].block == sentences[i].block:
        return i, _with_limits(document, sentences, i)
    last = _block_end(sentences, i)
    if _introduces(document, sentences[last]):
        last = _opened(document, sentences, last)
        if sentences[last].kind is BlockKind.PARAGRAPH:
            last = _block_end(sentences, last)
    last = _within_room(document, sentences, i, i, last)
    return i, _with_limits(document, sentences, last)


def _unit(document: Document, sentences: Sequence[Sentence], i: int) -> tuple[int, int]:
    """A short list whole, a long one up to the item; a row from its head, a lead-in to its list."""
    kind = sentences[i].kind
    if kind is BlockKind.ITEM:
        first = _lead_in(document, sentences, i)
        last = _list_end(document, sentences, i)
        return first, i if _words(document, sentences, first, last) > _MAX_LIST_WORDS else last
    if kind is BlockKind.TABLE_ROW:
        return _table_head(document, sentences, i), i
    return i, i


def _warning_around(document: Document, sentences: Sequence[Sentence], i: int) -> tuple[int, int]:
    """The marked warning that sentence `i` stands in, where it is short; else the sentence."""
    k = i
    while not is_marked(_text(document, sentences[k])):
        if k == 0 or _section(document, sentences[k - 1]) != _section(document, sentences[i]):
            return i, i
        k -= 1
        same = sentences[k].block == sentences[i].block
        if not same and not _introduces(document, sentences[k]):
            return i, i
    first, last = marked_warning(document, sentences, k)
    long = _words(document, sentences, first, last) > _MAX_LIST_WORDS
    return (i, i) if long or last < i else (first, last)


def _with_limits(document: Document, sentences: Sequence[Sentence], last: int) -> int:
    """The last sentence of those behind `last` in its paragraph that limit what was said.

    A limit that opens a list ("Do not take it if you have:") has it with it.
    """
    while True:
        if _introduces(document, sentences[last]):
            last = _opened(document, sentences, last)
        after = last + 1
        if after == len(sentences) or sentences[after].block != sentences[last].block:
            return last
        text = _text(document, sentences[after])
        if not limits(text) and not is_marked(text):
            return last
        last = after


def _opened(document: Document, sentences: Sequence[Sentence], i: int) -> int:
    """The end of the list that sentence `i` introduces; of a long one as many items as have room.

    Where no list follows, the sentence behind the colon.
    """
    end = _list_end(document, sentences, i)
    whole = last = _within_room(document, sentences, i, min(i + 1, end), end)
    while whole > i and _block_end(sentences, whole) != whole:
        whole -= 1
    return whole if whole > i else last  # of one long item, its first sentences


def _within_room(
    document: Document, sentences: Sequence[Sentence], first: int, least: int, most: int
) -> int:
    """From `least` to `most` the last sentence up to which a quote is no longer than a list."""
    while least < most and _words(document, sentences, first, least + 1) <= _MAX_LIST_WORDS:
        least += 1
    return least


def _block_end(sentences: Sequence[Sentence], i: int) -> int:
    while i + 1 < len(sentences) and sentences[i + 1].block == sentences[i].block:
        i += 1
    return i


def _text(document: Document, sentence: Sentence) -> str:
    return document.text[sentence.start : sentence.end]


def _words(document: Document, sentences: Sequence[Sentence], first: int, last: int) -> int:
    return len(document.text[sentences[first].start : sentences[last].end].split())


def _section(document: Document, sentence: Sentence) -> int:
    return document.blocks[sentence.block].section


def _introduces(document: Document, sentence: Sentence) -> bool:
    """Whether what it speaks of comes behind it: it ends with a colon, or only marks a warning."""
    return document.text[sentence.end - 1] == ":" or is_bare_mark(_text(document, sentence))


def _lead_in(document: Document, sentences: Sequence[Sentence], i: int) -> int:
    """The sentence that introduces the list, or the first sentence of the item itself."""
    first = i
    while first > 0 and sentences[first - 1].block == sentences[i].block:
        first -= 1
    k = first
    while k > 0 and sentences[k - 1].kind is BlockKind.ITEM:
        if _section(document, sentences[k - 1]) != _section(document, sentences[i]):
            return first
        k -= 1
        if _introduces(document, sentences[k]):  # an item that introduces items of its own
            return k
    same = k > 0 and _section(document, sentences[k - 1]) == _section(document, sentences[i])
    return k - 1 if same and _introduces(document, sentences[k - 1]) else first


def _table_head(document: Document, sentences: Sequence[Sentence], i: int) -> int:
    k = i
    while k > 0 and sentences[k].kind is BlockKind.TABLE_ROW:
        if _section(document, sentences[k - 1]) != _section(document, sentences[i]):
            return i
        k -= 1
    return k if sentences[k].kind is BlockKind.TABLE_HEAD else i


def _list_end(document: Document, sentences: Sequence[Sentence], i: int) -> int:
    """The last item of the list that sentence `i` introduces or stands in.

    Where no list follows, the sentence behind the colon.
    """
    k = i
    while (
        k + 1 < len(sentences)
        and sentences[k + 1].kind is not BlockKind.PARAGRAPH
        and _section(document, sentences[k + 1]) == _section(document, sentences[i])
    ):
        k += 1
    follows = k == i and k + 1 < len(sentences) and sentences[i].kind is BlockKind.PARAGRAPH
    if follows and _section(document, sentences[k + 1]) == _section(document, sentences[i]):
        return k + 1
    return k


def _antecedent(document: Document, sentences: Sequence[Sentence], first: int) -> int:
    """The sentence before, when this one begins with a word that points back into its section.

    Behind a list that is the list's lead-in, where the list is short enough to be quoted whole.
    """
    if first == 0 or not points_back(_text(document, sentences[first])):
        return first
    before, this = sentences[first - 1], sentences[first]
    if _section(document, before) != _section(document, this):
        return first
    if before.kind is BlockKind.PARAGRAPH or before.block == this.block:
        return first - 1
    if before.kind is BlockKind.ITEM and this.kind is BlockKind.PARAGRAPH:
        begin = _lead_in(document, sentences, first - 1)
        if _words(document, sentences, begin, first - 1) <= _MAX_LIST_WORDS:
            return begin
    return first
