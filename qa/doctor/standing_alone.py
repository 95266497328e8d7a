"""Sentences that would be quoted without what they speak of: "It is taken with food."

`qa.quoting` takes the sentence before along where there is one in the section. What is told here
is what is left: at the beginning of a section, behind a long list, or in Spanish, where nothing is
taken along.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.doctor.examined import Examined
from qa.doctor.finding import Area, Finding, Severity
from qa.document import Document, Sentence
from qa.limits import points_back
from qa.quoting import stand_alone

__all__ = ["sentences_out_of_context"]

_PRONOUN = re.compile(
    r"[\"'\u201c\u2018([*]*(?:(?:it|he|she|they|them|its|their|his|her|hers)\b"
    r"|(?:this|that|these|those)\s+(?:is|are|was|were|can|cannot|may|might|will|would|should|must"
    r"|has|have|had|does|do|did|means?|helps?|happens?|includes?|makes?|gives?|takes?|lasts?"
    r"|works?|depends?|applies|apply|usually|often|also|only)\b)",
    re.IGNORECASE,
)
"""A pronoun with nothing behind it that says what is meant; "this medicine" says something."""
_NO_ONE = re.compile(
    r"it(?:'s| is| was| may be| can be)? (?:(?:very|also|still|not|often|best|more|most) )*"
    r"(?:important|possible|common|normal|safe|best|better|usual|helpful|likely|unlikely|natural"
    r"|essential|vital|clear|unclear|known|not known|a good idea|up to you|rare|easy|hard|fine"
    r"|recommended|advisable|understandable|ok|okay|true|time)\b(?:[^.]*?\b(?:to|that|for|if|when"
    r"|how|whether|why)\b)|it (?:takes|took) (?:\S+ ){0,5}?(?:to|before|for)\b"
    r"|it (?:seems|appears)\b",
    re.IGNORECASE,
)
""" "It is important to drink": this "it" points at nothing."""
_WHOLE = re.compile(r"(?:no|both|such|yes) [a-z]", re.IGNORECASE)
""" "No cure is known", "Both parents": they begin like what points back, and do not."""
_BEHIND = 4
"""Sentences whose quotes may begin with the one in front of them."""
_SPANISH = re.compile(
    r"[\"'\u201c\u2018(\u00ab*]*(?:esto|eso|ello|ellos|ellas|\u00e9l|ella|\u00e9stos?|\u00e9stas?"
    r"|(?:este|esta|estos|estas)\s+(?:es|son|puede|pueden|debe|deben|tiene|tienen|se))\b",
    re.IGNORECASE,
)


def sentences_out_of_context(examined: Examined) -> Iterator[Finding]:
    """Each sentence that would open a quote and points back at what is not quoted with it."""
    document, sentences = examined.document, examined.sentences
    for i, sentence in enumerate(sentences):
        severity = _severity(examined, sentence)
        if severity is None or not _opens_a_quote(document, sentences, i):
            continue
        words = " ".join(examined.text(sentence).split()[:2])
        above = document.blocks[sentence.block].section
        heading = document.sections[above].heading or document.title
        yield Finding(
            severity,
            Area.TEXT,
            "out_of_context",
            (examined.place_of(sentence),),
            f"A quote can begin with “{words} …”, and only the heading “{heading}” says what is "
            "meant.",
            f"Name the thing in the sentence itself in place of “{words.split()[0]}”.",
        )


def _opens_a_quote(document: Document, sentences: Sequence[Sentence], i: int) -> bool:
    """Whether a quote for this sentence, or for one of those behind it, begins with it."""
    behind = sentences[i : i + _BEHIND]
    return any(stand_alone(document, sentences, i + k)[0] == i for k in range(len(behind)))


def _severity(examined: Examined, sentence: Sentence) -> Severity | None:
    """A warning for a bare pronoun, a hint for "this medicine" or "However"; None where it stands
    by itself."""
    text = examined.text(sentence).replace("\u2019", "'")
    if examined.language == "es":
        return Severity.WARNING if _SPANISH.match(text) else None
    if examined.language != "en" or not points_back(text):
        return None
    if _NO_ONE.match(text) or _WHOLE.match(text):
        return None
    return Severity.WARNING if _PRONOUN.match(text) else Severity.HINT
