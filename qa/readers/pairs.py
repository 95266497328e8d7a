"""Tables of questions and answers (CSV): the answer is what is quoted, the question helps find it.

Each question becomes the heading of a section, and its answer the text of that section.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.document import BlockKind
from qa.errors import CorpusError
from qa.readers.decoding import decode_or_guess
from qa.readers.draft import Draft, TextBuilder
from qa.readers.html_lists import BULLET

__all__ = ["read_pairs"]

_QUESTION = frozenset({"question", "q", "pregunta"})
_ANSWER = frozenset({"answer", "a", "respuesta"})
_SECTION = frozenset({"section", "category", "sección", "seccion", "categoría", "categoria"})
_DELIMITERS = (",", ";", "\t")
_EXCEL = re.compile(r'"?sep=(.)"?[ ,;\t]*\n', re.IGNORECASE)
"""A first line by which Excel is told the delimiter."""
_BULLET = re.compile(r"[-*\u2022\u00b7\u2013][ \t\u00a0]+(?=\S)")
_NUMBER = re.compile(r"\(?\d{1,3}[.)][ \t\u00a0]+(?=\S)")


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the columns stand; `section` is -1 where there is none."""

    question: int
    answer: int
    section: int


def read_pairs(data: bytes, name: str) -> Draft:
    """Reads a table with the columns `question` and `answer`, and `section` if there is one.

    The first line names the columns; commas, semicolons or tabs part them. Raises CorpusError
    naming the line where a pair is not whole, or saying which columns are wanting.
    """
    decoded = decode_or_guess(data, name)
    rows = _rows(decoded.text, name)
    header = next(rows, (1, []))[1]
    columns = _columns(header, name)
    builder = TextBuilder()
    section = ""
    for line, row in rows:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if any(cells[len(header) :]):
            # Half of an answer may say the opposite of it: "Yes" of "Yes, but not with alcohol".
            raise CorpusError(
                f"{name}: line {line}: the row has more cells than line 1 names columns. Put an "
                "answer with commas, semicolons or tabs into quotation marks."
            )
        question, answer = (_cell(cells, at) for at in (columns.question, columns.answer))
        for cell, what in ((question, "question"), (answer, "answer")):
            if not cell:
                raise CorpusError(
                    f"{name}: line {line}: the {what} is empty. Write one, or delete the line."
                )
        above = " ".join(_cell(cells, columns.section).split())
        if above and above != section:
            builder.add(BlockKind.HEADING, above, level=1)
        section = above
        builder.add(BlockKind.HEADING, " ".join(question.split()), level=2)
        _add_answer(builder, answer)
    return Draft("", builder.text, tuple(builder.blocks), decoded.meta)


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at] if 0 <= at < len(cells) else ""


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line (from 1) that it begins on.

    A cell of more than 131,072 characters is refused: that is the limit of Python's `csv`, which
    holds for the whole process and is therefore left as it is.
    """
    told = _EXCEL.match(text)
    body = text[told.end() :] if told else text
    delimiter = told.group(1) if told else _delimiter(body)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    before = 1 if told else 0
    line = 0
    try:
        for row in reader:
            yield before + line + 1, row
            line = reader.line_num
    except csv.Error as error:
        raise CorpusError(
            f"{name}: line {before + line + 1}: this row of the table is broken ({error}). "
            "Put a text with quotation marks into quotation marks, and double those within it."
        ) from None


def _delimiter(text: str) -> str:
    """The delimiter by which the first line names both columns, else the comma."""
    header = text.partition("\n")[0]
    for delimiter in _DELIMITERS:
        names = {cell.strip().strip('"').strip().casefold() for cell in header.split(delimiter)}
        if names & _QUESTION and names & _ANSWER:
            return delimiter
    return ","


def _columns(header: Sequence[str], name: str) -> _Columns:
    names = [cell.strip().casefold() for cell in header]

    def at(known: frozenset[str], what: str) -> int:
        found = [i for i, one in enumerate(names) if one in known]
        if len(found) > 1:
            raise CorpusError(f"{name}: line 1: {len(found)} columns are named {what}. Leave one.")
        return found[0] if found else -1

    columns = _Columns(at(_QUESTION, "question"), at(_ANSWER, "answer"), at(_SECTION, "section"))
    if columns.question < 0 or columns.answer < 0:
        raise CorpusError(
            f"{name}: line 1: a table must have the columns `question` and `answer`, and may have "
            "`section`; no other table is read. Name its columns so, or take the file out of the "
            "folder. (The files questions.csv, synonyms.csv and catalogue.csv are no documents, "
            "but only at the top of the corpus folder.)"
        )
    return columns


def _add_answer(builder: TextBuilder, answer: str) -> None:
    """Lines that begin with a bullet or number are list items; a blank line parts paragraphs."""
    paragraph: list[str] = []

    def end_paragraph() -> None:
        builder.add(BlockKind.PARAGRAPH, "\n".join(paragraph))
        paragraph.clear()

    for line in map(str.strip, answer.split("\n")):
        mark = _BULLET.match(line) or _NUMBER.match(line)
        if mark or not line:
            end_paragraph()
        if mark:
            before = BULLET if _BULLET.match(line) else f"{mark.group().strip()} "
            builder.add(BlockKind.ITEM, line[mark.end() :], before=before)
        elif line:
            paragraph.append(line)
    end_paragraph()
