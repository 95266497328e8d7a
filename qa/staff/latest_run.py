"""The newest whole run of the golden questions, and what has changed since."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from qa.staff.desk import Desk
from qa.staff.risk import Case, cases_of
from qa.staff.run_book import Run, RunBook

__all__ = ["Measured", "measured"]


@dataclass(frozen=True, slots=True)
class Measured:
    """A run, with its questions about what the documents say."""

    run: Run
    others: tuple[Case, ...]
    """The questions that are not held."""
    held: tuple[Case, ...]

    @property
    def cases(self) -> tuple[Case, ...]:
        """All of them."""
        return self.others + self.held

    @property
    def left_out(self) -> int:
        """Questions that tell of danger: no threshold decides about those."""
        return len(self.run.judgements) - len(self.others) - len(self.held)

    def changes(self, desk: Desk) -> tuple[str, ...]:
        """What is no longer as it was when the questions were asked, in sentences."""
        found = []
        if self.run.generation != desk.assistant.generation:
            found.append("Other documents are live now than when these questions were asked.")
        try:
            now = hashlib.sha256(desk.golden.read_bytes()).hexdigest()
        except OSError:
            now = ""
        if now != self.run.golden_sha256:
            found.append("The file of golden questions was changed since.")
        return tuple(found)


def measured(desk: Desk, number: int | None = None) -> Measured | None:
    """The run of that number, or else the newest whole one; None where there is none.

    Raises StoreError where it cannot be read.
    """
    book = RunBook(desk.file)
    run = book.latest() if number is None else book.find(number)
    if run is None:
        return None
    return Measured(run, cases_of(run.judgements, False), cases_of(run.judgements, True))
