"""How long `qa build` takes: from nothing, after one file has changed, and when nothing has.

    .venv/bin/python tests/benchmarks/builds.py [--documents 500] [--work FOLDER]

Makes a corpus of invented leaflets in all formats (`tests.mixed_corpus`), and times real `qa build`
processes, from start to exit. Prints a table of seconds and of shares of the first; the processors'
seconds, unlike those of the clock, hardly depend on what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from tests.mixed_corpus import KINDS, leaflet, path_of, write_corpus  # noqa: E402


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds that a build took, from start to exit."""

    clock: float
    processors: float
    """Of all cores together."""


def timed_build(*options: str | Path, environment: Mapping[str, str] | None = None) -> Took:
    """Runs `qa build` with these options in a process of its own. It must succeed."""
    before, began = os.times(), time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "qa", "build", *map(str, options)],
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        stdout=subprocess.DEVNULL,
    )
    clock, after = time.perf_counter() - began, os.times()
    user = after.children_user - before.children_user
    return Took(clock, user + after.children_system - before.children_system)


def measure(work: Path, count: int) -> list[tuple[str, Took]]:
    """(what was built, how long it took) pairs, the build from nothing first."""
    chance = random.Random(7)
    corpus, folders = work / "corpus", ("--corpus", work / "corpus", "--index", work / "index")
    write_corpus(corpus, count)
    rows = [(f"{count} documents from nothing", timed_build(*folders))]
    for number, kind in enumerate(KINDS):
        if kind not in ("text", "pdf with a table", "word"):
            continue
        _, make = KINDS[kind]
        (corpus / path_of(number)).write_bytes(make("Another leaflet", leaflet(chance)))
        rows.append((f"one {kind} changed", timed_build(*folders)))
    (corpus / path_of(0)).unlink()
    rows.append(("one file removed", timed_build(*folders)))
    rows.append(("nothing changed", timed_build(*folders)))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=500)
    parser.add_argument("--work", type=Path, help="a folder to be filled; else a temporary one")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        rows = measure(given.work or Path(temporary), given.documents)
    whole = rows[0][1]
    print("\n| build | seconds | share | processors' seconds | share |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, took in rows:
        print(
            f"| {name} | {took.clock:.1f} | {took.clock / whole.clock:.1%} "
            f"| {took.processors:.1f} | {took.processors / whole.processors:.1%} |"
        )


if __name__ == "__main__":
    main()
