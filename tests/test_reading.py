"""A reader that qa.toml names, from the settings to the answer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from qa.answer import Policy
from qa.assistant import Assistant
from qa.embedding import Embedder, SentenceEmbedder
from qa.errors import ModelError
from qa.index import build
from qa.reader import ReaderWeights, SimilarityReader
from qa.reader_weights import READER_SHA256, bundled_reader
from qa.reading import Reading, by_similarity, reading, reading_beside
from qa.settings import load_settings
from qa.trained_reader import TrainedReader
from qa.types import AnswerKind
from tests.bundled import EXPORTED
from tests.conftest import MakeCorpus
from tests.tiny_reader import save_pointing
from tests.word_hash import WordHashEmbedder

SAFETY = (
    '[safety]\ncountry = "US"\nemergency = "911"\n[[safety.lines]]\nname = "988"\ncall = "988"\n'
)
CORPUS = {
    "ketamine.md": "# Ketamine\n\nKetamine is an anesthetic. Nurses give it slowly.\n",
    "driving.md": "# Driving\n\nDo not drive that day. Bring somebody along.\n",
}
QUESTION = "How do nurses give ketamine that day?"


@pytest.fixture
def config(corpus_folder: MakeCorpus, tmp_path: Path) -> Path:
    """A clinic's folder with an index and `model = "models/tiny"`; the test makes the model."""
    build(corpus_folder(CORPUS), tmp_path / "index", WordHashEmbedder())
    path = tmp_path / "qa.toml"
    path.write_text('[reading]\nmodel = "models/tiny"\n' + SAFETY, "utf-8")
    (tmp_path / "models" / "tiny").mkdir(parents=True)
    return path


def assistant(config: Path) -> Assistant:
    """As the command line and the server make it."""
    settings = load_settings(config=config, index=config.parent / "index")
    return Assistant(
        settings.index,
        WordHashEmbedder(),
        settings.safety_texts(),
        settings.policy(),
        reader=reading(settings.reading.model),
    )


@pytest.mark.parametrize(
    ("word", "quote"),
    [
        ("anesthetic", "Ketamine is an anesthetic."),
        ("drive", "Do not drive that day."),
        ("along", "Bring somebody along."),
    ],
)
def test_the_sentence_it_points_at_is_quoted(config: Path, word: str, quote: str) -> None:
    pointed = {word: 6.0, "[CLS]": 4.0}
    save_pointing(config.parent / "models" / "tiny", pointed, pointed)
    answer = assistant(config).ask(QUESTION, trace=True)
    assert answer.kind is AnswerKind.ANSWER
    assert answer.quotes[0].text == quote
    assert answer.confidence == pytest.approx(1 / (1 + 2.718281828 ** (8 - 12)), abs=1e-6)
    trace = dict(answer.trace)
    assert trace["evidence"] == round(answer.confidence, 4)
    assert trace["reader"] == reading(str(config.parent / "models" / "tiny")).identity


def test_it_refuses_where_it_points_at_no_answer(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pointed = {"slowly": 3.25, "[CLS]": 4.0}
    save_pointing(config.parent / "models" / "tiny", pointed, pointed)
    answer = assistant(config).ask(QUESTION)
    assert (answer.kind, answer.reason) == (AnswerKind.REFUSAL, "not_answered")
    assert answer.confidence == pytest.approx(1 / (1 + 2.718281828**1.5), abs=1e-6)
    assert "Nurses give it slowly." in answer.held_back[0].text
    monkeypatch.setenv("QA_ANSWER__THRESHOLD", "0.15")
    assert assistant(config).ask(QUESTION).kind is AnswerKind.ANSWER


def test_what_is_off_the_topic_is_refused_by_similarity(config: Path) -> None:
    pointed = {"slowly": 9.0}
    save_pointing(config.parent / "models" / "tiny", pointed, pointed)
    assert assistant(config).ask("zebra crossing").reason == "off_corpus"


def test_a_model_that_cannot_be_used_is_told_before_anybody_asks(config: Path) -> None:
    folder = config.parent / "models" / "tiny"
    with pytest.raises(ModelError, match=r"tiny has no model\.safetensors"):
        assistant(config)
    (save_pointing(folder, {}, {}) / "config.json").unlink()
    with pytest.raises(ModelError, match=r"tiny"):
        assistant(config)


def test_the_readers_that_come_with_the_program() -> None:
    trained, similar = reading("bundled", models=EXPORTED), reading("similarity")
    assert isinstance(similar.make(str.split), SimilarityReader)
    assert (str(similar), similar.evidence_is_probability) == ("similarity", False)
    assert isinstance(trained.make(str.split), TrainedReader)
    assert str(trained) == f"bundled (SHA-256 {READER_SHA256})"
    assert trained.evidence_is_probability
    weights = ReaderWeights(1, 0, 0)
    assert by_similarity(weights).make(str.split).__dict__["_weights"] is weights
    assert reading().identity == reading("bundled").identity
    assert not Policy().evidence_is_probability


def test_the_trained_reader_is_for_the_vectors_it_was_trained_with() -> None:
    assert str(reading("bundled", embedding="some/other-model")) == "similarity"


def test_a_network_of_a_fold_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "fold-1-of-2.safetensors"
    with pytest.raises(ModelError, match=r"fold-1-of-2\.safetensors cannot be read \(No such file"):
        reading(str(path))
    shutil.copy(bundled_reader(), path)
    found = reading(str(path), models=EXPORTED)
    found.prepare()
    assert isinstance(found.make(str.split), TrainedReader)
    assert found.identity == {"model": str(path), "sha256": READER_SHA256}


def test_what_runs_the_embedder_runs_the_reader(bundled: Embedder) -> None:
    for made in (reading_beside(bundled), reading(models=EXPORTED)):
        assert made.identity == {"model": "bundled", "sha256": READER_SHA256}
        assert _network(made, "OnnxEvidence")
    for made in (reading_beside(SentenceEmbedder()), reading()):
        assert made.identity == {"model": "bundled", "sha256": READER_SHA256}
        assert _network(made, "EvidenceModel")
    assert str(reading_beside(WordHashEmbedder())) == "similarity"


def _network(made: Reading, kind: str) -> bool:
    return type(made.make(str.split).__dict__["_model"]).__name__ == kind
