"""The index: whether it is there, sound and up to date, and what is stated of it still holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from qa.calibration import latest_calibration
from qa.doctor.examined import Examined
from qa.doctor.finding import Area, Finding, Place, Severity
from qa.doctor.setup import Setup
from qa.embedding import identify
from qa.errors import CalibrationError, DamagedIndex, MissingIndex, QuestionError
from qa.generation import Generation, check_files, files_of, load, verify
from qa.golden import GOLDEN_FILE, check_golden, read_golden
from qa.index import is_current
from qa.publishing import read_pointer

__all__ = ["golden_findings", "index_findings", "live_size"]

_SHOWN = 5


def live_size(index: Path) -> int:
    """Bytes of the live generation; 0 where there is none."""
    try:
        return sum(path.stat().st_size for path in files_of(read_pointer(index).folder))
    except (MissingIndex, DamagedIndex, OSError):
        return 0


def index_findings(setup: Setup, examined: Sequence[Examined]) -> Iterator[Finding]:
    """What is wrong with the live generation. `examined` are the documents as they are now."""
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
            "Run `qa build --force`.",
        )
        return
    generation = load(setup.index)
    yield from _staleness(setup, generation, examined)
    yield from _calibration(setup, generation)


def _staleness(
    setup: Setup, generation: Generation, examined: Sequence[Examined]
) -> Iterator[Finding]:
    model = identify(setup.embedding, setup.backend)
    if is_current(setup.corpus, setup.index, model, setup.options):
        return
    pointer = read_pointer(setup.index)
    manifest, _ = check_files(pointer.folder, pointer)
    before: dict[str, str] = manifest["documents"]
    now = {one.document.id: one.document.source_sha256 for one in examined}
    changed = [name for name in now if name in before and before[name] != now[name]]
    parts = [
        f"{what}: {', '.join(sorted(names)[:_SHOWN])}"
        + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
        for what, names in (
            ("changed", changed),
            ("new", [name for name in now if name not in before]),
            ("gone, or not readable", [name for name in before if name not in now]),
        )
        if names
    ]
    what = "; ".join(parts) or "its settings, model, synonyms or catalogue are others"
    yield _found(
        Severity.WARNING,
        "stale",
        Place(file=str(setup.index)),
        f"Patients are answered from documents as they were at {manifest['built_at']}. Since then "
        f"({what}).",
        "Run `qa build`.",
    )


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
    for problem in check_golden(golden, documents.get):
        line, _, what = problem.removeprefix("line ").partition(": ")
        yield _found(
            Severity.WARNING,
            "golden_unfit",
            Place(file=str(path), line=int(line)),
            f"A golden question fits the documents no more: {what}.",
            "Correct its quote and document, or delete the line.",
        )


def _found(severity: Severity, code: str, where: Place, message: str, mend: str) -> Finding:
    return Finding(severity, Area.INDEX, code, (where,), message, mend)
