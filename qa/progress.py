"""Progress on a terminal: bars with rate and time left; in a log a plain line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

__all__ = ["Pace", "drawn_progress", "progress_line", "spoken_time"]

_LINE_EVERY_S = 10.0
"""Between two lines in a log. What takes less time leaves none."""

Show = Callable[[str, int, int], None]


@dataclass(slots=True)
class Pace:
    """How fast a stage goes, from its first call on: what was done before took no time."""

    clock: Callable[[], float] = time.monotonic
    _first: int | None = None
    _began: float = 0.0
    _told: float = field(default=0.0)
    done: int = 0
    total: int = 0

    def step(self, done: int, total: int) -> None:
        """Notes how many are done, of how many."""
        if self._first is None:
            self._first, self._began = done, self.clock()
            self._told = self._began
        self.done, self.total = done, total

    @property
    def rate(self) -> float | None:
        """How many are done in a second; None as long as that cannot be told."""
        passed = self.clock() - self._began
        made = self.done - (self._first or 0)
        return made / passed if made > 0 and passed > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """Seconds until all is done, if it goes on like this."""
        return (self.total - self.done) / self.rate if self.rate else None

    def line_is_due(self) -> bool:
        """Whether a line of this stage should be written now; true once in a while."""
        now = self.clock()
        if self._first is None or now - self._told < _LINE_EVERY_S:
            return False
        self._told = now
        return True


def progress_line(what: str, pace: Pace) -> str:
    """For a log: "Embedding: 1,200 of 5,400, 180 a second, about 23 s left"."""
    parts = [f"{what}: {pace.done:,} of {pace.total:,}"]
    if pace.rate is not None and pace.seconds_left is not None:
        parts.append(f"{_number(pace.rate)} a second")
        if pace.done < pace.total:
            parts.append(f"about {spoken_time(pace.seconds_left)} left")
    return ", ".join(parts)


def spoken_time(seconds: float) -> str:
    """A stretch of time: "23 s", "4 min", "1 h 05 min"."""
    if seconds < 100:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def _number(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"


class _PaceColumn(ProgressColumn):
    """How many are done, the rate and the time left."""

    def __init__(self, paces: dict[str, Pace]) -> None:
        super().__init__()
        self._paces = paces

    def render(self, task: Task) -> Text:
        pace = self._paces[task.description]
        shown = f"{pace.done:,}/{pace.total:,}"
        if pace.done < pace.total and pace.rate is not None and pace.seconds_left is not None:
            shown += f"  {_number(pace.rate)}/s  {spoken_time(pace.seconds_left)} left"
        return Text(shown)


@contextmanager
def drawn_progress(clock: Callable[[], float] = time.monotonic) -> Iterator[Show]:
    """Draws a bar for each stage on a terminal; elsewhere writes a line to stderr every ten
    seconds.

    Gives a function of what is being done, how many are done, and how many there are.
    """
    console = Console(stderr=True)
    paces: dict[str, Pace] = {}
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        _PaceColumn(paces),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, total: int) -> None:
            pace = paces.setdefault(what, Pace(clock))
            pace.step(done, total)
            if not console.is_terminal:
                if pace.line_is_due():
                    sys.stderr.write(progress_line(what, pace) + "\n")
                    sys.stderr.flush()
                return
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield show
