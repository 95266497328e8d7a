"""How hard documents are to read, and which passages are the hardest.

Advice on writing for patients asks for the reading level of the sixth to eighth school year (AMA,
"Health literacy and patient safety", 2007; NIH, "Clear Communication"). English is measured by the
Flesch-Kincaid grade, Spanish by Szigriszt's perspicuity on the INFLESZ scale: see
`qa.readability`. A formula counts syllables and words; it knows no word that patients do not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from qa.doctor.examined import Examined
from qa.doctor.finding import Area, Finding, Severity
from qa.document import Sentence
from qa.readability import grade, perspicuity

__all__ = ["EASY_GRADE", "NORMAL_PERSPICUITY", "reading_ease"]

EASY_GRADE = 8.0
"""Flesch-Kincaid grade that patients' documents should not exceed."""
NORMAL_PERSPICUITY = 55.0
"""INFLESZ calls a text "somewhat difficult" below it."""
_LEAST = 100
"""Words of a document below which a figure says little."""
_PASSAGE = 20
"""The same of a passage."""
_SHOWN = 3
"""Passages told of a document."""


def reading_ease(examined: Examined) -> Iterator[Finding]:
    """A hint for a document that is too hard, and its hardest paragraphs; English and Spanish."""
    if examined.language not in ("en", "es"):
        return
    sentences = examined.sentences
    if _words(examined, sentences) < _LEAST:
        return
    spanish = examined.language == "es"
    measure = perspicuity if spanish else grade
    found = _measured(examined, sentences, measure)
    if not _too_hard(found, spanish):
        return
    paragraphs = [list(group) for _, group in groupby(sentences, key=lambda one: one.block)]
    long = [one for one in paragraphs if _words(examined, one) >= _PASSAGE]
    rated = [(_measured(examined, one, measure), one) for one in long]
    rated.sort(key=lambda pair: pair[0], reverse=not spanish)
    hard = [one for rate, one in rated[:_SHOWN] if _too_hard(rate, spanish)]
    yield Finding(
        Severity.HINT,
        Area.TEXT,
        "hard_to_read",
        tuple(examined.place(one[0].start, one[-1].end) for one in hard)
        or (examined.place_of(sentences[0]),),
        _message(found, spanish),
        "Shorten the sentences and put everyday words for long ones, first in the passages shown.",
    )


def _message(found: float, spanish: bool) -> str:
    if spanish:
        return (
            f"The document has {found:.0f} on the INFLESZ scale, which calls a text normal from "
            f"{NORMAL_PERSPICUITY:.0f} and fairly easy from 65. These are its hardest paragraphs."
        )
    return (
        f"The document reads like school grade {found:.1f} (Flesch-Kincaid); for patients grade "
        f"6 to {EASY_GRADE:.0f} is advised. These are its hardest paragraphs."
    )


def _too_hard(found: float, spanish: bool) -> bool:
    return found < NORMAL_PERSPICUITY if spanish else found > EASY_GRADE


def _measured(
    examined: Examined, sentences: Sequence[Sentence], measure: Callable[[str, int], float]
) -> float:
    return measure(" ".join(examined.text(one) for one in sentences), len(sentences))


def _words(examined: Examined, sentences: Sequence[Sentence]) -> int:
    return sum(len(examined.text(one).split()) for one in sentences)
