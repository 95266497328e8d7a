"""What was found of a generation before it goes live, and whether that still holds."""

from __future__ import annotations

from dataclasses import dataclass

from qa.evaluation import Rate
from qa.releasing import Findings

__all__ = ["Basis", "Check", "RateRow", "out_of_date"]


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
        """The same of the generation that is checked; finer where the floor is missed narrowly."""
        rate = Rate(self.name, *self.new)
        narrowly = self.is_below and f"{rate.share:.0%}" == self.floor_shown
        return _shown(rate, 1 if narrowly else 0)

    @property
    def floor_shown(self) -> str:
        """The floor as people read it."""
        return "none" if self.floor is None else f"{self.floor:.0%}"


def _shown(rate: Rate, digits: int = 0) -> str:
    low, high = rate.interval
    return f"{rate.share:.{digits}%} ({rate.count} of {rate.of}), {low:.0%} to {high:.0%}"


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
