"""Lay words: what patients say, and the words that documents use for it.

"Does it make me throw up" is searched for together with "vomiting" and "nausea". The words are
added to a question; none of its own is taken away.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

__all__ = ["added_terms", "shipped_lay_terms"]

_WORD = re.compile(r"[^\W_]+(?:['\u2019.][^\W_]+)*\.?")
_LONGEST = 6
"""Words in the longest lay phrase that is looked for."""


@cache
def shipped_lay_terms() -> Mapping[str, str]:
    """Lay word or phrase in small letters → words of documents."""
    text = resources.files("qa").joinpath("data/lay_terms.csv").read_text(encoding="utf-8")
    table: dict[str, str] = {}
    for row in csv.DictReader(io.StringIO(text)):
        for lay in row["lay"].split("|"):
            table[lay] = f"{table[lay]} {row['formal']}" if lay in table else row["formal"]
    return table


def added_terms(question: str, table: Mapping[str, str]) -> str:
    """The words to search for besides the question's own; each once, empty when there are none."""
    words = [word.replace("\u2019", "'") for word in _WORD.findall(question.casefold())]
    found: dict[str, None] = {}
    for length in range(_LONGEST, 0, -1):
        for start in range(len(words) - length + 1):
            formal = table.get(" ".join(words[start : start + length]), "")
            found.update(dict.fromkeys(formal.split()))
    return " ".join(word for word in found if word not in words)
