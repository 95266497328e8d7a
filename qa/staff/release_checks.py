"""Looking at a generation before it goes live: the checks of the gate, and what patients would be
told otherwise, kept so that nothing is measured twice.

Only golden questions are asked: what patients asked is kept nowhere but in the log of questions.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any

from qa.assistant import Assistant
from qa.comparing import compare_all
from qa.difference_page import difference_fragment
from qa.document import Document
from qa.errors import QuotewellError
from qa.evaluation import FLOOR, Figures, Rate
from qa.gate import Progress, Verdict, measured
from qa.golden import read_golden
from qa.publishing import CALIBRATIONS, generations, live_generation, pointer_to
from qa.releasing import Findings, check
from qa.report import aside_text
from qa.staff.desk import Desk
from qa.standing import Standing
from qa.types import Answer

__all__ = ["Basis", "Check", "RateRow", "basis_of", "examine", "kept_check", "out_of_date"]

_TABLES = (
    """CREATE TABLE IF NOT EXISTS release_checks (
        generation TEXT PRIMARY KEY, digest TEXT NOT NULL, kept TEXT NOT NULL)""",
)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a check was made of. Where any of it is another by now, the check tells nothing."""

    generation: str
    manifest: str
    """SHA-256 of its manifest, which holds the hash of each of its files."""
    live: str
    """What it was compared with; empty where nothing was live."""
    live_manifest: str
    golden: str
    """SHA-256 of the golden questions; empty where there are none."""
    settings: str
    """A hash of how answers are decided, chosen thresholds among it."""
    day: str
    """Documents expire by the day."""


@dataclass(frozen=True, slots=True)
class RateRow:
    """A figure of the golden questions, of the live generation and of the one that is checked."""

    name: str
    live: tuple[int, int] | None
    """How many of how many; None where nothing is known of the live one."""
    new: tuple[int, int]
    floor: float | None
    """The least share that a release must reach, between 0 and 1; None where there is none."""

    @property
    def is_below(self) -> bool:
        """Whether the floor is not reached."""
        count, of = self.new
        return self.floor is not None and bool(of) and count / of < self.floor

    @property
    def live_shown(self) -> str:
        """Share, count and 95 % interval of the live generation, as people read them."""
        return _shown(Rate(self.name, *self.live)) if self.live else "not known"

    @property
    def new_shown(self) -> str:
        """The same of the generation that is checked."""
        return _shown(Rate(self.name, *self.new))

    @property
    def floor_shown(self) -> str:
        """The floor as people read it."""
        return "none" if self.floor is None else f"{self.floor:.0%}"


def _shown(rate: Rate) -> str:
    low, high = rate.interval
    return f"{rate.share:.0%} ({rate.count} of {rate.of}), {low:.0%} to {high:.0%}"


@dataclass(frozen=True, slots=True)
class Check:
    """What was found of a generation."""

    basis: Basis
    at: str
    """UTC, as 2026-11-26T10:15:00Z."""
    by: str
    findings: Findings
    unasked: str = ""
    """Why no golden question was asked; empty where they were."""
    rows: tuple[RateRow, ...] = ()
    misfits: tuple[str, ...] = ()
    """Questions whose expected words the generation does not hold: they count as missed."""
    aside: tuple[str, ...] = ()
    """Questions that were not asked, since their document is not quoted now."""
    changes: str = ""
    """What patients would be told otherwise, as escaped HTML; empty where nothing was compared."""
    uncompared: str = ""
    """Why nothing was compared."""
    digest: str = ""
    """A hash of all of it, as it is kept: which report somebody has read."""


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


def basis_of(desk: Desk, name: str) -> Basis:
    """What a check of the generation `name` would be made of now.

    Raises MissingIndex where there is no such generation, PublishError where the history cannot be
    read.
    """
    live = live_generation(desk.index)
    settings = hashlib.sha256(repr(desk.policy).encode())
    for one in (live, name):
        settings.update(_sha256_of(desk, f"{CALIBRATIONS}/{one}.json").encode())
    golden = desk.golden
    return Basis(
        name,
        _manifest_sha256(desk, name),
        live,
        _manifest_sha256(desk, live) if live else "",
        hashlib.sha256(golden.read_bytes()).hexdigest() if golden.is_file() else "",
        settings.hexdigest(),
        date.today().isoformat(),
    )


def _manifest_sha256(desk: Desk, name: str) -> str:
    pointer_to(desk.index, name)  # raises where there is none
    return _sha256_of(desk, f"generations/{name}/manifest.json")


def _sha256_of(desk: Desk, path: str) -> str:
    try:
        return hashlib.sha256((desk.index / path).read_bytes()).hexdigest()
    except OSError:
        return ""


def out_of_date(made: Basis, now: Basis) -> str:
    """Why a check does not hold any more, as a sentence; empty where it does."""
    told = {
        "live": f"Meanwhile {now.live or 'nothing'} is live, and not {made.live or 'nothing'}.",
        "live_manifest": "The files of the live generation are others.",
        "manifest": "The files of the generation are others.",
        "golden": "The golden questions were changed since.",
        "settings": "The settings were changed since.",
        "day": "It is from another day, and documents expire by the day.",
    }
    return next(
        (why for part, why in told.items() if getattr(made, part) != getattr(now, part)), ""
    )


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
    verdict = check(desk.index, name, desk.model, desk.golden, load, asking)
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    found = Check(basis, at, by, Findings.of(verdict), _unasked(verdict))
    if not verdict.damage:
        new = loaded[0] if loaded else load()
        found = _compared(desk, found, verdict, new, progress)
    return _keep(desk, found)


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


def _keep(desk: Desk, found: Check) -> Check:
    """Keeps the check in place of an earlier one of its generation; those of generations that are
    gone go."""
    values = asdict(found)
    del values["digest"]
    kept = json.dumps(values, ensure_ascii=False)
    digest = hashlib.sha256(kept.encode()).hexdigest()
    there = generations(desk.index)
    with desk.file.writing(_TABLES) as db:
        db.execute(
            "INSERT OR REPLACE INTO release_checks VALUES (?, ?, ?)",
            (found.basis.generation, digest, kept),
        )
        rows = db.execute("SELECT generation FROM release_checks").fetchall()
        gone = [(row["generation"],) for row in rows if row["generation"] not in there]
        db.executemany("DELETE FROM release_checks WHERE generation = ?", gone)
    return replace(found, digest=digest)


def kept_check(desk: Desk, name: str) -> Check | None:
    """The last check of a generation, up to date or not; None where there is none."""
    query = "SELECT digest, kept FROM release_checks WHERE generation = ?"
    with desk.file.reading(_TABLES) as db:
        row = db.execute(query, (name,)).fetchone()
    return _check(json.loads(row["kept"]), row["digest"]) if row else None


def _check(values: dict[str, Any], digest: str) -> Check:
    figures = {name: (n, of) for name, (n, of) in values["findings"]["figures"].items()}
    findings = Findings(
        tuple(values["findings"]["damage"]), tuple(values["findings"]["objections"]), figures
    )
    rows = tuple(
        RateRow(
            one["name"],
            (one["live"][0], one["live"][1]) if one["live"] else None,
            (one["new"][0], one["new"][1]),
            one["floor"],
        )
        for one in values["rows"]
    )
    lists = {name: tuple(values[name]) for name in ("misfits", "aside")}
    made = {"basis": Basis(**values["basis"]), "findings": findings, "rows": rows, **lists}
    return Check(**(values | made), digest=digest)
