"""Golden questions: what patients ask, with the judgement of somebody who read the documents.

A golden question has a `quote`, an exact part of a document (several that answer equally well are
parted by ` || `), or says that a refusal, or a crisis, emergency or advice notice is expected.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.document import Document
from qa.errors import QuestionError
from qa.standing import Standing

__all__ = ["GOLDEN_FILE", "Golden", "check_golden", "fold", "parted", "read_golden", "read_rows"]

GOLDEN_FILE = "questions.csv"
"""Its name within a corpus."""
COLUMNS = ("question", "expect", "quote", "document", "tags", "note")
EXPECTATIONS = frozenset({"quote", "refuse", "crisis", "emergency", "advice"})
HELD = "held"
_ALTERNATIVES = " || "


@dataclass(frozen=True, slots=True)
class Golden:
    """A question with the judgement of somebody who read the documents."""

    line: int
    question: str
    expect: str
    quotes: tuple[str, ...]
    document: str
    tags: frozenset[str]
    note: str

    @property
    def held(self) -> bool:
        """Whether nothing may be tuned on it."""
        return HELD in self.tags


def read_golden(path: Path) -> list[Golden]:
    """Reads a file of golden questions. Raises QuestionError naming file and line."""
    advice = (
        f"Golden questions are optional: write one with the columns {', '.join(COLUMNS)} to "
        "measure this corpus."
    )
    return [_golden(values, path, line) for line, values in read_rows(path, COLUMNS, advice)]


def read_rows(path: Path, columns: Sequence[str], advice: str) -> list[tuple[int, dict[str, str]]]:
    """The lines of a CSV file with their numbers: each column's text without blanks around it.

    Raises QuestionError naming file and line; where there is no file, `advice` follows.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise QuestionError(f"There is no {path}. {advice}") from None
    except UnicodeDecodeError as error:
        raise QuestionError(f"{path}: byte {error.start} is not UTF-8. Save it as UTF-8.") from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        raise QuestionError(f"{path}: line 1: the column {missing[0]!r} is missing.")
    try:
        return [
            (reader.line_num, {name: (row.get(name) or "").strip() for name in columns})
            for row in reader
        ]
    except csv.Error as error:
        raise QuestionError(f"{path}: line {reader.line_num}: {error}.") from None


def _golden(values: dict[str, str], path: Path, line: int) -> Golden:
    expect = values["expect"]
    if expect not in EXPECTATIONS:
        known = ", ".join(sorted(EXPECTATIONS))
        raise QuestionError(f"{path}: line {line}: expect is {expect!r}, not one of {known}.")
    if not values["question"] or (expect == "quote" and not values["quote"]):
        raise QuestionError(f"{path}: line {line}: the question or the expected quote is missing.")
    quotes = tuple(part.strip() for part in values["quote"].split(_ALTERNATIVES) if part.strip())
    tags = frozenset(values["tags"].split())
    return Golden(
        line, values["question"], expect, quotes, values["document"], tags, values["note"]
    )


def check_golden(golden: Sequence[Golden], document: Callable[[str], Document | None]) -> list[str]:
    """What is wrong with the questions: documents that are not there, quotes not found in them."""
    problems = []
    for one in golden:
        found = document(one.document) if one.document else None
        if one.document and found is None:
            problems.append(f"line {one.line}: there is no document {one.document!r}")
        elif found:
            text = fold(found.text)
            lacking = [quote for quote in one.quotes if fold(quote) not in text]
            problems += [
                f"line {one.line}: {found.id} does not hold {quote!r}" for quote in lacking
            ]
    return problems


def parted(
    golden: Sequence[Golden], standings: Mapping[str, Standing]
) -> tuple[list[Golden], list[tuple[Golden, Standing]]]:
    """Questions that can be judged now, and those that rest on a document that is not quoted now.

    `standings` are those of all documents by id. Nobody is at fault for the latter: they count
    again once their document, or the label, is brought up to date.
    """
    asked: list[Golden] = []
    aside: list[tuple[Golden, Standing]] = []
    for one in golden:
        standing = standings.get(one.document)
        rests = standing is not None and (one.expect == "quote" or not standing.readable)
        if standing and rests and not standing.quotable:
            aside.append((one, standing))
        else:
            asked.append(one)
    return asked, aside


def fold(text: str) -> str:
    """The text with each run of white space as one blank."""
    return " ".join(text.split())
