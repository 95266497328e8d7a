"""Making a sentence stand alone: what must be quoted with it so that its meaning is not lost.

A list item needs its lead-in ("Do not take ketamine if you have:"), a row its table's head, "It"
the sentence before, and a sentence the "But ..." or "Do not ..." behind it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.types import BlockKind, Document, Sentence

__all__ = ["stand_alone"]

_POINTS_BACK = re.compile(
    r"[\"'\u201c\u2018(]*(?:"
    r"(?:it|its|this|these|those|they|them|their|he|she|his|her|such|both)\b"
    r"|some of (?:it|them|these)\b"
    r"|that\b(?! (?:said|way)\b)"
    r"|(?:but|and|or|so|also|then|however|therefore|thus|instead|otherwise|if (?:so|not)"
    r"|for example|for instance|in (?:this|that|these|those) \w+|because of (?:this|that)"
    r"|as a result|yes|no)\b"
    r")",
    re.IGNORECASE,
)
_BINDS_FORWARD = re.compile(
    r"[\"'\u201c\u2018(]*(?:but|however|unless|except|only if|do not|don['\u2019]t"
    r"|never|otherwise)\b",
    re.IGNORECASE,
)
_MAX_LIST_WORDS = 80
"""A list up to this long is quoted whole: who asks for one side effect should see the others."""
_MAX_BACK = 2
"""How many sentences back a chain of "It ... This ..." is followed."""


def stand_alone(document: Document, sentences: Sequence[Sentence], i: int) -> tuple[int, int]:
    """First and last index, both included, of the sentences to quote for sentence `i`.

    `sentences` are all of the document's, in order.
    """
    first = last = i
    kind = sentences[i].kind
    if kind is BlockKind.ITEM:
        first = _lead_in(document, sentences, i)
        last = _list_end(document, sentences, i)
        if _words(document, sentences, first, last) > _MAX_LIST_WORDS:
            last = i
    elif kind is BlockKind.TABLE_ROW:
        first = _table_head(document, sentences, i)
    elif _ends_open(document, sentences[i]):
        last = _list_end(document, sentences, i)
        while last > i + 1 and _words(document, sentences, first, last) > _MAX_LIST_WORDS:
            last -= 1
    for _ in range(_MAX_BACK):
        before = _antecedent(document, sentences, first)
        if before == first:
            break
        first = before
    while (
        last + 1 < len(sentences)
        and sentences[last + 1].block == sentences[last].block
        and _BINDS_FORWARD.match(_text(document, sentences[last + 1]))
    ):
        last += 1
    return first, last


def _text(document: Document, sentence: Sentence) -> str:
    return document.text[sentence.start : sentence.end]


def _words(document: Document, sentences: Sequence[Sentence], first: int, last: int) -> int:
    return len(document.text[sentences[first].start : sentences[last].end].split())


def _section(document: Document, sentence: Sentence) -> int:
    return document.blocks[sentence.block].section


def _ends_open(document: Document, sentence: Sentence) -> bool:
    return document.text[sentence.end - 1] == ":"


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
        if _ends_open(document, sentences[k]):  # an item that introduces items of its own
            return k
    same = k > 0 and _section(document, sentences[k - 1]) == _section(document, sentences[i])
    return k - 1 if same and _ends_open(document, sentences[k - 1]) else first


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
    """The sentence before, when this one begins with a word that points back into its section."""
    if first == 0 or not _POINTS_BACK.match(_text(document, sentences[first])):
        return first
    before, this = sentences[first - 1], sentences[first]
    if _section(document, before) != _section(document, this):
        return first
    return first - 1 if before.kind is BlockKind.PARAGRAPH or before.block == this.block else first
