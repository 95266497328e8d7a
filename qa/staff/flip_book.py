"""Flip tests as they are kept: golden questions and documents' words only, nobody else's."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from qa.errors import StoreError
from qa.golden import parted, read_golden
from qa.staff.desk import Desk
from qa.staff.file import StaffFile
from qa.staff.flipping import Change, Tally, Trial, flip_test, tallies_of
from qa.staff.jobs import Progress

__all__ = ["FlipBook", "FlipTest", "flip_job"]

_KEPT = 10
"""Tests that are kept; older ones are taken out."""
_TABLES = (
    """CREATE TABLE IF NOT EXISTS flip_tests (
        id INTEGER PRIMARY KEY AUTOINCREMENT, began TEXT NOT NULL, seconds REAL NOT NULL,
        who TEXT NOT NULL, generation TEXT NOT NULL, trials TEXT NOT NULL)""",
)


@dataclass(frozen=True, slots=True)
class FlipTest:
    """One flip test."""

    began: str
    """UTC, as 2026-11-26T10:15:00Z."""
    seconds: float
    who: str
    generation: str
    trials: tuple[Trial, ...]

    def tallies(self, held: bool | None = None) -> list[Tally]:
        """How many questions flip by kind; of held ones, of the others, or of all."""
        return tallies_of(self.trials, held)

    def changed(self) -> list[Trial]:
        """The trials whose answer flipped or moved: danger that went unnoticed first, then what
        else became worse."""
        order = (Change.WORSE, Change.BETTER, Change.MOVED)
        found = [one for one in self.trials if one.became in order]
        return sorted(
            found, key=lambda one: (not one.misses_danger, order.index(one.became), one.line)
        )


class FlipBook:
    """The flip tests in a file."""

    def __init__(self, file: StaffFile) -> None:
        self._file = file

    def keep(self, test: FlipTest) -> None:
        """Keeps a test in place of the oldest, where there are many. Raises StoreError."""
        trials = json.dumps([one.to_dict() for one in test.trials], ensure_ascii=False)
        row = (test.began, test.seconds, test.who, test.generation, trials)
        with self._file.writing(_TABLES) as db:
            db.execute(
                "INSERT INTO flip_tests (began, seconds, who, generation, trials) "
                "VALUES (?,?,?,?,?)",
                row,
            )
            db.execute(
                "DELETE FROM flip_tests WHERE id NOT IN "
                "(SELECT id FROM flip_tests ORDER BY id DESC LIMIT ?)",
                (_KEPT,),
            )

    def latest(self) -> FlipTest | None:
        """The newest test. Raises StoreError where it cannot be read."""
        with self._file.reading(_TABLES) as db:
            row = db.execute("SELECT * FROM flip_tests ORDER BY id DESC LIMIT 1").fetchone()
        if row is None:
            return None
        try:
            trials = tuple(Trial.from_dict(one) for one in json.loads(row["trials"]))
        except (ValueError, TypeError, KeyError) as error:
            raise StoreError(
                f"The newest flip test in {self._file.path} cannot be read ({error}); another "
                "version of Quotewell may have written it. Run the test again."
            ) from None
        return FlipTest(row["began"], row["seconds"], row["who"], row["generation"], trials)


def flip_job(desk: Desk, who: str) -> Callable[[Progress], str]:
    """The work of a flip test as `Jobs` wants it: asks the generation that is live when it begins,
    and keeps the test once all are asked. Raises QuotewellError as reading and asking do."""

    def work(progress: Progress) -> str:
        began, start = datetime.now(UTC), time.monotonic()
        assistant = desk.measuring(None, desk.assistant.generation)
        golden, _aside = parted(read_golden(desk.golden), assistant.standings())
        trials = flip_test(golden, assistant, assistant.live.current().synonyms, progress)
        test = FlipTest(
            began=began.strftime("%Y-%m-%dT%H:%M:%SZ"),
            seconds=round(time.monotonic() - start, 1),
            who=who,
            generation=assistant.generation,
            trials=tuple(trials),
        )
        FlipBook(desk.file).keep(test)
        every = test.tallies()[-1]
        return f"{every.flipped} of {every.questions} golden questions flip."

    return work
