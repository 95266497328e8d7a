"""How hard a text is to read."""

from __future__ import annotations

import re

__all__ = ["grade"]


def grade(text: str) -> float:
    """The Flesch-Kincaid grade (Kincaid and others, 1975).

    Syllables are counted as groups of vowels but for a silent e, sentences by their closing marks.
    """
    words = re.findall(r"[A-Za-z']+", text)
    heard = [
        len(re.findall(r"[aeiouy]+", re.sub(r"(?<=[^l])e$|es$", "", w.lower()))) for w in words
    ]
    sentences = len(re.findall(r"[.?!:](?:\s|$)", text))
    return 0.39 * len(words) / sentences + 11.8 * sum(max(1, n) for n in heard) / len(words) - 15.59
