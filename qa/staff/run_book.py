"""Runs of the golden questions as they are kept: by whom, of which generation and settings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qa.errors import StoreError
from qa.staff.file import StaffFile
from qa.staff.judgement import Judgement

__all__ = ["KEPT", "Listed", "Run", "RunBook"]

KEPT = 200
"""Runs that are kept; each further one takes the place of the oldest."""
_TABLES = (
    """CREATE TABLE IF NOT EXISTS runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT, began TEXT NOT NULL, seconds REAL NOT NULL,
        who TEXT NOT NULL, generation TEXT NOT NULL, settings TEXT NOT NULL,
        threshold REAL NOT NULL, golden_sha256 TEXT NOT NULL, whole INTEGER NOT NULL,
        judgements TEXT NOT NULL, which TEXT NOT NULL, wanted INTEGER NOT NULL, note TEXT NOT NULL,
        parts TEXT NOT NULL, texts TEXT NOT NULL, asked INTEGER NOT NULL, good INTEGER NOT NULL)""",
)
_COLUMNS = (
    "began, seconds, who, generation, settings, threshold, golden_sha256, whole, judgements, which,"
    " wanted, note, parts, texts, asked, good"
)
_HEAD = _COLUMNS.replace("judgements", "'[]' AS judgements")


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
    """Whether it asked all questions: it was neither stopped nor about a part of them."""
    judgements: tuple[Judgement, ...]
    id: int = 0
    """Given when it is kept."""
    which: str = "all"
    """Which questions it was to ask, as `qa.staff.running` names them."""
    wanted: int = 0
    """How many those were."""
    note: str = ""
    """What somebody who reads its figures has to know of it."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """What `settings` is a digest of, by name: corpus, model, settings, reader and program."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each document's text that places were taken of, by its id."""

    @property
    def good(self) -> int:
        """How many questions went as they should."""
        return sum(one.result.is_good for one in self.judgements)


@dataclass(frozen=True, slots=True)
class Listed:
    """A run without its judgements, which are counted."""

    run: Run
    asked: int
    good: int


class RunBook:
    """The runs in a file."""

    def __init__(self, file: StaffFile) -> None:
        self._file = file

    def keep(self, run: Run) -> int:
        """Keeps a run and gives its id; what is older than the newest `KEPT` goes.

        Raises StoreError.
        """
        made = json.dumps([one.to_dict() for one in run.judgements], ensure_ascii=False)
        row = (
            *(run.began, run.seconds, run.who, run.generation, run.settings, run.threshold),
            *(run.golden_sha256, int(run.whole), made, run.which, run.wanted, run.note),
            *(json.dumps(dict(run.parts)), json.dumps(dict(run.texts))),
            *(len(run.judgements), run.good),
        )
        places = ",".join("?" * len(row))
        with self._file.writing(_TABLES) as db:
            done = db.execute(
                f"INSERT INTO runs ({_COLUMNS}) VALUES ({places})",  # noqa: S608
                row,
            )
            db.execute(
                "DELETE FROM runs WHERE id NOT IN (SELECT id FROM runs ORDER BY id DESC LIMIT ?)",
                (KEPT,),
            )
            return int(done.lastrowid or 0)

    def runs(self, most: int = 20, generation: str = "") -> Sequence[Run]:
        """The newest runs, newest first, of one generation if it is named. Raises StoreError."""
        query = "SELECT * FROM runs WHERE ? IN ('', generation) ORDER BY id DESC LIMIT ?"
        return [self._run(row) for row in self._rows(query, generation, most)]

    def listed(self) -> Sequence[Listed]:
        """All runs without their judgements, newest first. Raises StoreError."""
        query = f"SELECT id, {_HEAD} FROM runs ORDER BY id DESC"  # noqa: S608
        return [Listed(self._run(row), row["asked"], row["good"]) for row in self._rows(query)]

    def generations(self) -> list[str]:
        """The generations that there are runs of, newest first. Raises StoreError."""
        query = "SELECT DISTINCT generation FROM runs ORDER BY generation DESC"
        return [str(row["generation"]) for row in self._rows(query)]

    def find(self, number: int) -> Run | None:
        """The run of that id; None where there is none."""
        found = self._rows("SELECT * FROM runs WHERE id = ?", number)
        return self._run(found[0]) if found else None

    def latest(self, whole: bool = True, generation: str = "", before: int = 0) -> Run | None:
        """The newest run; only one that asked all questions, unless `whole` is false.

        With a `generation` only one of that, and with an id to be `before` only an older one.
        """
        query = (
            "SELECT * FROM runs WHERE whole >= ? AND ? IN ('', generation) AND (? = 0 OR id < ?) "
            "ORDER BY id DESC LIMIT 1"
        )
        found = self._rows(query, int(whole), generation, before, before)
        return self._run(found[0]) if found else None

    def remove(self, number: int) -> bool:
        """Deletes a run; says whether there was one."""
        with self._file.writing(_TABLES) as db:
            return db.execute("DELETE FROM runs WHERE id = ?", (number,)).rowcount > 0

    def _rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        with self._file.reading(_TABLES) as db:
            return [dict(row) for row in db.execute(query, values)]

    def _run(self, row: dict[str, Any]) -> Run:
        kept = {name: value for name, value in row.items() if name not in ("asked", "good")}
        try:
            for name in ("judgements", "parts", "texts"):
                kept[name] = json.loads(kept[name])
            kept["judgements"] = tuple(Judgement.from_dict(one) for one in kept["judgements"])
        except (ValueError, TypeError, KeyError) as error:
            raise StoreError(
                f"Run {row['id']} in {self._file.path} cannot be read ({error}); another version "
                "of Quotewell may have written it."
            ) from None
        return Run(**kept | {"whole": bool(kept["whole"])})
