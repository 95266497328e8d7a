"""The index: whether it is there, sound and up to date, and what is stated of it still holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from qa.build_plan import is_current
from qa.calibration import latest_calibration
from qa.corpus import source_files
from qa.doctor.examined import Examined
from qa.doctor.finding import Area, Finding, Place, Severity
from qa.doctor.setup import Setup
from qa.embedding import identify
from qa.errors import (
    CalibrationError,
    DamagedIndex,
    MissingIndex,
    QuestionError,
    VectorStoreError,
)
from qa.generation import Generation, files_of, load, verify
from qa.golden import GOLDEN_FILE, check_golden, of_another_corpus, read_golden
from qa.history import HISTORY, read_history
from qa.publishing import built_at, live_generation, read_pointer, staged
from qa.reuse import recorded
from qa.snapshot import digests

__all__ = ["golden_findings", "index_findings", "live_size"]

_SHOWN = 5


def live_size(index: Path) -> int:
    """Bytes of the live generation; 0 where there is none."""
    try:
        return sum(path.stat().st_size for path in files_of(read_pointer(index).folder))
    except (MissingIndex, DamagedIndex, OSError):
        return 0


def index_findings(setup: Setup) -> Iterator[Finding]:
    """What is wrong with the live generation and with what is kept beside it."""
    where = Place(file=str(setup.index))
    try:
        problems = verify(setup.index)
    except MissingIndex:
        yield _found(
            Severity.ERROR,
            "no_index",
            where,
            "No index was built yet, so that nothing can be answered.",
            "Run `qa build`.",
        )
        return
    if problems:
        more = f" (and {len(problems) - _SHOWN} more)" if len(problems) > _SHOWN else ""
        yield _found(
            Severity.ERROR,
            "index_damaged",
            where,
            f"The index is not as it was built: {'; '.join(problems[:_SHOWN])}{more}.",
            "Run `qa rollback` for the generation that was live before, or `qa build --force`.",
        )
        return
    generation = load(setup.index)
    yield from _vectors(setup, generation)
    yield from _staleness(setup, generation)
    yield from _calibration(setup, generation)
    yield from _kept(setup.index)


def _vectors(setup: Setup, generation: Generation) -> Iterator[Finding]:
    """An error where what searches the vectors is down, not installed, or lacks the generation."""
    try:
        setup.require_vectors(generation)
    except VectorStoreError as error:
        message, _, mend = str(error).rpartition(". ")
        yield _found(
            Severity.ERROR,
            "vectors_unsearchable",
            Place(setting="vectors.store"),
            f"The vectors of the live generation cannot be searched. {message}.",
            mend,
        )


def _staleness(setup: Setup, generation: Generation) -> Iterator[Finding]:
    model = identify(setup.embedding, setup.backend)
    if is_current(setup.corpus, setup.index, model, setup.options):
        return
    files, _ = source_files(setup.corpus)
    hashes = digests(files)
    manifest = generation.manifest
    before = manifest["documents"]
    now = {file.id: recorded(file, hashes[file.id]) for file in files}
    changed = [name for name in now if name in before and before[name] != now[name]]
    parts = [
        f"{what}: {_some(names)}"
        for what, names in (
            ("changed", changed),
            ("new", [name for name in now if name not in before]),
            ("gone", [name for name in before if name not in now]),
        )
        if names
    ]
    as_on = built_at(generation.name)[:10]
    what = "; ".join(parts) or "the settings, the model or the synonyms are others"
    yield _found(
        Severity.WARNING,
        "stale",
        Place(file=str(setup.index)),
        f"Patients are answered from the documents as they were on {as_on or 'an unknown day'}. "
        f"Other since then: {what}.",
        "Run `qa build`, or `qa build --stage` to look at it first.",
    )


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(sorted(names)[:_SHOWN])}{more}"


def _calibration(setup: Setup, generation: Generation) -> Iterator[Finding]:
    where = Place(file=str(setup.index))
    mend = "Run `qa calibrate`."
    try:
        found = latest_calibration(setup.index, generation.name)
    except CalibrationError as error:
        yield _found(Severity.WARNING, "calibration_damaged", where, str(error), mend)
        return
    if found is None:
        what = "How often answers are wrong was never stated for this index."
        yield _found(Severity.HINT, "not_calibrated", where, what, mend)
        return
    changes = found.fingerprint.changes(setup.fingerprint(generation))
    if changes:
        what = f"The stated error rate of {found.date} holds no more, since {changes} changed."
        yield _found(Severity.WARNING, "calibration_lapsed", where, what, mend)


def _kept(index: Path) -> Iterator[Finding]:
    """A generation that waits to be published, one published against the checks, a torn history."""
    live, history = live_generation(index), read_history(index)
    waiting = [name for name in staged(index) if name > live]  # names begin with the time
    if waiting:
        yield _found(
            Severity.HINT,
            "staged",
            Place(file=str(index)),
            f"The generation {waiting[0]} was built after the live one and is not published.",
            "Look at it with `qa diff`, then run `qa publish`.",
        )
    made_live = [one for one in history.events if one.generation == live and one.previous != live]
    if made_live and made_live[-1].forced:
        last = made_live[-1]
        yield _found(
            Severity.WARNING,
            "forced",
            Place(file=str(index)),
            f"{last.by} published the live generation against the checks on {last.at[:10]}: "
            f"{last.why}",
            "Mend what the checks objected to, build and publish again; or `qa rollback`.",
        )
    if history.unreadable:
        lines = ", ".join(map(str, history.unreadable))
        yield _found(
            Severity.WARNING,
            "history_damaged",
            Place(file=str(index / HISTORY), line=history.unreadable[0]),
            f"The history has lines that cannot be read: {lines}.",
            "Take the file from a backup, if who published what must be known.",
        )


def golden_findings(corpus: Path, examined: Sequence[Examined]) -> Iterator[Finding]:
    """Golden questions that are missing, cannot be read, or no longer fit the documents."""
    path = corpus / GOLDEN_FILE
    if not path.exists():
        yield _found(
            Severity.HINT,
            "no_golden",
            Place(file=str(path)),
            "There are no golden questions, so that nobody can tell how well questions about "
            "these documents are answered.",
            f"Write some into {GOLDEN_FILE}, with the passages that answer them; `qa test` asks "
            "them.",
        )
        return
    try:
        golden = read_golden(path)
    except QuestionError as error:
        mend = "Correct the line."
        yield _found(Severity.ERROR, "golden_unreadable", Place(file=str(path)), str(error), mend)
        return
    documents = {one.document.id: one.document for one in examined}

    def here(name: str) -> object | None:
        """The document; a file that cannot be read is there all the same."""
        return documents.get(name) or ((corpus / name).exists() or None)

    if told := of_another_corpus(golden, here, path):
        what, _, mend = told.rpartition(". ")
        yield _found(
            Severity.WARNING,
            "golden_foreign",
            Place(file=str(path)),
            f"{what}.",
            f"{mend}.",
        )
        golden = [one for one in golden if not one.document or one.document in documents]
    for problem in check_golden(golden, documents.get):
        line, _, what = problem.removeprefix("line ").partition(": ")
        yield _found(
            Severity.WARNING,
            "golden_unfit",
            Place(file=str(path), line=int(line)),
            f"A golden question fits the documents no more: {what}.",
            "Run `qa relocate` to find its new place, or correct or delete the line.",
        )


def _found(severity: Severity, code: str, where: Place, message: str, mend: str) -> Finding:
    return Finding(severity, Area.INDEX, code, (where,), message, mend)
