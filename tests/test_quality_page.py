"""The page of figures says what was run and shows each figure with its interval."""

from __future__ import annotations

import json
import runpy
import sys
from datetime import date
from pathlib import Path

import pytest

from qa.comparison import Comparison
from qa.measures import Figure
from tests.benchmarks.quality_page import page
from tests.conftest import ROOT
from tests.test_comparison import DOCUMENTS, QUESTIONS
from tests.test_evaluation_sets import write_set

HIT, AREA = Figure(0.5, 0.25, 0.75, 4), Figure(0.5, float("nan"), float("nan"), 2)
WORDS = Figure(41, 30, 52, 4)
SYSTEMS = {"Quotewell": {"hit@1": HIT, "words@1": WORDS}, "question only": {"twin_auroc": AREA}}


def test_the_page() -> None:
    drinks = Comparison("drinks", 3, 5, 1009, 4, 2, "", SYSTEMS)
    ablated = {"drinks": {"no terms": {"hit@1": Figure(0.25, 0.1, 0.5, 4)}}}
    made = page([drinks], ablated, "python quality.py drinks", "bundled", date(2026, 1, 31))
    assert "Made by `python quality.py drinks` on 2026-01-31, with the reader\n`bundled`" in made
    assert made.endswith(
        """## drinks

3 documents, 5 chunks, 1,009 sentences; 4 answerable and 2 unanswerable questions.

|  | Quotewell | question only |
| --- | --- | --- |
| `hit@1` | 0.50 (0.25-0.75) |  |
| `words@1` | 41 (30-52) |  |
| `twin_auroc` |  | 0.50 |

### drinks: each part taken away

All rows are of the same questions, so that they may differ by more than chance though their
intervals overlap. What is taken from the reader is shared out among what is left of it.

| taken away | `hit@1` |
| --- | --- |
| nothing | 0.50 (0.25-0.75) |
| no terms | 0.25 (0.10-0.50) |
"""
    )


@pytest.mark.slow
def test_one_command_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_set(tmp_path / "drinks", DOCUMENTS, QUESTIONS)
    document = tmp_path / "quality.md"
    script = ROOT / "tests" / "benchmarks" / "quality.py"
    work = str(tmp_path / "work")
    monkeypatch.setenv("EVAL_DATA", str(tmp_path))
    monkeypatch.syspath_prepend(str(script.parent))
    arguments = ["drinks", "--ablate", "--document", str(document), "--work", work]
    monkeypatch.setattr(sys, "argv", [str(script), *arguments])
    runpy.run_path(str(script), run_name="__main__")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    labels = [line["variant"] for line in lines]
    assert labels[:3] == ["as shipped", "search without vectors", "search without terms"]
    assert lines[0]["systems"]["Quotewell"]["hit@1"]["of"] == 2
    made = document.read_text("utf-8")
    assert str(tmp_path) not in made, "no folder of this machine"
    assert "Made by `python tests/benchmarks/quality.py drinks --ablate --document" in made
    assert all(f"| {label} |" in made for label in labels[1:])
