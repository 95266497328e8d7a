"""Variants: a question as others would type it, with a slip, in capitals, with another word.

They mean the same, so the answer should be the same. Which letter or word is changed depends on the
question alone, so that every run of every machine makes the same ones.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from qa.synonyms import formal_phrases

__all__ = ["EVERYDAY", "Kind", "Variant", "variants_of"]

_TYPOS = 2
"""Variants with a slip that each question gets, in different words where it has them."""
_SYNONYMS = 2
"""At most as many variants with another word."""
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 4
"""Letters of a word that gets a slip."""
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
"""The letters of an English keyboard."""
_STRAIGHT, _CURLY = "'", "\u2019"

EVERYDAY: tuple[tuple[str, str], ...] = (
    ("medicine", "medication"),
    ("medicine", "drug"),
    ("medication", "medicine"),
    ("medications", "medicines"),
    ("medicines", "medications"),
    ("meds", "medicines"),
    ("kids", "children"),
    ("children", "kids"),
    ("kid", "child"),
    ("doctor", "doc"),
    ("doctor", "physician"),
    ("doc", "doctor"),
    ("physician", "doctor"),
    ("begin", "start"),
    ("start", "begin"),
    ("big", "large"),
    ("large", "big"),
    ("ill", "sick"),
    ("mom", "mother"),
    ("mother", "mom"),
    ("dad", "father"),
    ("father", "dad"),
    ("often", "frequently"),
    ("dangerous", "unsafe"),
    ("booze", "alcohol"),
    ("alcohol", "booze"),
    ("pills", "tablets"),
    ("tablets", "pills"),
    ("pill", "tablet"),
    ("tablet", "pill"),
    ("drip", "infusion"),
    ("infusion", "drip"),
    ("infusions", "drips"),
    ("allowed", "permitted"),
    ("happens", "goes on"),
    ("quickly", "fast"),
    ("trial", "study"),
    ("trials", "studies"),
    ("studies", "trials"),
    ("right away", "immediately"),
    ("throw up", "vomit"),
    ("high blood pressure", "hypertension"),
    ("hypertension", "high blood pressure"),
)
"""What is said and what is put in its place. Each pair was read for whether it means the same
wherever patients say the first; of "drug test" no other word for drug is true, so that direction is
not there."""


class Kind(StrEnum):
    """How a variant differs from its question."""

    TYPO = "one slip of the finger"
    CASE = "capitals"
    SIGNS = "question mark and apostrophes"
    SYNONYM = "another word for the same"


@dataclass(frozen=True, slots=True)
class Variant:
    """A question asked otherwise."""

    kind: Kind
    change: str
    """What was done: "letters swapped: driev"."""
    question: str


def variants_of(question: str, synonyms: Mapping[str, str] | None = None) -> tuple[Variant, ...]:
    """The variants of a question, none of them equal to it or to one another.

    `synonyms` is the table of the documents, as `qa.synonyms` reads it; of it only single words
    that stand for one another alone are used.
    """
    made = (
        *_with_slips(question),
        *_in_capitals(question),
        *_with_other_signs(question),
        *_with_synonyms(question, synonyms or {}),
    )
    found: dict[str, Variant] = {}
    for one in made:
        if one.question != question:
            found.setdefault(one.question, one)
    return tuple(found.values())


def _with_slips(question: str) -> Iterator[Variant]:
    """One slip each, in words of four letters or more, a different word each time."""
    words = [one for one in _WORD.finditer(question) if len(one[0]) >= _SHORTEST]
    words.sort(key=lambda one: _number(question, f"word {one.start()}"))
    for turn in range(_TYPOS if words else 0):
        found = words[turn % len(words)]
        name, slip = _slip(found[0], f"{question}/{turn}")
        changed = question[: found.start()] + slip + question[found.end() :]
        yield Variant(Kind.TYPO, f"{name}: {slip}", changed)


def _slip(word: str, seed: str) -> tuple[str, str]:
    """What was done to a word, and the word; it is never the same word."""
    slips = [
        *(
            ("letters swapped", word[:at] + word[at + 1] + word[at] + word[at + 2 :])
            for at in range(len(word) - 1)
        ),
        *(("letter missing", word[:at] + word[at + 1 :]) for at in range(len(word))),
        *(("letter doubled", word[: at + 1] + word[at:]) for at in range(len(word))),
        *(
            ("key beside it", word[:at] + near + word[at + 1 :])
            for at in range(len(word))
            for near in _beside(word[at])
        ),
    ]
    names = list(dict.fromkeys(name for name, _ in slips))
    # The kind is chosen first, so that each is as likely whatever the number of its slips.
    names.sort(key=lambda name: _number(seed, name))
    for name in names:
        able = [slip for one, slip in slips if one == name and slip.casefold() != word.casefold()]
        if able:
            return name, able[_number(seed, "slip") % len(able)]
    raise AssertionError("a letter of a word can always be left out")


def _beside(letter: str) -> str:
    """The letters on the keys left and right of one, in its case; none for other scripts."""
    for row in _ROWS:
        at = row.find(letter.lower())
        if at >= 0:
            near = row[max(0, at - 1) : at] + row[at + 1 : at + 2]
            return near.upper() if letter.isupper() else near
    return ""


def _in_capitals(question: str) -> Iterator[Variant]:
    for name, changed in (
        ("small letters", question.lower()),
        ("capitals only", question.upper()),
        ("Each Word With A Capital", " ".join(w[:1].upper() + w[1:] for w in question.split(" "))),
    ):
        yield Variant(Kind.CASE, name, changed)


def _with_other_signs(question: str) -> Iterator[Variant]:
    """Without what is left out in a hurry; a question mark is added where there is none."""
    if "?" in question:
        yield Variant(Kind.SIGNS, "no question mark", question.replace("?", "").rstrip())
    elif not question.rstrip().endswith((".", "!")):
        yield Variant(Kind.SIGNS, "with a question mark", f"{question.rstrip()}?")
    bare = question.replace(_STRAIGHT, "").replace(_CURLY, "")
    yield Variant(Kind.SIGNS, "no apostrophes", bare)


def _with_synonyms(question: str, synonyms: Mapping[str, str]) -> list[Variant]:
    """Each with one word or phrase replaced by another for the same, at most `_SYNONYMS`."""
    made = []
    for one, other in (*EVERYDAY, *_pairs_of(synonyms)):
        found = re.search(rf"(?<!\w){re.escape(one)}(?!\w)", question, re.IGNORECASE)
        if found:
            put = other[0].upper() + other[1:] if found[0][0].isupper() else other
            before = _with_article(question[: found.start()], put)
            changed = before + put + question[found.end() :]
            made.append(Variant(Kind.SYNONYM, f"{found[0]} \u2192 {put}", changed))
    made.sort(key=lambda variant: _number(question, variant.change))
    return made[:_SYNONYMS]


def _pairs_of(synonyms: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Single words of the table that stand for one another alone, in both directions.

    Where several words lead to the same ones, or one to several, or to a phrase, the line widens
    the search ("kidneys" finds "liver") and does not say that they mean the same.
    """
    lays = Counter(synonyms.values())
    for lay, formal in synonyms.items():
        words = [word for phrase in formal_phrases(formal) for word in phrase.split()]
        if lays[formal] == 1 and len(words) == 1 == len(lay.split()) and lay != words[0].casefold():
            yield from ((lay, words[0]), (words[0], lay))


def _with_article(before: str, word: str) -> str:
    """What stands before a word, its "a" or "an" as the word wants it."""
    found = re.search(r"\ban?\s+$", before, re.IGNORECASE)
    if not found:
        return before
    wanted = found[0][0] + ("n" if word[0].lower() in "aeiou" else "") + " "
    return before[: found.start()] + wanted


def _number(seed: str, what: str) -> int:
    """A number that depends on these texts alone."""
    return int.from_bytes(hashlib.sha256(f"{seed}\n{what}".encode()).digest()[:8], "big")
