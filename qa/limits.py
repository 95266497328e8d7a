"""Sentences that hang on the one before: words that point back at it, and limits put to it.

English only: in another language nothing is recognised, and a quote is the sentence itself.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["SENTENCES", "limits", "points_back"]

SENTENCES = 8_192
"""Sentences of documents of which it is kept what was found: each question meets the same ones."""

_NEVER = r"(?:do not|don't|never|avoid|stop|must not|mustn't|should not|shouldn't)\b"
_TURN_TO = (
    r"(?:call|phone|ring|contact|tell|see|ask|talk to|speak (?:to|with)|let us know"
    r"|(?:get|seek) (?:\w+ ){0,2}(?:help|care|advice|attention)|go (?:back )?to|return|come back)\b"
)
_THOSE = r"those\b(?! (?:who|whom|whose|with|without|of|at|in)\b)"
_BACK = rf"(?:(?:it|its|this|that|these|they|them|their|he|she)\b|{_THOSE})"
_POINTS_BACK = re.compile(
    rf"(?:it|its|this|these|they|them|their|he|she|his|her|such|both)\b|{_THOSE}"
    r"|that\b(?! (?:said|way)\b)"
    r"|some of (?:it|them|these)\b"
    r"|(?:but|and|or|so|also|then|however|therefore|thus|instead|otherwise"
    r"|for example|for instance|in (?:this|that|these|those) \w+"
    r"|as a result|yes|no|nevertheless|nonetheless|even (?:so|then)|that said|in either case"
    r"|the same (?:is true|goes|applies)|(?:the|an) (?:only )?exceptions?)\b"
    rf"|(?:after|before|during|despite|for|because of|due to|apart from|until) {_BACK}"
    rf"|(?:if|when|once|because|unless|although|while|should|where) (?:{_BACK}|(?:so|not)\b)"
    rf"|(?:if|when) (?:any|one|some|all|none|both|either|neither) of {_BACK}"
    r"|if (?:you|he|she|they) (?:do|does|did|are|is|have|has|can|cannot|can't|don't|must|need)"
    r"(?: not)?,",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"(?:unless|except|only (?:if|when|after|with|under|for)"
    r"|not (?:if|when|unless|until|before|after|for)|apart from|other than)\b",
    re.IGNORECASE,
)
"""In a sentence without a comma the condition is all: what it is put to stands before it."""
_DO_IT = re.compile(
    r"(?:(?:please|always|never|do not|don't) )?(?:take|use|keep|store|have|give|put|apply|swallow"
    r"|chew|drink|eat|mix|stop|start|tell|ask|wear|bring|call|avoid|leave|let) (?:it|them)\b"
    r".*[^:]\Z",
    re.IGNORECASE,
)
"""An instruction about what stands before; a lead-in ("Do not take it if you:") has its list."""
_THEN = re.compile(
    r"[^,;:]*\b(?:(?:until|till|before|by|since|from) then|(?:before|after|until) (?:this|that))"
    r"\W*\Z",
    re.IGNORECASE,
)
_MAX_THEN_WORDS = 8
"""A longer sentence that ends in "until then" mostly says itself until when."""
_SPEAKS_OF_ITSELF = re.compile(
    r"(?:in |for )?this (?:leaflet|page|document|clinic|guide|article|booklet|handout|website)\b",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    # what takes back or narrows the sentence before
    r"(?:but|however|unless|except|otherwise|nevertheless|nonetheless|even so|that said"
    r"|(?:(?:the|an) )?(?:only )?exceptions?"
    r"|only (?:if|when|after|with|under|take|use)|not (?:if|when|unless|until|before|for))\b"
    rf"|{_BACK}[^,;:]{{0,60}}?\b(?:(?:do|does) not|don't|doesn't) (?:apply|hold|mean|replace)\b"
    rf"|{_BACK}[^,;:]{{0,60}}?\b(?:must|should) not\b"
    # what must not be done
    rf"|(?:please )?{_NEVER}"
    r"|(?:please |always )?(?:take|use|keep|store|have|give|put|apply|wear|leave|carry)"
    rf" (?:it|them)\b[^.;:]*\b{_NEVER}"
    r"|you (?:must|should) (?:not|never|only)\b"
    r"|you (?:cannot|can't) [^,;:]*\b(?:if|until|unless)\b"
    r"|(?:anyone|people|patients|those|women|men|children|adults)\b[^;:]*?\b(?:must|should) not\b"
    r"|(?:no one|nobody) (?:must|should|may)\b"
    # whom to turn to, and when
    rf"|(?:please |always )?{_TURN_TO}[^;:]*?\b(?:if|when|unless|at once|right away|immediately)\b"
    r"|(?:if|when|while|until|before|after|once|as soon as|as long as)\b[^.;:]*, (?:please |then )?"
    rf"(?:you (?:must|should) (?:not|never|stop|call|tell)\b|{_NEVER}|{_TURN_TO})",
    re.IGNORECASE,
)


@lru_cache(maxsize=SENTENCES)
def points_back(text: str) -> bool:
    """Whether a sentence has at its beginning, or a short one at its end, what makes no sense
    without the sentence before."""
    words = _plain(text)
    if _SPEAKS_OF_ITSELF.match(words):
        return False
    if _POINTS_BACK.match(words) or _DO_IT.match(words):
        return True
    if _THEN.match(words) and len(words.split()) <= _MAX_THEN_WORDS:
        return True
    return bool(_CONDITION.match(words)) and "," not in words


@lru_cache(maxsize=SENTENCES)
def limits(text: str) -> bool:
    """Whether a sentence takes back, narrows or forbids, so that the one before needs it.

    "However ...", "Unless ...", "Do not ...", "Call us if ...", "If you ..., do not ...".
    """
    return bool(_LIMITS.match(_plain(text)))


def _plain(text: str) -> str:
    """Without opening marks, with plain apostrophes and single blanks."""
    return " ".join(text.replace("\u2019", "'").split()).lstrip("\"'\u201c\u2018([*")
