"""The table of faults in docs/reliability.md names tests that exist, and each test of a fault."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAD = ["fault", "what the patient sees", "what staff see", "what is lost", "test"]
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def rows() -> list[list[str]]:
    """The cells of the table's lines, the heading first."""
    text = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    section = text.split("\n## Faults\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    found = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    return [cells for cells in found if not set("".join(cells)) <= set("-: ")]


@cache
def named_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(
        one.name
        for one in tree.body
        if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")
    )


def test_the_table_is_there() -> None:
    head, *others = rows()
    assert head == HEAD
    assert len(others) > 25
    names = [cells[0] for cells in others]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("cells", rows()[1:], ids=lambda cells: cells[0][:40])
def test_each_fault_has_a_test_that_exists(cells: list[str]) -> None:
    assert len(cells) == len(HEAD)
    assert all(cells)
    named = _NAMED.findall(cells[-1])
    assert named, cells[-1]
    for path, name in named:
        assert (ROOT / path).is_file(), path
        assert name in named_in(path), f"{path}::{name}"


def test_each_test_of_a_fault_is_in_the_table() -> None:
    named = {pair for cells in rows() for pair in _NAMED.findall(cells[-1])}
    there = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in Path(__file__).parent.glob("test_*.py")
        if path.name != Path(__file__).name
        for name in named_in(path.relative_to(ROOT).as_posix())
    }
    assert there - named == set()
