"""`qa doctor` as a user has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.warm_cli import WarmCli

CONFIG = """
corpus = "documents"
index = "built"
[clinic]
phone = "555 2368"
[safety]
country = "US"
emergency = "911"
verified_on = "2026-11-01"
[[safety.lines]]
name = "988 Lifeline"
call = "988"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "qa.toml").write_text(CONFIG, "utf-8")
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.md").write_text("# A\n\nThey take an MRI.\n", "utf-8")
    return tmp_path


def test_findings_are_told_with_their_mend_and_errors_set_the_exit_code(
    folder: Path, warm_cli: WarmCli
) -> None:
    done = warm_cli.run("doctor", cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    folded = " ".join(done.stdout.split())
    assert (
        "No index was built yet, so that nothing can be answered. \u2192 Run `qa build`." in folded
    )
    assert done.stdout.index("Settings:") < done.stdout.index("Index:") < done.stdout.index("Text:")
    assert not (folder / "built").exists()


def test_one_area_alone_as_json(folder: Path, warm_cli: WarmCli) -> None:
    done = warm_cli.run("doctor", "--json", "--only", "text", cwd=folder)
    assert done.returncode == 0
    made = json.loads(done.stdout)
    assert [one["code"] for one in made["findings"]] == ["out_of_context", "undefined_abbreviation"]
    assert made["findings"][0]["where"][0]["line"] == 3
    assert made["summary"] == {"areas": ["text"], "errors": 0, "warnings": 1, "hints": 1}


def test_settings_that_are_wrong_are_a_finding(folder: Path, warm_cli: WarmCli) -> None:
    (folder / "qa.toml").write_text(f"{CONFIG}\n[serv]\nport = 1\n", "utf-8")
    done = warm_cli.run("doctor", "--only", "settings", cwd=folder)
    assert (done.returncode, done.stderr) == (1, "")
    assert "serv: there is no such setting; is it misspelt?" in done.stdout
