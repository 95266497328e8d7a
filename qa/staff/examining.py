"""Looking at a generation before it goes live: the checks of the gate, and what patients would be
told otherwise.

Only golden questions are asked: what patients asked is kept nowhere but in the log of questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime

from qa.assistant import Assistant
from qa.comparing import compare_all
from qa.difference_page import difference_fragment
from qa.document import Document
from qa.errors import QuotewellError
from qa.evaluation import FLOOR, Figures
from qa.gate import Progress, Verdict, measured
from qa.golden import read_golden
from qa.releasing import Findings, check
from qa.report import aside_text
from qa.staff.desk import Desk
from qa.staff.release_check import Check, RateRow
from qa.staff.release_checks import basis_of, keep_check
from qa.standing import Standing
from qa.types import Answer

__all__ = ["examine"]


class _AskedOnce:
    """An assistant that is asked each question once, however often it is wanted."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._answers: dict[str, Answer] = {}

    @property
    def generation(self) -> str:
        return self._assistant.generation

    def ask(self, question: str, /, *, trace: bool = False) -> Answer:
        if question not in self._answers:
            self._answers[question] = self._assistant.ask(question, trace=True)
        return self._answers[question]

    def document(self, document_id: str, /) -> Document | None:
        return self._assistant.document(document_id)

    def documents(self) -> tuple[Document, ...]:
        return self._assistant.documents()

    def standings(self) -> Mapping[str, Standing]:
        return self._assistant.standings()


def examine(desk: Desk, name: str, by: str, progress: Progress) -> Check:
    """Checks a generation as `qa publish` does, compares it with the live one as `qa diff` does,
    and keeps what was found. `by` is who wants to know.

    Raises what `qa.releasing.check` does, and what `progress` raises to end it.
    """
    progress("Checking the files", 0, 1)
    basis, loaded = basis_of(desk, name), list[_AskedOnce]()

    def load() -> _AskedOnce:
        loaded.append(_AskedOnce(desk.measuring(None, name)))
        return loaded[0]

    asking = _named(progress, "Asking the new generation:")
    verdict = check(desk.index, name, desk.model, desk.golden, load, asking, desk.engine)
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    found = Check(basis, at, by, Findings.of(verdict), _unasked(verdict))
    if not verdict.damage:
        new = loaded[0] if loaded else load()
        found = _compared(desk, found, verdict, new, progress)
    return keep_check(desk, found)


def _compared(
    desk: Desk, found: Check, verdict: Verdict, new: _AskedOnce, progress: Progress
) -> Check:
    """With figures and changes; the live generation is loaded for them if it can be."""
    golden = read_golden(desk.golden) if verdict.measured else []
    live_figures, changes, uncompared = None, "", ""
    try:
        if not found.basis.live:
            raise QuotewellError("nothing is live")
        old = _AskedOnce(desk.measuring(None, found.basis.live))
        if golden:
            asking = _named(progress, "Asking the live generation:")
            live_figures = measured(golden, old, asking).figures
        asking = _named(progress, "Comparing:")
        changes = difference_fragment(compare_all(old, new, golden, (), asking))
    except QuotewellError as error:
        uncompared = f"It was compared with nothing: {error}"
    if verdict.measured is None:
        return replace(found, changes=changes, uncompared=uncompared)
    aside = aside_text(verdict.measured.aside).splitlines() if verdict.measured.aside else []
    return replace(
        found,
        rows=_rows(live_figures, verdict.measured.figures),
        misfits=verdict.measured.misfits,
        aside=tuple(line.strip() for line in aside),
        changes=changes,
        uncompared=uncompared,
    )


def _named(progress: Progress, what: str) -> Progress:
    return lambda _what, done, total: progress(what, done, total)


def _unasked(verdict: Verdict) -> str:
    if verdict.measured or verdict.damage:
        return ""
    return verdict.foreign or (
        "There are no golden questions (questions.csv), so nothing was measured."
    )


def _rows(live: Figures | None, new: Figures) -> tuple[RateRow, ...]:
    """The figures that something was asked for, the floors beside them."""
    made = []
    for one in fields(Figures):
        rate, before = getattr(new, one.name), getattr(live, one.name) if live else None
        if rate.of:
            was = (before.count, before.of) if before and before.of else None
            floor = getattr(FLOOR, one.name, None)
            made.append(RateRow(rate.name, was, (rate.count, rate.of), floor))
    return tuple(made)
