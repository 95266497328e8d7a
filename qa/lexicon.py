"""The names of illnesses, procedures and drugs that tell one subject from another.

They are read from `data/subjects.txt`, whose head says how it is written and how it was made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from qa.unicode_forms import without_accents

__all__ = [
    "Lexicon",
    "Word",
    "bundled_lexicon",
    "fold_word",
    "looks_like_name",
    "read_lexicon",
    "words_in",
]

_FILE = Path(__file__).parent / "data" / "subjects.txt"
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_SHORTEST_SLIP = 7
"""Letters; a shorter word has too many neighbours to be taken for a misspelt name."""

_DRUG = (
    "pril|sartan|statin|azole|mycin|micin|cillin|cycline|floxacin|oxetine|azepam|azolam|triptan|olol"
    "|mab|tinib|ciclib|vir|gliptin|gliflozin|glutide|parin|prazole|setron|dronate|caine|barbital"
    "|pidem|dipine|zosin|asone|olone|lukast|terol|tropium|thiazide|profen|coxib|racetam|pentin"
    "|gabalin|apine|idone|piprazole|promazine|triptyline|pramine|phylline|quine|ridone|stigmine"
    "|platin|taxel|rubicin|trexate|prost|dopa|fibrate|grel|xaban|gatran|cept|limus|tidine|zepine"
)
_ILLNESS = (
    "itis|osis|iasis|emia|aemia|oma|pathy|trophy|plegia|algia|penia|sclerosis|megaly|ectasia|uria"
    "|ectomy|oscopy|ostomy|otomy|plasty|rrhea|rrhoea|philia|cele|encephaly|schisis|lysis|dystonia"
)
_SHAPE = re.compile(rf"[^\W\d_]{{3,}}(?:{_DRUG}|{_ILLNESS})")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, with its place; `folded` is what it is compared by."""

    text: str
    folded: str
    start: int
    end: int


def words_in(text: str) -> list[Word]:
    """The words of a text in order; a hyphen parts words."""
    return [Word(m[0], fold_word(m[0]), m.start(), m.end()) for m in _WORD.finditer(text)]


def looks_like_name(word: str) -> bool:
    """Whether a word in small letters has the shape of a drug's or an illness's name."""
    return _SHAPE.fullmatch(word) is not None


def fold_word(word: str) -> str:
    """Small letters without accents, possessive and plural: Crohn's and crohns become crohn."""
    plain = without_accents(word.casefold().replace("\u2019", "'")).removesuffix("'s")
    if len(plain) > 4 and plain.endswith("ies"):
        return plain[:-3] + "y"
    if len(plain) > 3 and plain.endswith("s") and not plain.endswith(("ss", "us", "is")):
        return plain[:-1]
    return plain


@dataclass(frozen=True)
class Lexicon:
    """Subjects and their names."""

    subjects: tuple[tuple[str, ...], ...]
    """The names of each, as they are written."""
    by_name: Mapping[tuple[str, ...], tuple[int, ...]]
    """Folded words of a name → the subjects that have it."""
    capitals: frozenset[str]
    """Folded names of one word that count only where they are written in capitals."""
    everyday: frozenset[str]
    """Folded words that look like a name and are none."""

    @cached_property
    def longest(self) -> int:
        """Words in the longest name."""
        return max(map(len, self.by_name), default=0)

    def names_of(self, name: tuple[str, ...]) -> tuple[str, ...]:
        """All names of the subjects that have this one, as they are written."""
        found = (one for at in self.by_name.get(name, ()) for one in self.subjects[at])
        return tuple(dict.fromkeys(found))

    def meant(self, word: str) -> str:
        """The word of a name that a folded word is, or is one slip away from; itself otherwise."""
        if word in self._words or len(word) < _SHORTEST_SLIP:
            return word
        near = process.extractOne(
            word, self._by_first.get(word[0], ()), scorer=OSA.distance, score_cutoff=1
        )
        return near[0] if near else word

    def has_word(self, word: str) -> bool:
        """Whether a folded word is one of a name's."""
        return word in self._words

    def near(self, word: str) -> set[str]:
        """The words of names that are at most one slip from a folded word, its first letter kept
        or swapped with the second."""
        if len(word) < 2:
            return set()
        first = {word[0], word[1]}
        near = process.extract(
            word,
            [name for letter in sorted(first) for name in self._by_first.get(letter, ())],
            scorer=OSA.distance,
            score_cutoff=1,
            limit=None,
        )
        return {name for name, _, _ in near}

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for name in self.by_name for word in name)

    @cached_property
    def _by_first(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for word in sorted(self._words):
            found.setdefault(word[0], []).append(word)
        return found


def read_lexicon(lines: Iterable[str]) -> Lexicon:
    """Subjects from lines of names parted by `|`; see the head of `data/subjects.txt`."""
    subjects: list[tuple[str, ...]] = []
    by_name: dict[tuple[str, ...], tuple[int, ...]] = {}
    capitals: set[str] = set()
    everyday: set[str] = set()
    for line in lines:
        written = line.partition("#")[0].strip()
        if written.startswith("-"):
            everyday |= {word.folded for word in words_in(written)}
        elif written:
            names = tuple(name.strip() for name in written.split("|"))
            for name in names:
                if name.startswith("~"):
                    continue
                folded = tuple(word.folded for word in words_in(name))
                by_name[folded] = (*by_name.get(folded, ()), len(subjects))
                if name.isalpha() and name.isupper():
                    capitals.add(folded[0])
            subjects.append(tuple(name.lstrip("~") for name in names))
    return Lexicon(tuple(subjects), by_name, frozenset(capitals), frozenset(everyday))


@lru_cache(maxsize=1)
def bundled_lexicon() -> Lexicon:
    """The lexicon of this package."""
    return read_lexicon(_FILE.read_text("utf-8").splitlines())
