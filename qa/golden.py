"""Golden questions: what patients ask, with the judgement of somebody who read the documents.

A golden question has a `quote`, an exact part of a document (several that answer equally well are
parted by ` || `), or says that a refusal, or a crisis, emergency or advice notice is expected.

Judging goes by the words of `quote`. Where they stood is kept in a further column, `spans`, that
files may have or not: `120:162 || 300:321 of 1f2e3d4c` are offsets of each in code points, in the
text whose SHA-256 begins so; `?` stands for one that is not known. `qa relocate` writes it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.document import Document
from qa.errors import QuestionError
from qa.standing import Standing

__all__ = [
    "GOLDEN_FILE",
    "SPANS",
    "Golden",
    "Span",
    "as_golden",
    "check_golden",
    "fold",
    "of_another_corpus",
    "parted",
    "read_golden",
    "read_rows",
    "spans_cell",
]

GOLDEN_FILE = "questions.csv"
"""Its name within a corpus."""
COLUMNS = ("question", "expect", "quote", "document", "tags", "note")
SPANS = "spans"
"""The column that may be missing."""
EXPECTATIONS = frozenset({"quote", "refuse", "crisis", "emergency", "advice"})
HELD = "held"
_ALTERNATIVES = " || "
_HASH_DIGITS = 8
_NAMED = 3
"""Documents that a message names."""
_SPANS = re.compile(r"(?P<spans>.*\S)\s+of\s+(?P<sha256>[0-9a-f]{8,64})", re.DOTALL)
_SPAN = re.compile(r"(\d{1,9}):(\d{1,9})")

Span = tuple[int, int] | None
"""Start and end in code points; None where the place is not known."""


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
    spans: tuple[Span, ...] = ()
    """Where each quote stood; empty where that was not written down."""
    text_sha256: str = ""
    """The first digits of the SHA-256 of the text that `spans` are of."""

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
    rows = read_rows(path, COLUMNS, advice, optional=(SPANS,))
    return [as_golden(values, path, line) for line, values in rows]


def read_rows(
    path: Path, columns: Sequence[str], advice: str, optional: Sequence[str] = ()
) -> list[tuple[int, dict[str, str]]]:
    """The lines of a CSV file with their numbers: each column's text without blanks around it.

    A column that is `optional` is empty where it is missing. Raises QuestionError naming file and
    line; where there is no file, `advice` follows.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise QuestionError(f"There is no {path}. {advice}") from None
    except OSError as error:
        raise QuestionError(f"{path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError as error:
        raise QuestionError(f"{path}: byte {error.start} is not UTF-8. Save it as UTF-8.") from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        missing = [name for name in columns if name not in (reader.fieldnames or ())]
        if missing:
            raise QuestionError(f"{path}: line 1: the column {missing[0]!r} is missing.")
        return [
            (
                reader.line_num,
                {name: (row.get(name) or "").strip() for name in (*columns, *optional)},
            )
            for row in reader
        ]
    except csv.Error as error:
        raise QuestionError(
            f"{path}: line {reader.line_num}: {error}. Look for a quotation mark that is not "
            "closed."
        ) from None


def as_golden(values: Mapping[str, str], path: Path, line: int) -> Golden:
    """What the cells of one line say, each without blanks around it.

    Raises QuestionError naming file and line.
    """
    expect = values["expect"]
    if expect not in EXPECTATIONS:
        known = ", ".join(sorted(EXPECTATIONS))
        raise QuestionError(f"{path}: line {line}: expect is {expect!r}, not one of {known}.")
    if not values["question"] or (expect == "quote" and not values["quote"]):
        raise QuestionError(f"{path}: line {line}: the question or the expected quote is missing.")
    quotes = tuple(part.strip() for part in values["quote"].split(_ALTERNATIVES) if part.strip())
    tags = frozenset(values["tags"].split())
    spans, sha256 = _spans(values[SPANS], f"{path}: line {line}")
    if len(spans) != len(quotes):  # the words were edited since: then places tell nothing
        spans, sha256 = (), ""
    return Golden(
        line,
        values["question"],
        expect,
        quotes,
        values["document"],
        tags,
        values["note"],
        spans,
        sha256,
    )


def _spans(cell: str, where: str) -> tuple[tuple[Span, ...], str]:
    """Reads a cell of the column `spans`, which may be empty."""
    if not cell:
        return (), ""
    found = _SPANS.fullmatch(cell)
    parts = [part.strip() for part in found["spans"].split(_ALTERNATIVES.strip())] if found else []
    places = [_SPAN.fullmatch(part) for part in parts]
    if not found or any(part != "?" and not span for part, span in zip(parts, places, strict=True)):
        raise QuestionError(
            f"{where}: spans is {cell[:60]!r}, not like '120:162 || 300:321 of 1f2e3d4c'. "
            "Clear the cell; `qa relocate --write` fills it in."
        )
    return tuple((int(one[1]), int(one[2])) if one else None for one in places), found["sha256"]


def spans_cell(spans: Sequence[Span], text_sha256: str) -> str:
    """What `_spans` reads: one place a quote, and which text they are of; empty without any."""
    if not any(spans):
        return ""
    shown = (f"{one[0]}:{one[1]}" if one else "?" for one in spans)
    return f"{_ALTERNATIVES.join(shown)} of {text_sha256[:_HASH_DIGITS]}"


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


def of_another_corpus(
    golden: Sequence[Golden], document: Callable[[str], object | None], path: Path
) -> str:
    """Says that the questions of the file `path` are about other documents; empty if they are not.

    They are where at least half of those that expect a quote name a document that is not there.
    """
    wanted = [one for one in golden if one.expect == "quote"]
    missing = {one.document for one in wanted if one.document and document(one.document) is None}
    count = sum(one.document in missing for one in wanted)
    if not count or 2 * count < len(wanted):
        return ""
    names = sorted(missing)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return (
        f"{count} of {len(wanted)} golden questions are about documents that are not here "
        f"({', '.join(names[:_NAMED])}{more}): they belong to another corpus, or their documents "
        f"were taken out. Replace or delete {path}"
    )


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
