"""Sentences that say the same with another number: "for 6 hours before", "for 8 hours before".

Two sentences are held against each other where they have nearly all words in common apart from
their numbers. A word on one side in place of another on the other side ("eat", "drink") means that
they speak of two things, as does a condition that only one has, a year, or more than one number
that differs. Documents that do not speak of each other's subject are left apart: two medicines
have two doses.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import Stemmer

from qa.doctor.contradiction_words import CONDITIONS, EMPTY_WORDS, SAME_WORDS, TITLE_WORDS
from qa.doctor.examined import Examined
from qa.doctor.finding import Area, Finding, Severity
from qa.doctor.quantities import HAS_NUMBER, Quantity, quantities_and_words
from qa.document import BlockKind, Sentence

__all__ = ["contradict", "contradictions"]

_WORD = re.compile(r"[^\W\d_]+")
_LEAST_SHARED = 3
"""Words that two sentences must have in common; two are enough where they have no others."""
_SHARED = 0.6
"""Share of the longer sentence's words that both have."""
_OFTEN = 400
"""A word in more sentences than this leads to no pair: rarer ones do."""
_MOST = 3
"""Findings in which one sentence is named: more, and it is a form that many documents fill in."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """A sentence with numbers."""

    quantities: tuple[Quantity, ...]
    words: frozenset[str]


def contradictions(all_examined: Sequence[Examined]) -> Iterator[Finding]:
    """Pairs of sentences, of one document or two, that cannot both be right."""
    claims: list[tuple[_Claim, int, Sentence]] = []
    for number, examined in enumerate(all_examined):
        for sentence in examined.sentences:
            if sentence.kind is BlockKind.TABLE_HEAD:
                continue
            text = examined.text(sentence)
            if not HAS_NUMBER.search(text):
                continue
            claim = _claim(text, examined.language)
            if claim.quantities and len(claim.words) >= 2:
                claims.append((claim, number, sentence))
    subjects = [_subject(one) for one in all_examined]
    spoken = [_all_words(one) for one in all_examined]
    named: Counter[int] = Counter()
    for a, b in _candidates([claim.words for claim, _, _ in claims]):
        (first, i, one), (second, j, other) = claims[a], claims[b]
        if max(named[a], named[b]) >= _MOST or not _contradict(first, second):
            continue
        if i != j and not _same_subject(subjects, spoken, i, j):
            continue
        named[a] += 1
        named[b] += 1
        yield Finding(
            Severity.WARNING,
            Area.TEXT,
            "different_numbers",
            (all_examined[i].place_of(one), all_examined[j].place_of(other)),
            "Two sentences say the same with different numbers, and patients may be quoted either.",
            "Find out which is right and correct the other; if both are, say in each what it is "
            "about.",
        )


def contradict(first: str, second: str, language: str = "en") -> bool:
    """Whether two sentences, taken by themselves, say the same thing with another number."""
    return _contradict(_claim(first, language), _claim(second, language))


def _claim(sentence: str, language: str) -> _Claim:
    quantities, words = quantities_and_words(sentence)
    kept = (_same(word, language) for word in words if word not in EMPTY_WORDS)
    return _Claim(quantities, frozenset(word for word in kept if word))


@cache
def _same(word: str, language: str) -> str:
    """The word that stands for this one and all that mean the same; its stem otherwise."""
    stemmer = _stemmer("spanish" if language == "es" else "english")
    stem: str = stemmer.stemWord(word)
    return SAME_WORDS.get(word) or SAME_WORDS.get(stem) or stem


@cache
def _conditions() -> frozenset[str]:
    """The conditions as they are in a claim."""
    return frozenset(_same(word, language) for word in CONDITIONS for language in ("en", "es"))


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(language)


def _contradict(first: _Claim, second: _Claim) -> bool:
    if len(first.quantities) != len(second.quantities):
        return False
    common = first.words & second.words
    only_first, only_second = first.words - common, second.words - common
    if only_first and only_second:
        return False
    extra = only_first | only_second
    if extra & _conditions() or len(common) < _SHARED * (len(common) + len(extra)):
        return False
    if len(common) < (_LEAST_SHARED if extra else 2):
        return False
    return _one_differs(first.quantities, second.quantities)


def _one_differs(first: Sequence[Quantity], second: Sequence[Quantity]) -> bool:
    """Whether just one quantity differs, and measures the same kind of thing in both."""
    pairs = list(zip(first, second, strict=True))
    if any(a.kind != b.kind for a, b in pairs):
        return False
    different = [a for a, b in pairs if a.differs(b)]
    if [one.kind for one in different] == ["clock", "clock"]:
        return True  # "from 9 am to 5 pm" is one statement
    return len(different) == 1 and different[0].kind != "name"


def _candidates(all_words: Sequence[frozenset[str]]) -> Iterator[tuple[int, int]]:
    """Pairs that may share enough words, found by their rarer words alone.

    Of two sets that share a part s of the larger, one of the rarest (1-s)n+1 words of each is in
    both: the prefix filter of Bayardo and others ("Scaling up all pairs similarity search",
    WWW 2007).
    """
    count = Counter(word for words in all_words for word in words)
    holding: dict[str, list[int]] = {}
    for number, words in enumerate(all_words):
        ordered = sorted(words, key=lambda word: (count[word], word))
        prefix = ordered[: len(ordered) - math.ceil(_SHARED * len(ordered)) + 1]
        met: set[int] = set()
        for word in prefix:
            earlier = holding.setdefault(word, [])
            if len(earlier) < _OFTEN:
                met.update(earlier)
                earlier.append(number)
        yield from ((other, number) for other in sorted(met))


def _subject(examined: Examined) -> frozenset[str]:
    """The words of a title that say what a document is about."""
    _, words = quantities_and_words(examined.document.title)
    kept = (word for word in words if word not in EMPTY_WORDS | TITLE_WORDS)
    return frozenset(_same(word, examined.language) for word in kept)


def _all_words(examined: Examined) -> frozenset[str]:
    text = f"{examined.document.title} {examined.document.text}".lower()
    return frozenset(_same(word, examined.language) for word in set(_WORD.findall(text)))


def _same_subject(
    subjects: Sequence[frozenset[str]], spoken: Sequence[frozenset[str]], i: int, j: int
) -> bool:
    """Whether one of two documents speaks of what the other is about, or does not say what."""
    if not subjects[i] or not subjects[j]:
        return True
    return bool(subjects[i] & spoken[j] or subjects[j] & spoken[i])
