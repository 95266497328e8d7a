"""Exported models serve where torch and its like are not installed, and their lack is told."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qa.errors import ModelError
from qa.torch_packages import TORCH_PACKAGES, torch_packages
from tests.bundled import EXPORTED
from tests.conftest import ROOT

# As if they were not installed: nothing can be imported of them, however deep.
WITHOUT = f"""
import sys
MISSING = {sorted(one.replace("-", "_") for one in TORCH_PACKAGES)}
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in MISSING:
            raise ModuleNotFoundError("No module named " + name, name=name)
sys.meta_path.insert(0, Missing())
from qa.cli import main
sys.exit(main())
"""


def without_torch(folder: Path, *words: str, **environment: str) -> tuple[int, str]:
    """Exit code and all that a command said, where the packages cannot be imported."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "QA_CONFIG": str(ROOT / "qa.toml")}
        | {"QA_CORPUS": str(folder / "corpus"), "QA_INDEX": str(folder / "index")}
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    text = "# Going home\n\n## Driving\n\nDo not drive until the day after your treatment.\n"
    (tmp_path / "corpus" / "home.md").write_text(text)
    return tmp_path


@pytest.mark.nightly
def test_building_and_asking_need_none_of_them(folder: Path, real_index: Path) -> None:
    models = {"QA_EMBEDDING__MODELS": str(EXPORTED)}
    code, said = without_torch(folder, "build", **models)
    assert code == 0, said
    asked = "Can I drive home after a treatment?"
    code, said = without_torch(folder, "ask", asked, QA_INDEX=str(real_index), **models)
    assert "Do not drive until the next day" in said
    assert code == 0, said


@pytest.mark.nightly
def test_without_exported_models_the_missing_package_is_named(folder: Path) -> None:
    code, said = without_torch(folder, "build", QA_EMBEDDING__MODELS=str(folder / "models"))
    assert code == 2, said
    assert "sentence_transformers is not installed" in said
    assert "QA_EMBEDDING__MODELS" in said
    assert "Traceback" not in said


def test_what_needs_it_is_named_first() -> None:
    with (
        pytest.raises(ModelError, match=r"^The model x cannot .* package y is not installed"),
        torch_packages("The model x"),
    ):
        raise ModuleNotFoundError("No module named 'y'", name="y")
