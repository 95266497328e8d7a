"""Spelling: misspelt words of a question are replaced by the words that the documents have.

A wrong correction does more harm than none, so a word is left alone unless it can be nothing else:
see `Speller.corrected`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from string import ascii_lowercase

from rapidfuzz import process
from rapidfuzz.distance import OSA

from qa.lexical import Tokenizer
from qa.lexicon import Lexicon, bundled_lexicon, fold_word, looks_like_name
from qa.shorthand import spelt_out

__all__ = ["Corrected", "Correction", "Speller", "words_of"]

Says = Callable[[str], bool]

_WORD = re.compile(r"[^\W\d_]+")
_ASKED = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
"""A word of a question; "b4" and "don't" are one each."""
_SHORTEST = 5
"""Letters; shorter words have too many neighbours."""
_LONG = 8
"""Letters from which two slips are looked through."""
_PART = 4
"""Letters of a common word's stem, or of either half of a compound."""
_ENDINGS = ("s", "es", "ed", "er", "ers", "ing", "ings", "ly", "ness", "less", "able", "re", "ll")
_OPPOSITES = (("hyper", "hypo"), ("inter", "intra"), ("macro", "micro"))


def words_of(text: str) -> set[str]:
    """The words of a text in small letters."""
    return set(_WORD.findall(text.casefold()))


@dataclass(frozen=True, slots=True)
class Correction:
    """A word that was replaced; `start` and `end` are its place in the question as written."""

    start: int
    end: int
    written: str
    meant: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """A question with its misspelt words replaced, and nothing else of it changed."""

    question: str
    """As it was written."""
    text: str
    corrections: tuple[Correction, ...] = ()
    """In order; none overlap."""

    def as_written(self, start: int, end: int) -> str:
        """What was written where `text[start:end]` stands, words that were replaced whole."""
        return self.question[self._place(start, False) : self._place(end, True)]

    def _place(self, offset: int, after: bool) -> int:
        """An offset of `text` in the question; within a replaced word its begin, or its end."""
        shift = 0
        for one in self.corrections:
            begin = one.start + shift
            end = begin + len(one.meant)
            if offset <= begin:
                break
            if offset < end:
                return one.end if after else one.start
            shift = end - one.end
        return offset - shift


class Speller:
    """Knows the words of all documents."""

    def __init__(
        self,
        texts: Iterable[str],
        terms_of: Callable[[str], list[str]] | None = None,
        also: Iterable[str] = (),
        lexicon: Lexicon | None = None,
    ) -> None:
        """`terms_of` gives the stems of a text as the term index has them (English by default).

        The words of the texts `also` are right as well, such as those that have a synonym, but no
        word is taken for a slip of one. `lexicon` is the bundled one unless another is given.
        """
        self._terms_of = terms_of or Tokenizer().every
        self._lexicon = lexicon or bundled_lexicon()
        self._written: set[str] = set()
        for text in texts:
            self._written |= set(_ASKED.findall(text))
        words = words_of(" ".join(self._written))
        self._by_first: dict[str, list[str]] = {}
        for word in sorted(words, key=lambda one: (len(one), one)):
            if len(word) >= _SHORTEST:
                self._by_first.setdefault(word[0], []).append(word)
        self._known = words | words_of(" ".join(also))
        self._stems = frozenset(self._terms_of(" ".join(sorted(self._known))))

    def meant(self, text: str) -> list[str]:
        """Of each word that no document has, the one they have that is one slip away, if any.

        Tells whether a name may be one of the documents'; the first letter is taken as right.
        """
        found: dict[str, None] = {}
        for word in _WORD.findall(text.casefold()):
            if word in self._known or len(word) < _SHORTEST:
                continue
            near = process.extractOne(
                word, self._by_first.get(word[0], []), scorer=OSA.distance, score_cutoff=1
            )
            if near:
                found[near[0]] = None
        return list(found)

    def corrected(self, question: str, is_common: Says) -> Corrected:
        """The question with misspelt words replaced, each by a word that the documents have.

        `is_common` tells of a word in small letters whether it is everyday English.

        Left alone are words that the documents have in any inflection, everyday words, their
        inflections and compounds, and names of illnesses, procedures and drugs. Of the others,
        words of five letters or more may be off by one slip (a letter wrong, missing, too many, or
        two swapped), those of eight or more by two, where one word of the documents is nearer than
        all others and its first letter is right, or the first two are swapped. Where either looks
        like a name, it must be one slip from a name of the lexicon that the documents have, and no
        other name as near: one drug must never become another.

        Short forms of chat ("u") are spelt out, unless the documents have them.
        """
        parts: list[str] = []
        corrections: list[Correction] = []
        done = 0
        for found in _ASKED.finditer(question):
            word = found[0]
            slips = 1 if _is_named(question, found) else 2
            meant = self._spelt_out(question, found) or self._right(word, is_common, slips)
            if meant:
                meant = _like(word, meant)
                parts += [question[done : found.start()], meant]
                corrections.append(Correction(found.start(), found.end(), word, meant))
                done = found.end()
        return Corrected(question, "".join([*parts, question[done:]]), tuple(corrections))

    def _spelt_out(self, question: str, found: re.Match[str]) -> str:
        word = found[0]
        # One letter is somebody's initial in a list of references, and says little of "u".
        forms = {word, word.upper(), word.capitalize()} if len(word) > 1 else {word}
        return "" if forms & self._written else spelt_out(word, question[: found.start()])

    def _right(self, written: str, is_common: Says, slips: int) -> str:
        """What a word was meant to be, in small letters; empty where it is right or unclear."""
        word = written.casefold()
        if len(word) < _SHORTEST or not word.isalpha() or self._has(word):
            return ""
        if _is_english(word, is_common) or self._lexicon.has_word(fold_word(word)):
            return ""
        right, off = self._nearest(word, slips if len(word) >= _LONG else 1)
        safe = (
            right
            and self._is_safe(word, right, off)
            and not _other_slip(word, right, off, is_common)
        )
        return right if safe else ""

    def _has(self, word: str) -> bool:
        """Whether a document has the word in any inflection."""
        if word in self._known:
            return True
        # The stem of "ketamine" is the slip "ketamin", which is no inflection of it.
        return f"{word}e" not in self._known and not self._stems.isdisjoint(self._terms_of(word))

    def _nearest(self, word: str, slips: int) -> tuple[str, int]:
        """The word of the documents that is nearer than all others, and how many slips away."""
        near = process.extract(
            word, self._candidates(word), scorer=OSA.distance, score_cutoff=slips, limit=None
        )
        least = min((int(distance) for _, distance, _ in near), default=0)
        best = [right for right, distance, _ in near if distance == least]
        alone = len({tuple(self._terms_of(right)) for right in best}) == 1
        return (best[0], least) if alone else ("", 0)

    def _candidates(self, word: str) -> list[str]:
        swapped = word[1] + word[0]
        others = self._by_first.get(word[1], []) if word[0] != word[1] else []
        return [
            *self._by_first.get(word[0], []),
            *(right for right in others if right.startswith(swapped)),
        ]

    def _is_safe(self, word: str, right: str, slips: int) -> bool:
        """Whether no name becomes another by it, and no word its opposite."""
        if any(_turns(word, right, *pair) for pair in _OPPOSITES):
            return False
        name = fold_word(right)
        if self._lexicon.has_word(name):
            return slips == 1 and self._lexicon.near(fold_word(word)) <= {name}
        if looks_like_name(word) or (looks_like_name(right) and slips > 1):
            return False
        return not self._lexicon.near(fold_word(word))


def _is_named(question: str, found: re.Match[str]) -> bool:
    """Whether a word has a capital where a sentence gives it none."""
    before = question[: found.start()].rstrip()
    return found[0].istitle() and bool(before) and before[-1] not in ".?!"


def _other_slip(word: str, right: str, slips: int, is_common: Says) -> bool:
    """Whether a word may as well be a slip of a common one, which is nearer than the right one is
    by its slips, or as near by a swap of letters."""
    swaps = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    if right not in swaps and any(is_common(other) for other in swaps):
        return True
    return slips > 1 and any(is_common(other) for other in _one_off(word))


def _one_off(word: str) -> Iterator[str]:
    """All words with one letter less, more or other; the first is kept."""
    for at in range(1, len(word) + 1):
        yield word[:at] + word[at + 1 :]
        for letter in ascii_lowercase:
            yield word[:at] + letter + word[at:]
            yield word[:at] + letter + word[at + 1 :]


def _turns(word: str, right: str, one: str, other: str) -> bool:
    return (word.startswith(one) and right.startswith(other)) or (
        word.startswith(other) and right.startswith(one)
    )


def _is_english(word: str, is_common: Says) -> bool:
    """Whether a word is common, an inflection of a common one, or two of them in one."""
    if is_common(word) or any(is_common(base) for base in _bases(word)):
        return True
    halves = range(_PART, len(word) - _PART + 1)
    return any(is_common(word[:at]) and is_common(word[at:]) for at in halves)


def _bases(word: str) -> Iterator[str]:
    """What a word may be an inflection of, by the rules of English spelling."""
    if word.endswith("nt"):  # didnt
        yield word[:-1]
    for ending in _ENDINGS:
        base = word.removesuffix(ending)
        if base == word or len(base) < _PART:
            continue
        yield base
        if ending[0] in "aei":
            if not ending.startswith("er"):  # "blader" is no inflection of "blade"
                yield f"{base}e"
            if base[-1] == base[-2]:
                yield base[:-1]
        if base.endswith("i"):
            yield f"{base[:-1]}y"


def _like(written: str, meant: str) -> str:
    """The meant word in the capitals of the written one."""
    if len(written) > 1 and written.isupper():
        return meant.upper()
    return meant[0].upper() + meant[1:] if written[0].isupper() else meant
