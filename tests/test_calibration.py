"""A stated error rate is kept whole, lapses with whatever it depends on, and is never misread."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from qa.answer import Policy
from qa.assistant import Assistant
from qa.calibration import (
    CalibratedPolicy,
    Calibration,
    Fingerprint,
    fingerprint_of,
    read_calibration,
    rounded_up,
    stated,
    write_calibration,
)
from qa.chunking import BuildOptions
from qa.errors import CalibrationError
from qa.generation import load
from qa.index import build
from qa.notices import SafetyTexts
from qa.pruning import KEPT
from qa.reading import by_similarity
from tests.conftest import MakeCorpus
from tests.word_hash import WordHashEmbedder

MODEL = WordHashEmbedder().identity
READER = str(by_similarity())
POLICY = Policy(threshold=0.0, off_corpus=0.0)
NONE = "no stated error rate: run `qa calibrate`"


@pytest.fixture
def corpus(corpus_folder: MakeCorpus) -> Path:
    return corpus_folder({"a.md": "# A\n\nKetamine is an anesthetic. Do not drive that day.\n"})


@pytest.fixture
def index(corpus: Path, tmp_path: Path) -> Path:
    build(corpus, tmp_path / "index", WordHashEmbedder())
    return tmp_path / "index"


def present(index: Path, policy: Policy = POLICY) -> Fingerprint:
    return fingerprint_of(load(index), MODEL, policy, READER)


def made(index: Path, target: float | None = 0.1, threshold: float = 1.0) -> Calibration:
    return Calibration(
        present(index), threshold, 2, 50, 0.1206, 0.95, target, True, "0" * 64, "2026-11-25"
    )


def kept(index: Path) -> Path:
    return index / "calibrations" / f"{load(index).name}.json"


def test_what_is_kept_is_read_back(index: Path) -> None:
    name = load(index).name
    assert read_calibration(index, name) is None
    calibration = made(index)
    write_calibration(index, calibration)
    assert read_calibration(index, name) == calibration
    assert [path.name for path in kept(index).parent.iterdir()] == [f"{name}.json"]
    write_calibration(index, replace(calibration, wrong=1))
    assert read_calibration(index, name) == replace(calibration, wrong=1)


def test_the_statement(index: Path) -> None:
    assert stated(index, present(index)) == NONE
    write_calibration(index, made(index))
    assert stated(index, present(index)) == (
        "of answers shown, at most 12.1 % are wrong, with 95 % confidence, n = 50 "
        "(2 wrong; held questions, threshold 1, 2026-11-25)"
    )


@pytest.mark.parametrize(
    ("share", "text"), [(0.1, "10 %"), (0.55570, "55.6 %"), (0.5561, "55.7 %"), (1.0, "100 %")]
)
def test_bounds_are_rounded_up(share: float, text: str) -> None:
    assert rounded_up(share) == text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("wrong", 51),
        ("shown", 0),
        ("upper", 0.03),
        ("upper", 1.1),
        ("upper", float("nan")),
        ("threshold", -0.1),
        ("level", 1.0),
        ("target", 0.0),
    ],
)
def test_parts_that_contradict_each_other(index: Path, name: str, value: float) -> None:
    with pytest.raises(ValueError, match=r"no count|upper bound|between 0 and 1"):
        replace(made(index), **{name: value})


def test_it_lapses_with_whatever_it_depends_on(index: Path) -> None:
    write_calibration(index, made(index))
    generation, now = load(index), present(index)
    assert made(index).fingerprint.changes(now) == ""

    def lapsed(model: dict[str, str], policy: Policy, reader: str) -> str:
        return stated(index, fingerprint_of(generation, model, policy, reader))

    ending = "changed; run `qa calibrate`"
    other = MODEL | {"sha256": "1"}
    assert lapsed(other, POLICY, READER) == f"lapsed: the model {ending}"
    for changed in (replace(POLICY, threshold=0.1), replace(POLICY, max_quotes=2)):
        assert lapsed(MODEL, changed, READER) == f"lapsed: the settings {ending}"
    weights = "another reader"
    assert lapsed(MODEL, POLICY, weights) == f"lapsed: the reader {ending}"
    assert lapsed(other, POLICY, weights) == f"lapsed: the model and the reader {ending}"
    assert stated(index, replace(now, program="1")) == f"lapsed: the program {ending}"
    assert "at most 12.1 %" in stated(index, now)


def test_it_lapses_with_a_new_generation(corpus: Path, index: Path) -> None:
    write_calibration(index, made(index))
    build(corpus, index, WordHashEmbedder())
    assert stated(index, present(index)).startswith("lapsed: the generation changed")
    build(corpus, index, WordHashEmbedder(), BuildOptions(target_tokens=60))
    assert stated(index, present(index)).startswith("lapsed: the settings changed")
    write_calibration(index, made(index))
    (corpus / "synonyms.csv").write_text("lay,formal\nputs me under,anesthetic\n", "utf-8")
    build(corpus, index, WordHashEmbedder())
    assert stated(index, present(index)).startswith("lapsed: the corpus and the settings changed")


def test_it_goes_when_its_generation_goes(corpus: Path, index: Path) -> None:
    write_calibration(index, made(index))
    first = kept(index)
    for number in range(KEPT + 1):
        assert first.is_file()
        (corpus / "a.md").write_text(f"# A\n\nNumber {number}.\n", "utf-8")
        build(corpus, index, WordHashEmbedder())
    assert not first.exists()
    assert stated(index, present(index)) == NONE


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b'"wrong": 2', b'"wrong": 1'),
        lambda data: data.replace(b'"threshold": 1.0', b'"threshold": 0.0'),
        lambda data: data.replace(b'"upper": 0.1206', b'"upper": 0.0806'),
        lambda _: b"[]",
        lambda _: b'{"calibration": {}, "sha256": ""}',
        lambda _: b"\xff",
        lambda _: None,
    ],
)
def test_a_damaged_one_states_nothing(
    index: Path, damage: Callable[[bytes], bytes | None], caplog: pytest.LogCaptureFixture
) -> None:
    write_calibration(index, made(index))
    path = kept(index)
    data = damage(path.read_bytes())
    path.unlink()
    if data is None:
        path.mkdir()
    else:
        path.write_bytes(data)
    with pytest.raises(CalibrationError, match=r"cannot be used \(.+\), .*Run `qa calibrate`"):
        read_calibration(index, load(index).name)
    shown = stated(index, present(index))
    assert shown.startswith(f"damaged: {path} cannot be used")
    assert "at most" not in shown
    policies = CalibratedPolicy(index, POLICY, MODEL, READER)
    assert policies(load(index)) == policies(load(index)) == POLICY
    assert len(caplog.records) == 1, "it is logged once"


def test_that_of_another_generation_states_nothing(corpus: Path, index: Path) -> None:
    write_calibration(index, made(index))
    data = kept(index).read_bytes()
    build(corpus, index, WordHashEmbedder())
    kept(index).write_bytes(data)
    assert "is that of another generation" in stated(index, present(index))


def test_a_write_that_fails_leaves_what_was(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_calibration(index, made(index))
    before = kept(index).read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(CalibrationError, match=r"No space left on device.*is kept"):
        write_calibration(index, replace(made(index), wrong=1))
    assert kept(index).read_bytes() == before


def test_the_file_says_what_it_holds(index: Path) -> None:
    write_calibration(index, made(index))
    record = json.loads(kept(index).read_text("utf-8"))["calibration"]
    assert (record["wrong"], record["shown"], record["target"]) == (2, 50, 0.1)


def test_a_chosen_threshold_is_used_while_it_holds(
    corpus: Path, index: Path, safety_texts: SafetyTexts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a running assistant: from the moment it is kept, and not for another generation."""
    monkeypatch.setattr("qa.live._CHECK_SECONDS", 0.0)
    assistant = Assistant(index, WordHashEmbedder(), safety_texts, POLICY)
    plain = Assistant(index, WordHashEmbedder(), safety_texts, POLICY, calibrated=False)

    def answered(one: Assistant = assistant) -> bool:
        return bool(one.ask("Is ketamine an anesthetic?").quotes)

    assert answered()
    write_calibration(index, made(index))
    assert (answered(), answered(plain)) == (False, True)
    assert dict(assistant.ask("Why?", trace=True).trace)["threshold"] == 1.0
    write_calibration(index, made(index, target=None))
    assert answered(), "a rate that is only stated chooses nothing"
    write_calibration(index, made(index))
    other = Assistant(index, WordHashEmbedder(), safety_texts, replace(POLICY, max_quotes=2))
    assert answered(other), "it was chosen for other settings"
    first = load(index).name
    build(corpus, index, WordHashEmbedder())
    assert answered()
    assert assistant.generation != first
    write_calibration(index, made(index))
    assert not answered()
