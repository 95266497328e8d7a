"""How hard a text is to read: English by grade, Spanish by perspicuity."""

from __future__ import annotations

import re
from functools import cache

__all__ = ["grade", "perspicuity", "spanish_syllables"]


def grade(text: str, sentences: int | None = None) -> float:
    """The Flesch-Kincaid grade of an English text (Kincaid and others, 1975): US school years.

    Syllables are counted as groups of vowels but for a silent e. Sentences are counted by their
    closing marks unless their number is given. 0.0 where there are no words.
    """
    words = re.findall(r"[A-Za-z']+", text)
    if not words:
        return 0.0
    heard = sum(_english_syllables(word.lower()) for word in words)
    return 0.39 * len(words) / (sentences or _sentences(text)) + 11.8 * heard / len(words) - 15.59


def perspicuity(text: str, sentences: int | None = None) -> float:
    """The perspicuity of a Spanish text (Szigriszt Pazos, 1993): the higher, the easier.

    206.835 - 62.3 syllables/words - words/sentences. On the INFLESZ scale, which was made with
    leaflets for patients (Barrio-Cantalejo and others, 2008), texts are "normal" from 55, "fairly
    easy" from 65 and "very easy" from 80. Sentences are counted as in `grade`; 100.0 where there
    are no words.
    """
    words = re.findall(r"[a-záéíóúüñ]+", text.lower())
    if not words:
        return 100.0
    syllables = sum(max(1, spanish_syllables(word)) for word in words)
    return 206.835 - 62.3 * syllables / len(words) - len(words) / (sentences or _sentences(text))


@cache
def _english_syllables(word: str) -> int:
    return max(1, len(re.findall(r"[aeiouy]+", re.sub(r"(?<=[^l])e$|es$", "", word))))


@cache
def spanish_syllables(word: str) -> int:
    """Syllables of a Spanish word in small letters: its vowels, of which a weak one joins another.

    Weak are i, u and a final y. The u of "que", "qui", "gue" and "gui" is not heard.
    """
    heard = re.sub(r"(?<=[qg])u(?=[eéií])", "", re.sub(r"y$", "i", word))
    return len(re.findall(r"[iuü]*(?:[aeoáéó][iuü]*|[íú]|[iuü])", heard))


def _sentences(text: str) -> int:
    return max(1, len(re.findall(r"[.?!:](?:\s|$)", text)))
