"""Runs of the golden questions as they are kept: by whom, of which generation and settings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from qa.errors import StoreError
from qa.staff.file import StaffFile
from qa.staff.judgement import Judgement

__all__ = ["Run", "RunBook"]

_TABLES = (
    """CREATE TABLE IF NOT EXISTS runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT, began TEXT NOT NULL, seconds REAL NOT NULL,
        who TEXT NOT NULL, generation TEXT NOT NULL, settings TEXT NOT NULL,
        threshold REAL NOT NULL, golden_sha256 TEXT NOT NULL, whole INTEGER NOT NULL,
        judgements TEXT NOT NULL)""",
)


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the golden questions."""

    began: str
    """UTC, as 2026-11-26T10:15:00Z."""
    seconds: float
    who: str
    generation: str
    settings: str
    """Digest of all that the answers depend on besides the generation (`qa.calibration`)."""
    threshold: float
    """Confidence from which quotes were shown."""
    golden_sha256: str
    """SHA-256 of the file of golden questions."""
    whole: bool
    """Whether it was not stopped before its end."""
    judgements: tuple[Judgement, ...]
    id: int = 0
    """Given when it is kept."""


class RunBook:
    """The runs in a file."""

    def __init__(self, file: StaffFile) -> None:
        self._file = file

    def keep(self, run: Run) -> int:
        """Keeps a run and gives its id. Raises StoreError."""
        made = json.dumps([one.to_dict() for one in run.judgements], ensure_ascii=False)
        row = (
            *(run.began, run.seconds, run.who, run.generation, run.settings, run.threshold),
            *(run.golden_sha256, int(run.whole), made),
        )
        with self._file.writing(_TABLES) as db:
            names = "began, seconds, who, generation, settings, threshold, golden_sha256, whole"
            done = db.execute(
                f"INSERT INTO runs ({names}, judgements) VALUES (?,?,?,?,?,?,?,?,?)",  # noqa: S608
                row,
            )
            return int(done.lastrowid or 0)

    def runs(self, most: int = 20) -> Sequence[Run]:
        """The newest runs, newest first. Raises StoreError."""
        with self._file.reading(_TABLES) as db:
            rows = db.execute("SELECT * FROM runs ORDER BY id DESC LIMIT ?", (most,)).fetchall()
        return [self._run(dict(row)) for row in rows]

    def find(self, number: int) -> Run | None:
        """The run of that id; None where there is none."""
        with self._file.reading(_TABLES) as db:
            row = db.execute("SELECT * FROM runs WHERE id = ?", (number,)).fetchone()
        return self._run(dict(row)) if row else None

    def latest(self, whole: bool = True) -> Run | None:
        """The newest run; only one that was not stopped, unless `whole` is false."""
        return next((one for one in self.runs(50) if one.whole or not whole), None)

    def _run(self, row: dict[str, object]) -> Run:
        try:
            kept = json.loads(str(row.pop("judgements")))
            judged = tuple(Judgement.from_dict(one) for one in kept)
        except (ValueError, TypeError, KeyError) as error:
            raise StoreError(
                f"Run {row['id']} in {self._file.path} cannot be read ({error}); another version "
                "of Quotewell may have written it."
            ) from None
        whole = bool(row.pop("whole"))
        return Run(**row, whole=whole, judgements=judged)  # type: ignore[arg-type]
