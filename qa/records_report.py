"""Feedback and logged questions as text for a terminal."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from qa.feedback import Feedback, Place
from qa.question_log import LoggedQuestion

__all__ = ["feedback_table", "questions_table", "totals_text"]

# What a terminal obeys, or by which it shows a line other than it is: whoever wrote a note would
# have the maintainer's terminal do it.
_OBEYED = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def totals_text(totals: Mapping[str, int]) -> str:
    """How many of each verdict, on one line."""
    counts = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in totals.items())
    return f"Feedback: {sum(totals.values())} ({counts})."


def feedback_table(feedback: Sequence[Feedback], width: int | None) -> str:
    """One row each, newest day first; `width` None is the terminal's."""
    asked = any(one.question for one in feedback)
    names = ["Day", "Verdict", "Reason", "Note", "Answer", "Quotes", *["Question"] * asked]
    rows = (
        [
            one.day.isoformat(),
            str(one.verdict),
            one.reason,
            one.note,
            one.refusal or one.kind,
            _places(one.places),
            *[one.question] * asked,
        ]
        for one in reversed(feedback)
    )
    return _table(names, rows, width)


def questions_table(questions: Sequence[LoggedQuestion], width: int | None) -> str:
    """One row each, newest day first; `width` None is the terminal's."""
    rows = (
        [one.day.isoformat(), one.question, one.reason or one.kind, _places(one.places)]
        for one in reversed(questions)
    )
    return _table(["Day", "Question", "Answer", "Quotes"], rows, width)


def _places(places: Iterable[Place]) -> str:
    return "\n".join(f"{one.document_id}:{one.start}-{one.end}" for one in places)


def _table(names: Sequence[str], rows: Iterable[Sequence[str]], width: int | None) -> str:
    table = Table(*names)
    for row in rows:
        # As Text, since "[name]" is a style in rich's own markup.
        table.add_row(*(Text(_OBEYED.sub(_named, cell)) for cell in row))
    console = Console(file=io.StringIO(), width=width)
    with console.capture() as shown:
        console.print(table)
    return shown.get().rstrip("\n")


def _named(found: re.Match[str]) -> str:
    return f"<U+{ord(found[0]):04X}>"
