"""The table of the long runs, and what is read from what they printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import nightly
from tests.nightly import DOCUMENT, HEAD, STEPS, with_rows

EMPTY = "before\n<!-- nightly -->\n<!-- end of nightly -->\nafter\n"


def test_lines_stand_in_their_order_and_only_the_new_ones_change() -> None:
    first = with_rows(EMPTY, {"soak": "| soak | well | 1 |"})
    both = with_rows(first, {"tests": "| tests | well | 2 |"})
    again = with_rows(both, {"soak": "| soak | **exit code 1** | 3 |"})
    lines = f"{HEAD}| tests | well | 2 |\n| soak | **exit code 1** | 3 |\n"
    assert again == f"before\n<!-- nightly -->\n{lines}<!-- end of nightly -->\nafter\n"


def test_the_document_has_the_table() -> None:
    written = DOCUMENT.read_text("utf-8")
    assert with_rows(written, {}) == written
    with pytest.raises(ValueError, match="any more"):
        with_rows("no table", {})


def test_what_each_tells_in_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "KEPT", tmp_path)
    (tmp_path / "tests.xml").write_text(
        '<testsuites><testsuite tests="9" failures="1" errors="1" skipped="2"/></testsuites>'
    )
    assert STEPS["tests"].in_short("") == "5 passed, 2 failed, 2 skipped"
    fuzzed = "| target | inputs | seconds | findings |\n| --- | ---: | ---: | ---: |\n"
    fuzzed += "| readers/pdf | 900 | 8 | 1 |\n| toml | 100 | 1 | 0 |\n| all | 1,000 | 9 | 1 |\n"
    assert STEPS["fuzz"].in_short(fuzzed) == "1,000 inputs to 2 targets, 1 findings"
    told = {
        "visits": {"plain": 1_000, "odd": 200}, "troubles": {"swap": 7}, "quotes compared": 1_500,
        "growth over the second half": 0.0123, "problems": [],
    }  # fmt: skip
    (tmp_path / "soak.json").write_text(json.dumps(told))
    assert STEPS["soak"].in_short("") == (
        "1,200 visits, 1,500 quotes compared, 7 swaps and faults, memory +1.2%, 0 problems"
    )
