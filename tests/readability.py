"""How hard a text is to read."""

from __future__ import annotations

import re

__all__ = ["grade", "perspicuity"]


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of an English text (Kincaid and others, 1975).

    Syllables are counted as groups of vowels but for a silent e, sentences by their closing marks.
    """
    words = re.findall(r"[A-Za-z']+", text)
    heard = [
        len(re.findall(r"[aeiouy]+", re.sub(r"(?<=[^l])e$|es$", "", w.lower()))) for w in words
    ]
    return (
        0.39 * len(words) / _sentences(text)
        + 11.8 * sum(max(1, n) for n in heard) / len(words)
        - 15.59
    )


def perspicuity(text: str) -> float:
    """The perspicuity of a Spanish text (Szigriszt Pazos, 1993): the higher, the easier.

    206.835 - 62.3 syllables/words - words/sentences. On the INFLESZ scale, which was made with
    leaflets for patients (Barrio-Cantalejo and others, 2008), texts are "normal" from 55, "fairly
    easy" from 65 and "very easy" from 80.
    """
    words = re.findall(r"[a-záéíóúüñ]+", text.lower())
    syllables = sum(max(1, spanish_syllables(word)) for word in words)
    return 206.835 - 62.3 * syllables / len(words) - len(words) / _sentences(text)


def spanish_syllables(word: str) -> int:
    """The vowels of a word in small letters, of which a weak one (i, u, final y) joins another.

    The u of "que", "qui", "gue" and "gui" is not heard.
    """
    heard = re.sub(r"(?<=[qg])u(?=[eéií])", "", re.sub(r"y$", "i", word))
    return len(re.findall(r"[iuü]*(?:[aeoáéó][iuü]*|[íú]|[iuü])", heard))


def _sentences(text: str) -> int:
    return len(re.findall(r"[.?!:](?:\s|$)", text))
