"""Shorthand: the short forms of text messages, and what they stand for."""

from __future__ import annotations

import re

__all__ = ["spelt_out"]

_FORMS = {
    "u": "you",
    "teh": "the",
    "r": "are",
    "ur": "your",
    "urs": "yours",
    "pls": "please",
    "plz": "please",
    "wat": "what",
    "wot": "what",
    "wut": "what",
    "abt": "about",
    "b4": "before",
    "2day": "today",
    "2moro": "tomorrow",
    "2morrow": "tomorrow",
    "tmrw": "tomorrow",
    "2nite": "tonight",
    "2night": "tonight",
    "nite": "night",
    "gr8": "great",
    "thx": "thanks",
    "thnx": "thanks",
    "cuz": "because",
    "coz": "because",
    "bc": "because",
    "bcoz": "because",
    "bcuz": "because",
    "becuz": "because",
    "hr": "hour",
    "hrs": "hours",
    "mins": "minutes",
    "wk": "week",
    "wks": "weeks",
    "yr": "year",
    "yrs": "years",
    "ppl": "people",
    "appt": "appointment",
    "thru": "through",
    "tho": "though",
    "shud": "should",
    "wud": "would",
    "rly": "really",
    "rlly": "really",
    "smth": "something",
    "sumthing": "something",
    "sth": "something",
    "hav": "have",
    "dnt": "don't",
}
_AFTER_A_NUMBER = re.compile(r"\d[\s-]*$")
_LETTERED = re.compile(r"\b(?:vitamin|type|group|part|plan|hepatitis|schedule|vitamins)\s+$", re.I)
"""What a single letter behind is the name of."""
_NEAR = 40
"""Characters before a single letter that are looked at: room for either of these and its blanks."""


def spelt_out(word: str, before: str = "") -> str:
    """What a short form stands for; empty for any other word, and for one in capitals (UR).

    `before` is the text before the word: "10 u" is a dose, and "type r" is a type.
    """
    meant = _FORMS.get(word.casefold(), "")
    if not meant or any(letter.isupper() for letter in word[1:]) or word in ("U", "R"):
        return ""
    near = before[-_NEAR:]
    if len(word) == 1 and (_AFTER_A_NUMBER.search(near) or _LETTERED.search(near)):
        return ""
    return meant
