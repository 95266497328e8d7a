"""Folders of embedding models: nothing in one may run code when it is opened."""

from __future__ import annotations

import json
import pickle
import shutil
from pathlib import Path

import pytest

from qa.embedding import SentenceEmbedder, bundled_folder, identify
from qa.errors import ModelError
from qa.model_folder import check_safe


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model's files by name; weights that nobody opens here."""
    made = tmp_path / "own"
    (made / "2_Dense").mkdir(parents=True)
    for place in (made, made / "2_Dense"):
        (place / "model.safetensors").write_bytes(b"\0")
    types = ("base.modules.transformer.Transformer", "models.Pooling")
    listed = [{"type": f"sentence_transformers.{one}", "path": ""} for one in types]
    (made / "modules.json").write_text(json.dumps(listed), "utf-8")
    return made


def test_safetensors_and_the_librarys_own_modules_are_taken(folder: Path) -> None:
    check_safe(folder)
    check_safe(bundled_folder())
    assert identify(str(folder))["sha256"]


def test_a_pickle_beside_safetensors_is_passed_over(folder: Path) -> None:
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({}))
    (folder / "openvino").mkdir()
    (folder / "openvino" / "openvino_model.bin").write_bytes(b"numbers")
    check_safe(folder)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "weights.pkl"])
def test_a_part_that_has_pickled_weights_alone_is_refused(folder: Path, name: str) -> None:
    (folder / "2_Dense" / "model.safetensors").unlink()
    (folder / "2_Dense" / name).write_bytes(pickle.dumps({}))
    with pytest.raises(ModelError, match=rf"2_Dense/{name} is not loaded.*can run code"):
        identify(str(folder))


def test_a_model_without_safetensors_is_refused_before_anything_is_loaded(folder: Path) -> None:
    for path in folder.rglob("*.safetensors"):
        path.rename(path.with_name("pytorch_model.bin"))
    with pytest.raises(ModelError, match=r"has no safetensors weights.*save_pretrained"):
        SentenceEmbedder(str(folder))


@pytest.mark.parametrize("kind", ["own_module.Encoder", "os.system", "sentence_transformersx.Own"])
def test_a_model_with_code_of_its_own_is_refused(folder: Path, kind: str) -> None:
    (folder / "own_module.py").write_text("raise SystemExit('it was run')", "utf-8")
    (folder / "modules.json").write_text(json.dumps([{"type": kind, "path": ""}]), "utf-8")
    with pytest.raises(ModelError, match=rf"asks for {kind}.*never run"):
        identify(str(folder))


@pytest.mark.parametrize("damage", ["[", "{}", "[1]", '{"a": 1}'])
def test_a_damaged_list_of_modules_is_told_of(folder: Path, damage: str) -> None:
    (folder / "modules.json").write_text(damage, "utf-8")
    if damage == "{}":  # no module at all: the library says so when it loads it
        check_safe(folder)
        return
    with pytest.raises(ModelError, match=r"modules\.json cannot be read"):
        check_safe(folder)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The hub's store on this machine, with one model, `clinic/own`; gives the model's folder."""
    store = tmp_path / "hub" / "models--clinic--own"
    files = store / "snapshots" / "0123abcd"
    files.mkdir(parents=True)
    (store / "refs").mkdir()
    (store / "refs" / "main").write_text("0123abcd", "utf-8")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    return files


def test_a_hub_name_whose_files_are_pickles_is_refused(hub: Path) -> None:
    (hub / "config.json").write_text("{}", "utf-8")
    (hub / "pytorch_model.bin").write_bytes(pickle.dumps({}))
    with pytest.raises(ModelError, match="The model clinic/own has no safetensors weights"):
        SentenceEmbedder("clinic/own").encode(["x"])


@pytest.mark.nightly
def test_a_hub_name_on_this_machine_is_loaded(hub: Path) -> None:
    shutil.copytree(bundled_folder(), hub, dirs_exist_ok=True)
    assert SentenceEmbedder("clinic/own").encode(["x"]).shape == (1, 384)
