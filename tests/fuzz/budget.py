"""How long each fuzz test may run, and what it did: three profiles, one decorator, one count.

QUOTEWELL_FUZZ chooses the profile. `daily` (the default) tries a handful of inputs, the same ones
each time, as a part of `make test`. `ci` shares two minutes out among all targets. `nightly` goes
on until each target had its share of a million inputs, or the time is up. QUOTEWELL_FUZZ_SECONDS
and QUOTEWELL_FUZZ_INPUTS change the two figures. Longer runs go round by round: each has a seed of
its own, and the next run goes on with the seed after the last, so that nothing is tried twice.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.strategies import SearchStrategy

from tests.fuzz.pace import TookLong

__all__ = ["RESULTS", "TARGETS", "Count", "Round", "Target", "fuzzed", "mode", "share"]

RESULTS = Path(__file__).resolve().parents[2] / "build" / "fuzz"
"""A file of counts for each target, and what was found; not kept in git."""
SECONDS = 120.0
"""For all targets together in the profile `ci`, of one process."""
INPUTS = 1_000_000
"""For all targets together in the profile `nightly`."""
SHARES = {
    "test_readers_fuzz": 50,
    "test_chunking_fuzz": 10,
    "test_front_matter_fuzz": 10,
    "test_settings_fuzz": 8,
    "test_questions_fuzz": 8,
    "test_generation_fuzz": 8,
    "test_api_fuzz": 4,
    "test_staff_fuzz": 2,
}
"""Each file's part of the time; its targets have equal parts of that."""
ROUND_SECONDS = 5.0
"""About how long a round takes: time is looked at between rounds."""
_MOST_INPUTS_A_ROUND = 2_000
_SHRINK_SECONDS = 60.0
"""For which an input that was found is made smaller."""

_ALWAYS = {
    "deadline": None,  # each property bounds its own time by the size of its input
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": False,
    "report_multiple_bugs": False,
}
set_hypothesis_home_dir(RESULTS / "hypothesis")
settings.register_profile("daily", derandomize=True, **_ALWAYS)
settings.register_profile("ci", phases=(Phase.generate, Phase.shrink), **_ALWAYS)
settings.register_profile("nightly", settings.get_profile("ci"))


@dataclass(frozen=True, slots=True)
class Round:
    """What came of one round: how many inputs in how many seconds, and what was found, if any."""

    inputs: int
    seconds: float
    finding: str = ""
    """The smallest input that breaks the property, and how; empty where none does."""


@dataclass(frozen=True, slots=True)
class Count:
    """What a target has tried in all."""

    inputs: int = 0
    seconds: float = 0.0
    findings: int = 0
    rounds: int = 0
    """The seed of the next round."""

    def and_(self, one: Round) -> Count:
        """The count with one more round."""
        return replace(
            self,
            inputs=self.inputs + one.inputs,
            seconds=self.seconds + one.seconds,
            findings=self.findings + bool(one.finding),
            rounds=self.rounds + 1,
        )


@dataclass(frozen=True, slots=True)
class Target:
    """One property with where its inputs come from."""

    name: str
    file: str
    """The module's last name, by which `SHARES` goes."""
    daily: int
    """Inputs of the daily run."""
    check: Callable[..., None]
    strategies: dict[str, SearchStrategy[Any]] = field(compare=False)

    def attempt(self, seed: int, inputs: int, profile: str) -> Round:
        """Tries so many inputs; a finding is written beside the counts as well.

        Ends early where something is found, which hypothesis then makes as small as it can.
        """
        began, tried = time.perf_counter(), 0
        failed: list[tuple[dict[str, Any], Exception]] = []
        shrinks_until = math.inf

        def counted(**drawn: Any) -> None:
            nonlocal tried, shrinks_until
            if time.perf_counter() > shrinks_until:
                # A slow input is not made smaller for hours: only what is known to fail does.
                for earlier, error in reversed(failed):
                    if earlier == drawn:
                        raise error
                return
            tried += 1
            try:
                self._tried(drawn)
            except Exception as error:
                if not failed:
                    shrinks_until = time.perf_counter() + _SHRINK_SECONDS
                    self._note_input(seed, drawn)
                failed.append((drawn, error))
                raise

        counted.__name__ = counted.__qualname__ = self.check.__name__
        chosen = settings(settings.get_profile(profile), max_examples=inputs)
        property_ = hypothesis.seed(seed)(chosen(given(**self.strategies)(counted)))
        finding = ""
        try:
            property_()
        except Exception as error:
            finding = "".join(traceback.format_exception(error))
        return Round(tried, time.perf_counter() - began, finding)

    def _tried(self, drawn: dict[str, Any]) -> None:
        with contextlib.suppress(TookLong):
            return self.check(**drawn)
        return self.check(**drawn)

    def count(self) -> Count:
        """What was tried so far, by all runs since the results were last deleted."""
        path = self._path(".json")
        return Count(**json.loads(path.read_text())) if path.exists() else Count()

    def note(self, one: Round) -> Count:
        """Adds a round to the counts on disk and gives the sum."""
        count = self.count().and_(one)
        RESULTS.mkdir(parents=True, exist_ok=True)
        if one.finding:
            self._path(f"-{count.rounds - 1}.txt").write_text(one.finding, errors="replace")
        fresh = self._path(".json.new")
        fresh.write_text(json.dumps(asdict(count)))
        fresh.replace(self._path(".json"))
        return count

    def _note_input(self, seed: int, drawn: dict[str, Any]) -> None:
        """Keeps what was found as it was found, whatever becomes of the process."""
        RESULTS.mkdir(parents=True, exist_ok=True)
        self._path(f"-{seed}.input").write_text(repr(drawn), errors="replace")

    def forget(self) -> None:
        """Counts from nothing again; the findings' files stay."""
        self._path(".json").unlink(missing_ok=True)

    def next_size(self) -> int:
        """How many inputs the next round should have to take `ROUND_SECONDS`."""
        done = self.count()
        rate = done.inputs / done.seconds if done.seconds else self.daily
        return max(1, min(_MOST_INPUTS_A_ROUND, math.ceil(rate * ROUND_SECONDS)))

    def _path(self, end: str) -> Path:
        return RESULTS / f"{self.name.replace('/', '-')}{end}"


TARGETS: dict[str, Target] = {}
"""Of all fuzz files that have been imported, by name."""


def mode() -> str:
    """The profile that the environment asks for. Raises ValueError where there is none such."""
    wanted = os.environ.get("QUOTEWELL_FUZZ", "daily")
    if wanted not in ("daily", "ci", "nightly"):
        raise ValueError(f"QUOTEWELL_FUZZ is {wanted!r}: write daily, ci or nightly.")
    return wanted


def share(target: Target) -> float:
    """The target's part of the whole, of 1, by its file's share."""
    beside = sum(1 for one in TARGETS.values() if one.file == target.file)
    return SHARES[target.file] / sum(SHARES.values()) / beside


def fuzzed(
    name: str, *, daily: int = 10, **strategies: SearchStrategy[Any]
) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Makes a property a fuzz test: `@fuzzed("settings/toml", daily=20, text=st.text())`.

    The property takes what the strategies give, by their names, and no fixture of pytest; it
    raises where it does not hold. `name` is what the report calls it and is used once. The file
    needs its share in `SHARES`.
    """

    def decorate(check: Callable[..., None]) -> Callable[[], None]:
        file = check.__module__.rpartition(".")[2]
        target = TARGETS[name] = Target(name, file, daily, check, strategies)

        def test() -> None:
            _run(target, mode())

        test.__name__, test.__qualname__ = check.__name__, check.__qualname__
        test.__doc__, test.__module__ = check.__doc__, check.__module__
        return test

    return decorate


def _run(target: Target, profile: str) -> None:
    """Runs a target within pytest, for as long as the profile allows."""
    if profile == "daily":
        found = target.attempt(0, target.daily, profile).finding
        assert not found, found
        return
    part = share(target)
    seconds = float(os.environ.get("QUOTEWELL_FUZZ_SECONDS", SECONDS if profile == "ci" else "inf"))
    inputs = float(
        os.environ.get("QUOTEWELL_FUZZ_INPUTS", INPUTS if profile == "nightly" else "inf")
    )
    ends = time.monotonic() + part * seconds
    while time.monotonic() < ends and target.count().inputs < part * inputs:
        one = target.attempt(target.count().rounds, target.next_size(), profile)
        target.note(one)
        assert not one.finding, one.finding
