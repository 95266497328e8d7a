"""Runs the fuzz tests for a time or a number of inputs, on all cores: `python -m tests.fuzz`.

    python -m tests.fuzz --seconds 120       # the slice of every change
    python -m tests.fuzz --inputs 1000000    # the nightly run; --seconds bounds it as well
    python -m tests.fuzz --report            # what was tried so far, as a table

A run that was stopped is gone on with by the same command; --fresh begins at nothing. The exit code
is 1 where anything was found: build/fuzz holds a file for each finding.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Iterable

from tests.fuzz.budget import TARGETS, Target
from tests.fuzz.running import Run, import_targets

__all__ = ["main"]


def main() -> int:
    """The command; gives its exit code."""
    options = _parser().parse_args()
    import_targets()
    unknown = set(options.only) - set(TARGETS)
    if unknown:
        print(f"There is no {', '.join(sorted(unknown))}. There are: {', '.join(sorted(TARGETS))}.")
        return 2
    chosen = [TARGETS[name] for name in sorted(options.only or TARGETS)]
    if options.report:
        print(report(chosen))
        return 0
    if options.seconds is None and options.inputs is None:
        print("Say how much: --seconds 120 or --inputs 1000000.")
        return 2
    if options.fresh:
        for target in chosen:
            target.forget()
    found = Run(chosen, options.seconds or math.inf, options.inputs or math.inf).run(
        options.processes
    )
    print(report(chosen))
    if untried := [target.name for target in chosen if not target.count().rounds]:
        print(
            f"There was no time for {len(untried)} of {len(chosen)} targets. Run it again, which "
            "goes on with those, or give it more --seconds.",
            file=sys.stderr,
        )
    for path in found:
        print(f"Found: {path}", file=sys.stderr)
    return 1 if found else 0


def report(targets: Iterable[Target]) -> str:
    """A table in Markdown: target, inputs, seconds, findings, and the sums."""
    rows = [(target.name, target.count()) for target in targets]
    lines = ["| target | inputs | seconds | findings |", "| --- | ---: | ---: | ---: |"]
    lines += [
        f"| {name} | {count.inputs:,} | {count.seconds:,.0f} | {count.findings} |"
        for name, count in rows
    ]
    sums = [sum(getattr(count, what) for _, count in rows) for what in ("inputs", "seconds")]
    findings = sum(count.findings for _, count in rows)
    return "\n".join([*lines, f"| all | {sums[0]:,} | {sums[1]:,.0f} | {findings} |"])


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m tests.fuzz", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--seconds", type=float, help="stop after so many seconds")
    parser.add_argument("--inputs", type=int, help="stop after so many inputs in all")
    parser.add_argument("--processes", type=int, default=_cores(), help="side by side")
    parser.add_argument("--only", action="append", default=[], help="a target; may be repeated")
    parser.add_argument("--fresh", action="store_true", help="count from nothing")
    parser.add_argument("--report", action="store_true", help="print what was tried so far")
    return parser


if __name__ == "__main__":
    sys.exit(main())
