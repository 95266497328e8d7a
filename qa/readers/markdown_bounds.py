"""What a Markdown file may hold at most, so that its parser comes to an end and finds room."""

from __future__ import annotations

from collections.abc import Iterable

from qa.errors import CorpusError

__all__ = ["check_brackets", "check_lines", "check_paragraphs"]

_MAX_LINES = 200_000
"""A thick book has 20,000. Each line of an empty list or table takes up to four kilobytes."""
_MAX_CELLS = 300_000
"""Bars of the line with most of them times lines, for each paragraph or table: a row is filled up
to the width of the table's head, and a cell takes a kilobyte."""
_MAX_BRACKETS = 500_000_000
"""Opening brackets times characters of one paragraph, since from each the parser looks for its
end: some half a second."""
_MAX_MARKS = 20_000
"""Signs of emphasis, or lines, of one paragraph: the parser's time grows with nearly their square,
and 40,000 took it a second (`pytest -m nightly tests/attacks/test_patterns.py`)."""


def check_lines(source: str, name: str, before: int = 0) -> None:
    """Raises CorpusError, naming file and line, where there are too many lines or table cells.

    `before` is how many lines of the file stand before the source.
    """
    lines = source.split("\n")
    if len(lines) > _MAX_LINES:
        raise CorpusError(
            f"{name}: the file has {len(lines):,} lines, and at most {_MAX_LINES:,} are read. "
            "Split it into several files."
        )
    cells = first = widest = height = 0
    for number, line in enumerate([*lines, ""], before + 1):
        if line.strip():
            first = first if height else number
            height += 1
            widest = max(widest, line.count("|"))
            continue
        cells += widest * height
        if cells > _MAX_CELLS:
            raise CorpusError(
                f"{name}: line {first}: up to this table the file has more than {_MAX_CELLS:,} "
                "cells, where each row counts as wide as the widest. Split the file, or take "
                "columns out."
            )
        widest = height = 0


def check_paragraphs(paragraphs: Iterable[str], name: str) -> None:
    """Raises CorpusError where one paragraph has too many signs of emphasis, or lines."""
    for text in paragraphs:
        marks, lines = sum(map(text.count, "*_~")), text.count("\n")
        if max(marks, lines) > _MAX_MARKS:
            raise CorpusError(
                f"{name}: the paragraph that begins with {text[:20]!r} has {marks:,} signs of "
                f"emphasis (*, _ or ~) and {lines:,} line ends; of each at most {_MAX_MARKS:,} are "
                "read. Part it by blank lines."
            )


def check_brackets(paragraphs: Iterable[str], name: str) -> None:
    """Raises CorpusError where a paragraph has too many brackets to look for links in it."""
    for text in paragraphs:
        brackets = text.count("[")
        if brackets * len(text) > _MAX_BRACKETS:
            raise CorpusError(
                f"{name}: the paragraph with {brackets:,} opening brackets ([), {len(text):,} "
                "characters long, cannot be searched for links in reasonable time. Part it by "
                "blank lines, or take brackets out."
            )
