"""What is exported gives the vectors that sentence-transformers gives, or is not used."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from qa import embedding_export
from qa.embedding import Embedder, SentenceEmbedder, bundled_folder, identify
from qa.embedding_export import TOLERANCE, embedder_for
from qa.errors import ModelError
from qa.onnx_embedder import OnnxEmbedder
from tests.bundled import exported_bundled
from tests.conftest import ROOT
from tests.hostile_questions import HOSTILE_QUESTIONS


@pytest.fixture(scope="module")
def by_torch() -> SentenceEmbedder:
    """The same weights by sentence-transformers and torch."""
    return SentenceEmbedder()


@pytest.fixture
def shallow(tmp_path: Path) -> Path:
    """The bundled model's first layer, as a model of one's own: a sixth of the work to export."""
    folder = tmp_path / "own"
    shutil.copytree(bundled_folder(), folder)
    config = folder / "config.json"
    told = json.loads(config.read_text("utf-8"))
    config.write_text(json.dumps(told | {"num_hidden_layers": 1}), "utf-8")
    return folder


@pytest.mark.slow
def test_both_backends_give_the_same_vectors(bundled: Embedder, by_torch: SentenceEmbedder) -> None:
    texts = [
        "Can I drive?",
        "",
        "word " * 700,
        "¿Puedo comer?",
        *list(HOSTILE_QUESTIONS.values())[:40:5],
    ]
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    assert np.abs(bundled.encode(texts) - by_torch.encode(texts)).max() < TOLERANCE
    assert bundled.count_tokens(texts) == by_torch.count_tokens(texts)
    assert (bundled.dimension, bundled.max_tokens) == (by_torch.dimension, by_torch.max_tokens)


def test_the_engine_is_the_file_that_runs(bundled: Embedder, by_torch: SentenceEmbedder) -> None:
    assert len(bundled.engine["encoder.onnx"]) == 64
    assert by_torch.engine == {}


def test_torch_stays_where_it_is_asked_for(tmp_path: Path) -> None:
    assert isinstance(embedder_for("bundled", "torch", tmp_path), SentenceEmbedder)
    assert not list(tmp_path.iterdir())


def test_a_hub_name_cannot_be_exported(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r'named by its hub name.*`backend = "torch"`'):
        embedder_for("org/name", "onnx", tmp_path)


def test_an_exported_file_holds_no_places_of_the_machine_that_made_it() -> None:
    data = exported_bundled().encoder.read_bytes()
    for place in (b"site-packages", b"exporting.py", str(ROOT).encode()):
        assert place not in data


@pytest.mark.slow
def test_a_model_that_moved_goes_by_where_it_is_now(tmp_path: Path, shallow: Path) -> None:
    """Else the index of every build would count as made with another model, and be made anew."""
    first, second = shallow, tmp_path / "second"
    before = embedder_for(str(first), "onnx", tmp_path / "models")
    first.rename(second)
    after = embedder_for(str(second), "onnx", tmp_path / "models")
    assert before.identity["model"] == str(first)
    assert after.identity == identify(str(second), "onnx")
    assert after.engine == before.engine
    assert len([one for one in (tmp_path / "models").iterdir() if one.is_dir()]) == 1


@pytest.mark.nightly
def test_the_same_weights_elsewhere_give_the_same_file(tmp_path: Path, bundled: Embedder) -> None:
    shutil.copytree(bundled_folder(), tmp_path / "own")
    made = embedder_for(str(tmp_path / "own"), "onnx", tmp_path / "models")
    stale = "the same weights give another file: delete build/models if torch was updated"
    assert made.engine == bundled.engine, stale


@pytest.mark.slow
def test_an_export_with_other_vectors_is_not_used(
    tmp_path: Path, shallow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding_export, "TOLERANCE", 0.0)
    with pytest.raises(ModelError, match="gives other vectors once it is exported"):
        embedder_for(str(shallow), "onnx", tmp_path / "models")
    assert not [path for path in (tmp_path / "models").iterdir() if path.is_dir()]


@pytest.mark.slow
def test_a_folder_with_another_pooling_is_exported_with_it(tmp_path: Path, shallow: Path) -> None:
    pooling = shallow / "1_Pooling" / "config.json"
    told = json.loads(pooling.read_text("utf-8"))
    told |= {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    pooling.write_text(json.dumps(told), "utf-8")
    made = embedder_for(str(shallow), "onnx", tmp_path / "models")
    assert isinstance(made, OnnxEmbedder)
    texts = ["Can I drive?", "Rest at home."]
    assert np.abs(made.encode(texts) - SentenceEmbedder(str(shallow)).encode(texts)).max() < 1e-5
    pooling.write_text(json.dumps(told | {"pooling_mode_cls_token": False,
                                          "pooling_mode_max_tokens": True}), "utf-8")  # fmt: skip
    with pytest.raises(ModelError, match="has parts that cannot be exported"):
        embedder_for(str(shallow), "onnx", tmp_path / "models")
