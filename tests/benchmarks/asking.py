"""Fresh questions, the server that is asked them, and how long the answers took.

A fresh question is a golden one with a day, an hour, a number and an order of its parts of its own
("On the 14th Tuesday at 3:20, can I drive home after a treatment?"): nothing that is kept of one
question answers another. There are some ten million, and none comes twice in a run.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from qa.golden import read_golden

ROOT = Path(__file__).resolve().parents[2]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

Asking = Callable[[str, int], Awaitable[int]]
"""Asks a question as the asker of that number, and gives the HTTP status."""


def fresh_questions(seed: int = 7) -> Iterator[str]:
    """Questions without end, none twice."""
    golden = [one.question for one in read_golden(ROOT / "corpus" / "questions.csv")]
    golden = [one for one in golden if 10 < len(one) < 200]
    chance = random.Random(seed)
    seen = set()
    while True:
        day = f"{chance.choice(DAYS)} at {chance.randrange(1, 13)}:{chance.randrange(60):02d}"
        asked, visit = chance.choice(golden), f"on visit {chance.randrange(2, 400)}, {day}"
        made = f"It is {visit}. {asked}" if chance.random() < 0.5 else f"{asked} I come {visit}."
        if hash(made) not in seen:
            seen.add(hash(made))
            yield made


@dataclass(slots=True)
class Crowd:
    """What a number of askers got in a time."""

    askers: int
    seconds: float = 0.0
    took: list[float] = field(default_factory=list)
    """Milliseconds of each answer."""
    refused: list[float] = field(default_factory=list)
    """Milliseconds of each 503."""
    counts: list[int] = field(default_factory=list)
    """Answers of each asker."""

    @property
    def pace(self) -> float:
        """Answers a second."""
        return len(self.took) / self.seconds

    @property
    def median(self) -> float:
        """Milliseconds."""
        return statistics.median(self.took)

    @property
    def p99(self) -> float:
        """Milliseconds that 99 % of the answers took at most."""
        return p99(self.took)

    def add(self, other: Crowd) -> None:
        """Takes in another round of as many askers."""
        self.seconds += other.seconds
        self.took += other.took
        self.refused += other.refused
        self.counts = [a + b for a, b in zip(self.counts, other.counts, strict=True)]

    def told(self) -> str:
        """One line."""
        return (
            f"{self.askers:4} askers: {self.pace:6.1f} questions/s, median {self.median:7.1f} ms, "
            f"p99 {self.p99:7.1f}, worst {max(self.took):7.1f}, "
            f"answers of one {min(self.counts)} to {max(self.counts)}"
        )


def p99(took: list[float]) -> float:
    """The 99th of a hundred."""
    return sorted(took)[int(0.99 * (len(took) - 1))]


async def crowd(askers: int, seconds: float, questions: Iterator[str], ask: Asking) -> Crowd:
    """Lets as many ask one question after the other, for that long."""
    found = Crowd(askers, counts=[0] * askers)
    began = time.monotonic()

    async def asks(number: int) -> None:
        while time.monotonic() - began < seconds:
            question = next(questions)
            at = time.perf_counter()
            status = await ask(question, number)
            took = (time.perf_counter() - at) * 1000
            if status == 503:
                found.refused.append(took)
                await asyncio.sleep(0.5)
                continue
            assert status == 200, status
            found.took.append(took)
            found.counts[number] += 1

    await asyncio.gather(*(asks(number) for number in range(askers)))
    found.seconds = time.monotonic() - began
    return found


def resident_mb(pid: int | str = "self") -> float:
    """Memory of a process that is in use, in MB (Linux only)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def growth(samples: list[float]) -> float:
    """By which share memory grows over the second half, by the line of least squares through it."""
    half = samples[len(samples) // 2 :]
    line = statistics.linear_regression(range(len(half)), half)
    return line.slope * (len(half) - 1) / statistics.fmean(half)
