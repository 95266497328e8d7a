"""The command's edges; that it runs whole is tried with `--every` and `--steps`."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from training.__main__ import main

ROOT = Path(__file__).resolve().parents[2]


def test_a_fold_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--folds", "2", "--fold", "2"]) == 2
    assert "from 0 to 1" in capsys.readouterr().out


def test_a_set_that_there_is_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--data", str(tmp_path), "--work", str(tmp_path), "--sets", "none"]
    assert main(arguments) == 1
    assert f"no folder {tmp_path / 'none'}" in capsys.readouterr().err


def test_the_program_knows_nothing_of_its_training() -> None:
    for path in (ROOT / "qa").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "training" for name in names), path


def test_modules_are_short() -> None:
    for path in (ROOT / "training").glob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) < 200, path
