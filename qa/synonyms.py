"""Synonyms: what patients say, and the words that this corpus uses for it.

"Does it make me throw up" is searched for together with "vomiting" and "nausea". The words are
added to a question; none of its own is taken away. They belong to a corpus and lie beside its
documents in `synonyms.csv`: words that help one clinic's patients blur the questions of another's.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

from qa.errors import CorpusError

__all__ = ["SYNONYMS_FILE", "added_phrases", "added_terms", "formal_phrases", "read_synonyms"]

SYNONYMS_FILE = "synonyms.csv"
_COLUMNS = ("lay", "formal")
_WORD = re.compile(r"[^\W_]+(?:['\u2019.][^\W_]+)*\.?")
_LONGEST = 6
"""Words in the longest lay phrase that is looked for."""


def read_synonyms(path: Path) -> dict[str, str]:
    """Lay word or phrase in small letters → words of documents; empty where there is no file.

    The columns are `lay` and `formal`, each of one phrase or several parted by `|`, as the values
    are. Raises CorpusError naming the file and the line or byte that is wrong.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: byte {error.start} is not UTF-8. Save it as UTF-8.") from None
    except OSError as error:
        raise CorpusError(f"{path}: {error.strerror or error}. Make the file readable.") from error
    rows = csv.DictReader(io.StringIO(text, newline=""))
    try:
        return _table(rows, path)
    except csv.Error as error:
        raise CorpusError(
            f"{path}: line {rows.line_num}: {error}. Look for a quotation mark that is not closed."
        ) from None


def _table(rows: csv.DictReader[str], path: Path) -> dict[str, str]:
    """The table of the rows. Raises CorpusError for a wrong line, csv.Error where it is none."""
    if not set(_COLUMNS) <= set(rows.fieldnames or ()):
        raise CorpusError(f"{path}: line 1: the columns are {' and '.join(map(repr, _COLUMNS))}.")
    table: dict[str, str] = {}
    for row in rows:
        lay, formal = ((row[name] or "").strip() for name in _COLUMNS)
        if not lay or not formal:
            raise CorpusError(f"{path}: line {rows.line_num}: lay or formal words are missing.")
        for phrase in (" ".join(part.casefold().split()) for part in lay.split("|")):
            table[phrase] = f"{table[phrase]}|{formal}" if phrase in table else formal
    return table


def formal_phrases(formal: str) -> list[str]:
    """The phrases of a value of the table."""
    return [" ".join(phrase.split()) for phrase in formal.split("|") if phrase.strip()]


def added_phrases(question: str, table: Mapping[str, str]) -> list[tuple[str, str]]:
    """(lay phrase of the question, phrase of documents) pairs, the longest lay phrases first.

    Phrases of documents whose every word the question has are left out.
    """
    words = _words(question)
    own = set(words)
    found = []
    for length in range(_LONGEST, 0, -1):
        for start in range(len(words) - length + 1):
            lay = " ".join(words[start : start + length])
            found += [(lay, phrase) for phrase in formal_phrases(table.get(lay, ""))]
    return [pair for pair in found if not set(pair[1].split()) <= own]


def added_terms(question: str, table: Mapping[str, str]) -> str:
    """The words to search for besides the question's own; each once, empty when there are none."""
    own = set(_words(question))
    words = (word for _, phrase in added_phrases(question, table) for word in phrase.split())
    return " ".join(dict.fromkeys(word for word in words if word not in own))


def _words(text: str) -> list[str]:
    return [word.replace("\u2019", "'") for word in _WORD.findall(text.casefold())]
