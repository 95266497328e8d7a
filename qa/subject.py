"""Subjects: whether a question is about an illness, procedure or drug that no document names.

"Does metformin cause this?", asked of a leaflet on asthma, is answered by nothing in it, however
alike a passage on another drug may be. Lay words, slips and place names are missing from documents
as well, so a missing word alone says nothing. A word names a subject where the lexicon has it,
where it has the shape of a drug's or an illness's name and is no everyday word, or where it stands
before "disease", "syndrome" and the like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.lexicon import Lexicon, Word, bundled_lexicon, looks_like_name, words_in

__all__ = [
    "NamedSubject",
    "foreign_name",
    "foreign_subject",
    "named_subjects",
    "possible_name",
    "subject_match",
]

Says = Callable[[str], bool]

_HEAD = re.compile(
    "disease|syndrome|palsy|disorder|dystrophy|tumou?r|malformation|virus|dementia|encephalitis"
    "|sarcoma|lymphoma|ataxia"
)
"""Words that are a name together with an unusual one before them."""
_TOGETHER = re.compile(
    r"(?:\W+\w+){0,2}\W+(?:with|and|while (?:on|taking)|alongside|on top of)"
    r"\W+(?:(?:my|the|a|taking|having) )?",
    re.IGNORECASE,
)
"""What stands between two subjects that are asked about together."""
_PLACE_OF_A_NAME = re.compile(
    r"\b(?P<before>of|on|with|take|takes|taking|is|are|does|do|can|from|for|about|using|use|called)"
    r" (?P<name>[^\W\d_]{5,})\b",
    re.IGNORECASE,
)
_BEFORE_PEOPLE = ("with", "from", "for", "about", "called")
"""What stands before names of people as well: a word with a capital is passed over there."""
_GAP = re.compile(r"[ \n,./'\u2019\u2010-\u2013-]{1,3}")
"""What may part the words of a name: "hand, foot and mouth", "C. diff", "Guillain-Barre"."""
_SENTENCE_END = re.compile(r"[.?!\n]")


@dataclass(frozen=True, slots=True)
class NamedSubject:
    """A subject that a question names, as it is written there."""

    text: str
    start: int
    known: bool
    """Whether the documents speak of it, under this name or another."""


def foreign_subject(
    question: str, is_known: Says, is_common: Says, lexicon: Lexicon | None = None
) -> str:
    """The subject of a question that no document speaks of, as the patient wrote it.

    Empty where the question names none, or names one as well that the documents speak of, unless it
    asks about the two together.
    `is_known` tells of a name whether the searched documents speak of it, `is_common` of a word
    whether it is everyday English. `lexicon` is the bundled one unless another is given.
    """
    found = foreign_name(question, is_known, is_common, lexicon)
    return found.text if found else ""


def foreign_name(
    question: str, is_known: Says, is_common: Says, lexicon: Lexicon | None = None
) -> NamedSubject | None:
    """The same with its place in the question; None where there is none."""
    named = named_subjects(question, is_known, is_common, lexicon)
    if any(one.known for one in named):
        return _joined(question, named)
    return _asked_of(question, named) if named else None


def possible_name(question: str, is_known: Says, is_common: Says) -> NamedSubject | None:
    """A word that may be a name nobody has heard of, for a question that is refused anyway.

    One of five letters or more that is neither everyday English nor in any document, and stands
    where names stand: "of Zyrlanta", "is zyrlanta", "Does Zyrlanta". Guessing so freely would
    refuse far too many questions that the documents answer.
    """
    for found in _PLACE_OF_A_NAME.finditer(question):
        word = found["name"]
        capital = word[0].isupper() and found["before"].casefold() in _BEFORE_PEOPLE
        if not capital and not is_common(word.casefold()) and not is_known(word):
            return NamedSubject(word, found.start("name"), known=False)
    return None


def subject_match(
    question: str, is_known: Says, is_common: Says, lexicon: Lexicon | None = None
) -> float:
    """The share of the subjects a question names that the documents speak of; 0.5 of none."""
    named = named_subjects(question, is_known, is_common, lexicon)
    return sum(one.known for one in named) / len(named) if named else 0.5


def named_subjects(
    question: str, is_known: Says, is_common: Says, lexicon: Lexicon | None = None
) -> list[NamedSubject]:
    """The subjects that a question names, in order; see `foreign_subject`."""
    lexicon = lexicon or bundled_lexicon()
    words = words_in(question)
    # What is no everyday word may be a slip of a name.
    folded = [w.folded if is_common(w.folded) else lexicon.meant(w.folded) for w in words]
    found, at = [], 0
    while at < len(words):
        length, names = _in_lexicon(question, words, folded, at, lexicon)
        if not length:
            length = _by_shape(question, words, at, lexicon, is_known, is_common)
        if length:
            start, end = words[at].start, words[at + length - 1].end
            text = _without_possessive(question[start:end])
            # Of a name that is only guessed the unusual word alone will do.
            known = any(is_known(name) for name in (text, *(names or (words[at].text,))))
            found.append(NamedSubject(text, start, known))
        at += length or 1
    return found


def _in_lexicon(
    question: str, words: Sequence[Word], folded: Sequence[str], at: int, lexicon: Lexicon
) -> tuple[int, tuple[str, ...]]:
    """Words of the longest name that begins at `at`, and all names of its subjects."""
    for length in range(min(lexicon.longest, len(words) - at), 0, -1):
        name = tuple(folded[at : at + length])
        if name not in lexicon.by_name:
            continue
        if length == 1 and name[0] in lexicon.capitals and not words[at].text.isupper():
            continue
        ends = zip(words[at : at + length - 1], words[at + 1 : at + length], strict=True)
        if all(_GAP.fullmatch(question[one.end : other.start]) for one, other in ends):
            return length, lexicon.names_of(name)
    return 0, ()


def _by_shape(
    question: str,
    words: Sequence[Word],
    at: int,
    lexicon: Lexicon,
    is_known: Says,
    is_common: Says,
) -> int:
    """Words of a name that the lexicon lacks and that begins at `at`; 0 where none does."""
    word = words[at]
    if not word.folded.isalpha() or word.folded in lexicon.everyday:
        return 0
    common = is_common(word.folded)
    before = question[: word.start].rstrip()
    capital = word.text[0].isupper() and bool(before) and before[-1] not in ".?!"
    if at + 1 < len(words) and _HEAD.fullmatch(words[at + 1].folded) and len(word.folded) >= 4:
        return 2 if (capital or not common) else 0
    if common:
        return 0
    if capital and is_known(word.text):  # a proper name or a short form that the documents have
        return 1
    return int(looks_like_name(word.folded))


def _joined(question: str, named: Sequence[NamedSubject]) -> NamedSubject | None:
    """The subject that no document speaks of, where it is asked about together with one they do:
    "is lamotrigine safe with ketamine", "ketamine and epilepsy"."""
    for one, other in pairwise(named):
        between = question[one.start + len(one.text) : other.start]
        if one.known != other.known and _TOGETHER.fullmatch(between):
            return other if one.known else one
    return None


def _without_possessive(text: str) -> str:
    return re.sub(r"['\u2019]s$", "", text)


def _asked_of(question: str, named: Sequence[NamedSubject]) -> NamedSubject:
    """Of several subjects the one in a sentence that ends in a question mark, else the first."""
    past = 0
    for one in named:
        if one.start < past:
            continue  # in the same sentence as one before
        mark = _SENTENCE_END.search(question, one.start)
        if not mark:
            break
        if mark[0] == "?":
            return one
        past = mark.end()
    return named[0]
