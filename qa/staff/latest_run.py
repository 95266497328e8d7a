"""The newest whole run of the golden questions on the live documents, and what changed since."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from qa.staff.desk import Desk
from qa.staff.risk import Case, cases_of
from qa.staff.run_book import Run, RunBook
from qa.staff.run_changes import PART_WORDS
from qa.staff.running import parts_of

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
        elif changed := self._changed_parts(desk):
            found.append(f"Changed since these questions were asked: {', '.join(changed)}.")
        try:
            now = hashlib.sha256(desk.golden.read_bytes()).hexdigest()
        except OSError:
            now = ""
        if now != self.run.golden_sha256:
            found.append("The file of golden questions was changed since.")
        return tuple(found)

    def _changed_parts(self, desk: Desk) -> list[str]:
        """What the answers depend on besides the threshold, and was another thing then."""
        if not self.run.parts:
            return []
        now = parts_of(desk, desk.assistant, desk.assistant.reader)
        return [words for part, words in PART_WORDS.items() if self.run.parts[part] != now[part]]


def measured(desk: Desk, number: int | None = None) -> Measured | None:
    """The run of that number, or else the newest whole one of the live generation; None where
    there is none. One of a staged generation tells nothing of what patients get.

    Raises StoreError where it cannot be read.
    """
    book = RunBook(desk.file)
    live = desk.assistant.generation
    run = book.latest(generation=live) if number is None else book.find(number)
    if run is None:
        return None
    return Measured(run, cases_of(run.judgements, False), cases_of(run.judgements, True))
