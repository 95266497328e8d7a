"""Refused topics: what patients ask about in vain, told without telling what anybody asked.

Grouped are the questions of the log, which are redacted and deleted after some days. What leaves
this module are groups of five or more different questions: a word of a group only where five of
them have it, or the beginning that its forms share where five have one of these; a count only where
it is five or more, and months in place of days, of which only those in which five were asked
(k-anonymity with k = 5; L. Sweeney, 2002). Nothing is written anywhere: no question, no vector, no
group.

The log knows no persons. The same words count once, however often they were sent, in whatever order
and with a slip or two; somebody who puts one question in five ways can still make a group alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

import numpy as np

from qa.document import Document, Section
from qa.lexical import Tokenizer
from qa.question_log import LoggedQuestion
from qa.types import Vectors

__all__ = [
    "FEWEST",
    "LIKE",
    "MOST",
    "RefusedTopics",
    "Topic",
    "grouped",
    "likeness_vectors",
    "refused_topics",
    "stem_vectors",
]

FEWEST = 5
"""Different questions that a group, a word and a count must have to be shown."""
LIKE = 0.2
"""Mean likeness between two groups from which on they are one: chosen on set a of
`tests/benchmarks/topics.py`, which says how well it does on both."""
_STEMS = 0.7
"""Weight of stems beside meaning (1), chosen there too."""
MOST = 2_000
"""Different questions that are grouped, the newest: time and memory grow with their square."""
_WORDS = 6
"""Words of a label."""
_BEGIN = 3
"""Letters that several forms of a word must begin with to be told together."""
_SLIPS = 2
"""Slips (OSA distance of the letters) up to which two questions count as one."""
_LONG = 6
"""Letters of a word from which on there may be two slips in it."""
_TELLING = 3
"""Words besides small ones from which on two questions with the same ones count as one, whatever
their order and the small ones."""
_REASONS = {
    "off_corpus": "not about the documents",
    "not_answered": "on the subject, but not answered",
    "wrong_subject": "about something that no document speaks of",
    "advice": "asked for personal advice",
}
"""Why a question was refused that has a topic; one that was too long or empty has none."""

Encode = Callable[[Sequence[str]], Vectors]
Nearest = Callable[[str, Vectors], tuple[Document, Section] | None]
"""Words and a vector of unit length, float32 (dim,) → the section that comes nearest."""

_LITTLE = (
    "about after am an any anything been before can could did do does doing for from get give got "
    "had has have having he her him his how if im in into is it its just like long me much my no "
    "not of off on or our out she should so some take than that their them they this to too us was "
    "we were what when where which who why will with would you your"
)
_SAY_LITTLE = frozenset(_LITTLE.split())
"""Words that tell nothing of a subject."""
_PLACEHOLDER = re.compile(r"\[[a-z-]+\]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_TYPED = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Topic:
    """A group that is large enough to be shown."""

    words: tuple[str, ...]
    """Words that five or more different questions of it have, most shared first; may be empty."""
    count: int
    """Different questions."""
    first: str
    """The earliest month with five or more of them, as 2026-11; empty where no month has so
    many."""
    last: str
    """The latest such month."""
    reason: str
    """Why they were refused, where five or more were for one reason; else "for several reasons"."""
    document: Document | None
    """The one that holds the nearest section; None where there are no documents."""
    section: Section | None


@dataclass(frozen=True, slots=True)
class RefusedTopics:
    """What can be told of the refused questions of a log."""

    topics: tuple[Topic, ...]
    """Most asked first."""
    further: int
    """Different questions in groups that are too small to be shown; 0 where under five."""
    few_further: bool
    """Whether there are such, but under five."""
    left_out: int
    """Different questions that were not grouped, since `MOST` newer ones were."""


@dataclass(slots=True)
class _Asked:
    """All refusals with the same words."""

    question: str
    days: list[date]
    reasons: set[str]


def refused_topics(
    logged: Iterable[LoggedQuestion],
    usual: Sequence[str],
    encode: Encode,
    is_word: Callable[[str], bool],
    nearest: Nearest,
) -> RefusedTopics:
    """Groups the refused questions of a log.

    `usual` are questions such as patients ask, as for `likeness_vectors`; `encode` gives vectors of
    unit length; `is_word` tells of a word in small letters whether it may
    be shown at all: everyday English, a medical term or a word of the documents, and so no name
    that redaction has missed.
    """
    every = _different(logged)
    asked = _without_near_copies(every[-MOST:])
    if not asked:
        return RefusedTopics((), 0, False, 0)
    questions = [one.question for one in asked]
    meanings = encode(questions)
    groups: dict[int, list[int]] = {}
    for at, group in enumerate(grouped(_beside_stems(questions, meanings, usual, encode), LIKE)):
        groups.setdefault(group, []).append(at)
    large = [members for members in groups.values() if len(members) >= FEWEST]
    topics = [
        _topic([asked[at] for at in members], meanings[members], is_word, nearest)
        for members in large
    ]
    topics.sort(key=lambda one: (-one.count, one.words))
    rest = len(asked) - sum(one.count for one in topics)
    shown = rest if rest >= FEWEST else 0
    return RefusedTopics(tuple(topics), shown, 0 < rest < FEWEST, max(0, len(every) - MOST))


def likeness_vectors(questions: Sequence[str], usual: Sequence[str], encode: Encode) -> Vectors:
    """Vectors whose cosine says how far questions are about one thing; float32, of unit length.

    Half of it is meaning, less what all questions here share: the mean of `usual`, such as golden
    questions, is taken off. Else whatever names the documents' subject would be alike. The other
    half is stems, weighted by how few of the questions have them (idf).
    """
    return _beside_stems(questions, encode(questions), usual, encode)


def _beside_stems(
    questions: Sequence[str], meanings: Vectors, usual: Sequence[str], encode: Encode
) -> Vectors:
    shared = encode(usual).mean(axis=0) if usual else np.zeros(meanings.shape[1], np.float32)
    return _unit(np.hstack([_unit(meanings - shared), _STEMS * stem_vectors(questions)]))


def stem_vectors(texts: Sequence[str]) -> Vectors:
    """Stems of texts weighted by how few of them have each; float32, of unit length or zero."""
    tokenize = Tokenizer()
    terms = [set(tokenize(text)) for text in texts]
    column = {name: at for at, name in enumerate(sorted(set().union(*terms)))}
    found = np.zeros((len(texts), max(1, len(column))), dtype=np.float32)
    for row, names in enumerate(terms):
        found[row, [column[name] for name in names]] = 1
    idf = np.log(len(texts) / np.maximum(1, found.sum(axis=0))) + 1
    return _unit((found * idf).astype(np.float32))


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = (vectors / np.maximum(1e-9, lengths)).astype(np.float32)
    return unit


def grouped(vectors: Vectors, like: float) -> list[int]:
    """The number of each row's group, by agglomerative clustering with average linkage.

    Two groups become one while the mean cosine between their members is `like` or more (UPGMA;
    Sokal and Michener, 1958). `vectors` are float32 (n, dim), of unit length.
    """
    if len(vectors) < 2:
        return [1] * len(vectors)
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415 - it takes a while

    at = np.triu_indices(len(vectors), 1)
    distances = np.clip(1.0 - (vectors @ vectors.T)[at], 0.0, 2.0)
    return [int(one) for one in fcluster(linkage(distances, "average"), 1.0 - like, "distance")]


def _different(logged: Iterable[LoggedQuestion]) -> list[_Asked]:
    """Refused questions with different words, the one that was last asked last."""
    found: dict[str, _Asked] = {}
    for one in sorted(logged, key=lambda one: one.day):
        words = " ".join(Tokenizer().every(one.question))
        if one.reason not in _REASONS or not words:
            continue
        known = found.pop(words, _Asked(one.question, [], set()))
        known.days.append(one.day)
        known.reasons.add(one.reason)
        found[words] = known
    return list(found.values())


def _without_near_copies(asked: Sequence[_Asked]) -> list[_Asked]:
    """One of each that say the same; somebody who types a question anew is not several."""
    if len(asked) < 2:
        return list(asked)
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - as scipy, where there is something to do
    from rapidfuzz.process import cdist  # noqa: PLC0415

    tokenize = Tokenizer()
    words = [_TYPED.findall(one.question.casefold()) for one in asked]
    letters = ["".join(one) for one in words]
    slips = cdist(letters, letters, scorer=OSA.distance, score_cutoff=_SLIPS, dtype=np.uint8)
    copy_of = np.arange(len(asked))
    little = frozenset(tokenize.every(_LITTLE))
    first: dict[frozenset[str], int] = {}
    for at, entry in enumerate(asked):
        content = frozenset(tokenize.every(entry.question)) - little
        if len(content) >= _TELLING:
            copy_of[at] = first.setdefault(content, at)
    for one, row in enumerate(slips):
        for other in np.flatnonzero((row <= _SLIPS) & (copy_of != copy_of[one])).tolist():
            if copy_of[other] != copy_of[one] and _is_near(
                words[one], words[other], int(row[other])
            ):
                copy_of[copy_of == copy_of[other]] = copy_of[one]
    made: dict[int, _Asked] = {}
    for which, entry in zip(copy_of.tolist(), asked, strict=True):
        known = made.pop(which, _Asked("", [], set()))
        days, reasons = known.days + entry.days, known.reasons | entry.reasons
        made[which] = _Asked(entry.question, days, reasons)
    return list(made.values())


def _is_near(one: Sequence[str], other: Sequence[str], slips: int) -> bool:
    """Whether slips, which the letters differ by, are all: a short word that differs in more than
    one letter is another word."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    if len(one) != len(other):
        return slips <= 1  # besides words that were joined or parted
    return all(
        OSA.distance(mine, its) <= (1 if len(mine) < _LONG else _SLIPS)
        for mine, its in zip(one, other, strict=True)
        if mine != its
    )


def _topic(
    asked: Sequence[_Asked],
    vectors: Vectors,
    is_word: Callable[[str], bool],
    nearest: Nearest,
) -> Topic:
    words = _shared_words([one.question for one in asked], is_word)
    middle = vectors.mean(axis=0)
    near = nearest(" ".join(words), middle / max(1e-9, float(np.linalg.norm(middle))))
    reasons = Counter(reason for one in asked for reason in one.reasons)
    told = [_REASONS[name] for name, count in reasons.most_common() if count >= FEWEST]
    months = Counter(month for one in asked for month in {f"{day:%Y-%m}" for day in one.days})
    told_months = sorted(month for month, count in months.items() if count >= FEWEST) or [""]
    return Topic(
        words=words,
        count=len(asked),
        first=told_months[0],
        last=told_months[-1],
        reason="; ".join(told) or "for several reasons",
        document=near[0] if near else None,
        section=near[1] if near else None,
    )


def _shared_words(questions: Sequence[str], is_word: Callable[[str], bool]) -> tuple[str, ...]:
    """Words that enough of the questions have; placeholders such as [name] and stop words left out.

    Of a word that enough have, but in several forms, what all these begin with is told: "park…" of
    "park" and "parking". Forms that may not be shown do not count.
    """
    tokenize = Tokenizer()
    having: dict[str, dict[str, set[int]]] = {}
    for at, question in enumerate(questions):
        plain = _PLACEHOLDER.sub(" ", question.casefold())
        for word in set(_WORD.findall(plain)):
            if word not in _SAY_LITTLE and is_word(word) and (terms := tokenize(word)):
                having.setdefault(terms[0], {}).setdefault(word, set()).add(at)
    counted = {stem: len(set().union(*forms.values())) for stem, forms in having.items()}
    stems = sorted(having, key=lambda stem: (-counted[stem], stem))
    told = (_told(having[stem]) for stem in stems if counted[stem] >= FEWEST)
    return tuple(filter(None, told))[:_WORDS]


def _told(forms: Mapping[str, set[int]]) -> str:
    """The form that most have, where enough do, else how all forms begin; empty where they hardly
    begin alike. `forms` are words and which questions have them."""
    most = min(forms, key=lambda form: (-len(forms[form]), form))
    if len(forms[most]) >= FEWEST:
        return most
    # What the first and the last in order begin with, all between them begin with too.
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(min(forms), max(forms), strict=False))
    begin = "".join(letter for letter, _ in pairs)
    return f"{begin}…" if len(begin) >= _BEGIN else ""
