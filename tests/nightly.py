"""What takes too long for every day, one after the other, and a table of how it ended.

    python -m tests.nightly                  all; some hours
    python -m tests.nightly --only soak      one; its line of the table alone is written anew

The table stands in docs/reliability.md. What each printed is in build/nightly. The exit code is 1
where anything failed; what comes after it is run all the same.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["main", "with_rows"]

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "reliability.md"
KEPT = ROOT / "build" / "nightly"
HEAD = "| what | ended | took | in short | when |\n| --- | --- | --- | --- | --- |\n"
_TABLE = re.compile(r"(<!-- nightly -->\n).*?(<!-- end of nightly -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Step:
    """One of the long runs."""

    command: tuple[str, ...]
    """What follows the name of Python."""
    in_short: Callable[[str], str]
    """What it printed → a few words."""


def main() -> int:
    """The command; gives its exit code."""
    parser = argparse.ArgumentParser("python -m tests.nightly", description=__doc__)
    parser.add_argument("--only", action="append", choices=STEPS, help="may be repeated")
    given = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    failed = []
    for name in given.only or STEPS:
        row, code = run(name)
        DOCUMENT.write_text(with_rows(DOCUMENT.read_text("utf-8"), {name: row}), "utf-8")
        print(row, flush=True)
        if code:
            failed.append(name)
    if failed:
        print(f"These failed: {', '.join(failed)}. What they printed is in {KEPT}.")
    return bool(failed)


def run(name: str) -> tuple[str, int]:
    """Runs one; its line of the table, and its exit code."""
    step, log = STEPS[name], KEPT / f"{name.replace(' ', '-')}.log"
    began = time.monotonic()
    with log.open("w", encoding="utf-8") as out:
        code = subprocess.run(
            [sys.executable, *step.command], cwd=ROOT, stdout=out, stderr=out, check=False
        ).returncode
    minutes = (time.monotonic() - began) / 60
    commit = ["git", "rev-parse", "--short", "HEAD"]
    at = subprocess.run(commit, cwd=ROOT, capture_output=True, text=True, check=False)
    when = f"{datetime.now(UTC):%Y-%m-%d}, {at.stdout.strip()}"
    ended = "well" if code == 0 else f"**exit code {code}**"
    try:
        short = step.in_short(log.read_text("utf-8", "replace"))
    except (OSError, ValueError, LookupError, ET.ParseError) as error:  # it was stopped, perhaps
        short = f"no figures ({type(error).__name__})"
    return f"| {name} | {ended} | {minutes:.0f} min | {short} | {when} |", code


def with_rows(document: str, rows: Mapping[str, str]) -> str:
    """The document with these lines in its table, in place of older ones of the same names.

    Raises ValueError where the document has no such table.
    """
    found = _TABLE.search(document)
    if not found:
        raise ValueError(f"{DOCUMENT} has no <!-- nightly --> … <!-- end of nightly --> any more.")
    kept = {}
    for line in found[0].splitlines():
        cell = line.strip("| ").partition(" | ")[0]
        if cell in STEPS:
            kept[cell] = line
    kept |= rows
    body = HEAD + "".join(f"{kept[name]}\n" for name in STEPS if name in kept)
    return _TABLE.sub(lambda _: f"{found[1]}{body}{found[2]}", document)


def _of_tests(_: str) -> str:
    [suite] = ET.parse(KEPT / "tests.xml").getroot().iter("testsuite")
    count = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
    failed = count["failures"] + count["errors"]
    passed = count["tests"] - failed - count["skipped"]
    return f"{passed} passed, {failed} failed, {count['skipped']} skipped"


def _of_fuzz(printed: str) -> str:
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in printed.splitlines()
        if line.startswith("| ")
    ]
    name, inputs, _, findings = cells[-1]
    if name != "all":
        raise ValueError("no sums")
    return f"{inputs} inputs to {len(cells) - 3} targets, {findings} findings"


def _of_soak(_: str) -> str:
    told = json.loads((KEPT / "soak.json").read_text("utf-8"))
    visits, troubles = (sum(told[name].values()) for name in ("visits", "troubles"))
    grown = told["growth over the second half"]
    return (
        f"{visits:,} visits, {told['quotes compared']:,} quotes compared, {troubles} swaps and "
        f"faults, memory {grown:+.1%}, {len(told['problems'])} problems"
    )


STEPS = {
    "tests": Step(("-m", "pytest", "-m", "nightly", f"--junitxml={KEPT / 'tests.xml'}"), _of_tests),
    "fuzz": Step(("-m", "tests.fuzz", "--inputs", "1000000"), _of_fuzz),
    "soak": Step(
        ("-m", "tests.soak", "--minutes", "30", "--report", str(KEPT / "soak.json")), _of_soak
    ),
}
"""The long runs, in their order."""


if __name__ == "__main__":
    sys.exit(main())
