"""What an import would do to the golden questions, line by line, before anything is written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.document import Document
from qa.errors import QuestionError
from qa.golden import as_golden, check_golden, fold
from qa.query import MAX_QUESTION
from qa.staff.golden_book import Edit, Kept, Label
from qa.staff.labelling import EXPECTATIONS
from qa.staff.question_table import Line, Table

__all__ = ["Plan", "Wrong", "plan_import", "problem_of"]

Documents = Callable[[str], Document | None]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that cannot be taken."""

    line: int
    question: str
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import comes to. Questions that the table does not have stay as they are."""

    added: tuple[Label, ...]
    changed: tuple[tuple[Kept, Label], ...]
    same: int
    wrong: tuple[Wrong, ...]
    remarks: tuple[str, ...]

    @property
    def edits(self) -> list[Edit]:
        """The changes, as the file of golden questions takes them."""
        return [Edit(kept.digest, kept.label.question, label) for kept, label in self.changed]

    @property
    def digest(self) -> str:
        """Tells whether a plan is the one that somebody saw."""
        seen = [
            [label.cells() for label in self.added],
            [(kept.digest, label.cells()) for kept, label in self.changed],
            [(one.line, one.why) for one in self.wrong],
        ]
        return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:32]

    def __str__(self) -> str:
        """As "12 new, 3 changed, 90 the same, 2 wrong"."""
        new, changed, wrong = len(self.added), len(self.changed), len(self.wrong)
        return f"{new} new, {changed} changed, {self.same} the same, {wrong} wrong"


def plan_import(table: Table, kept: Sequence[Kept], documents: Documents) -> Plan:
    """Compares a table with the questions that are there: by question, whatever its capitals.

    A column that the table lacks stays as it is. `documents` gives a document by its id.
    """
    left: dict[str, list[Kept]] = {}
    for one in kept:
        left.setdefault(_key(one.label.question), []).append(one)
    added: list[Label] = []
    changed: list[tuple[Kept, Label]] = []
    wrong: list[Wrong] = []
    lines_of: dict[str, int] = {}
    same = 0
    for line in table.lines:
        key = _key(line.cells["question"])
        there = left[key].pop(0) if left.get(key) else None
        before = there.label if there else Label("", "")
        label = Label(**(before.cells() | line.cells))
        if there and all(
            fold(new) == fold(old)
            for new, old in zip(label.cells().values(), before.cells().values(), strict=True)
        ):
            same += 1
            lines_of.setdefault(key, line.number)
            continue
        why = problem_of(label, documents)
        if not there and key in lines_of:
            why = why or f"line {lines_of[key]} asks the same"
        lines_of.setdefault(key, line.number)
        if why:
            wrong.append(Wrong(line.number, label.question, why))
        elif there:
            changed.append((there, _without_stale_places(label, before, line)))
        else:
            added.append(replace(label, question=fold(label.question)))
    return Plan(tuple(added), tuple(changed), same, tuple(wrong), table.remarks)


def problem_of(label: Label, documents: Documents) -> str:
    """What is wrong with a question, in words; empty where nothing is."""
    if not label.question:
        return "the question is missing"
    if len(label.question) > MAX_QUESTION:
        return f"the question has more than {MAX_QUESTION:,} characters"
    if label.expect not in EXPECTATIONS:
        known = ", ".join(EXPECTATIONS)
        return f"what is expected is \u201c{label.expect[:40]}\u201d, not one of {known}"
    if label.expect == "quote" and not label.quote:
        return "the expected quote is missing"
    try:
        golden = as_golden(label.cells(), Path("questions.csv"), 0)
    except QuestionError as error:
        return str(error).partition("line 0: ")[2]
    problems = check_golden([golden], documents)
    return problems[0].partition(": ")[2] if problems else ""


def _without_stale_places(label: Label, before: Label, line: Line) -> Label:
    """Places of other words tell nothing: `qa relocate` finds the new ones."""
    stale = label.quote != before.quote and line.cells.get("spans", "") in ("", before.spans)
    return replace(label, spans="") if stale else label


def _key(question: str) -> str:
    return fold(question).casefold()
