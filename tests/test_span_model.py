"""Loading a SQuAD2-style model, what it reads, and what cannot be loaded."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import BertConfig, BertModel

from qa.errors import ModelError
from qa.span_model import MAX_QUESTION_TOKENS, OVERLAP, SpanModel
from tests.tiny_reader import save_bytes, save_pointing, save_random


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return save_random(tmp_path / "tiny")


def test_a_short_text_is_one_window(tmp_path: Path) -> None:
    model = SpanModel(
        str(save_pointing(tmp_path / "m", {"day": 5.0, "[CLS]": 2.0}, {"[CLS]": 1.0}))
    )
    text = "Do  not drive that\nday."
    [window] = model.windows("Drive that day?", [text])
    assert [text[a:b] for a, b in window.spans] == ["Do", "not", "drive", "that", "day", "."]
    assert window.start == pytest.approx([0, 0, 0, 0, 5, 0], abs=1e-4)
    assert window.end == pytest.approx([0] * 6, abs=1e-4)
    assert (window.text, window.null) == (0, pytest.approx(3, abs=1e-4))


def test_long_texts_are_windowed(folder: Path) -> None:
    model = SpanModel(str(folder))
    text = " ".join(["one"] * 1000)
    windows = model.windows("two", ["alpha", text, "bravo"])
    assert [window.text for window in windows] == [0, 1, 1, 1, 2]
    long = windows[1:-1]
    room = model.max_tokens - 4  # one token of the question, three special ones
    assert [len(window.spans) for window in long][:-1] == [room] * 2
    for before, after in pairwise(long):
        assert (before.spans[-OVERLAP:] == after.spans[:OVERLAP]).all()
    assert {tuple(span) for window in long for span in window.spans} == {
        (4 * k, 4 * k + 3) for k in range(1000)
    }


def test_long_questions_are_cut(folder: Path) -> None:
    model = SpanModel(str(folder))
    [whole] = model.windows(" ".join(["two"] * MAX_QUESTION_TOKENS), ["alpha one"])
    [cut] = model.windows(" ".join(["two"] * 1000), ["alpha one"])
    assert (cut.start == whole.start).all()
    [shorter] = model.windows("two", ["alpha one"])
    assert np.abs(shorter.start - whole.start).max() > 1e-3
    assert model.windows("", ["alpha"])[0].spans.tolist() == [[0, 5]]
    assert model.windows("two", [""])[0].spans.tolist() == []
    assert model.windows("two", []) == []


def test_a_model_of_another_make(tmp_path: Path) -> None:
    model = SpanModel(str(save_bytes(tmp_path / "bytes")))
    text = "Do caf\u00e9 \U0001f600 " * 60
    windows = model.windows("Why?", [text, "a b"])
    assert [window.text for window in windows] == [0, 0, 0, 1]
    spans = np.concatenate([window.spans for window in windows[:-1]])
    assert spans.min() == 0
    assert spans.max() == len(text.rstrip())
    assert (np.diff(spans, axis=1) == 1).all()  # bytes of one character have its offsets
    assert {text[a:b] for a, b in spans} == set("Docaf\u00e9\U0001f600")
    assert windows[-1].spans.tolist() == [[0, 1], [2, 3]]
    assert np.isfinite([window.null for window in windows]).all()


def test_several_threads_read_at_once(folder: Path) -> None:
    model = SpanModel(str(folder))
    texts = ["alpha one", " ".join(["bravo"] * 500)]
    expected = model.windows("two", texts)
    failures: list[BaseException] = []

    def ask() -> None:
        try:
            for _ in range(5):
                model.count_tokens(texts)
                for one, other in zip(model.windows("two", texts), expected, strict=True):
                    assert one.start == pytest.approx(other.start, abs=1e-5)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_the_identity_is_name_and_weights(folder: Path) -> None:
    before = SpanModel(str(folder)).identity
    assert before["model"] == "tiny"
    assert len(before["sha256"]) == 64
    weights = load_file(folder / "model.safetensors")
    weights["qa_outputs.bias"] += 1
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    assert SpanModel(str(folder)).identity["sha256"] != before["sha256"]
    (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
    save_file({}, folder / "model-00002-of-00002.safetensors")
    assert len(SpanModel(str(folder)).identity["sha256"]) == 64


def test_a_model_in_the_hubs_cache_is_found_by_its_name(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision = "0" * 40
    cached = tmp_path / "cache" / "models--clinic--tiny"
    (cached / "snapshots").mkdir(parents=True)
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text(revision, "utf-8")
    folder.rename(cached / "snapshots" / revision)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    model = SpanModel("clinic/tiny")
    assert model.identity["model"] == "clinic/tiny"
    assert model.windows("two", ["alpha"])
    with pytest.raises(ModelError, match=r"clinic/other.*not on this machine.*qa build --download"):
        SpanModel("clinic/other")


def _no_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def _pickled(folder: Path) -> None:
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    _no_weights(folder)


def _truncated(folder: Path) -> None:
    data = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(data[: len(data) // 2])


def _encoder_only(folder: Path) -> None:
    BertModel(BertConfig.from_pretrained(folder)).save_pretrained(folder)


def _headless(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    kept = {name: value for name, value in weights.items() if not name.startswith("qa_outputs")}
    save_file(kept, folder / "model.safetensors", {"format": "pt"})


def _not_numbers(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    weights["qa_outputs.bias"].fill_(float("nan"))
    save_file(weights, folder / "model.safetensors", {"format": "pt"})


def _edit(name: str, **changes: object) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        values = json.loads((folder / name).read_text("utf-8"))
        (folder / name).write_text(json.dumps(values | changes), "utf-8")

    return edit


def _no_config(folder: Path) -> None:
    (folder / "config.json").unlink()


def _broken_config(folder: Path) -> None:
    (folder / "config.json").write_text("{", "utf-8")


def _slow_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    _edit("tokenizer_config.json", tokenizer_class="CanineTokenizer")(folder)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_no_weights, r"has no model\.safetensors"),
        (_pickled, r"has no model\.safetensors.*can run code"),
        (_truncated, r"cannot be loaded .*Fetch or save it anew"),
        (_encoder_only, r"is not a question answering model: .*BertModel"),
        (_headless, r"lack qa_outputs\.bias \(and 1 more\)"),
        (_not_numbers, r"no numbers.*anew"),
        (_no_config, r"cannot be loaded|is not a question answering model"),
        (_broken_config, r"cannot be loaded"),
        (_edit("config.json", architectures=None), r"names no architecture"),
        (_edit("config.json", num_hidden_layers=3), r"lack bert\.encoder\.layer\.2"),
        (_edit("config.json", vocab_size=7), r"cannot be loaded"),
        (_edit("config.json", auto_map={"AutoConfig": "run_me.Config"}, model_type="evil"),
         r"cannot be loaded .*trust_remote_code"),
        (_slow_tokenizer, r"CanineTokenizer\) is not a fast one"),
        (_edit("tokenizer_config.json", model_max_length=128), r"reads 128 tokens at once"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_says_so(
    folder: Path, damage: Callable[[Path], None], message: str
) -> None:
    damage(folder)
    with pytest.raises(ModelError, match=f"(?s){message}") as caught:
        SpanModel(str(folder)).windows("Why?", ["alpha"])
    assert str(folder) in str(caught.value)


def test_code_that_comes_with_a_model_is_not_run(folder: Path) -> None:
    (folder / "run_me.py").write_text("raise SystemExit('it was run')\n", "utf-8")
    _edit("config.json", auto_map={"AutoModelForQuestionAnswering": "run_me.Model"})(folder)
    assert SpanModel(str(folder)).windows("Why?", ["alpha"])


@pytest.mark.parametrize("name", ["/no/such/folder", "./none", "a/b/c", "C:\\none", ""])
def test_a_folder_that_is_not_there(name: str) -> None:
    with pytest.raises(ModelError, match=r"There is no folder .*\[reading\] in qa\.toml"):
        SpanModel(name)
