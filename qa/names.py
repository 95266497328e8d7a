"""Names of people in a text, found by a list, by what stands before them, and by capitals.

Nothing here can know all names: one that is an everyday word, or is written in small letters and
stands on no list and behind no cue, is not found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

__all__ = ["NameList", "bundled_names", "name_spans", "read_names"]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_FILE = Path(__file__).parent / "data" / "names.txt"
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_SENTENCE_ENDS = '.!?:;\n\u2022"\u201c'
_MOST_WORDS = 4
"""Words of one name."""
_SHOUTED = 0.7
"""Share of capitals among the letters from which on capitals tell nothing."""

_STRONG_CUES = (
    ("name", "is"), ("name's",), ("my", "names"), ("i", "am", "called"), ("i'm", "called"),
    ("me", "llamo"), ("me", "llaman"), ("nombre", "es"), ("nombre", "completo", "es"),
    ("apellido", "es"), ("apellidos", "son"),
    ("named",), ("signed",), ("regards",), ("sincerely",),
)  # fmt: skip
_WEAK_CUES = (("i", "am"), ("i'm",), ("im",), ("this", "is"), ("it's",), ("call", "me"), ("soy",),
              ("thanks",), ("hi",), ("hello",), ("dear",), ("hola",), ("gracias",), ("saludos",),
              ("atentamente",))  # fmt: skip
_TITLES = _set("dr mr mrs prof professor dra")
_WEAK_TITLES = _set(
    "ms miss mx doctor nurse sir rev sra srta señor señora "
    "señorita don doña doctora enfermera enfermero"
)
_LABELS = ("name", "patient", "nombre")
_OWNERS = _set("my his her our their your")
_RELATIONS = _set(
    "wife husband son daughter mother mom mum father dad brother sister friend partner girlfriend "
    "boyfriend fiance fiancee uncle aunt cousin grandma grandmother grandpa grandfather grandson "
    "granddaughter nephew niece therapist psychiatrist psychologist counselor counsellor doctor "
    "nurse carer boss neighbor neighbour roommate ex"
)
_HEADS = _set(
    "disease syndrome palsy disorder sign cyst lymphoma sarcoma catheter contracture thyroiditis "
    "phenomenon dementia scale score test inventory manoeuvre maneuver position"
)
"""Before these a name is an illness' or a method's."""
_NO_NAMES = _set(
    "a about after again all also always am an and any anxious are as asking at back be because "
    "been before being but by called came can cannot can't could dad dear did do doctor does "
    "doing done down dr during each ever every feeling for from gave get getting go going good "
    "got had has hate have having he hello help her here hi him his how i i'd i'll i'm i've if in "
    "into is it it's its just know like looking love make may me mean might mom more most mr mrs "
    "ms much mum must my name need never no nobody not now nurse of off office on once one only "
    "or our out over please prescribed put really recommended said saw say saying says see seeing "
    "she should since so some still stop such suggested sure taking tell than that that's the "
    "their them then there these they think thinks this those through to told too took try trying "
    "under unknown until up us very visit wait waiting want wanted wants was we were what what's "
    "when where which while who why will with without wondering worried would wrote yes yet you "
    "your appointment appt clinic practice surgery monday tuesday wednesday thursday friday "
    "saturday sunday january february march april june july august september october november "
    "december english spanish ok okay sorry thanks thank hospital y no soy es de la el que para "
    "por puedo tengo con una un mi vivo nací naci quiero necesito estoy tomo sufro padezco me se "
    "en del los las pero porque cuando sí desde hace muy hola gracias doctora enfermera"
)
"""Words that are taken for no name wherever they stand."""


@dataclass(frozen=True, slots=True)
class NameList:
    """Names in small letters."""

    plain: frozenset[str]
    """Hardly ever anything but a name."""
    doubtful: frozenset[str]
    """Everyday words, drugs or places as well."""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    folded: str
    start: int
    end: int
    capital: bool
    """Begins with a capital and is no abbreviation, in a text where that tells something."""


def read_names(lines: Iterable[str]) -> NameList:
    """Names from lines; see the head of `data/names.txt`."""
    plain: set[str] = set()
    doubtful: set[str] = set()
    for line in lines:
        written = line.partition("#")[0].strip()
        (doubtful if written.startswith("~") else plain).update(written.lstrip("~").split())
    return NameList(frozenset(plain - doubtful), frozenset(doubtful))


@lru_cache(maxsize=1)
def bundled_names() -> NameList:
    """The list of this package."""
    return read_names(_FILE.read_text("utf-8").splitlines())


def name_spans(
    text: str, is_known: Callable[[str], bool], names: NameList | None = None
) -> list[tuple[int, int]]:
    """Where names stand in a text: (start, end) pairs in order, which do not overlap.

    `is_known` tells of a word as it is written whether it is everyday, a medical term, or one of
    the documents', and so no reason to think of a person.
    """
    finder = _Finder(text, is_known, names or bundled_names())
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(finder.tokens):
        first, last = finder.name_at(at)
        if last > first:
            spans.append((finder.tokens[first].start, finder.tokens[last - 1].end))
        at = max(last, at + 1)
    return spans


class _Finder:
    """The words of one text, and what is asked of each."""

    def __init__(self, text: str, is_known: Callable[[str], bool], names: NameList) -> None:
        self._text = text
        self._is_known = lru_cache(maxsize=None)(is_known)
        self._names = names
        self._done = 0
        letters = [c for c in text if c.isalpha()]
        shouted = sum(c.isupper() for c in letters) > _SHOUTED * len(letters)
        self.tokens = [_token(match, shouted) for match in _WORD.finditer(text)]

    def name_at(self, at: int) -> tuple[int, int]:
        """The words, from the first to before the last, of a name that begins at or before `at`."""
        strong = self._follows_strong(at)
        if not (strong or self._is_name(at)):
            return at, at
        first, last = at, at + 1
        end = min(len(self.tokens), first + _MOST_WORDS)
        while last < end and self._goes_on(last, strong):
            last += 1
        while first > self._done and last - first < _MOST_WORDS and self._leads(first - 1):
            first -= 1
        self._done = last
        return first, last

    def _is_name(self, at: int) -> bool:
        token = self.tokens[at]
        if token.folded in _NO_NAMES or self._is_illness(at):
            return False
        if token.folded in self._names.plain:
            return True
        if token.capital and not self._opens(at) and not self._known(at):
            return True
        if self._doubtful(at):
            follows = at + 1 < len(self.tokens) and self._joined(at + 1) and self._doubtful(at + 1)
            return follows or self._after(at, _WEAK_CUES)
        return self._after_relation(at) and not self._known(at) and len(token.folded) > 2

    def _follows_strong(self, at: int) -> bool:
        """Whether something before the word says that it is a name, whatever it is."""
        token = self.tokens[at]
        if not at or token.folded in _NO_NAMES:
            return False
        before, gap = self.tokens[at - 1], self._gap(at)
        labelled = before.folded in _LABELS and gap.strip() in (":", "=")
        if labelled or self._after(at, _STRONG_CUES):
            return True
        # "Dr. Smith", and not "I asked my doctor. Smith".
        if gap != " " and not (gap in (". ", ".") and len(before.text) < 5):
            return False
        name_like = token.capital or token.folded in self._names.plain
        return before.folded in _TITLES or (before.folded in _WEAK_TITLES and name_like)

    def _goes_on(self, at: int, strong: bool) -> bool:
        """Whether a word belongs to the name that ends before it."""
        token = self.tokens[at]
        if token.folded in _NO_NAMES or not self._joined(at) or self._is_illness(at):
            return False
        if token.capital:
            return strong or self._listed(at) or not self._known(at)
        initial = len(token.text) == 1 and token.text.isupper() and token.text != "I"
        return initial or token.folded in self._names.plain or (strong and not self._known(at))

    def _leads(self, at: int) -> bool:
        """Whether a word belongs to the name that begins after it."""
        token = self.tokens[at]
        if token.folded in _NO_NAMES or not self._joined(at + 1):
            return False
        initial = len(token.text) == 1 and token.text.isupper() and token.text != "I"
        return initial or (token.capital and (self._listed(at) or not self._known(at)))

    def _listed(self, at: int) -> bool:
        folded = self.tokens[at].folded
        return folded in self._names.plain or folded in self._names.doubtful

    def _doubtful(self, at: int) -> bool:
        token = self.tokens[at]
        return token.capital and token.folded in self._names.doubtful

    def _known(self, at: int) -> bool:
        """Whether every part of a word is known; a hyphen joins words."""
        written = self.tokens[at].text
        for ending in ("'s", "\u2019s"):
            written = written.removesuffix(ending)
        return self._is_known(written) or all(map(self._is_known, written.split("-")))

    def _is_illness(self, at: int) -> bool:
        after = self.tokens[at + 1 : at + 3]
        return any(one.folded in _HEADS for one in after)

    def _opens(self, at: int) -> bool:
        """Whether a word begins a sentence, where a capital tells nothing."""
        if at and self._joined(at):
            return False
        before = self._text[: self.tokens[at].start].rstrip(" (-\u2013'\u2018")[-1:]
        return not before or before in _SENTENCE_ENDS

    def _gap(self, at: int) -> str:
        return self._text[self.tokens[at - 1].end : self.tokens[at].start]

    def _joined(self, at: int) -> bool:
        """Whether no more than a blank, or the point of an initial, parts a word from the last."""
        gap = self._gap(at)
        return gap == " " or (gap in (". ", ".") and len(self.tokens[at - 1].text) == 1)

    def _after(self, at: int, cues: Iterable[tuple[str, ...]]) -> bool:
        if not at or self._gap(at).strip(" ,:-\u2013\n"):
            return False
        before = tuple(one.folded for one in self.tokens[max(0, at - 3) : at])
        return any(before[-len(cue) :] == cue for cue in cues)

    def _after_relation(self, at: int) -> bool:
        return (
            at > 1
            and self._gap(at) == " "
            and self.tokens[at - 1].folded in _RELATIONS
            and self.tokens[at - 2].folded in _OWNERS
        )


def _token(match: re.Match[str], shouted: bool) -> _Token:
    written = match[0]
    folded = written.casefold().replace("\u2019", "'")
    if folded not in ("name's", "it's"):
        folded = folded.removesuffix("'s")
    capital = not shouted and written[0].isupper() and not written.isupper()
    return _Token(written, folded, match.start(), match.end(), capital)
