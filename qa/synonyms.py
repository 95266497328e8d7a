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

__all__ = ["SYNONYMS_FILE", "added_terms", "read_synonyms"]

SYNONYMS_FILE = "synonyms.csv"
_COLUMNS = ("lay", "formal")
_WORD = re.compile(r"[^\W_]+(?:['\u2019.][^\W_]+)*\.?")
_LONGEST = 6
"""Words in the longest lay phrase that is looked for."""


def read_synonyms(path: Path) -> dict[str, str]:
    """Lay word or phrase in small letters → words of documents; empty where there is no file.

    The columns are `lay`, of several phrases parted by `|`, and `formal`. Raises CorpusError naming
    the file and the line or byte that is wrong.
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
    if not set(_COLUMNS) <= set(rows.fieldnames or ()):
        raise CorpusError(f"{path}: line 1: the columns are {' and '.join(map(repr, _COLUMNS))}.")
    table: dict[str, str] = {}
    for row in rows:
        lay, formal = ((row[name] or "").strip() for name in _COLUMNS)
        if not lay or not formal:
            raise CorpusError(f"{path}: line {rows.line_num}: lay or formal words are missing.")
        for phrase in (" ".join(part.casefold().split()) for part in lay.split("|")):
            table[phrase] = f"{table[phrase]} {formal}" if phrase in table else formal
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
