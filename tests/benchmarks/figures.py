"""Figures of a benchmark: ratios against a baseline of the same process, kept as JSON and shown.

    python tests/benchmarks/figures.py     the table of docs/performance.md, made anew of the JSON

Times on shared machines mean little; what two ways of doing the same thing take side by side does.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RECORDED = ROOT / "docs" / "performance.json"
DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing beside its baseline."""

    name: str
    value: float
    baseline: float
    unit: str
    """Of both: ms, MB, passages/s, questions/s."""
    against: str
    """What the baseline is, in a few words."""
    target: str = ""
    """Of the ratio, as `<= 0.5` or `>= 2`; empty where there is none."""

    @property
    def ratio(self) -> float:
        """The value, in baselines."""
        return self.value / self.baseline

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if not self.target:
            return None
        sign, bound = self.target.split()
        return self.ratio <= float(bound) if sign == "<=" else self.ratio >= float(bound)


def side_by_side(
    ways: Mapping[str, Callable[[], object]], rounds: int, warm: int = 2
) -> dict[str, float]:
    """Median milliseconds of each way; in every round each is done once, one after the other."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + warm):
        for name, work in ways.items():
            began = time.perf_counter()
            work()
            if number >= warm:
                times[name].append((time.perf_counter() - began) * 1000)
    return {name: statistics.median(found) for name, found in times.items()}


def record(section: str, figures: Sequence[Figure], remark: str = "") -> None:
    """Prints the figures, keeps them in docs/performance.json in the place of the section's earlier
    ones, and makes the table of docs/performance.md anew."""
    for line in _rows(figures):
        print(line)
    if remark:
        print(remark)
    kept = json.loads(RECORDED.read_text("utf-8")) if RECORDED.exists() else {}
    kept[section] = {
        "measured": date.today().isoformat(),
        "commit": _commit(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {_processor()}",
        "load": round(os.getloadavg()[0], 1),
        "remark": remark,
        "figures": [asdict(one) | {"ratio": round(one.ratio, 4)} for one in figures],
    }
    text = json.dumps(dict(sorted(kept.items())), indent=1, ensure_ascii=False) + "\n"
    RECORDED.write_text(text, "utf-8")
    write_document()


def write_document() -> None:
    """Puts the recorded figures between the marks of docs/performance.md."""
    kept = json.loads(RECORDED.read_text("utf-8"))
    lines = []
    for section, told in kept.items():
        figures = [_figure(one) for one in told["figures"]]
        lines += [f"### {section}", "", *_rows(figures), ""]
        remark = f" {told['remark']}" if told["remark"] else ""
        lines += [
            f"Measured on {told['measured']} at commit {told['commit']}: {told['machine']}, "
            f"load {told['load']}.{remark}",
            "",
        ]
    text = DOCUMENT.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"{END}{after}", "utf-8")


def _figure(one: dict[str, object]) -> Figure:
    return Figure(**{k: v for k, v in one.items() if k != "ratio"})  # type: ignore[arg-type]


def _rows(figures: Sequence[Figure]) -> list[str]:
    rows = ["| what | measured | baseline | ratio | target | met |", "|---|---|---|---|---|---|"]
    for one in figures:
        met = {True: "yes", False: "no", None: ""}[one.met]
        rows.append(
            f"| {one.name} | {one.value:,.4g} {one.unit} | {one.baseline:,.4g} {one.unit}, "
            f"{one.against} | {one.ratio:.3g} | {one.target} | {met} |"
        )
    return rows


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "unknown"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


if __name__ == "__main__":
    write_document()
