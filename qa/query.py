"""Queries: what a question is searched for with, and how that is told to whoever asked.

A question is searched for as it was meant: with misspelt words replaced, and with the documents'
words for what patients say. Whatever differs from what was typed is stated.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from qa.lexicon import fold_word
from qa.spelling import Corrected, Speller
from qa.synonyms import added_phrases, added_terms
from qa.unicode_forms import normal_form

__all__ = ["MAX_QUESTION", "Query", "as_typed", "cleaned", "understood", "whole_characters"]

MAX_QUESTION = 1_000
"""Characters of a question; stated to the user."""

Says = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Query:
    """A question as it is searched for."""

    typed: str
    """What the patient wrote: what danger is looked for in."""
    corrected: Corrected
    added: str = ""
    """Words to search for besides the question's own."""
    listed: tuple[str, ...] = ()
    """Those words and phrases of `added` that are told, since no document has what was said."""

    @property
    def text(self) -> str:
        """The question to search for and read by."""
        return self.corrected.text

    @property
    def texts(self) -> list[str]:
        """The texts to search by, the mean of whose vectors is the question's; what was typed is
        the first."""
        expanded = [f"{self.text} ({self.added})"] if self.added else []
        return list(dict.fromkeys([self.typed, self.text, *expanded]))

    @property
    def asked(self) -> str:
        """The question before it was corrected: as it was typed, or a completed follow-up."""
        return self.corrected.question

    @property
    def leading(self) -> int:
        """How many of `texts` are not searched by: a follow-up as it was typed names no subject."""
        return int(self.asked != self.typed)

    @property
    def searched_for(self) -> str:
        """What was searched for where it is not what was typed; else empty."""
        also = f" (also: {', '.join(self.listed)})" if self.listed else ""
        return f"{self.text}{also}" if also or self.text != self.typed else ""

    def as_written(self, part: str, start: int) -> str:
        """A part of `text` that begins at `start`, as the question had it before correction."""
        return self.corrected.as_written(start, start + len(part))


def as_typed(question: str) -> Query:
    """The question itself and nothing besides."""
    return Query(question, Corrected(question, question))


def understood(
    question: str,
    speller: Speller,
    synonyms: Mapping[str, str],
    holds: Says,
    is_common: Says,
    typed: str | None = None,
) -> Query:
    """The query that a question means.

    `holds` tells of a phrase whether the documents have it, `is_common` of a word whether it is
    everyday English. `typed` is what the patient wrote, where `question` is not that but was made
    of it, such as a follow-up with its subject put in.
    """
    corrected = speller.corrected(question, is_common)
    added = added_terms(corrected.text, synonyms)
    told: dict[str, str] = {}
    for lay, phrase in dict.fromkeys(added_phrases(corrected.text, synonyms)):
        if not holds(lay):
            told.setdefault(" ".join(map(fold_word, phrase.split())), phrase)
    listed = tuple(told.values())
    return Query(question if typed is None else typed, corrected, added, listed)


def whole_characters(question: str) -> str:
    """Halves of surrogate pairs, which JSON can hold and UTF-8 cannot, become replacement marks."""
    return question.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def cleaned(question: str) -> str:
    """Control and invisible characters become blanks: they carry no question."""
    folded = normal_form("NFKC", question)
    return " ".join(
        "".join(" " if unicodedata.category(c)[0] == "C" else c for c in folded).split()
    )
