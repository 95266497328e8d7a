"""Languages: which a document says it is in, and which a message is in by its small words.

Help must be read by whoever wrote the message, whatever page they opened.
"""

from __future__ import annotations

import re

from qa.document import Document
from qa.unicode_forms import without_accents

__all__ = ["language_of", "language_of_message"]

_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = """i im me my you your he she they we it is are was the a an and or but to of in on for
with not no do dont can cant have has want this that what how why when be so just going anymore
myself him her them everyone life at from"""
_SPANISH = """yo me mi mis tu su sus el la los las un una y o pero de del en con por para que no ya
es son esta estoy soy tengo quiero kiero puedo se lo le mas como cuando porque xq nadie nada todo
vida muy si sin ser vivir hijo hija esposo hermano"""
_SMALL_WORDS = {"en": frozenset(_ENGLISH.split()), "es": frozenset(_SPANISH.split())}
_SHARED = _SMALL_WORDS["en"] & _SMALL_WORDS["es"]


def language_of_message(text: str) -> str:
    """`en` or `es`, by which has more of its small words in the text; empty where neither leads."""
    words = _WORD.findall(without_accents(text[:2_000].casefold()))
    counts = {
        language: sum(word in small and word not in _SHARED for word in words)
        for language, small in _SMALL_WORDS.items()
    }
    first, second = sorted(counts, key=lambda language: -counts[language])
    return first if counts[first] > counts[second] else ""


def language_of(document: Document) -> str:
    """The language that a document's front matter names, in two or three letters; else "en"."""
    tag = document.metadata("language").strip().casefold().replace("_", "-").partition("-")[0]
    return tag if tag.isalpha() and len(tag) in (2, 3) else "en"
